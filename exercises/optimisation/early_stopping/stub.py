"""Early stopping: when to end a training run, and which weights to keep.

Read the lesson first (`tutor lesson early_stopping`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


class EarlyStopping:
    """Watches the validation loss of a training run, and remembers the weights of its best check.

    A check is an improvement if its loss is below the best loss by *more* than min_delta, loss < best_loss − min_delta;
    so the first check is one. A loss of NaN never is an improvement, not even as the first.

    Attributes:
        best_loss: the loss of the last improvement; infinity before the first.
        best_check: the number of that check, counted from 0; −1 before the first.
    """

    best_loss: float
    best_check: int

    def __init__(self, patience: int, min_delta: float = 0.0) -> None:
        """A watch over a run that has not begun.

        Args:
            patience: how many checks in a row may fail to improve before the run is over, at least 1.
            min_delta: 0 or more; see above.
        """
        raise NotImplementedError

    def update(self, loss: float, params: list[Tensor]) -> bool:
        """Take note of a check.

        Args:
            loss: the validation loss.
            params: the weights it was measured with. The training goes on to change these very tensors in place, so
                what is to be remembered has to be copied. They must not be changed here.

        Returns:
            True if the run is over: this check is the `patience`-th in a row, or a later one, without an improvement.
            False if it goes on. Updates may continue after True; an improvement then makes it False again.
        """
        raise NotImplementedError

    def restore(self, params: list[Tensor]) -> None:
        """Write the remembered weights into `params`, in place: tensors of the same shapes, those of the model.

        It may be called several times, also in the middle of a run, and what is remembered must survive what happens to
        `params` afterwards. Before the first improvement it does nothing.

        Args:
            params: the model's weights, in the order of `update`.
        """
        raise NotImplementedError

"""Mini-batches: how an epoch is cut up, what one step then is, and how much noise there is in its gradient.

Read the lesson first (`tutor lesson mini_batches`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def batches(order: Tensor, batch_size: int, *, drop_last: bool = False) -> list[Tensor]:
    """Cut one epoch into batches.

    Args:
        order: the indices of the samples in the order in which they are to be seen, shape (N,), int64.
        batch_size: samples a batch, at least 1.
        drop_last: whether a last batch with fewer than batch_size samples is left out.

    Returns:
        Consecutive pieces of `order`, each of shape (batch_size,), the last one perhaps shorter.
    """
    raise NotImplementedError


def shuffled_batches(n: int, batch_size: int, epochs: int, *, seed: int) -> list[list[Tensor]]:
    """The batches of several epochs. Every epoch sees each sample exactly once, in a new random order.

    Args:
        n: how many samples there are.
        batch_size: as above; the last batch of an epoch may be shorter.
        epochs: at least 1.
        seed: all that is random comes from it: the same seed gives the same batches, another one others.

    Returns:
        For each epoch its list of batches, int64.
    """
    raise NotImplementedError


def place_of(iteration: int, n: int, batch_size: int, *, drop_last: bool = False) -> tuple[int, int, int]:
    """Where in the training the step number `iteration` is.

    Args:
        iteration: the number of a step, counted from 0 through all epochs.
        n: samples; n ≥ batch_size.
        batch_size, drop_last: as in `batches`.

    Returns:
        The epoch, the batch within the epoch, both counted from 0, and how many samples this batch has.
    """
    raise NotImplementedError


def sgd_epoch(x: Tensor, y: Tensor, w: Tensor, parts: list[Tensor], lr: float) -> tuple[Tensor, list[float], float]:
    """Linear regression, one step a batch: w ← w − lr · gradient of the batch's loss.

    The loss of a batch is the mean over its samples of (w · x − y)². Each step starts from the w of the step before.

    Args:
        x: shape (N, D), float64.
        y: shape (N,).
        w: shape (D,).
        parts: the batches, tensors of indices.
        lr: the learning rate.

    Returns:
        w: after the last batch.
        losses: the loss of each batch at the w *before* its step, Python floats.
        mean: the mean over all samples that were seen, each with the loss it had in its batch: batches that differ in
            size weigh accordingly. Inputs must not be changed.
    """
    raise NotImplementedError


def gradient_noise(gradients: Tensor, batch_size: int, *, replacement: bool = False) -> tuple[Tensor, Tensor]:
    """How the mean gradient of a random batch is distributed, exactly and not by trying.

    Args:
        gradients: the gradient of each sample by itself, shape (N, D), float64, N ≥ 2.
        batch_size: B samples, drawn at random; 1 ≤ B ≤ N, or any B ≥ 1 with replacement.
        replacement: False if all B are different samples (as in an epoch), each set of B equally likely; True if each
            of them is drawn from all N.

    Returns:
        mean: the expected value of the batch's mean gradient, shape (D,).
        variance: its variance in each component, E[(batch's mean − mean)²], shape (D,).
    """
    raise NotImplementedError

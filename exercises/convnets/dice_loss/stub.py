"""The Dice loss and its gradient, the overlap of masks, and weights for rare classes.

Read the lesson first (`tutor lesson dice_loss`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def dice_loss(probs: Tensor, targets: Tensor, *, eps: float = 1.0, per_sample: bool = True) -> Tensor:
    """One minus the soft Dice coefficient, the mean over classes (and samples).

    Of one class in one sample, with sums over its pixels: D = (2 · Σ p·t + eps) / (Σ p + Σ t + eps).

    Args:
        probs: p, the network's probabilities, shape (N, C, H, W), float32 or float64, from 0 to 1.
        targets: t, 0 or 1, in the shape and dtype of `probs`.
        eps: greater than 0.
        per_sample: if True, the loss is the mean of 1 − D over all samples and classes. If False, the three sums also
            run over the samples of the batch, so there is one D for each class, and the loss is the mean over classes.

    Returns:
        A scalar, in the dtype of `probs`. Inputs must not be changed.
    """
    raise NotImplementedError


def dice_loss_backward(
    grad_output: Tensor, probs: Tensor, targets: Tensor, *, eps: float = 1.0, per_sample: bool = True
) -> Tensor:
    """The gradient of `dice_loss` for `probs`, by hand.

    Args:
        grad_output: ∂L/∂loss, a scalar, in the dtype of `probs`.
        probs, targets, eps, per_sample: as above.

    Returns:
        ∂L/∂probs, in the shape and dtype of `probs`. Inputs must not be changed.
    """
    raise NotImplementedError


def mask_overlaps(predicted: Tensor, target: Tensor, classes: int, ignore: int = 255) -> tuple[Tensor, Tensor]:
    """How many pixels prediction and truth have in common for each class, and how many either has.

    Args:
        predicted: a class for each pixel, shape (N, H, W), int64, from 0 to classes − 1.
        target: the true classes, same shape, int64; from 0 to classes − 1, or `ignore`.
        classes: how many classes there are.
        ignore: pixels with this target count nowhere, whatever was predicted.

    Returns:
        intersection, union: each of shape (classes,), int64, counted over the whole batch. Inputs must not be changed.
    """
    raise NotImplementedError


def mean_iou(intersection: Tensor, union: Tensor) -> float:
    """The mean of intersection over union over those classes whose union isn't empty.

    Args:
        intersection, union: shape (classes,), int64: the sums of what `mask_overlaps` returned for many batches.

    Returns:
        A number from 0 to 1; 0 if all unions are empty. Inputs must not be changed.
    """
    raise NotImplementedError


def balanced_weights(target: Tensor, classes: int) -> Tensor:
    """Weights of the classes for a pixel by pixel loss, so that each class that occurs has the same weight in all.

    A class with m of the M pixels gets M / (K · m), where K is how many classes occur at all. Classes that don't occur
    get 0.

    Args:
        target: a class for each pixel, any shape, int64, from 0 to classes − 1; at least one pixel.
        classes: how many classes there are.

    Returns:
        Shape (classes,), float64. `target` must not be changed.
    """
    raise NotImplementedError

"""Softer targets, spread evenly or taken from a teacher: the losses for them, and their gradients.

Read the lesson first (`tutor lesson label_smoothing`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def smooth_targets(targets: Tensor, classes: int, *, smoothing: float) -> Tensor:
    """The distribution that the network is asked for: 1 − smoothing on the right class, and `smoothing` spread evenly.

    Args:
        targets: shape (N,), int64, each the index of the right class, 0 … classes − 1.
        classes: how many classes there are, at least 2.
        smoothing: how much is spread, evenly over *all* classes, the right one among them; 0 ≤ smoothing ≤ 1.

    Returns:
        Shape (N, classes), float64; every row sums to 1. `targets` must not be changed.
    """
    raise NotImplementedError


def smoothed_cross_entropy(logits: Tensor, targets: Tensor, *, smoothing: float) -> Tensor:
    """The mean over samples of −Σ_c q_c · log softmax(logits)_c, where q is the smoothed target.

    This is `torch.nn.functional.cross_entropy(logits, targets, label_smoothing=smoothing)`.

    Args:
        logits: shape (N, C), float32 or float64, finite, of any magnitude: |logits| up to 1e4 and more.
        targets: shape (N,), int64.
        smoothing: as in `smooth_targets`.

    Returns:
        The loss, a 0-dimensional tensor in the dtype of `logits`, never infinite or NaN. The inputs must not change.
    """
    raise NotImplementedError


def smoothed_cross_entropy_backward(
    grad_output: Tensor, logits: Tensor, targets: Tensor, *, smoothing: float
) -> Tensor:
    """The gradient for the logits.

    Args:
        grad_output: the gradient that arrives at the loss, a 0-dimensional tensor; not always 1.
        logits: shape (N, C), as in the forward pass.
        targets: shape (N,), int64.
        smoothing: as in `smooth_targets`.

    Returns:
        Shape (N, C), dtype of `logits`. The inputs must not be changed.
    """
    raise NotImplementedError


def distillation_loss(
    logits: Tensor, teacher_logits: Tensor, targets: Tensor, *, temperature: float, alpha: float
) -> Tensor:
    """What a small network minimises that learns from a large one (its teacher) and from the labels.

    With q = softmax(teacher_logits / T) and p = softmax(logits / T), T being the temperature, the mean over samples of

        alpha · T² · Σ_c q_c · (log q_c − log p_c)  +  (1 − alpha) · cross-entropy(logits, target)

    where the cross-entropy is the usual one: without temperature, without smoothing.

    Args:
        logits: of the small network, shape (N, C), float32 or float64, finite, of any magnitude.
        teacher_logits: shape (N, C), likewise.
        targets: shape (N,), int64.
        temperature: above 0.
        alpha: 0 (the labels alone) to 1 (the teacher alone).

    Returns:
        A 0-dimensional tensor in the dtype of `logits`, never infinite or NaN. The inputs must not be changed.
    """
    raise NotImplementedError


def distillation_loss_backward(
    grad_output: Tensor,
    logits: Tensor,
    teacher_logits: Tensor,
    targets: Tensor,
    *,
    temperature: float,
    alpha: float,
) -> Tensor:
    """The gradient for the logits of the small network; the teacher gets none.

    Args:
        grad_output: the gradient that arrives at the loss, a 0-dimensional tensor; not always 1.
        logits, teacher_logits, targets, temperature, alpha: as in the forward pass.

    Returns:
        Shape (N, C), dtype of `logits`. The inputs must not be changed.
    """
    raise NotImplementedError

"""Batch normalisation after training: running statistics, evaluation, and folding it into a linear layer.

Read the lesson first (`tutor lesson batchnorm_inference`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def update_running(
    x: Tensor, running_mean: Tensor, running_var: Tensor, batches: int, *, momentum: float | None = 0.1
) -> tuple[Tensor, Tensor]:
    """Move the running statistics by one batch, as `torch.nn.BatchNorm1d` and `BatchNorm2d` do in training.

    Args:
        x: the batch, shape (N, C) or (N, C, H, W), with M = N or M = N · H · W numbers for each channel, M ≥ 2.
        running_mean: shape (C,).
        running_var: shape (C,).
        batches: how many batches the running statistics have seen before this one, 0 or more.
        momentum: the share of the new value; the old one keeps 1 − momentum. None means the plain average of all
            batches, this one included, each counting the same; then `batches` matters, and otherwise it doesn't.

    Returns:
        running_mean, running_var: after this batch, shape (C,) each, dtype of `x`. The new variance is the unbiased
            one, divided by M − 1. The inputs must not be changed.
    """
    raise NotImplementedError


def batchnorm_eval(
    x: Tensor, gamma: Tensor, beta: Tensor, running_mean: Tensor, running_var: Tensor, *, eps: float = 1e-5
) -> Tensor:
    """Normalise with the running statistics, whatever those of `x` are.

    Args:
        x: shape (N, C) or (N, C, H, W), N ≥ 1.
        gamma, beta: scale and shift, shape (C,) each.
        running_mean, running_var: shape (C,) each.
        eps: added to the variance, inside the root.

    Returns:
        gamma · (x − running_mean) / √(running_var + eps) + beta, shape and dtype of `x`. The inputs must not change.
    """
    raise NotImplementedError


def batchnorm_eval_backward(
    grad_output: Tensor, x: Tensor, gamma: Tensor, running_mean: Tensor, running_var: Tensor, *, eps: float = 1e-5
) -> tuple[Tensor, Tensor, Tensor]:
    """The gradients of `batchnorm_eval`, in which the statistics are constants.

    Args:
        grad_output: ∂L/∂out, the shape of `x`.
        x, gamma, running_mean, running_var, eps: as in `batchnorm_eval`.

    Returns:
        grad_x: shape of `x`.
        grad_gamma, grad_beta: shape (C,) each.
        All in the dtype of `x`. The inputs must not be changed.
    """
    raise NotImplementedError


def fold(
    weight: Tensor,
    bias: Tensor | None,
    gamma: Tensor,
    beta: Tensor,
    running_mean: Tensor,
    running_var: Tensor,
    *,
    eps: float = 1e-5,
) -> tuple[Tensor, Tensor]:
    """A single linear layer that computes what a linear layer followed by batch normalisation in evaluation does.

    Args:
        weight: of the linear layer x ↦ x Wᵀ + b, shape (C, D).
        bias: b, shape (C,), or None for a layer without one.
        gamma, beta, running_mean, running_var, eps: of the batch normalisation that follows, shape (C,) each.

    Returns:
        weight: of the new layer, shape (C, D).
        bias: of the new layer, shape (C,), also where `bias` is None.
        Both in the dtype of `weight`. The inputs must not be changed.
    """
    raise NotImplementedError

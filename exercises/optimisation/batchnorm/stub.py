"""Batch normalisation: in training, in evaluation, and backward.

Read the lesson first (`tutor lesson batchnorm`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def batchnorm_forward(
    x: Tensor,
    gamma: Tensor,
    beta: Tensor,
    running_mean: Tensor,
    running_var: Tensor,
    *,
    training: bool,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> tuple[Tensor, Tensor, Tensor]:
    """Normalise every channel, as `torch.nn.functional.batch_norm` does.

    A channel's statistics run over the batch and, for images, over all positions: M = N or M = N · H · W numbers.

    Args:
        x: shape (N, C) or (N, C, H, W). In training every channel has at least two numbers.
        gamma: scale, shape (C,).
        beta: shift, shape (C,).
        running_mean: shape (C,).
        running_var: shape (C,).
        training: True normalises with the mean and the biased variance (divided by M) of this batch, and moves the
            running statistics; False normalises with the running statistics, and leaves them as they are.
        momentum: the share of the new value: running = (1 − momentum) · running + momentum · new. The new
            variance is the unbiased one (divided by M − 1).
        eps: added to the variance, inside the root.

    Returns:
        out: shape of `x`, gamma · (x − mean) / √(var + eps) + beta.
        running_mean, running_var: after this batch, shape (C,) each.
        All in the dtype of `x`. The inputs, the running statistics among them, must not be changed.
    """
    raise NotImplementedError


def batchnorm_backward(
    grad_output: Tensor, x: Tensor, gamma: Tensor, *, eps: float = 1e-5
) -> tuple[Tensor, Tensor, Tensor]:
    """The gradients of batch normalisation in training, where mean and variance depend on x too.

    Args:
        grad_output: ∂L/∂out, the shape of `x`.
        x: what went in, shape (N, C) or (N, C, H, W).
        gamma: scale, shape (C,).
        eps: added to the variance, inside the root.

    Returns:
        grad_x: shape of `x`.
        grad_gamma, grad_beta: shape (C,) each.
        All in the dtype of `x`. The inputs must not be changed.
    """
    raise NotImplementedError

"""Group normalisation, with instance normalisation as its finest case, forward and backward.

Read the lesson first (`tutor lesson groupnorm`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def groupnorm_forward(x: Tensor, groups: int, gamma: Tensor, beta: Tensor, *, eps: float = 1e-5) -> Tensor:
    """Normalise each group of channels of each sample, as `torch.nn.functional.group_norm` does.

    Args:
        x: shape (N, C, …) with any number of further axes, also none; C is a multiple of `groups`. Group j consists
            of the channels [j · C/groups, (j + 1) · C/groups), at all positions of the further axes.
        groups: how many groups the channels are cut into.
        gamma: scale, one for each channel, shape (C,).
        beta: shift, one for each channel, shape (C,).
        eps: added to the variance, inside the root.

    Returns:
        gamma · (x − mean) / √(var + eps) + beta, shape and dtype of `x`; mean and var (biased, divided by the count)
        are those of a sample's group. The inputs must not be changed.

    Raises:
        ValueError: if C is not a multiple of `groups`.
    """
    raise NotImplementedError


def groupnorm_backward(
    grad_output: Tensor, x: Tensor, groups: int, gamma: Tensor, *, eps: float = 1e-5
) -> tuple[Tensor, Tensor, Tensor]:
    """The gradients of group normalisation.

    Args:
        grad_output: ∂L/∂out, the shape of `x`.
        x: what went in, shape (N, C, …).
        groups: as in the forward pass.
        gamma: scale, shape (C,).
        eps: added to the variance, inside the root.

    Returns:
        grad_x: shape of `x`.
        grad_gamma, grad_beta: shape (C,) each.
        All in the dtype of `x`. The inputs must not be changed.
    """
    raise NotImplementedError


def instancenorm_forward(x: Tensor, gamma: Tensor, beta: Tensor, *, eps: float = 1e-5) -> Tensor:
    """Normalise each channel of each sample by itself, as `torch.nn.functional.instance_norm` does in training.

    Args:
        x: shape (N, C, …) with at least one further axis.
        gamma: scale, shape (C,).
        beta: shift, shape (C,).
        eps: added to the variance, inside the root.

    Returns:
        Shape and dtype of `x`. The inputs must not be changed.
    """
    raise NotImplementedError


def instancenorm_backward(
    grad_output: Tensor, x: Tensor, gamma: Tensor, *, eps: float = 1e-5
) -> tuple[Tensor, Tensor, Tensor]:
    """The gradients of instance normalisation.

    Args:
        grad_output: ∂L/∂out, the shape of `x`.
        x: what went in, shape (N, C, …) with at least one further axis.
        gamma: scale, shape (C,).
        eps: added to the variance, inside the root.

    Returns:
        grad_x: shape of `x`.
        grad_gamma, grad_beta: shape (C,) each.
        All in the dtype of `x`. The inputs must not be changed.
    """
    raise NotImplementedError

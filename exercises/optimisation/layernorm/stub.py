"""Layer normalisation, forward and backward.

Read the lesson first (`tutor lesson layernorm`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def layernorm_forward(x: Tensor, gamma: Tensor, beta: Tensor, eps: float = 1e-5) -> Tensor:
    """Normalise each sample over its last axes, then scale and shift.

    Args:
        x: shape (*batch, *normalised), float32 or float64. There may be any number of batch axes, also none.
        gamma: scale, shape (*normalised): its axes say over which of x's last axes mean and variance are taken.
        beta: shift, shape (*normalised).
        eps: added to the variance, inside the root. The variance is the biased one, divided by the number of elements.

    Returns:
        The shape and dtype of `x`. Inputs must not be changed.
    """
    raise NotImplementedError


def layernorm_backward(
    grad_output: Tensor, x: Tensor, gamma: Tensor, eps: float = 1e-5
) -> tuple[Tensor, Tensor, Tensor]:
    """The gradients of layer normalisation, without autograd; mean and variance depend on x too.

    Args:
        grad_output: ∂L/∂output, the shape of `x`.
        x, gamma, eps: as in the forward pass.

    Returns:
        grad_x: shape of `x`.
        grad_gamma, grad_beta: shape of `gamma`, each.
        All in the dtype of `x`. Inputs must not be changed.
    """
    raise NotImplementedError

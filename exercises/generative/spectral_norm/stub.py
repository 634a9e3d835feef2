"""A weight divided by its largest singular value, found by a step of power iteration at a time; and its gradient.

Read the lesson first (`tutor lesson spectral_norm`); `tutor hint` helps when you are stuck. No function changes inputs.
"""

from torch import Tensor


def power_step(weight: Tensor, u: Tensor, eps: float = 1e-12) -> tuple[Tensor, Tensor]:
    """One step of power iteration: v ← Wᵀu / max(|Wᵀu|, eps), and then u ← W v / max(|W v|, eps).

    Args:
        weight: W, shape (O, I).
        u: shape (O,), of length 1.
        eps: against a division by 0.

    Returns:
        The new u, shape (O,), and v, shape (I,).
    """
    raise NotImplementedError


def spectral_norm(weight: Tensor, u: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
    """The weight as a layer uses it, W / σ with σ = uᵀ W v.

    Args:
        weight: shape (O, I), or of a convolution, (O, I, kH, kW): W is it as a matrix of O rows.
        u, v: shapes (O,) and (columns of W,), both of length 1.

    Returns:
        The divided weight, in the shape of weight, and σ, 0-dimensional.
    """
    raise NotImplementedError


def spectral_norm_backward(grad_output: Tensor, weight: Tensor, u: Tensor, v: Tensor) -> Tensor:
    """The gradient for the weight, without autograd, where u and v count as constants, but σ depends on the weight.

    Args:
        grad_output: gradient for the divided weight, in its shape.
        weight, u, v: as given to `spectral_norm`.

    Returns:
        Shape of weight.
    """
    raise NotImplementedError


class SpectralLinear:
    """A linear layer whose weight is divided by its largest singular value; it keeps u from call to call.

    Attributes:
        weight: shape (O, I).
        u: the left singular vector as known so far, shape (O,).
    """

    weight: Tensor
    u: Tensor

    def __init__(self, weight: Tensor, u: Tensor) -> None:
        """
        Args:
            weight: shape (O, I); kept as it is.
            u: to start with, shape (O,), of any length but 0; the layer keeps it brought to length 1, as its own.
        """
        raise NotImplementedError

    def forward(self, x: Tensor, training: bool) -> Tensor:
        """x (W/σ)ᵀ.

        Args:
            x: shape (N, I).
            training: if true, one power step is made first, and u kept; if false, u stays, and v is that step's v.

        Returns:
            Shape (N, O).
        """
        raise NotImplementedError

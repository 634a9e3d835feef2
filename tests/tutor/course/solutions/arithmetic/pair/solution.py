"""Two functions."""

from torch import Tensor


def twice(x: Tensor) -> Tensor:
    """Twice `x`."""
    return 2 * x


def plus(a: Tensor, b: Tensor) -> Tensor:
    """The sum."""
    return a + b

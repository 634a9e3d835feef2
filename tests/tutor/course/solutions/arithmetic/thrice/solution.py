"""Triple."""

from torch import Tensor


def thrice(x: Tensor) -> Tensor:
    """Triple of `x`, of any shape, in its dtype; `x` must not be changed."""
    return x * 3

"""Two functions, so that one can fail while the other is graded."""

from torch import Tensor


def twice(x: Tensor) -> Tensor:
    """Twice `x`, of any shape, in its dtype; `x` must not be changed."""
    raise NotImplementedError


def plus(a: Tensor, b: Tensor) -> Tensor:
    """The sum of two tensors of one shape."""
    raise NotImplementedError

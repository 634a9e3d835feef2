"""Broadcasting: its rule, and the gradient that undoes it.

Read the lesson first (`tutor lesson broadcasting`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of an element-wise operation on tensors of shapes `a` and `b`.

    Args:
        a, b: shapes, of any lengths, () included.

    Returns:
        The common shape.

    Raises:
        ValueError: if the shapes don't fit together.
    """
    raise NotImplementedError


def unbroadcast(grad_output: Tensor, shape: tuple[int, ...]) -> Tensor:
    """The gradient for a tensor that was broadcast.

    Args:
        grad_output: the gradient for the broadcast tensor, in its shape.
        shape: of the tensor before; it can be broadcast to the shape of `grad_output`.

    Returns:
        The gradient in that shape, in the dtype of `grad_output`, which must not be changed.
    """
    raise NotImplementedError


def multiply_backward(grad_output: Tensor, a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """The gradients of a · b, element by element, with broadcasting.

    Args:
        grad_output: ∂L/∂(a · b), in the common shape.
        a, b: the factors, of shapes that can be broadcast together, in one dtype.

    Returns:
        grad_a: the shape of `a`.
        grad_b: the shape of `b`.
        The inputs must not be changed.
    """
    raise NotImplementedError

"""The dot product, a matrix times a vector, a matrix times a matrix, and the rule of their shapes.

Read the lesson first (`tutor lesson matmul`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def dot(a: Tensor, b: Tensor) -> Tensor:
    """The dot product of two vectors: the sum of a[0]·b[0], a[1]·b[1], and so on.

    Args:
        a: shape (k,), any dtype; k may be 0.
        b: shape (k,), of the same dtype.

    Returns:
        One number as a tensor of shape (), in the dtype of `a`. The inputs must not be changed.

    Raises:
        ValueError: if either is not one-dimensional, or their lengths differ.
    """
    raise NotImplementedError


def matvec(a: Tensor, x: Tensor) -> Tensor:
    """A matrix times a vector: the dot product of each row of the matrix with the vector.

    Args:
        a: shape (m, k), any dtype, any of the sizes may be 0.
        x: shape (k,), of the same dtype.

    Returns:
        Shape (m,), in the dtype of `a`. The inputs must not be changed.

    Raises:
        ValueError: if `a` is not two-dimensional, `x` not one-dimensional, or the inner sizes differ.
    """
    raise NotImplementedError


def matmul(a: Tensor, b: Tensor) -> Tensor:
    """Multiply two matrices.

    Args:
        a: shape (m, k), any dtype, any of the sizes may be 0.
        b: shape (k, n), of the same dtype.

    Returns:
        The product, shape (m, n), in the dtype of `a`. The inputs must not be changed.

    Raises:
        ValueError: if either is not two-dimensional, or the inner sizes differ.
    """
    raise NotImplementedError


def product_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of `torch.matmul` of two tensors of these shapes, found without multiplying anything.

    The last two axes are the matrices. All axes before them are batches and broadcast: aligned from the right,
    a size 1 (or a missing axis) adapts to the other. A one-dimensional `a` is a row, a one-dimensional `b` a column,
    for the multiplication only: that axis is not in the result.

    Args:
        a: the shape of the left factor.
        b: the shape of the right factor.

    Returns:
        The shape of the product.

    Raises:
        ValueError: if a factor has no axis at all, the inner sizes differ, or the batches don't broadcast.
    """
    raise NotImplementedError

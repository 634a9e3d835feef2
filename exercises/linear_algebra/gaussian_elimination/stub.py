"""Gaussian elimination with pivots: linear systems, inverses, determinants.

Read the lesson first (`tutor lesson gaussian_elimination`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def solve(a: Tensor, b: Tensor) -> Tensor:
    """Solve a · x = b.

    Args:
        a: shape (n, n), float64.
        b: shape (n,), or (n, k) for k right-hand sides, float64.

    Returns:
        x, in the shape of `b`. The inputs must not be changed.

    Raises:
        ValueError: if `a` is singular, that is, if on the way the best pivot is exactly 0.
    """
    raise NotImplementedError


def inverse(a: Tensor) -> Tensor:
    """The matrix x with a · x = identity.

    Args:
        a: shape (n, n), float64.

    Raises:
        ValueError: if `a` is singular.
    """
    raise NotImplementedError


def determinant(a: Tensor) -> Tensor:
    """The determinant, by elimination; 0 if the matrix is singular.

    Args:
        a: shape (n, n), float64.

    Returns:
        A 0-dimensional tensor.
    """
    raise NotImplementedError

"""Gram–Schmidt: an orthonormal basis, the QR factorisation, and least squares with it.

Read the lesson first (`tutor lesson gram_schmidt`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def qr(a: Tensor) -> tuple[Tensor, Tensor]:
    """Write a as Q · R, by the modified Gram–Schmidt process.

    Args:
        a: shape (m, n) with m ≥ n, float64, its columns independent. They may be almost parallel: Q has to be
            orthogonal all the same, as far as the modified process makes it.

    Returns:
        Q: shape (m, n), its columns orthonormal.
        R: shape (n, n), upper triangular, with a positive diagonal (which makes the factors unique) and exact zeros
            below.
        `a` must not be changed.

    Raises:
        ValueError: if m < n, or if what is left of a column has length exactly 0.
    """
    raise NotImplementedError


def least_squares(a: Tensor, b: Tensor) -> Tensor:
    """The x for which ‖a · x − b‖ is smallest.

    Args:
        a: shape (m, n), as above.
        b: shape (m,), float64.

    Returns:
        x, shape (n,).
    """
    raise NotImplementedError


def project(a: Tensor, b: Tensor) -> Tensor:
    """The point closest to b among all combinations of a's columns.

    Args:
        a: shape (m, n), as above.
        b: shape (m,), float64.

    Returns:
        Shape (m,).
    """
    raise NotImplementedError

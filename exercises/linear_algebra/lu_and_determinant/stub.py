"""The LU factorisation, what it solves, and determinants in two ways.

Read the lesson first (`tutor lesson lu_and_determinant`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def lu(a: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Factorise a matrix with partial pivoting, so that `a[perm] == lower @ upper` up to rounding.

    In column k the pivot is the entry of largest magnitude among rows k … n − 1, the first of equals. Where all of
    these are 0, nothing is eliminated: the factors below the diagonal of `lower` in that column are 0.

    Args:
        a: shape (n, n), float32 or float64, n ≥ 1; may be singular.

    Returns:
        perm: shape (n,), int64: row i of `lower @ upper` is row perm[i] of `a`.
        lower: shape (n, n), ones on the diagonal, zeros above it.
        upper: shape (n, n), zeros below the diagonal.
        The last two in the dtype of `a`. `a` must not be changed.

    Raises:
        ValueError: if `a` is not a square matrix.
    """
    raise NotImplementedError


def solve(perm: Tensor, lower: Tensor, upper: Tensor, b: Tensor) -> Tensor:
    """Solve a·x = b for a matrix that has been factorised already, without eliminating again.

    Args:
        perm, lower, upper: as `lu` returns them, so that a[perm] = lower · upper. The diagonal of `upper` has no 0.
        b: one right-hand side, shape (n,), or k of them as columns, shape (n, k), in the dtype of `lower`.

    Returns:
        x, in the shape and dtype of `b`. The inputs must not be changed.
    """
    raise NotImplementedError


def determinant(a: Tensor) -> Tensor:
    """The determinant by elimination, in about n³/3 multiplications.

    Args:
        a: shape (n, n), float32 or float64, n ≥ 1; may be singular.

    Returns:
        A 0-dimensional tensor in the dtype of `a`, which must not be changed.

    Raises:
        ValueError: if `a` is not a square matrix.
    """
    raise NotImplementedError


def determinant_by_cofactors(a: Tensor) -> Tensor:
    """The determinant by expansion along a row or a column, with no division; for small matrices.

    Args:
        a: shape (n, n), 1 ≤ n ≤ 5, float32, float64 or int64.

    Returns:
        A 0-dimensional tensor in the dtype of `a`: exact for int64. `a` must not be changed.

    Raises:
        ValueError: if `a` is not a square matrix.
    """
    raise NotImplementedError

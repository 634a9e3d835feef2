"""Projections onto a line and onto a subspace, and coordinates in another basis.

Read the lesson first (`tutor lesson projections`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def project_onto_line(v: Tensor, direction: Tensor) -> Tensor:
    """The point nearest to each vector on the line through 0 along `direction`.

    Args:
        v: shape (..., d): vectors along the last axis, any batch axes before it, none too; float32 or float64.
        direction: shape (d,), of any length but 0, in the dtype of `v`.

    Returns:
        Shape and dtype of `v`. The inputs must not be changed.

    Raises:
        ValueError: if all elements of `direction` are 0.
    """
    raise NotImplementedError


def project_onto_subspace(v: Tensor, basis: Tensor) -> Tensor:
    """The point nearest to each vector among all combinations of the columns of `basis`.

    Args:
        v: shape (..., d), vectors along the last axis, float32 or float64.
        basis: shape (d, k), 1 ≤ k ≤ d, linearly independent columns, neither orthogonal nor of length 1.

    Returns:
        Shape and dtype of `v`. The inputs must not be changed.
    """
    raise NotImplementedError


def change_basis(coordinates: Tensor, old: Tensor, new: Tensor) -> Tensor:
    """The coordinates, in the basis `new`, of vectors given by their coordinates in the basis `old`.

    Args:
        coordinates: shape (..., n), coordinates along the last axis, float32 or float64.
        old: shape (n, n), a basis vector per column: the vector is old · c.
        new: shape (n, n), likewise.

    Returns:
        Shape and dtype of `coordinates`. The inputs must not be changed.
    """
    raise NotImplementedError

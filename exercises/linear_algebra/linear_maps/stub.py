"""Linear maps and their matrices: found from a function, chained, determined by examples, and made by hand.

Read the lesson first (`tutor lesson linear_maps`); `tutor hint` helps when you are stuck.

Vectors and matrices are float64. A map from vectors of length n to vectors of length m has a matrix of shape (m, n),
which
stands to the left of the vector: A · x. No argument may be changed.
"""

from collections.abc import Callable

from torch import Tensor


def matrix_of(f: Callable[[Tensor], Tensor], n: int) -> Tensor:
    """The matrix of a linear map that is given as a function.

    Args:
        f: linear; takes one vector, shape (n,) and nothing else, and returns one, shape (m,). It may return the very
            tensor that it was given.
        n: ≥ 1.

    Returns:
        A, shape (m, n), with f(x) = A · x for every x.
    """
    raise NotImplementedError


def as_affine(f: Callable[[Tensor], Tensor], n: int) -> tuple[Tensor, Tensor] | None:
    """Find out whether a function is affine, f(x) = A · x + b, and if so, which.

    Functions that aren't affine aren't so for vectors of random, normally distributed numbers (torch.randn) either; try
    20 or more. Two vectors count as equal if no element differs by more than 1e-9 · t, where t is the largest magnitude
    in any vector that f has returned. A difference of NaN is no equality.

    Args:
        f: takes one vector, shape (n,), and returns one, shape (m,).
        n: ≥ 1.

    Returns:
        A, shape (m, n), and b, shape (m,); or None if f is not affine.
    """
    raise NotImplementedError


def compose(maps: list[tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
    """Affine maps one after the other, as a single one.

    Args:
        maps: at least one pair (A, b), shapes (m, n) and (m,), for x ↦ A · x + b. The first of the list is applied
            first. The m of each is the n of the next.

    Returns:
        A and b of the whole, shapes (m of the last, n of the first) and (m of the last,).
    """
    raise NotImplementedError


def from_pairs(x: Tensor, y: Tensor) -> Tensor:
    """The linear map that takes n given vectors to n given images.

    Args:
        x: shape (n, n), a vector per column.
        y: shape (m, n), their images, a vector per column.

    Returns:
        A, shape (m, n), with A · x = y.

    Raises:
        ValueError: if the columns of x are dependent, so that there is no such map, or more than one. Dependent means
            here that the smallest singular value of x is at most 1e-9 times the largest.
    """
    raise NotImplementedError


def convolution_matrix(kernel: Tensor, n: int, stride: int = 1) -> Tensor:
    """The matrix of a convolution as networks have it: the kernel slides along, and isn't turned round.

    Output i is Σ_j kernel[j] · x[i · stride + j], for all i for which the kernel lies inside x.

    Args:
        kernel: shape (k,), 1 ≤ k ≤ n.
        n: the length of x.
        stride: ≥ 1.

    Returns:
        Shape (⌊(n − k) / stride⌋ + 1, n).
    """
    raise NotImplementedError


def plane_transform(angle: float, scale: tuple[float, float], shift: tuple[float, float]) -> Tensor:
    """Three changes of the plane as one matrix for homogeneous coordinates, (x, y, 1) ↦ (x′, y′, 1).

    A point is first turned about the origin by `angle`, counter-clockwise, in radians; then stretched, x by scale[0]
    and y by scale[1]; and then moved by `shift`.

    Returns:
        Shape (3, 3), with the last row (0, 0, 1).
    """
    raise NotImplementedError

"""Independence, span, basis and dimension, all read off one reduced matrix.

Read the lesson first (`tutor lesson independence_and_basis`); `tutor hint` helps when you are stuck.

Vectors are the columns of a matrix. What rounding has left of a 0 has to count as 0: everywhere below, an entry that is
to become a pivot counts as 0 if its magnitude is at most 1e-9 times the largest magnitude in the matrix you began with.
"""

from torch import Tensor


def rref(a: Tensor) -> tuple[Tensor, list[int]]:
    """The reduced row echelon form of a matrix, which is unique.

    Each row begins with zeros and then a 1, the pivot, which is further to the right than in the row above, and the
    only entry of its column that is not 0. Rows of zeros are at the bottom. It is made from `a` by exchanging rows,
    multiplying them by numbers other than 0, and adding multiples of one to another.

    Args:
        a: shape (m, n), m and n ≥ 1, float64.

    Returns:
        reduced: shape (m, n). What counted as 0 where a pivot could have been is 0 in it.
        pivots: the columns with a pivot, in order: a list of ints, empty if `a` is 0.
        `a` must not be changed.
    """
    raise NotImplementedError


def rank(a: Tensor) -> int:
    """The dimension of the span of the columns.

    Args:
        a: shape (m, n), float64.
    """
    raise NotImplementedError


def is_independent(vectors: Tensor) -> bool:
    """Whether no column is a combination of the others, as a Python bool.

    Args:
        vectors: shape (m, k), float64, k vectors with m elements; k may be larger than m. A single vector is
            independent if it is not 0.
    """
    raise NotImplementedError


def express(v: Tensor, vectors: Tensor) -> Tensor | None:
    """Write a vector as a combination of others, if that is possible.

    Args:
        v: shape (m,), float64.
        vectors: shape (m, k), float64; may be dependent.

    Returns:
        c: shape (k,), with vectors · c = v, and c[j] = 0 wherever column j is a combination of the columns before it.
        None, if `v` is not in the span of the columns. The inputs must not be changed.
    """
    raise NotImplementedError


def column_basis(a: Tensor) -> Tensor:
    """A basis of the span of the columns, made of columns of `a` itself.

    Args:
        a: shape (m, n), float64, not 0.

    Returns:
        Shape (m, r): in their order, those columns that are no combination of the columns before them.
    """
    raise NotImplementedError


def null_space(a: Tensor) -> Tensor:
    """A basis of all the x with a · x = 0.

    Args:
        a: shape (m, n), float64, of rank r.

    Returns:
        Shape (n, n − r), a basis vector per column. The columns of `a` without a pivot are called free. The first basis
        vector has a 1 at the place of the first free column and 0 at the other free ones; the second has its 1 at the
        second free one, and so on. `a` must not be changed.
    """
    raise NotImplementedError


def same_span(a: Tensor, b: Tensor) -> bool:
    """Whether the columns of both matrices have the same span, as a Python bool.

    Args:
        a: shape (m, j), float64.
        b: shape (m, k), float64, with entries of about the same size as those of `a`.
    """
    raise NotImplementedError


def dimensions(a: Tensor) -> tuple[int, int, int, int]:
    """The dimensions of the four subspaces that belong to a matrix.

    Args:
        a: shape (m, n), float64.

    Returns:
        Four ints: of the span of its columns, of the span of its rows, of its null space {x: a · x = 0}, and of the
        null space of its transpose, {y: aᵀ · y = 0}.
    """
    raise NotImplementedError

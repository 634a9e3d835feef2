"""Diagonalisation: the basis in which a matrix is only n numbers, and what can be read off them.

Read the lesson first (`tutor lesson diagonalisation`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def eigen_2x2(a: Tensor) -> tuple[Tensor, Tensor]:
    """The eigenvalues and eigenvectors of a 2 × 2 matrix, from its characteristic polynomial.

    Args:
        a: shape (2, 2), float64, not symmetric in general.

    Returns:
        values: shape (2,), real, the larger one first.
        vectors: shape (2, 2), columns of length 1: column i belongs to values[i]. Their signs are free.
        For a multiple of the identity, where every vector is an eigenvector, `vectors` is the identity matrix.

    Raises:
        ValueError: if `a` can't be diagonalised with real numbers: its eigenvalues are not real, or they are equal and
            `a` is no multiple of the identity. Take two eigenvalues to be equal if the discriminant is exactly 0.
    """
    raise NotImplementedError


def from_eigen(values: Tensor, vectors: Tensor) -> Tensor:
    """The matrix with these eigenvalues and eigenvectors.

    Args:
        values: shape (n,), float64.
        vectors: shape (n, n), float64: column i belongs to values[i]. The columns are linearly independent, but
            neither at right angles to each other nor of length 1.

    Returns:
        Shape (n, n). The inputs must not be changed.
    """
    raise NotImplementedError


def power(values: Tensor, vectors: Tensor, k: int) -> Tensor:
    """The matrix of `from_eigen(values, vectors)`, multiplied with itself k times, at the same cost for every k.

    Args:
        values, vectors: as in `from_eigen`.
        k: any whole number: with 0 the result is the identity; with a negative k it is the inverse to the power |k|.

    Returns:
        Shape (n, n). The inputs must not be changed.

    Raises:
        ValueError: if k is negative and an eigenvalue is exactly 0.
    """
    raise NotImplementedError


def exponential(values: Tensor, vectors: Tensor, t: float) -> Tensor:
    """e to the power t · A, which is I + t·A + (t·A)²/2! + (t·A)³/3! + …, for A = `from_eigen(values, vectors)`.

    Args:
        values, vectors: as in `from_eigen`.
        t: any number: the time, if x' = A · x.

    Returns:
        Shape (n, n). The inputs must not be changed.
    """
    raise NotImplementedError


def in_basis(a: Tensor, basis: Tensor) -> Tensor:
    """The matrix that does to coordinates in a basis what `a` does to the vectors themselves.

    If x has the coordinates c, so that x = basis · c, then a · x has the coordinates M · c. Find M.

    Args:
        a: shape (n, n), float64.
        basis: shape (n, n), float64, linearly independent columns.

    Returns:
        M: shape (n, n). The inputs must not be changed.
    """
    raise NotImplementedError


def characteristic_polynomial(values: Tensor) -> Tensor:
    """The coefficients of det(x · I − A), from the eigenvalues of A.

    Args:
        values: shape (n,), n ≥ 1, float64, each as often as it occurs.

    Returns:
        Shape (n + 1,): that of xⁿ first (it is 1), the constant last. `values` must not be changed.
    """
    raise NotImplementedError


def trace_and_determinant(polynomial: Tensor) -> tuple[Tensor, Tensor]:
    """Both, of a matrix of which only the characteristic polynomial is known.

    Args:
        polynomial: shape (n + 1,), n ≥ 1, as `characteristic_polynomial` returns it.

    Returns:
        The trace and the determinant, two 0-dimensional tensors.
    """
    raise NotImplementedError


def eigenvalues_after(values: Tensor, operations: list[tuple[str, float]]) -> Tensor:
    """What becomes of the eigenvalues of a matrix A, when A is changed step by step.

    Args:
        values: shape (n,), the eigenvalues of A, float64, none of them 0.
        operations: pairs of a name and a number c, done from the first to the last, each to what the one before made:
            ("add", c)        A becomes A + c · I
            ("scale", c)      A becomes c · A
            ("power", c)      A becomes A · A · … · A, c times A; c is a whole number ≥ 1
            ("exp", c)        A becomes e to the power c · A
            ("inverse", c)    A becomes its inverse; c means nothing here
            ("transpose", c)  A becomes its transpose; c means nothing here
            ("similar", c)    A becomes P⁻¹ · A · P, for some invertible P; c means nothing here
            There is no inverse of a matrix with an eigenvalue 0 among them.

    Returns:
        Shape (n,), the eigenvalues of the last matrix: place i has what became of values[i]. `values`
            must not be changed.
    """
    raise NotImplementedError

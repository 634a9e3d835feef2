"""All eigenvalues and eigenvectors of a symmetric matrix, by Householder reflections and shifted QR steps.

Read the lesson first (`tutor lesson qr_algorithm`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def reflector(x: Tensor) -> Tensor:
    """The mirror that throws a vector onto the first axis.

    It is described by a vector v at right angles to the mirror: the reflection of x is x − 2 · v · (vᵀ · x).

    Args:
        x: shape (m,), m ≥ 1, float64.

    Returns:
        v: shape (m,), x + sign(x[0]) · |x| · (1, 0, …, 0), divided by its length, with sign(0) = 1. Then the reflection
            of x is (−sign(x[0]) · |x|, 0, …, 0). Zeros, if all of x is 0: nothing needs to be reflected.
        `x` must not be changed.
    """
    raise NotImplementedError


def qr(a: Tensor) -> tuple[Tensor, Tensor]:
    """Write a square matrix as Q · R, by reflections.

    Args:
        a: shape (n, n), n ≥ 1, float64; may be singular.

    Returns:
        q: shape (n, n), orthogonal.
        r: shape (n, n), upper triangular, no entry of its diagonal negative.
        `a` must not be changed.
    """
    raise NotImplementedError


def wilkinson_shift(a: Tensor) -> float:
    """The eigenvalue of the last 2 × 2 block of a symmetric matrix that is nearer to its last entry.

    Args:
        a: shape (n, n), n ≥ 2, symmetric, float64.

    Returns:
        A Python float. Where both eigenvalues are equally near, either of them.
    """
    raise NotImplementedError


def qr_step(a: Tensor, shift: float) -> tuple[Tensor, Tensor]:
    """One shifted QR step: factorise a − shift · I as Q · R, multiply in the other order, and undo the shift.

    Args:
        a: shape (n, n), symmetric, float64.
        shift: any number.

    Returns:
        b: shape (n, n), R · Q + shift · I, which has the eigenvalues of `a`.
        q: shape (n, n), the orthogonal factor of `qr`; b = qᵀ · a · q.
        `a` must not be changed.
    """
    raise NotImplementedError


def eigh(a: Tensor) -> tuple[Tensor, Tensor]:
    """All eigenvalues and eigenvectors of a symmetric matrix.

    Args:
        a: shape (n, n), 1 ≤ n ≤ 8, symmetric, float64. Eigenvalues may be negative, 0, repeated, or of equal magnitude.

    Returns:
        values: shape (n,), from the lowest to the highest.
        vectors: shape (n, n), orthonormal columns: column i belongs to values[i]. Their signs are free, and so is the
            basis where an eigenvalue is repeated.
        Right to about 1e-11 of the largest eigenvalue. `a` must not be changed.
    """
    raise NotImplementedError

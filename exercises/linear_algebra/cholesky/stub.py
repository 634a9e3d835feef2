"""The Cholesky factorisation, and what a Gaussian needs it for.

Read the lesson first (`tutor lesson cholesky`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def cholesky(a: Tensor) -> Tensor:
    """The lower triangle L with a positive diagonal for which L · Lᵀ = a.

    Args:
        a: shape (n, n), n ≥ 1, float32 or float64, symmetric (you need not check that).

    Returns:
        L: shape (n, n), zeros above the diagonal, in the dtype of `a`, which must not be changed.

    Raises:
        ValueError: if `a` is not a square matrix, or not positive definite: where a square root would have to be taken
            of a number that is not above 0 (NaN isn't, either).
    """
    raise NotImplementedError


def solve(a: Tensor, b: Tensor) -> Tensor:
    """Solve a · x = b by two triangular systems.

    Args:
        a: shape (n, n), symmetric and positive definite, float32 or float64.
        b: shape (n,) or (n, k): one right-hand side, or one per column; in the dtype of `a`.

    Returns:
        x, in the shape and dtype of `b`. The inputs must not be changed.

    Raises:
        ValueError: as `cholesky` does.
    """
    raise NotImplementedError


def log_determinant(a: Tensor) -> Tensor:
    """The natural logarithm of the determinant, which itself may be too large or too small for the dtype.

    Args:
        a: shape (n, n), symmetric and positive definite, float32 or float64.

    Returns:
        A 0-dimensional tensor in the dtype of `a`, which must not be changed.

    Raises:
        ValueError: as `cholesky` does.
    """
    raise NotImplementedError


def correlate(noise: Tensor, mean: Tensor, covariance: Tensor) -> Tensor:
    """Turn independent standard normal numbers into samples of a Gaussian: mean + L · z for each row z of the noise.

    Args:
        noise: shape (N, n), float32 or float64.
        mean: shape (n,).
        covariance: shape (n, n), symmetric and positive definite; L is its Cholesky factor.

    Returns:
        Shape (N, n), in the dtype of `noise`. The inputs must not be changed.
    """
    raise NotImplementedError


def log_density(x: Tensor, mean: Tensor, covariance: Tensor) -> Tensor:
    """The logarithm of the density of a Gaussian at each row of x.

    That is −½ · ((x − mean)ᵀ · covariance⁻¹ · (x − mean) + log det covariance + n · log 2π).

    Args:
        x: shape (N, n), float32 or float64.
        mean: shape (n,).
        covariance: shape (n, n), symmetric and positive definite.

    Returns:
        Shape (N,), in the dtype of `x`. The inputs must not be changed.
    """
    raise NotImplementedError

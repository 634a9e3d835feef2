"""The pseudo-inverse, ridge regression and early stopping, which are one formula with different filters.

Read the lesson first (`tutor lesson ridge_and_pinv`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def pinv(a: Tensor, *, rtol: float) -> Tensor:
    """The pseudo-inverse of a matrix of any shape and rank.

    Args:
        a: shape (m, n), float64.
        rtol: singular values of at most rtol times the largest count as 0; 0 < rtol < 1.

    Returns:
        Shape (n, m): a⁺, for which a⁺ · b is the shortest of all x that minimise |a · x − b|. Zeros, if a is 0.
        `a` must not be changed.
    """
    raise NotImplementedError


def solve(u: Tensor, s: Tensor, vh: Tensor, y: Tensor, factors: Tensor) -> Tensor:
    """A filtered solution of x · w ≈ y, where x = u · diag(s) · vh is a singular value decomposition.

    That is w = Σᵢ factors[i] · (uᵢ · y) / s[i] · vᵢ, with uᵢ the columns of u and vᵢ the rows of vh.

    Args:
        u, s, vh: shapes (N, r), (r,), (r, d), float64, r = min(N, d).
        y: shape (N,).
        factors: shape (r,). Where s[i] is exactly 0, factors[i] is 0 as well, and the term counts as 0.

    Returns:
        w: shape (d,). The inputs must not be changed.
    """
    raise NotImplementedError


def truncation_filter(s: Tensor, k: int) -> Tensor:
    """The factors for which `solve` uses the k largest singular values only.

    Args:
        s: shape (r,), from the largest down, float64.
        k: 0 ≤ k ≤ r.

    Returns:
        Shape (r,), float64.
    """
    raise NotImplementedError


def ridge_filter(s: Tensor, strength: float) -> Tensor:
    """The factors for which `solve` returns the w that minimises |x · w − y|² + strength · |w|².

    Args:
        s: shape (r,), float64; may hold 0.
        strength: ≥ 0. With 0 the factor is 1, except where s[i] is exactly 0: there it is 0.

    Returns:
        Shape (r,), float64. `s` must not be changed.
    """
    raise NotImplementedError


def descent_filter(s: Tensor, lr: float, steps: int) -> Tensor:
    """The factors for which `solve` returns what gradient descent reaches in so many steps.

    It minimises ½ · |x · w − y|², starts at w = 0, and each step is w ← w − lr · xᵀ · (x · w − y).

    Args:
        s: shape (r,), float64; may hold 0.
        lr: the learning rate, below 2 / s[i]² for all i.
        steps: how many, ≥ 0; can be a billion, at the same cost.

    Returns:
        Shape (r,), float64. `s` must not be changed.
    """
    raise NotImplementedError


def degrees_of_freedom(s: Tensor, strength: float) -> Tensor:
    """How many weights ridge regression really leaves free: the trace of the matrix that makes predictions of targets.

    The predictions are x · w = H · y, with w as in `ridge_filter`; find the sum of H's diagonal.

    Args:
        s: shape (r,), the singular values of x, float64.
        strength: > 0.

    Returns:
        A 0-dimensional tensor, between 0 and r.
    """
    raise NotImplementedError


def ridge_path(x: Tensor, y: Tensor, strengths: Tensor) -> Tensor:
    """Ridge regression for many strengths, with one decomposition for all of them.

    Args:
        x: shape (N, d), float64, of full rank min(N, d); N may be smaller than d.
        y: shape (N,).
        strengths: shape (k,), all ≥ 0; for 0 it is the least-squares solution, the shortest if there are several.

    Returns:
        Shape (k, d): row i minimises |x · w − y|² + strengths[i] · |w|². The inputs must not be changed.
    """
    raise NotImplementedError


def ridge_with_bias(x: Tensor, y: Tensor, strength: float) -> tuple[Tensor, Tensor]:
    """Minimise |x · w + b − y|² + strength · |w|²: the bias b, one number, is not penalised.

    Args:
        x: shape (N, d), float64.
        y: shape (N,).
        strength: > 0.

    Returns:
        w: shape (d,).
        b: 0-dimensional. The inputs must not be changed.
    """
    raise NotImplementedError

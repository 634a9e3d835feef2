"""Inner products other than the usual one: lengths, angles and projections where directions don't weigh the same.

Read the lesson first (`tutor lesson inner_products`); `tutor hint` helps when you are stuck.

A weight is a symmetric positive definite matrix W, shape (n, n); the inner product of x and y is ⟨x, y⟩ = xᵀ · W · y.
"""

from torch import Tensor


def inner(x: Tensor, y: Tensor, weight: Tensor) -> Tensor:
    """The inner product of vectors along the last axis.

    Args:
        x, y: shape (..., n), float64; any batch axes, the same for both, none too.
        weight: shape (n, n).

    Returns:
        Shape (...). The inputs must not be changed.
    """
    raise NotImplementedError


def angle(x: Tensor, y: Tensor, weight: Tensor) -> Tensor:
    """The angle between vectors along the last axis: its cosine is ⟨x, y⟩ / (‖x‖ · ‖y‖), with ‖x‖ = √⟨x, x⟩.

    Args:
        x, y: shape (..., n), float64, the same batch axes for both; none of the vectors is 0.
        weight: shape (n, n).

    Returns:
        Shape (...), in radians, between 0 and π; never NaN. The inputs must not be changed.
    """
    raise NotImplementedError


def is_inner_product(weight: Tensor) -> bool:
    """Whether xᵀ · W · y is an inner product: the same for (x, y) as for (y, x), and above 0 for x = y ≠ 0.

    Args:
        weight: shape (n, n), float64. Its symmetric part has no eigenvalue with a magnitude between 0 and 1e-6 times
            its largest entry; entries that should agree agree exactly.

    Returns:
        A Python bool.
    """
    raise NotImplementedError


def orthonormalise(vectors: Tensor, weight: Tensor) -> Tensor:
    """An orthonormal basis, in the sense of the weight, by Gram–Schmidt: ⟨qᵢ, qⱼ⟩ is 1 for i = j, and 0 otherwise.

    Args:
        vectors: shape (n, k), k ≤ n, float64, independent columns.
        weight: shape (n, n).

    Returns:
        Shape (n, k): column j is a combination of the columns 0 … j of `vectors`, with a positive coefficient for
        column j (which makes it unique). The inputs must not be changed.
    """
    raise NotImplementedError


def project(v: Tensor, basis: Tensor, weight: Tensor) -> Tensor:
    """The point among all combinations of the columns of `basis` that is nearest to `v`, in the sense of ‖v − p‖.

    Args:
        v: shape (n,), float64.
        basis: shape (n, k), k ≤ n, independent columns, not orthonormal in any sense.
        weight: shape (n, n).

    Returns:
        p: shape (n,). The inputs must not be changed.
    """
    raise NotImplementedError


def polynomial_weight(n: int) -> Tensor:
    """The weight with which the inner product of polynomials p and q is the integral of p(t) · q(t), t from −1 to 1.

    Args:
        n: how many coefficients a polynomial has: c[0] + c[1] · t + … + c[n − 1] · tⁿ⁻¹.

    Returns:
        Shape (n, n), float64.
    """
    raise NotImplementedError


def p_norm(x: Tensor, p: float) -> Tensor:
    """The p-norm (Σ |xᵢ|ᵖ)^(1/p) of vectors along the last axis.

    Args:
        x: shape (..., n), float64. Its elements may be as large as 1e300 or as small as 1e-300; a vector may be 0.
        p: ≥ 1; `math.inf` stands for the limit of large p.

    Returns:
        Shape (...). `x` must not be changed.
    """
    raise NotImplementedError


def parallelogram_gap(x: Tensor, y: Tensor, p: float) -> Tensor:
    """By how much the parallelogram law fails: ‖x + y‖² + ‖x − y‖² − 2 · ‖x‖² − 2 · ‖y‖² in the p-norm.

    It is 0 for all x and y just if the norm comes from an inner product.

    Args:
        x, y: shape (..., n), float64, the same shape for both.
        p: as above.

    Returns:
        Shape (...). The inputs must not be changed.
    """
    raise NotImplementedError

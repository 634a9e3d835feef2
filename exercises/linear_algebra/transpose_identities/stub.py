"""What a transpose does to products, inverses, vectors and maps that never were a matrix.

Read the lesson first (`tutor lesson transpose_identities`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def transpose(a: Tensor) -> Tensor:
    """The transpose of a matrix, or of each matrix in a batch.

    Args:
        a: shape (..., m, n), any dtype, any number of batch axes, none too.

    Returns:
        Shape (..., n, m), the dtype of `a`; may share memory with it.
    """
    raise NotImplementedError


def split(a: Tensor) -> tuple[Tensor, Tensor]:
    """Write square matrices as a sum of a symmetric and an antisymmetric part.

    Args:
        a: shape (..., n, n), float32 or float64.

    Returns:
        symmetric: shape (..., n, n), equal to its own transpose.
        antisymmetric: shape (..., n, n), equal to minus its own transpose.
        They add up to `a`, and have its dtype. `a` must not be changed.
    """
    raise NotImplementedError


def outer(u: Tensor, v: Tensor) -> Tensor:
    """The outer products u · vᵀ of vectors along the last axis.

    Args:
        u: shape (..., m), float32 or float64.
        v: shape (..., n), the same batch axes and dtype as `u`.

    Returns:
        Shape (..., m, n), in that dtype. The inputs must not be changed.
    """
    raise NotImplementedError


def product_from_transposes(factors: list[Tensor]) -> Tensor:
    """The product A₁ · A₂ · … · A_k of matrices of which you are given the transposes.

    It takes a single transpose, at the end.

    Args:
        factors: k ≥ 1 tensors, A₁ᵀ, A₂ᵀ, …, A_kᵀ in this order, float32 or float64. A_i has as many columns as
            A_{i+1} has rows.

    Returns:
        Shape (rows of A₁, columns of A_k), in the dtype of the factors, which must not be changed.
    """
    raise NotImplementedError


def solve_transposed(inverse: Tensor, b: Tensor) -> Tensor:
    """Solve aᵀ · x = b, where the inverse of a (not of aᵀ) is known.

    Args:
        inverse: shape (n, n), a⁻¹, float32 or float64.
        b: shape (..., n): right-hand sides along the last axis, in the same dtype.

    Returns:
        x, shape (..., n), in that dtype. The inputs must not be changed.
    """
    raise NotImplementedError


def bilinear(x: Tensor, a: Tensor, y: Tensor) -> Tensor:
    """The bilinear form xᵀ · a · y, the score of attention with a learned a.

    Args:
        x: shape (..., m), float32 or float64.
        a: shape (m, n), in the same dtype.
        y: shape (..., n), the same batch axes as `x`, none too.

    Returns:
        Shape (...), a number for each pair, in that dtype. The inputs must not be changed.
    """
    raise NotImplementedError


def bilinear_backward(grad_output: Tensor, x: Tensor, a: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The gradients of a loss for what went into `bilinear`.

    Args:
        grad_output: ∂L/∂output, shape (...).
        x, a, y: as above.

    Returns:
        grad_x, grad_a, grad_y, in the shapes of `x`, `a` and `y`, and in their dtype. The inputs must not be changed.
    """
    raise NotImplementedError


def crop_transposed(y: Tensor, start: int, size: int) -> Tensor:
    """The transpose of the linear map x ↦ x[..., start : start + length], without its matrix.

    Args:
        y: shape (..., length), float32 or float64.
        start: where the crop began.
        size: how long x was, start + length ≤ size.

    Returns:
        Mᵀ · y for each y along the last axis, where M · x is the crop; shape (..., size), dtype of `y`, which must
        not be changed.
    """
    raise NotImplementedError


def repeat_transposed(y: Tensor, times: int) -> Tensor:
    """The transpose of the linear map that writes x behind itself: (x₀, x₁) ↦ (x₀, x₁, x₀, x₁, …), `times` times.

    Args:
        y: shape (..., times · n), float32 or float64.
        times: ≥ 1.

    Returns:
        Shape (..., n), dtype of `y`, which must not be changed.
    """
    raise NotImplementedError


def difference_transposed(y: Tensor) -> Tensor:
    """The transpose of the linear map x ↦ x[..., 1:] − x[..., :-1].

    Args:
        y: shape (..., n − 1), n ≥ 2, float32 or float64.

    Returns:
        Shape (..., n), dtype of `y`, which must not be changed.
    """
    raise NotImplementedError

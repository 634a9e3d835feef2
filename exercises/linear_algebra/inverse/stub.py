"""The inverse and the determinant, and gradients through both.

Read the lesson first (`tutor lesson inverse`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def inverse(a: Tensor) -> Tensor:
    """The inverse, by Gauss–Jordan elimination with the largest pivot of each column.

    Args:
        a: shape (n, n), n ≥ 1, float64.

    Returns:
        Shape (n, n). `a` must not be changed.

    Raises:
        ValueError: if `a` is not a square matrix, or if on the way the best pivot is exactly 0.
    """
    raise NotImplementedError


def inverse_backward(grad_output: Tensor, output: Tensor) -> Tensor:
    """The gradient of a loss for `a`, where `output` = inverse(a).

    Args:
        grad_output: ∂L/∂output, shape (n, n), float64.
        output: what `inverse` returned, shape (n, n); `a` itself isn't needed.

    Returns:
        ∂L/∂a, shape (n, n). The inputs must not be changed.
    """
    raise NotImplementedError


def adjugate(a: Tensor) -> Tensor:
    """The matrix adj(a) for which a · adj(a) = det(a) · I: the matrix of cofactors, transposed. No division is needed.

    Args:
        a: shape (n, n), 1 ≤ n ≤ 5, float64 or int64; may be singular. The adjugate of a single number is 1.

    Returns:
        Shape (n, n), in the dtype of `a`: exact for int64. `a` must not be changed.
    """
    raise NotImplementedError


def determinant(a: Tensor) -> Tensor:
    """The determinant, by cofactors.

    Args:
        a: shape (n, n), 1 ≤ n ≤ 5, float64 or int64; may be singular.

    Returns:
        A 0-dimensional tensor in the dtype of `a`: exact for int64. `a` must not be changed.
    """
    raise NotImplementedError


def determinant_backward(grad_output: Tensor, a: Tensor) -> Tensor:
    """The gradient of a loss for `a`, given its gradient for determinant(a).

    Args:
        grad_output: ∂L/∂determinant, a 0-dimensional tensor, float64.
        a: shape (n, n), 1 ≤ n ≤ 5, float64; may be singular.

    Returns:
        ∂L/∂a, shape (n, n). The inputs must not be changed.
    """
    raise NotImplementedError


def log_det(a: Tensor) -> Tensor:
    """The natural logarithm of the magnitude of the determinant.

    Args:
        a: shape (n, n), 1 ≤ n ≤ 5, float64, invertible; its determinant may be negative.

    Returns:
        A 0-dimensional tensor.
    """
    raise NotImplementedError


def log_det_backward(grad_output: Tensor, a: Tensor) -> Tensor:
    """The gradient of a loss for `a`, given its gradient for log_det(a).

    Args:
        grad_output: ∂L/∂log_det, a 0-dimensional tensor, float64.
        a: shape (n, n), invertible. The determinant may be as small as 1e-300.

    Returns:
        ∂L/∂a, shape (n, n). The inputs must not be changed.
    """
    raise NotImplementedError


def solve(a: Tensor, b: Tensor) -> Tensor:
    """The x with a · x = b.

    Args:
        a: shape (n, n), float64, invertible.
        b: shape (n,), float64.

    Returns:
        x: shape (n,). The inputs must not be changed.
    """
    raise NotImplementedError


def solve_backward(grad_output: Tensor, a: Tensor, output: Tensor) -> tuple[Tensor, Tensor]:
    """The gradients of a loss for `a` and `b`, where `output` = solve(a, b).

    Args:
        grad_output: ∂L/∂output, shape (n,), float64.
        a: shape (n, n).
        output: what `solve` returned, shape (n,).

    Returns:
        grad_a: shape (n, n).
        grad_b: shape (n,). The inputs must not be changed.
    """
    raise NotImplementedError


def update_inverse(inverse_of_a: Tensor, u: Tensor, v: Tensor) -> Tensor:
    """The inverse of a + u · vᵀ, from the inverse of a, in about 3 n² multiplications.

    So there is room for neither an elimination nor a product of two matrices.

    Args:
        inverse_of_a: shape (n, n), float64.
        u, v: shape (n,); u · vᵀ is their outer product.

    Returns:
        Shape (n, n). The inputs must not be changed.

    Raises:
        ValueError: if a + u · vᵀ is singular: where one would have to divide by exactly 0.
    """
    raise NotImplementedError

"""Gradient descent on a quadratic: the path it takes, and the learning rates that decide where it leads.

Read the lesson first (`tutor lesson gradient_descent`); `tutor hint` helps when you are stuck.

Everywhere below f(x) = ½ · xᵀ A x − bᵀ x, with a symmetric positive definite matrix A: one minimum, x* = A⁻¹ b.
"""

from torch import Tensor


def descend(A: Tensor, b: Tensor, x0: Tensor, *, lr: float, steps: int) -> Tensor:
    """Every point that gradient descent visits: x ← x − lr · ∇f(x), `steps` times.

    Args:
        A: shape (n, n), symmetric, positive definite.
        b: shape (n,).
        x0: where it starts, shape (n,).
        lr: the learning rate, above 0; it may be too large, and then the path runs away.
        steps: how many steps, 0 or more.

    Returns:
        Shape (steps + 1, n), dtype of `x0`: row 0 is `x0`, row k the point after k steps. The inputs must not change.
    """
    raise NotImplementedError


def largest_rate(A: Tensor) -> float:
    """The limit of the learning rate: below it gradient descent converges to x* from every x0, above it from few.

    Args:
        A: shape (n, n), symmetric, positive definite, not necessarily diagonal.

    Returns:
        The limit, a Python float. `A` must not be changed.
    """
    raise NotImplementedError


def best_rate(A: Tensor) -> tuple[float, float]:
    """The constant learning rate with the best worst case, and what it achieves.

    With a learning rate lr, each step makes the distance to the minimum at most q(lr) times as long,
    ‖x_new − x*‖ ≤ q · ‖x − x*‖, where q(lr) is the smallest number for which this is true from every x.

    Args:
        A: shape (n, n), symmetric, positive definite, not necessarily diagonal.

    Returns:
        rate: the learning rate with the smallest q, a Python float.
        q: the factor it achieves, a Python float with 0 ≤ q < 1.
        `A` must not be changed.
    """
    raise NotImplementedError

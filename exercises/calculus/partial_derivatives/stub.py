"""Gradients of three functions of several variables, worked out by hand, and the slope in any direction.

Read the lesson first (`tutor lesson partial_derivatives`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def quadratic_gradient(x: Tensor, matrix: Tensor, vector: Tensor) -> Tensor:
    """The gradient for x of f(x) = Σᵢ Σⱼ Aᵢⱼ·xᵢ·xⱼ + Σᵢ bᵢ·xᵢ, where A is `matrix` and b is `vector`.

    Args:
        x: the point, shape (n,).
        matrix: A, shape (n, n); it need not be symmetric.
        vector: b, shape (n,).

    Returns:
        ∇f(x), shape (n,), in the dtype of `x`. The inputs must not be changed.
    """
    raise NotImplementedError


def wave_gradient(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Both partial derivatives of f(x, y) = x²·sin(y) + exp(x·y), a function of two numbers, at many points at once.

    Args:
        x: the first coordinates, any shape (also none).
        y: the second coordinates, shape of `x`: point number i is (x[i], y[i]).

    Returns:
        ∂f/∂x and ∂f/∂y at every point, each in the shape and dtype of `x`. The inputs must not be changed.
    """
    raise NotImplementedError


def soft_norm_gradient(x: Tensor, weights: Tensor) -> Tensor:
    """The gradient for x of f(x) = √(1 + Σᵢ wᵢ·xᵢ²), where w is `weights` and the sum runs over all elements.

    Args:
        x: the point, any shape (also none).
        weights: w, all positive, shape of `x`.

    Returns:
        ∇f(x), in the shape and dtype of `x`. The inputs must not be changed.
    """
    raise NotImplementedError


def directional_derivative(gradient: Tensor, direction: Tensor) -> Tensor:
    """How fast f grows per unit of length, walking from x towards `direction`.

    Args:
        gradient: ∇f(x), any shape.
        direction: where to walk, shape of `gradient`. Only where it points matters, not how long it is: divide by
            its Euclidean length.

    Returns:
        The slope, 0-dimensional, in the dtype of `gradient`. The inputs must not be changed.

    Raises:
        ValueError: if every element of `direction` is zero, since it then points nowhere.
    """
    raise NotImplementedError

"""Vanishing and exploding gradients: measured in a deep stack, predicted, and prevented.

Read the lesson first (`tutor lesson vanishing_gradients`); `tutor hint` helps when you are stuck.

The stack, in all functions: h₀ = x, and for each weight matrix Wₗ, l = 1 … L,

    hₗ = f(hₗ₋₁ Wₗᵀ)            or, with skip connections,            hₗ = hₗ₋₁ + f(hₗ₋₁ Wₗᵀ)

without biases. f, the activation, is one of "linear" (f(z) = z), "sigmoid", "tanh" and "relu" (whose slope at 0 is 0).
"""

from torch import Tensor


def forward(x: Tensor, weights: list[Tensor], activation: str, *, skip: bool = False) -> list[Tensor]:
    """What every layer makes of the one before.

    Args:
        x: shape (N, n₀).
        weights: L matrices, shapes (nₗ, nₗ₋₁); with skip connections all sizes are equal.
        activation: the name of f.
        skip: whether each layer adds what went in to what came out.

    Returns:
        L + 1 tensors, h₀ = x first: shapes (N, n₀), …, (N, n_L). The inputs must not be changed.
    """
    raise NotImplementedError


def gradient_norms(
    grad_output: Tensor, x: Tensor, weights: list[Tensor], activation: str, *, skip: bool = False
) -> Tensor:
    """How large the gradient is at every layer.

    Args:
        grad_output: ∂L/∂h_L, shape (N, n_L).
        x, weights, activation, skip: as for `forward`.

    Returns:
        Shape (L + 1,), in the dtype of `x`: the Frobenius norms (root of the sum of squares over samples and units) of
        ∂L/∂h₀, ∂L/∂h₁, …, ∂L/∂h_L, in this order. The inputs must not be changed.
    """
    raise NotImplementedError


def mean_squared_slope(activation: str, variance: float) -> float:
    """E[f′(z)²] for a normally distributed z with mean 0: how much of a squared gradient passes the activation.

    Args:
        activation: the name of f.
        variance: of z, between 0.01 and 10.

    Returns:
        The expectation, right to a relative 1e-6 at least.
    """
    raise NotImplementedError


def rate_per_layer(width: int, std: float, activation: str, variance: float, *, skip: bool = False) -> float:
    """The factor by which one layer is expected to multiply the norm of the gradient, on its way back.

    Args:
        width: units in every layer.
        std: standard deviation of the weights, which are independent with mean 0.
        activation: the name of f.
        variance: of the pre-activations z = hₗ₋₁ Wₗᵀ.
        skip: whether there are skip connections.

    Returns:
        √(E‖∂L/∂hₗ₋₁‖² / ‖∂L/∂hₗ‖²), to a relative 1e-6.
    """
    raise NotImplementedError


def critical_std(width: int, activation: str, variance: float) -> float:
    """The standard deviation of the weights with which `rate_per_layer` without skip connections is 1.

    Args:
        width, activation, variance: as for `rate_per_layer`.
    """
    raise NotImplementedError


def verdict(norms: Tensor) -> tuple[str, float]:
    """What these gradients suffer from, judged by the mean factor per layer.

    Args:
        norms: L + 1 numbers as from `gradient_norms`, L ≥ 1; the last is more than 0.

    Returns:
        The word and the rate. The rate r is the factor per layer which, applied L times, leads from the norm at the
        output to that at the input (it is 0 if that is 0). The word is "vanishing" if r < 0.9, "exploding" if r > 1.1,
        else "healthy". If any of the norms is infinite or NaN: "exploding" and math.inf.
    """
    raise NotImplementedError

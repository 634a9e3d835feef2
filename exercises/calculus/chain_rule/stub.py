"""The chain rule in both directions: through a composition of layers, from the input on or from the output back.

Read the lesson first (`tutor lesson chain_rule`); `tutor hint` helps when you are stuck. The composition is

    chain(x, weights):   z₀ = x,   zₗ = tanh(Wₗ · zₗ₋₁)   for l = 1 … L,   the result is z_L

with `weights` = [W₁, …, W_L], L ≥ 0, and Wₗ of shape (nₗ, nₗ₋₁). Without weights the result is x itself.
"""

from torch import Tensor


def jvp(x: Tensor, weights: list[Tensor], tangent: Tensor) -> Tensor:
    """J · tangent, where J is the Jacobian of `chain` at `x`, of shape (n_L, n₀). Don't build J.

    Args:
        x: the input, shape (n₀,).
        weights: W₁ … W_L.
        tangent: the direction in which x moves, shape (n₀,), any length.

    Returns:
        How the result moves, shape (n_L,), in the dtype of `x`. The inputs must not be changed.
    """
    raise NotImplementedError


def vjp(x: Tensor, weights: list[Tensor], upstream: Tensor) -> Tensor:
    """upstream · J, where J is the Jacobian of `chain` at `x`, of shape (n_L, n₀). Don't build J.

    Args:
        x: the input, shape (n₀,).
        weights: W₁ … W_L.
        upstream: the gradient of a loss for the result, shape (n_L,).

    Returns:
        The gradient of that loss for x, shape (n₀,), in the dtype of `x`. The inputs must not be changed.
    """
    raise NotImplementedError


def multiplications(sizes: list[int], order: str) -> int:
    """How many multiplications of numbers it takes to multiply the dense Jacobians of a composition together.

    Step l takes nₗ₋₁ numbers to nₗ numbers, so its Jacobian Jₗ has shape (nₗ, nₗ₋₁), and J = J_L · … · J₂ · J₁.
    A product of shapes (a, b) and (b, c) takes a·b·c multiplications. There is no vector here: all of J is
    computed.

    Args:
        sizes: [n₀, n₁, …, n_L], with L ≥ 1. A single step needs no product: 0.
        order: "forward" begins with J₂ · J₁ and multiplies what it has with J₃, and so on, from the left; "reverse"
            begins with J_L · J_{L−1} and multiplies what it has with J_{L−2}, and so on, from the right.

    Returns:
        The number of multiplications, an int.

    Raises:
        ValueError: if `order` is neither of the two.
    """
    raise NotImplementedError

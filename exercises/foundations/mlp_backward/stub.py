"""A whole multilayer perceptron: forward, and the gradients of everything in it.

Read the lesson first (`tutor lesson mlp_backward`); `tutor hint` helps when you are stuck.
"""

from typing import Any

from torch import Tensor


def mlp_forward(x: Tensor, weights: list[Tensor], biases: list[Tensor]) -> tuple[Tensor, Any]:
    """Linear layers with ReLU between them, none after the last.

    Args:
        x: shape (N, n₀), float32 or float64.
        weights: D of them, at least one; weights[k] has shape (n_{k+1}, n_k).
        biases: biases[k] has shape (n_{k+1},).

    Returns:
        output: shape (N, n_D).
        cache: whatever your `mlp_backward` needs of this pass; nobody else looks at it.
        Inputs must not be changed.
    """
    raise NotImplementedError


def mlp_backward(grad_output: Tensor, weights: list[Tensor], cache: Any) -> tuple[Tensor, list[Tensor], list[Tensor]]:
    """The gradients for the input, for every weight and for every bias, without autograd.

    Args:
        grad_output: ∂L/∂output, shape (N, n_D).
        weights: as in the forward pass.
        cache: what `mlp_forward` returned.

    Returns:
        grad_x: shape (N, n₀).
        grad_weights, grad_biases: lists in the order and with the shapes of `weights` and `biases`.
        The slope of ReLU at exactly 0 is 0. Inputs must not be changed.
    """
    raise NotImplementedError


def parameters_of_mlp(sizes: tuple[int, ...]) -> int:
    """How many numbers such a network learns.

    Args:
        sizes: n₀, n₁, …, n_D, at least two.
    """
    raise NotImplementedError

"""A recurrent layer, and backpropagation through time.

Read the lesson first (`tutor lesson rnn_backward`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def rnn_forward(x: Tensor, h0: Tensor, weight_x: Tensor, weight_h: Tensor, bias: Tensor) -> Tensor:
    """The hidden states hₜ = tanh(xₜ Wₓ + hₜ₋₁ Wₕ + b), for t = 1 … T, where h₀ is given.

    Args:
        x: input, shape (N, T, D): N sequences of T steps, D numbers a step.
        h0: the state before the first step, shape (N, H).
        weight_x: Wₓ, shape (D, H).
        weight_h: Wₕ, shape (H, H).
        bias: b, shape (H,).

    Returns:
        All states from h₁ to h_T, shape (N, T, H).
    """
    raise NotImplementedError


def rnn_backward(
    grad_output: Tensor,
    x: Tensor,
    h0: Tensor,
    weight_x: Tensor,
    weight_h: Tensor,
    bias: Tensor,
    output: Tensor,
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Gradients of a scalar loss with respect to all that the layer was given.

    Args:
        grad_output: gradient of the loss for every state that the forward pass returned, shape (N, T, H).
        x, h0, weight_x, weight_h, bias: as given to `rnn_forward`.
        output: what `rnn_forward` returned, shape (N, T, H).

    Returns:
        (grad_x, grad_h0, grad_weight_x, grad_weight_h, grad_bias), each of its input's shape.
    """
    raise NotImplementedError

"""One step of an LSTM, forward and backward.

Read the lesson first (`tutor lesson lstm_step`); `tutor hint` helps when you are stuck.

The four blocks of 4H are, in this order, as in torch: input gate i, forget gate f, candidate g, output gate o.
"""

from torch import Tensor


def lstm_step(
    x: Tensor, h: Tensor, c: Tensor, weight_x: Tensor, weight_h: Tensor, bias: Tensor
) -> tuple[Tensor, Tensor, tuple[Tensor, Tensor, Tensor, Tensor]]:
    """One step for N sequences.

        a = x Wₓ + h Wₕ + b                     shape (N, 4H): the blocks a_i, a_f, a_g, a_o
        i = σ(a_i)    f = σ(a_f)    g = tanh(a_g)    o = σ(a_o)
        c_new = f ⊙ c + i ⊙ g
        h_new = o ⊙ tanh(c_new)

    Args:
        x: input of this step, shape (N, D).
        h, c: hidden state and cell state before it, shape (N, H) each.
        weight_x: Wₓ, shape (D, 4H).
        weight_h: Wₕ, shape (H, 4H).
        bias: b, shape (4H,).

    Returns:
        h_new and c_new, shape (N, H) each, and the gates (i, f, g, o), shape (N, H) each.
    """
    raise NotImplementedError


def lstm_step_backward(
    grad_h: Tensor,
    grad_c: Tensor,
    x: Tensor,
    h: Tensor,
    c: Tensor,
    weight_x: Tensor,
    weight_h: Tensor,
    gates: tuple[Tensor, Tensor, Tensor, Tensor],
    c_new: Tensor,
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Gradients of a scalar loss with respect to all that the step was given.

    Args:
        grad_h: the whole gradient for h_new, shape (N, H).
        grad_c: the gradient that the next step sends to c_new, shape (N, H). What c_new gets through h_new is not
            yet in it: adding that is your part.
        x, h, c, weight_x, weight_h: as given to `lstm_step`.
        gates, c_new: as it returned them.

    Returns:
        (grad_x, grad_h_before, grad_c_before, grad_weight_x, grad_weight_h, grad_bias), each of its input's shape.
    """
    raise NotImplementedError

"""One step of a gated recurrent unit, forward and backward.

Read the lesson first (`tutor lesson gru_step`); `tutor hint` helps when you are stuck.

The three blocks of 3H are, in this order, as in torch: reset gate r, update gate z, candidate n.
"""

from torch import Tensor


def gru_step(
    x: Tensor, h: Tensor, weight_x: Tensor, weight_h: Tensor, bias_x: Tensor, bias_h: Tensor
) -> tuple[Tensor, tuple[Tensor, Tensor, Tensor, Tensor]]:
    """One step for N sequences.

        u = x Wₓ + bₓ,   v = h Wₕ + bₕ           shape (N, 3H) each: the blocks _r, _z, _n
        r = σ(u_r + v_r)      z = σ(u_z + v_z)      n = tanh(u_n + r ⊙ v_n)
        h_new = (1 − z) ⊙ n + z ⊙ h

    Args:
        x: input of this step, shape (N, D).
        h: hidden state before it, shape (N, H).
        weight_x: Wₓ, shape (D, 3H).
        weight_h: Wₕ, shape (H, 3H).
        bias_x, bias_h: bₓ and bₕ, shape (3H,) each.

    Returns:
        h_new, shape (N, H), and (r, z, n, v_n), shape (N, H) each.
    """
    raise NotImplementedError


def gru_step_backward(
    grad_h: Tensor,
    x: Tensor,
    h: Tensor,
    weight_x: Tensor,
    weight_h: Tensor,
    kept: tuple[Tensor, Tensor, Tensor, Tensor],
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Gradients of a scalar loss with respect to all that the step was given.

    Args:
        grad_h: gradient for h_new, shape (N, H).
        x, h, weight_x, weight_h: as given to `gru_step`.
        kept: (r, z, n, v_n), as it returned them.

    Returns:
        (grad_x, grad_h_before, grad_weight_x, grad_weight_h, grad_bias_x, grad_bias_h), each of its input's shape.
    """
    raise NotImplementedError

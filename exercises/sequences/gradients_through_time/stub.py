"""How far back a recurrent network can learn from: its Jacobians, measured.

Read the lesson first (`tutor lesson gradients_through_time`); `tutor hint` helps when you are stuck.

The network is hₜ = tanh(xₜ Wₓ + hₜ₋₁ Wₕ + b), as in `rnn_backward`; here for a single sequence.
"""

from torch import Tensor


def state_jacobian(weight_h: Tensor, h: Tensor) -> Tensor:
    """∂hₜ/∂hₜ₋₁, where hₜ = h is already known.

    Args:
        weight_h: Wₕ, shape (H, H); the state is a row, multiplied from the left: hₜ₋₁ Wₕ.
        h: hₜ, shape (H,).

    Returns:
        The matrix J with J[i, j] = ∂hₜ[i] / ∂hₜ₋₁[j], shape (H, H).
    """
    raise NotImplementedError


def gradient_norms(weight_h: Tensor, states: Tensor, grad: Tensor) -> Tensor:
    """How long the gradient of a loss that looks at the last state only is, at each state before it.

    Args:
        weight_h: Wₕ, shape (H, H).
        states: h₁ … h_T, shape (T, H).
        grad: ∂L/∂h_T, shape (H,).

    Returns:
        The Euclidean norms of ∂L/∂h₁ … ∂L/∂h_T, in this order, shape (T,).
    """
    raise NotImplementedError


def scale_to_radius(weight_h: Tensor, radius: float) -> Tensor:
    """Wₕ, multiplied by the one number that gives it the spectral radius asked for.

    Args:
        weight_h: shape (H, H), not symmetric: its eigenvalues may be complex. Not nilpotent.
        radius: the largest absolute value of an eigenvalue of the result, above 0.

    Returns:
        Shape (H, H), a new tensor of the same dtype.
    """
    raise NotImplementedError


def truncated_grad_weight_h(grads: Tensor, states: Tensor, h0: Tensor, weight_h: Tensor, steps: int) -> Tensor:
    """The gradient of Wₕ by backpropagation through time that is cut off.

    The loss at step t sends its gradient to the sums of the steps t, t − 1, …, t − steps + 1, and no further back.

    Args:
        grads: what the loss says of every state directly, shape (T, H).
        states: h₁ … h_T, shape (T, H).
        h0: h₀, shape (H,).
        weight_h: Wₕ, shape (H, H).
        steps: 1 or more; with T or more nothing is cut off.

    Returns:
        Shape (H, H).
    """
    raise NotImplementedError

"""What an LSTM's gates do to its memory: the gradient's way back, biases for a span of time, gates set by hand.

Read the lesson first (`tutor lesson lstm_memory`); `tutor hint` helps when you are stuck.

Everything is for a single sequence, so a state is a row of H numbers. The step is that of `lstm_step`, with the blocks
of 4H in the order input gate i, forget gate f, candidate g, output gate o:

    a = x Wₓ + h Wₕ + b      i = σ(a_i)   f = σ(a_f)   g = tanh(a_g)   o = σ(a_o)
    c_new = f ⊙ c + i ⊙ g    h_new = o ⊙ tanh(c_new)

Both states are zero before the first step.
"""

from torch import Tensor


def cell_gradient(forget_gates: Tensor) -> Tensor:
    """How much of a change in the cell after step t is left in the cell after the last step.

    The gates are taken as given numbers: what they themselves depend on doesn't count here.

    Args:
        forget_gates: f₁ … f_T, shape (T, H), from 0 (included: such a gate is shut) to 1.

    Returns:
        ∂c_T/∂c₁ … ∂c_T/∂c_T, elementwise, shape (T, H). The last row is ones.
    """
    raise NotImplementedError


def gradient_norms(x: Tensor, weight_x: Tensor, weight_h: Tensor, bias: Tensor, grad_h: Tensor) -> Tensor:
    """How long the gradient of a loss that looks at the last h only is, at both states after each step.

    The whole network counts here: the gates depend on h, and so on all that came before.

    Args:
        x: the inputs x₁ … x_T, shape (T, D).
        weight_x, weight_h, bias: Wₓ, Wₕ, b, shapes (D, 4H), (H, 4H), (4H,).
        grad_h: ∂L/∂h_T, shape (H,).

    Returns:
        Row t: the Euclidean norms of ∂L/∂hₜ and of ∂L/∂cₜ, shape (T, 2). They are the whole gradients, over all ways
        on which L depends on that state: for cₜ, the one through hₜ as well.
    """
    raise NotImplementedError


def forget_bias(half_life: float) -> float:
    """The forget gate's bias with which half of the cell is left after `half_life` steps, while a_f is the bias alone.

    Args:
        half_life: above 0, in steps; from 0.01 to 10¹². For large ones f is so near 1 that 1 − f, taken literally,
            has hardly a digit that is right.

    Returns:
        The bias (not the gate), with full precision.
    """
    raise NotImplementedError


def latch() -> tuple[Tensor, Tensor, Tensor]:
    """Weights of an LSTM with one cell that keeps a number until another is written, and shows it when asked.

    An input is a row (value, write, read): value between −1 and 1, write and read 0 or 1. After each step
    c = tanh(the value at the latest step with write = 1, this one included), 0 before there was one; and
    h = tanh(c) where read = 1, else 0. Both to within 0.01, on sequences of 200 steps.

    Returns:
        (weight_x, weight_h, bias), float64, shapes (3, 4), (1, 4), (4,).
    """
    raise NotImplementedError


def counter() -> tuple[Tensor, Tensor, Tensor]:
    """Weights of an LSTM with one cell that counts.

    An input is a row (one, reset) of zeros and ones. After each step c is the number of steps with one = 1 since the
    latest step with reset = 1, in which c is 0 whatever `one` is. To within 0.01 times the largest count, on
    sequences of 200 steps. What h is doesn't matter.

    Returns:
        (weight_x, weight_h, bias), float64, shapes (2, 4), (1, 4), (4,).
    """
    raise NotImplementedError


def states_with(
    x: Tensor, weight_x: Tensor, weight_h: Tensor, bias: Tensor, gate: str, value: float
) -> tuple[Tensor, Tensor]:
    """Run the LSTM with one of its gates held at a value, at every step and for every element.

    Args:
        x, weight_x, weight_h, bias: as for `gradient_norms`.
        gate: "input", "forget" or "output".
        value: what i, f or o is instead, 0 … 1.

    Returns:
        h₁ … h_T and c₁ … c_T, shape (T, H) each.

    Raises:
        ValueError: for any other gate.
    """
    raise NotImplementedError

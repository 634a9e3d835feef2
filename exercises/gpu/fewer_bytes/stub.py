"""Elementwise work that reads and writes as little memory as torch's operations allow.

Read the lesson first (`tutor lesson fewer_bytes`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def ema_update(average: Tensor, value: Tensor, decay: float) -> None:
    """In place: average ← decay · average + (1 − decay) · value.

    Args:
        average, value: of one shape and dtype. `average` is changed, `value` is not.
        decay: between 0 and 1.

    May move at most 4 tensors of this size: what the operations read and write, added up.
    """
    raise NotImplementedError


def add_bias_relu(x: Tensor, branch: Tensor, scale: float, bias: Tensor) -> Tensor:
    """relu(x + scale · branch + bias), the end of a residual block.

    Args:
        x, branch: shape (…, D), of one dtype.
        scale: a number.
        bias: shape (D,).

    Returns:
        The shape of x, a new tensor. Inputs must not be changed. May move at most 7 tensors of the size of x.
    """
    raise NotImplementedError


def adam_update(
    param: Tensor, grad: Tensor, m: Tensor, v: Tensor, step: int, lr: float, betas: tuple[float, float], eps: float
) -> None:
    """One Adam step, in place.

        m ← β₁ m + (1 − β₁) g                  v ← β₂ v + (1 − β₂) g²
        param ← param − lr · m̂ / (√v̂ + eps)    m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ), t = step

    Args:
        param, grad, m, v: of one shape and dtype. All but `grad` are changed.
        step: the number of this step, from 1.
        lr, betas, eps: learning rate, (β₁, β₂), and what is added to the root (not inside it).

    May move at most 22 tensors of this size.
    """
    raise NotImplementedError

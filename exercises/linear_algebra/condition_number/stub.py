"""Condition numbers: how many digits a problem costs, and how many steps gradient descent takes.

Read the lesson first (`tutor lesson condition_number`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def condition_number(a: Tensor) -> Tensor:
    """The most by which a matrix can stretch a vector of length 1, divided by the least.

    Args:
        a: shape (m, n), m ≥ n, float64, of any scale.

    Returns:
        A 0-dimensional tensor, ≥ 1: right to 4 digits even where it is 10¹⁰. Infinity, if the least is exactly 0.
        `a` must not be changed.
    """
    raise NotImplementedError


def error_bound(a: Tensor, b: Tensor, delta_a: Tensor, delta_b: Tensor) -> Tensor:
    """How large the relative error of the solution of a · x = b can be, if both a and b are slightly wrong.

    Instead of x one finds x + δx, with (a + delta_a) · (x + δx) = b + delta_b. The bound for |δx| / |x| is

        κ / (1 − κ · α) · (α + β)

    where κ is the condition number of a, and α and β are the relative errors of a and b: α is the most by which delta_a
    can stretch a vector of length 1, divided by the same for a, and β = |delta_b| / |b|.

    Args:
        a, delta_a: shape (n, n), float64; a is invertible.
        b, delta_b: shape (n,); b is not 0.

    Returns:
        The bound, a 0-dimensional tensor; infinity if κ · α ≥ 1. The inputs must not be changed.
    """
    raise NotImplementedError


def worst_case(a: Tensor) -> tuple[Tensor, Tensor]:
    """A right-hand side and an error of it, for which a · x = b is as bad as the condition number says.

    With δx what the error makes of the solution, |δx| / |x| is κ times |delta| / |b|.

    Args:
        a: shape (n, n), n ≥ 2, float64, invertible; its singular values differ from each other.

    Returns:
        b: shape (n,), of length 1.
        delta: shape (n,), of length 1 as well (the problem is linear, so its length doesn't matter).
        The signs are free. `a` must not be changed.
    """
    raise NotImplementedError


def least_squares(a: Tensor, b: Tensor) -> Tensor:
    """The x that minimises |a · x − b|, by way of a QR factorisation, with no more error than the problem itself has.

    Args:
        a: shape (m, n), m ≥ n, float32 or float64, independent columns. In float32 its condition number may be 10⁴; b
            is then very nearly a combination of its columns.
        b: shape (m,), in the dtype of `a`.

    Returns:
        x: shape (n,), in the dtype of `a`. The inputs must not be changed.
    """
    raise NotImplementedError


def descent_rate(x: Tensor, strength: float) -> tuple[Tensor, Tensor]:
    """The best constant learning rate for ½ · |x · w − y|² + ½ · strength · |w|², and what can be had with it.

    One step is w ← w − lr · gradient. It multiplies the error of w (its distance from the minimum) by a matrix, which
    stretches a vector by at most `rate`. The best lr is the one with the lowest rate.

    Args:
        x: shape (N, d), not 0, float64; N may be smaller than d.
        strength: ≥ 0.

    Returns:
        lr: 0-dimensional.
        rate: 0-dimensional, between 0 and 1; it is 1 where the error along some direction never shrinks.
        `x` must not be changed.
    """
    raise NotImplementedError


def steps_needed(rate: float, goal: float) -> int:
    """How many steps it takes until `rate` to the power of their number is at most `goal`.

    Args:
        rate: ≥ 0, as `descent_rate` returns it.
        goal: the share of the error that may be left, 0 < goal < 1.

    Returns:
        The smallest whole number of steps that suffices.

    Raises:
        ValueError: if no number of steps does, because rate ≥ 1.
    """
    raise NotImplementedError

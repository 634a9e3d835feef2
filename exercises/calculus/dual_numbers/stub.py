"""Dual numbers: derivatives that travel forwards, with the values.

Read the lesson first (`tutor lesson dual_numbers`); `tutor hint` helps when you are stuck. Plain Python and its `math`
module are all you need.
"""

from __future__ import annotations

from collections.abc import Callable


class Dual:
    """A number and its rate of change: value + slope · ε, with ε² = 0.

    Wherever an operation takes another `Dual`, it also takes a plain int or float, on either side: a constant, whose
    slope is 0. No operation changes its operands.

    Attributes:
        value: the number, a float.
        slope: its derivative along the direction in which the inputs move, a float.
    """

    value: float
    slope: float

    def __init__(self, value: float, slope: float = 0.0) -> None:
        """A number that moves at this rate."""
        raise NotImplementedError

    def __add__(self, other: Dual | float) -> Dual:
        """self + other."""
        raise NotImplementedError

    def __radd__(self, other: float) -> Dual:
        """other + self, where other is a plain number."""
        raise NotImplementedError

    def __neg__(self) -> Dual:
        """−self."""
        raise NotImplementedError

    def __sub__(self, other: Dual | float) -> Dual:
        """self − other."""
        raise NotImplementedError

    def __rsub__(self, other: float) -> Dual:
        """other − self, where other is a plain number."""
        raise NotImplementedError

    def __mul__(self, other: Dual | float) -> Dual:
        """self · other."""
        raise NotImplementedError

    def __rmul__(self, other: float) -> Dual:
        """other · self, where other is a plain number."""
        raise NotImplementedError

    def __truediv__(self, other: Dual | float) -> Dual:
        """self / other."""
        raise NotImplementedError

    def __rtruediv__(self, other: float) -> Dual:
        """other / self, where other is a plain number."""
        raise NotImplementedError

    def __pow__(self, exponent: Dual | float) -> Dual:
        """self to the power of exponent.

        With a plain number as exponent, self may be negative if the exponent is whole, and 0 if the exponent is 0 or at
        least 1; x⁰ is the constant 1. With a Dual as exponent, self.value is positive, and both may move.
        """
        raise NotImplementedError

    def __rpow__(self, base: float) -> Dual:
        """base to the power of self, where base is a plain number, positive."""
        raise NotImplementedError

    def exp(self) -> Dual:
        """e to the power of self."""
        raise NotImplementedError

    def log(self) -> Dual:
        """The natural logarithm of self, which is positive."""
        raise NotImplementedError

    def sin(self) -> Dual:
        """The sine of self, in radians."""
        raise NotImplementedError

    def tanh(self) -> Dual:
        """The hyperbolic tangent of self."""
        raise NotImplementedError


def derivative(f: Callable[[Dual], Dual | float], x: float) -> tuple[float, float]:
    """The value and the derivative of a function of one number, by one evaluation of f.

    Args:
        f: takes a Dual, returns a Dual; or a plain number, if it doesn't depend on its argument.
        x: where.

    Returns:
        f(x) and f′(x), floats.
    """
    raise NotImplementedError


def directional_derivative(
    f: Callable[[list[Dual]], Dual | float], x: list[float], direction: list[float]
) -> tuple[float, float]:
    """The value of f at x, and the rate at which it changes along `direction`, by one evaluation of f.

    Args:
        f: takes a list of Duals, returns a Dual or a plain number.
        x: where, n numbers.
        direction: n numbers, not scaled to length 1 or anything else.

    Returns:
        f(x) and Σᵢ ∂f/∂xᵢ · directionᵢ, floats.
    """
    raise NotImplementedError


def gradient(f: Callable[[list[Dual]], Dual | float], x: list[float]) -> list[float]:
    """All partial derivatives of f at x, by n evaluations of f.

    Args:
        f: takes a list of Duals, returns a Dual or a plain number.
        x: where, n numbers.

    Returns:
        n floats, ∂f/∂xᵢ.
    """
    raise NotImplementedError

"""Every rule of differentiation is written down once; all else is made of these."""

from __future__ import annotations

import math
from collections.abc import Callable


class Dual:
    """See the stub."""

    def __init__(self, value: float, slope: float = 0.0) -> None:
        self.value, self.slope = float(value), float(slope)

    def __add__(self, other: Dual | float) -> Dual:
        other = _dual(other)
        return Dual(self.value + other.value, self.slope + other.slope)

    def __radd__(self, other: float) -> Dual:
        return self + other

    def __neg__(self) -> Dual:
        return Dual(-self.value, -self.slope)

    def __sub__(self, other: Dual | float) -> Dual:
        return self + -_dual(other)

    def __rsub__(self, other: float) -> Dual:
        return -self + other

    def __mul__(self, other: Dual | float) -> Dual:
        other = _dual(other)
        return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)

    def __rmul__(self, other: float) -> Dual:
        return self * other

    def __truediv__(self, other: Dual | float) -> Dual:
        other = _dual(other)
        slope = (self.slope * other.value - self.value * other.slope) / other.value**2
        return Dual(self.value / other.value, slope)

    def __rtruediv__(self, other: float) -> Dual:
        return _dual(other) / self

    def __pow__(self, exponent: Dual | float) -> Dual:
        if isinstance(exponent, Dual):
            return (exponent * self.log()).exp()
        slope = exponent * self.value ** (exponent - 1) if exponent else 0.0
        return Dual(self.value**exponent, slope * self.slope)

    def __rpow__(self, base: float) -> Dual:
        return (self * math.log(base)).exp()

    def exp(self) -> Dual:
        result = math.exp(self.value)
        return Dual(result, result * self.slope)

    def log(self) -> Dual:
        return Dual(math.log(self.value), self.slope / self.value)

    def sin(self) -> Dual:
        return Dual(math.sin(self.value), math.cos(self.value) * self.slope)

    def tanh(self) -> Dual:
        result = math.tanh(self.value)
        return Dual(result, (1 - result**2) * self.slope)


def derivative(f: Callable[[Dual], Dual | float], x: float) -> tuple[float, float]:
    """See the stub."""
    result = _dual(f(Dual(x, 1.0)))
    return result.value, result.slope


def directional_derivative(
    f: Callable[[list[Dual]], Dual | float], x: list[float], direction: list[float]
) -> tuple[float, float]:
    """See the stub."""
    result = _dual(f([Dual(value, slope) for value, slope in zip(x, direction, strict=True)]))
    return result.value, result.slope


def gradient(f: Callable[[list[Dual]], Dual | float], x: list[float]) -> list[float]:
    """See the stub."""
    axes = ([float(i == j) for j in range(len(x))] for i in range(len(x)))
    return [directional_derivative(f, x, axis)[1] for axis in axes]


def _dual(number: Dual | float) -> Dual:
    return number if isinstance(number, Dual) else Dual(number)

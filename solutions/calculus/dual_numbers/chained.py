"""One chain rule for all functions of one number; the powers by their cases."""

from __future__ import annotations

import math
from collections.abc import Callable


class Dual:
    """See the stub."""

    def __init__(self, value: float, slope: float = 0.0) -> None:
        self.value = value
        self.slope = slope

    def _chain(self, value: float, outer_slope: float) -> Dual:
        return Dual(value, outer_slope * self.slope)

    def __add__(self, other: Dual | float) -> Dual:
        if isinstance(other, Dual):
            return Dual(self.value + other.value, self.slope + other.slope)
        return Dual(self.value + other, self.slope)

    def __radd__(self, other: float) -> Dual:
        return self + other

    def __neg__(self) -> Dual:
        return self._chain(-self.value, -1.0)

    def __sub__(self, other: Dual | float) -> Dual:
        return self + (-other)

    def __rsub__(self, other: float) -> Dual:
        return (-self) + other

    def __mul__(self, other: Dual | float) -> Dual:
        if isinstance(other, Dual):
            return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)
        return self._chain(self.value * other, other)

    def __rmul__(self, other: float) -> Dual:
        return self * other

    def __truediv__(self, other: Dual | float) -> Dual:
        if isinstance(other, Dual):
            return self * other._chain(1 / other.value, -1 / other.value**2)
        return self._chain(self.value / other, 1 / other)

    def __rtruediv__(self, other: float) -> Dual:
        return self._chain(other / self.value, -other / self.value**2)

    def __pow__(self, exponent: Dual | float) -> Dual:
        if isinstance(exponent, Dual):
            value = self.value**exponent.value
            along_base = exponent.value * self.value ** (exponent.value - 1) * self.slope
            return Dual(value, along_base + value * math.log(self.value) * exponent.slope)
        if exponent == 0:
            return Dual(1.0)
        return self._chain(self.value**exponent, exponent * self.value ** (exponent - 1))

    def __rpow__(self, base: float) -> Dual:
        value = base**self.value
        return self._chain(value, value * math.log(base))

    def exp(self) -> Dual:
        return self._chain(math.exp(self.value), math.exp(self.value))

    def log(self) -> Dual:
        return self._chain(math.log(self.value), 1 / self.value)

    def sin(self) -> Dual:
        return self._chain(math.sin(self.value), math.cos(self.value))

    def tanh(self) -> Dual:
        return self._chain(math.tanh(self.value), 1 / math.cosh(self.value) ** 2)


def derivative(f: Callable[[Dual], Dual | float], x: float) -> tuple[float, float]:
    """See the stub."""
    return directional_derivative(lambda numbers: f(numbers[0]), [x], [1.0])


def directional_derivative(
    f: Callable[[list[Dual]], Dual | float], x: list[float], direction: list[float]
) -> tuple[float, float]:
    """See the stub."""
    result = f([Dual(x[i], direction[i]) for i in range(len(x))])
    if isinstance(result, Dual):
        return result.value, result.slope
    return float(result), 0.0


def gradient(f: Callable[[list[Dual]], Dual | float], x: list[float]) -> list[float]:
    """See the stub."""
    slopes = []
    for i in range(len(x)):
        direction = [0.0] * len(x)
        direction[i] = 1.0
        slopes.append(directional_derivative(f, x, direction)[1])
    return slopes

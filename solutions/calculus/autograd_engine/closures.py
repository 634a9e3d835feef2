"""Each operation leaves a function behind that passes its gradient on; Kahn's algorithm finds the order."""

from __future__ import annotations

import math
from collections.abc import Callable


class Value:
    """See the stub."""

    def __init__(self, data: float) -> None:
        self.data, self.grad = data, 0.0
        self._operands: list[Value] = []
        self._pass_on: Callable[[], None] = lambda: None

    def _then(self, data: float, *operands: Value) -> Value:
        result = Value(data)
        result._operands = [self, *operands]
        return result

    def __add__(self, other: Value | float) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        result = self._then(self.data + other.data, other)

        def pass_on() -> None:
            self.grad += result.grad
            other.grad += result.grad

        result._pass_on = pass_on
        return result

    def __mul__(self, other: Value | float) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        result = self._then(self.data * other.data, other)

        def pass_on() -> None:
            self.grad += other.data * result.grad
            other.grad += self.data * result.grad

        result._pass_on = pass_on
        return result

    def _unary(self, data: float, slope: float) -> Value:
        result = self._then(data)

        def pass_on() -> None:
            self.grad += slope * result.grad

        result._pass_on = pass_on
        return result

    def __radd__(self, other: float) -> Value:
        return self + other

    def __rmul__(self, other: float) -> Value:
        return self * other

    def __neg__(self) -> Value:
        return self._unary(-self.data, -1.0)

    def __sub__(self, other: Value | float) -> Value:
        return self + (-other)

    def __rsub__(self, other: float) -> Value:
        return (-self) + other

    def __truediv__(self, other: Value | float) -> Value:
        return self * other**-1

    def __rtruediv__(self, other: float) -> Value:
        return other * self**-1

    def __pow__(self, exponent: float) -> Value:
        return self._unary(self.data**exponent, exponent * self.data ** (exponent - 1))

    def exp(self) -> Value:
        return self._unary(math.exp(self.data), math.exp(self.data))

    def tanh(self) -> Value:
        return self._unary(math.tanh(self.data), 1 / math.cosh(self.data) ** 2)

    def relu(self) -> Value:
        return self._unary(self.data if self.data > 0 else 0.0, 1.0 if self.data > 0 else 0.0)

    def backward(self) -> None:
        uses = {id(self): 0}
        found = [self]
        for node in found:
            for operand in node._operands:
                if id(operand) not in uses:
                    uses[id(operand)] = 0
                    found.append(operand)
                uses[id(operand)] += 1
        self.grad = 1.0
        ready = [self]
        while ready:
            node = ready.pop()
            node._pass_on()
            for operand in node._operands:
                uses[id(operand)] -= 1
                if uses[id(operand)] == 0:
                    ready.append(operand)

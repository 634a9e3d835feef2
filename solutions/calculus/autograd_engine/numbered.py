"""Nodes are numbered as they are made, and sorted by that; what `grad` held before a pass is added after it."""

from __future__ import annotations

import math
from itertools import count


class Value:
    """See the stub."""

    _numbers = count()

    def __init__(self, data: float) -> None:
        self.data, self.grad, self._number = data, 0.0, next(Value._numbers)
        self._operands: list[Value] = []
        self._slopes: list[float] = []

    def _of(self, data: float, *operands_and_slopes: tuple[Value, float]) -> Value:
        result = Value(data)
        for operand, slope in operands_and_slopes:
            result._operands.append(operand)
            result._slopes.append(slope)
        return result

    def __add__(self, other: Value | float) -> Value:
        if not isinstance(other, Value):
            return self._of(self.data + other, (self, 1.0))
        return self._of(self.data + other.data, (self, 1.0), (other, 1.0))

    def __mul__(self, other: Value | float) -> Value:
        if not isinstance(other, Value):
            return self._of(self.data * other, (self, other))
        return self._of(self.data * other.data, (self, other.data), (other, self.data))

    def __radd__(self, other: float) -> Value:
        return self + other

    def __rmul__(self, other: float) -> Value:
        return self * other

    def __neg__(self) -> Value:
        return self._of(-self.data, (self, -1.0))

    def __sub__(self, other: Value | float) -> Value:
        return self + (-other)

    def __rsub__(self, other: float) -> Value:
        return self._of(other - self.data, (self, -1.0))

    def __truediv__(self, other: Value | float) -> Value:
        if not isinstance(other, Value):
            return self._of(self.data / other, (self, 1 / other))
        quotient = self.data / other.data
        return self._of(quotient, (self, 1 / other.data), (other, -quotient / other.data))

    def __rtruediv__(self, other: float) -> Value:
        return self._of(other / self.data, (self, -other / self.data**2))

    def __pow__(self, exponent: float) -> Value:
        slope = exponent * self.data ** (exponent - 1) if exponent else 0.0
        return self._of(self.data**exponent, (self, slope))

    def exp(self) -> Value:
        return self._of(math.exp(self.data), (self, math.exp(self.data)))

    def tanh(self) -> Value:
        squashed = math.tanh(self.data)
        return self._of(squashed, (self, 1 - squashed * squashed))

    def relu(self) -> Value:
        return self * 1.0 if self.data > 0 else self * 0.0

    def backward(self) -> None:
        nodes = {self._number: self}
        waiting = [self]
        while waiting:
            for operand in waiting.pop()._operands:
                if operand._number not in nodes:
                    nodes[operand._number] = operand
                    waiting.append(operand)
        earlier = {number: node.grad for number, node in nodes.items()}
        for node in nodes.values():
            node.grad = 0.0
        self.grad = 1.0
        for number in sorted(nodes, reverse=True):  # what is computed later has the larger number
            for operand, slope in zip(nodes[number]._operands, nodes[number]._slopes, strict=True):
                operand.grad += slope * nodes[number].grad
        for number, node in nodes.items():
            node.grad += earlier[number] if node is not self else 0.0

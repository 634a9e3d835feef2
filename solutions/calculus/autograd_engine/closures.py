"""Each operation leaves a function behind, from its gradient to its operands'; Kahn's algorithm finds the order."""

from __future__ import annotations

import math
from collections.abc import Callable


class Value:
    """See the stub."""

    def __init__(self, data: float) -> None:
        self.data, self.grad = data, 0.0
        self._operands: list[Value] = []
        self._shares: Callable[[float], tuple[float, ...]] = lambda upstream: ()

    def _then(self, data: float, shares: Callable[[float], tuple[float, ...]], *operands: Value) -> Value:
        result = Value(data)
        result._operands, result._shares = [self, *operands], shares
        return result

    def __add__(self, other: Value | float) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        return self._then(self.data + other.data, lambda upstream: (upstream, upstream), other)

    def __mul__(self, other: Value | float) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        slopes = other.data, self.data
        return self._then(self.data * other.data, lambda upstream: (upstream * slopes[0], upstream * slopes[1]), other)

    def _unary(self, data: float, slope: float) -> Value:
        return self._then(data, lambda upstream: (slope * upstream,))

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
        return self._unary(self.data**exponent, exponent * self.data ** (exponent - 1) if exponent else 0.0)

    def exp(self) -> Value:
        return self._unary(math.exp(self.data), math.exp(self.data))

    def tanh(self) -> Value:
        return self._unary(math.tanh(self.data), (1 - math.tanh(self.data)) * (1 + math.tanh(self.data)))

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
        arrived = dict.fromkeys(uses, 0.0) | {id(self): 1.0}
        ready = [self]
        while ready:
            node = ready.pop()
            upstream = arrived[id(node)]
            node.grad += upstream
            for operand, share in zip(node._operands, node._shares(upstream), strict=True):
                arrived[id(operand)] += share
                uses[id(operand)] -= 1
                if uses[id(operand)] == 0:
                    ready.append(operand)
        self.grad = 1.0

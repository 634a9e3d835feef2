"""Every Value keeps its operands with the local slope for each; backward is a loop over them, with sums of its own."""

from __future__ import annotations

import math


class Value:
    """See the stub."""

    def __init__(self, data: float) -> None:
        self.data = data
        self.grad = 0.0
        self._slopes: tuple[tuple[Value, float], ...] = ()  # (operand, ∂self/∂operand)

    def __add__(self, other: Value | float) -> Value:
        other = _value(other)
        return _computed(self.data + other.data, (self, 1.0), (other, 1.0))

    def __radd__(self, other: float) -> Value:
        return self + other

    def __mul__(self, other: Value | float) -> Value:
        other = _value(other)
        return _computed(self.data * other.data, (self, other.data), (other, self.data))

    def __rmul__(self, other: float) -> Value:
        return self * other

    def __neg__(self) -> Value:
        return self * -1.0

    def __sub__(self, other: Value | float) -> Value:
        return self + -_value(other)

    def __rsub__(self, other: float) -> Value:
        return -self + other

    def __truediv__(self, other: Value | float) -> Value:
        return self * _value(other) ** -1

    def __rtruediv__(self, other: float) -> Value:
        return self**-1 * other

    def __pow__(self, exponent: float) -> Value:
        if exponent == 0:
            return _computed(1.0, (self, 0.0))  # 0 ** -1 would be an error
        return _computed(self.data**exponent, (self, exponent * self.data ** (exponent - 1)))

    def exp(self) -> Value:
        result = math.exp(self.data)
        return _computed(result, (self, result))

    def tanh(self) -> Value:
        result = math.tanh(self.data)
        return _computed(result, (self, 1 - result**2))

    def relu(self) -> Value:
        return _computed(max(self.data, 0.0), (self, float(self.data > 0)))

    def backward(self) -> None:
        order = _operands_first(self)
        arrived = {id(node): 0.0 for node in order}  # in this pass; in `grad` may be something from earlier ones
        arrived[id(self)] = 1.0
        for node in reversed(order):
            for operand, slope in node._slopes:
                arrived[id(operand)] += slope * arrived[id(node)]
        for node in order:
            node.grad += arrived[id(node)]
        self.grad = 1.0


def _value(number: Value | float) -> Value:
    return number if isinstance(number, Value) else Value(number)


def _computed(data: float, *slopes: tuple[Value, float]) -> Value:
    result = Value(data)
    result._slopes = slopes
    return result


def _operands_first(output: Value) -> list[Value]:
    """Everything that `output` was computed from, each after its own operands."""
    order: list[Value] = []
    seen: set[int] = set()
    waiting = [(output, False)]
    while waiting:
        node, operands_done = waiting.pop()
        if operands_done:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            waiting.append((node, True))
            waiting.extend((operand, False) for operand, _ in node._slopes)
    return order

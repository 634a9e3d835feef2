"""Every node keeps its operands, each with a function that turns the node's gradient into the operand's share of it."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

Operand = tuple["Node", Callable[[Tensor], Tensor]]


class Node:
    """See the stub."""

    def __init__(self, data: Tensor) -> None:
        self.data = data
        self.grad = torch.zeros_like(data)
        self._operands: tuple[Operand, ...] = ()

    def __add__(self, other: Node | float) -> Node:
        other = _node(other, self)
        return _computed(self.data + other.data, (self, lambda g: g), (other, lambda g: g))

    def __radd__(self, other: float) -> Node:
        return self + other

    def __mul__(self, other: Node | float) -> Node:
        other = _node(other, self)
        return _computed(self.data * other.data, (self, lambda g: g * other.data), (other, lambda g: g * self.data))

    def __rmul__(self, other: float) -> Node:
        return self * other

    def __neg__(self) -> Node:
        return self * -1.0

    def __sub__(self, other: Node | float) -> Node:
        return self + -_node(other, self)

    def __rsub__(self, other: float) -> Node:
        return -self + other

    def __truediv__(self, other: Node | float) -> Node:
        other = _node(other, self)
        quotient = self.data / other.data
        return _computed(quotient, (self, lambda g: g / other.data), (other, lambda g: -g * quotient / other.data))

    def __rtruediv__(self, other: float) -> Node:
        return _node(other, self) / self

    def __matmul__(self, other: Node) -> Node:
        left, right = self.data, other.data
        return _computed(left @ right, (self, lambda g: g @ right.mT), (other, lambda g: left.mT @ g))

    def sum(self, axis: int | None = None, keepdim: bool = False) -> Node:
        if axis is None:
            return _computed(self.data.sum(), (self, lambda g: g.expand(self.data.shape)))
        total = self.data.sum(dim=axis, keepdim=True)
        return _computed(
            total if keepdim else total.squeeze(axis),
            (self, lambda g: g.reshape(total.shape).expand(self.data.shape)),
        )

    def relu(self) -> Node:
        return _computed(self.data.clamp(min=0), (self, lambda g: g * (self.data > 0)))

    def exp(self) -> Node:
        result = self.data.exp()
        return _computed(result, (self, lambda g: g * result))

    def log(self) -> Node:
        return _computed(self.data.log(), (self, lambda g: g / self.data))

    def backward(self, grad: Tensor | None = None) -> None:
        if grad is None:
            if self.data.dim() > 0:
                raise ValueError(f"the gradient of an output of shape {tuple(self.data.shape)} has to be given")
            grad = torch.ones_like(self.data)
        fresh = {id(self): grad}
        for node in reversed(_operands_first(self)):
            upstream = fresh.pop(id(node))
            node.grad = node.grad + upstream
            for operand, share in node._operands:
                part = _unbroadcast(share(upstream), operand.data.shape)
                fresh[id(operand)] = fresh[id(operand)] + part if id(operand) in fresh else part


def _node(other: Node | float, like: Node) -> Node:
    return other if isinstance(other, Node) else Node(torch.tensor(other, dtype=like.data.dtype))


def _computed(data: Tensor, *operands: Operand) -> Node:
    result = Node(data)
    result._operands = operands
    return result


def _unbroadcast(grad: Tensor, shape: torch.Size) -> Tensor:
    """The sum over every axis along which something of this shape was repeated."""
    leading = grad.dim() - len(shape)
    if leading:
        grad = grad.sum(dim=tuple(range(leading)))
    repeated = [axis for axis, size in enumerate(shape) if size == 1 and grad.shape[axis] > 1]
    return grad.sum(dim=repeated, keepdim=True) if repeated else grad


def _operands_first(output: Node) -> list[Node]:
    """Everything that `output` was computed from, each after its own operands."""
    order: list[Node] = []
    seen: set[int] = set()
    waiting = [(output, False)]
    while waiting:
        node, operands_done = waiting.pop()
        if operands_done:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            waiting.append((node, True))
            waiting.extend((operand, False) for operand, _ in node._operands)
    return order

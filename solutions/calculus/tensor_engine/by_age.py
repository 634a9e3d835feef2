"""Nodes are numbered as they are made; operands are older than results, so going from young to old is the order."""

from __future__ import annotations

from itertools import count

import numpy as np
import torch
from torch import Tensor

_numbers = count()


class Node:
    """See the stub."""

    def __init__(self, data: Tensor) -> None:
        self.data, self.grad = data, torch.zeros_like(data)
        self._operands, self._shares, self._age = (), None, next(_numbers)

    def __add__(self, other: Node | float) -> Node:
        other = self._wrap(other)
        return _made(self.data + other.data, (self, other), lambda g: (g, g))

    def __mul__(self, other: Node | float) -> Node:
        other = self._wrap(other)
        return _made(self.data * other.data, (self, other), lambda g: (g * other.data, g * self.data))

    def _power(self, n: int):
        return _made(self.data**n, (self,), lambda g: (n * self.data ** (n - 1) * g,))

    def __neg__(self) -> Node:
        return _made(-self.data, (self,), lambda g: (-g,))

    def __sub__(self, other: Node | float) -> Node:
        return self + (-self._wrap(other))

    def __truediv__(self, other: Node | float) -> Node:
        return self * self._wrap(other)._power(-1)

    def __radd__(self, other: float) -> Node:
        return self + other

    def __rmul__(self, other: float) -> Node:
        return self * other

    def __rsub__(self, other: float) -> Node:
        return self._wrap(other) - self

    def __rtruediv__(self, other: float) -> Node:
        return self._wrap(other) / self

    def __matmul__(self, other: Node) -> Node:
        def shares(g):
            left = torch.einsum("...nm,...km->...nk", g, other.data)
            return left, torch.einsum("...nk,...nm->...km", self.data, g)

        return _made(torch.matmul(self.data, other.data), (self, other), shares)

    def sum(self, axis: int | None = None, keepdim: bool = False) -> Node:
        axes = list(range(self.data.dim())) if axis is None else [axis % self.data.dim()]
        shape = [1 if n in axes else size for n, size in enumerate(self.data.shape)]
        out = self.data.sum(dim=axes, keepdim=keepdim and axis is not None) if axes else self.data.clone()
        return _made(out, (self,), lambda g: (g.reshape(shape) * torch.ones_like(self.data),))

    def relu(self) -> Node:
        mask = (self.data > 0).to(self.data.dtype)
        return _made(self.data * mask, (self,), lambda g: (g * mask,))

    def exp(self) -> Node:
        return _made(torch.exp(self.data), (self,), lambda g: (g * torch.exp(self.data),))

    def log(self) -> Node:
        return _made(torch.log(self.data), (self,), lambda g: (g / self.data,))

    def backward(self, grad: Tensor | None = None) -> None:
        if grad is None and self.data.dim() != 0:
            raise ValueError("not a scalar")
        nodes, waiting = {self._age: self}, [self]
        while waiting:
            for operand in waiting.pop()._operands:
                if operand._age not in nodes:
                    nodes[operand._age] = operand
                    waiting.append(operand)
        totals = {age: np.zeros(node.data.shape) for age, node in nodes.items()}
        totals[self._age] = totals[self._age] + (1.0 if grad is None else grad.numpy())
        for age in sorted(nodes, reverse=True):
            node, upstream = nodes[age], torch.as_tensor(totals[age]).to(nodes[age].data.dtype)
            node.grad = node.grad + upstream
            if node._operands:
                for operand, share in zip(node._operands, node._shares(upstream), strict=True):
                    totals[operand._age] = totals[operand._age] + _fit(share, operand.data.shape).numpy()

    def _wrap(self, other):
        return other if isinstance(other, Node) else Node(torch.full((), other, dtype=self.data.dtype))


def _made(data, operands, shares):
    node = Node(data)
    node._operands, node._shares = operands, shares
    return node


def _fit(share, shape):
    while share.dim() > len(shape):
        share = share.sum(dim=0)
    for axis, size in enumerate(shape):
        if size == 1:
            share = share.sum(dim=axis, keepdim=True)
    return share

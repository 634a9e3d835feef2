"""An autograd engine for tensors: a small PyTorch of your own.

Read the lesson first (`tutor lesson tensor_engine`); `tutor hint` helps when you are stuck. Torch's tensors do the
arithmetic; its autograd is off limits.
"""

from __future__ import annotations

from torch import Tensor


class Node:
    """A tensor, the gradient of some output for it, and how it was computed.

    The operations + − · and / take another `Node`, or a plain int or float on either side; such a constant needs no
    gradient. Operands of different shapes are broadcast by torch's rules, and every gradient has the shape of the data
    it belongs to. No operation changes its operands.

    Attributes:
        data: a torch tensor, float32 or float64, of any shape.
        grad: the gradient for it after `output.backward()`, in the shape and dtype of `data`; zeros before.
    """

    data: Tensor
    grad: Tensor

    def __init__(self, data: Tensor) -> None:
        """A leaf: a tensor that was not computed from others."""
        raise NotImplementedError

    def __add__(self, other: Node | float) -> Node:
        """self + other."""
        raise NotImplementedError

    def __radd__(self, other: float) -> Node:
        """other + self, where other is a plain number."""
        raise NotImplementedError

    def __mul__(self, other: Node | float) -> Node:
        """self · other, element by element."""
        raise NotImplementedError

    def __rmul__(self, other: float) -> Node:
        """other · self, where other is a plain number."""
        raise NotImplementedError

    def __neg__(self) -> Node:
        """−self."""
        raise NotImplementedError

    def __sub__(self, other: Node | float) -> Node:
        """self − other."""
        raise NotImplementedError

    def __rsub__(self, other: float) -> Node:
        """other − self, where other is a plain number."""
        raise NotImplementedError

    def __truediv__(self, other: Node | float) -> Node:
        """self / other, element by element."""
        raise NotImplementedError

    def __rtruediv__(self, other: float) -> Node:
        """other / self, where other is a plain number."""
        raise NotImplementedError

    def __matmul__(self, other: Node) -> Node:
        """The matrix product: shapes (..., n, k) and (..., k, m) give (..., n, m).

        Both have two axes at least; the axes before the last two are broadcast.
        """
        raise NotImplementedError

    def sum(self, axis: int | None = None, keepdim: bool = False) -> Node:
        """The sum along one axis (negative ones count from the end), or over all elements.

        Args:
            axis: which; None for all, and then the result is 0-dimensional.
            keepdim: whether a summed axis stays, with length 1. Of no account where `axis` is None.
        """
        raise NotImplementedError

    def relu(self) -> Node:
        """max(self, 0), element by element; the slope at 0 is 0."""
        raise NotImplementedError

    def exp(self) -> Node:
        """e to the power of self, element by element."""
        raise NotImplementedError

    def log(self) -> Node:
        """The natural logarithm, element by element; all elements are positive."""
        raise NotImplementedError

    def backward(self, grad: Tensor | None = None) -> None:
        """Add the gradients of one scalar L to the `grad` of self, and of every Node that self was computed from.

        It may be called for several outputs, also for some that share nodes on the way: each call adds the gradients of
        its own L to what is there, and passes on nothing of what an earlier call has left. Nobody's data is written
        into, nor is the argument, now or by a later call. The graph may be 6,000 operations deep: a recursive walk
        would run into Python's recursion limit.

        Args:
            grad: ∂L/∂self, in the shape of `data`; None for 1, if self is the scalar L itself.

        Raises:
            ValueError: if grad is None and `data` isn't 0-dimensional.
        """
        raise NotImplementedError

"""A scalar autograd engine: numbers that remember where they came from.

Read the lesson first (`tutor lesson autograd_engine`); `tutor hint` helps when you are stuck. Plain Python and its
`math` module are all you need.
"""

from __future__ import annotations


class Value:
    """A number, the gradient of some output for it, and how it was computed.

    Wherever an operation takes another `Value`, it also takes a plain int or float, on either side; such a constant
    needs no gradient. Every operation makes a new `Value`, even where it changes nothing (a + 0), and leaves its
    operands as they are.

    Attributes:
        data: the number, a float.
        grad: ∂output/∂self after `output.backward()`; 0.0 before any backward pass.
    """

    data: float
    grad: float

    def __init__(self, data: float) -> None:
        """A leaf: a number that was not computed from others."""
        raise NotImplementedError

    def __add__(self, other: Value | float) -> Value:
        """self + other."""
        raise NotImplementedError

    def __radd__(self, other: float) -> Value:
        """other + self, where other is a plain number."""
        raise NotImplementedError

    def __mul__(self, other: Value | float) -> Value:
        """self · other."""
        raise NotImplementedError

    def __rmul__(self, other: float) -> Value:
        """other · self, where other is a plain number."""
        raise NotImplementedError

    def __neg__(self) -> Value:
        """−self."""
        raise NotImplementedError

    def __sub__(self, other: Value | float) -> Value:
        """self − other."""
        raise NotImplementedError

    def __rsub__(self, other: float) -> Value:
        """other − self, where other is a plain number."""
        raise NotImplementedError

    def __truediv__(self, other: Value | float) -> Value:
        """self / other."""
        raise NotImplementedError

    def __rtruediv__(self, other: float) -> Value:
        """other / self, where other is a plain number."""
        raise NotImplementedError

    def __pow__(self, exponent: float) -> Value:
        """self to a constant power, a plain int or float, possibly negative. self ** 0 is 1, its slope 0, also at 0."""
        raise NotImplementedError

    def exp(self) -> Value:
        """e to the power of self."""
        raise NotImplementedError

    def tanh(self) -> Value:
        """The hyperbolic tangent of self, however large: that of 1000 is 1, and no error."""
        raise NotImplementedError

    def relu(self) -> Value:
        """max(self, 0); its slope at 0 is 0."""
        raise NotImplementedError

    def backward(self) -> None:
        """Add ∂self/∂v to the `grad` of every Value v that self was computed from, and set self.grad to 1.

        Gradients are added to what is there, so that two outputs which share a leaf add up in it; set `grad` to 0.0 to
        start afresh. The same holds for what is shared in the middle of the graph, and for a second `backward()` of one
        output: what is there from an earlier pass stays, but is not passed on again.

        The graph may be 20,000 operations deep: a recursive walk would run into Python's recursion limit.
        """
        raise NotImplementedError

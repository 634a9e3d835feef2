"""A gradient without any calculus: nudge each number and see what happens.

Read the lesson first (`tutor lesson numerical_gradient`); `tutor hint` helps when you are stuck.
"""

from collections.abc import Callable

from torch import Tensor


def numerical_gradient(f: Callable[[Tensor], Tensor | float], x: Tensor, h: float = 1e-5) -> Tensor:
    """The gradient of `f` at `x` by central differences, (f(x + h·eᵢ) − f(x − h·eᵢ)) / 2h for every element i.

    Args:
        f: a function of a tensor of the shape of `x`; it returns one number, as a 0-dimensional tensor or a float.
            It may look at any element, and may keep the tensor that it was given.
        x: where to take the gradient, float64, any shape (also none: a 0-dimensional tensor; also without elements),
            any strides (also 0: in an expanded tensor many elements share one place in memory).
        h: the size of the nudge.

    Returns:
        The gradient, in the shape and dtype of `x`. `f` is called exactly twice for each element of `x`. Afterwards
        `x` holds exactly, to the last bit, what it held before.
    """
    raise NotImplementedError

"""The Jacobian of a function with many outputs, without any calculus.

Read the lesson first (`tutor lesson numerical_jacobian`); `tutor hint` helps when you are stuck.
"""

from collections.abc import Callable

from torch import Tensor


def numerical_jacobian(f: Callable[[Tensor], Tensor], x: Tensor, h: float = 1e-5) -> Tensor:
    """All slopes of all outputs of `f` at `x` by central differences, (f(x + h·eⱼ) − f(x − h·eⱼ)) / 2h per input j.

    Args:
        f: a function of a tensor of the shape of `x`; it returns a tensor of any one shape (also none), float64. It
            may return the very tensor that it was given, and may keep it.
        x: where to take the slopes, float64, any shape with at least one element (also none: 0-dimensional), any
            strides.
        h: the size of the nudge.

    Returns:
        The Jacobian, the axes of the output first and those of the input after them: shape
        (*f(x).shape, *x.shape), float64. Element [i, j], where i is an index into the output and j one into the
        input, is ∂f(x)[i] / ∂x[j]. `f` is called exactly twice for each element of `x`, and `x` is not changed.
    """
    raise NotImplementedError

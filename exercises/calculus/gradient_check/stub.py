"""A gradient checker of your own: does this gradient belong to that function?

Read the lesson first (`tutor lesson gradient_check`); `tutor hint` helps when you are stuck.

Whatever the dtype of x, the functions here convert it to float64 and call f with float64 tensors in the shape of x. x
itself must not be changed.
"""

from collections.abc import Callable

from torch import Generator, Tensor


def slopes(
    f: Callable[[Tensor], Tensor], x: Tensor, direction: Tensor, h: float = 1e-5
) -> tuple[float, float, float, float]:
    """The slopes of f along a direction d, on the left of x, across x, and on the right of it; and what they are
    worth.

    Args:
        f: a function of a float64 tensor in the shape of x; it returns a 0-dimensional float64 tensor.
        x: where, any shape, float32 or float64.
        direction: d, the shape of x, float64, used as it is.
        h: the step.

    Returns:
        left: (f(x) − f(x − h·d)) / h.
        central: (f(x + h·d) − f(x − h·d)) / (2h).
        right: (f(x + h·d) − f(x)) / h.
        noise: 100 · eps · max(|f(x − h·d)|, |f(x)|, |f(x + h·d)|) / h, with the eps of float64: slopes that differ by
            less than this may be the same, and differ by rounding.
    """
    raise NotImplementedError


def agree(a: float, b: float, tol: float, noise: float) -> bool:
    """Whether |a − b| ≤ tol · max(|a|, |b|) + noise."""
    raise NotImplementedError


def check_gradient(
    f: Callable[[Tensor], Tensor],
    grad: Tensor,
    x: Tensor,
    generator: Generator,
    *,
    directions: int = 8,
    h: float = 1e-5,
) -> str:
    """Compare a gradient with the slopes of f along random directions.

    Each direction is drawn from a normal distribution, all elements at once, and scaled to length 1 (the root of the
    sum of squares over all elements). Along each direction d,

    - if left and right slope don't agree with tol = 1e-3, there is a kink between x − h·d and x + h·d. This direction
      says nothing, and is skipped;
    - else the central slope has to agree with the sum of grad · d over all elements, with tol = 1e-5.

    Args:
        f: as for `slopes`. It is called three times at most for each direction.
        grad: the gradient to be checked, the shape of x, float64.
        x: where, any shape, float32 or float64.
        generator: the only source of randomness.
        directions: how many to try.
        h: the step.

    Returns:
        "wrong" if there is a direction, not skipped, along which they don't agree; "undecided" if all directions were
        skipped; else "right".
    """
    raise NotImplementedError


def check_backward(
    forward: Callable[[Tensor], Tensor],
    backward: Callable[[Tensor, Tensor], Tensor],
    x: Tensor,
    generator: Generator,
    *,
    directions: int = 8,
    h: float = 1e-5,
) -> str:
    """The same for a layer: does `backward` belong to `forward`?

    It draws one upstream gradient g from a normal distribution, in the shape of forward(x), float64, and checks the
    gradient of the sum of g · forward(x) over all elements.

    Args:
        forward: a function of x, as float64; returns a float64 tensor of any shape.
        backward: a function of g and x (as float64, too), which claims to return the gradient for x.
        x, generator, directions, h: as for `check_gradient`.

    Returns:
        "right", "wrong" or "undecided".
    """
    raise NotImplementedError

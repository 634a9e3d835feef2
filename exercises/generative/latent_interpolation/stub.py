"""Walking through a latent space: straight, along the sphere, along an attribute, and towards the mean.

Read the lesson first (`tutor lesson latent_interpolation`); `tutor hint` helps when you are stuck. No function may
change its inputs; results have the dtype of the first tensor.
"""

from torch import Tensor


def lerp(start: Tensor, end: Tensor, steps: int) -> Tensor:
    """Equally spaced points on the straight line between two codes.

    Args:
        start, end: shape (D,).
        steps: how many points, at least 2; the first is `start`, the last is `end`.

    Returns:
        Shape (steps, D).
    """
    raise NotImplementedError


def slerp(start: Tensor, end: Tensor, steps: int) -> Tensor:
    """Points along the arc between two codes: sin((1 − t)Ω)/sin Ω · start + sin(tΩ)/sin Ω · end, for equally spaced t.

    Args:
        start, end: shape (D,), not zero, and not in opposite directions. Their lengths may differ. Ω is the angle
            between them. Where they have the same direction (sin Ω < 1e−6), the result is that of `lerp`.
        steps: how many points, at least 2; the first is `start`, the last is `end`.

    Returns:
        Shape (steps, D).
    """
    raise NotImplementedError


def attribute_direction(codes: Tensor, has: Tensor) -> Tensor:
    """The direction in which an attribute grows: the mean code of those that have it, minus that of the others.

    Args:
        codes: shape (N, D).
        has: shape (N,), bool, at least one of each kind.

    Returns:
        Shape (D,).
    """
    raise NotImplementedError


def with_attribute(code: Tensor, direction: Tensor, amount: float) -> Tensor:
    """Move a code so that its attribute is exactly `amount`, and change nothing else.

    The attribute of a code is its coordinate along the direction: the dot product with the direction of length 1.

    Args:
        code: shape (D,).
        direction: shape (D,), of any length but zero.
        amount: the coordinate that the result shall have.

    Returns:
        Shape (D,): differs from `code` by a multiple of the direction.
    """
    raise NotImplementedError


def truncate(codes: Tensor, psi: float) -> Tensor:
    """The truncation trick: draw codes towards their mean, less variety for better pictures.

    Args:
        codes: shape (N, D).
        psi: how much of each code's distance from the mean over all N codes is kept: 1 everything, 0 nothing.

    Returns:
        Shape (N, D).
    """
    raise NotImplementedError

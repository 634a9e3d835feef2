"""Mixed precision by hand: scaled gradients, master weights, and a scale that finds its own size.

Read the lesson first (`tutor lesson loss_scaling`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def largest_scale(grads: list[Tensor]) -> float:
    """The largest power of two by which these gradients can be multiplied before one of them overflows float16.

    Args:
        grads: float32, of any shapes, finite, at least one element not 0.

    Returns:
        2ᵏ with the largest integer k for which max |g| · 2ᵏ ≤ 65504, the largest float16. k may be negative.
    """
    raise NotImplementedError


def unscale(grads: list[Tensor], scale: float) -> tuple[list[Tensor], Tensor]:
    """Scaled float16 gradients as the float32 gradients that they stand for.

    Args:
        grads: float16, of any shapes, each the gradient times `scale`.
        scale: positive.

    Returns:
        The gradients divided by scale, float32, computed in float32; and whether all elements of all of them are
        finite, a 0-dimensional bool tensor. Inputs must not be changed.
    """
    raise NotImplementedError


def next_scale(
    scale: float, good_steps: int, finite: bool, *, growth: float = 2.0, backoff: float = 0.5, interval: int = 2000
) -> tuple[float, int]:
    """The scale for the next step, and how many good steps there have been since it last changed.

    Args:
        scale, good_steps: as they were before this step.
        finite: whether this step's gradients were all finite.
        growth: the factor after `interval` good steps in a row.
        backoff: the factor after a step that was not finite.
        interval: at least 1.

    Returns:
        (scale, good_steps). After a bad step: scale · backoff and 0. After a good one the count goes up by one; if it
        reaches interval, the scale is multiplied by growth and the count is 0.
    """
    raise NotImplementedError


def master_step(
    master: list[Tensor], grads: list[Tensor], scale: float, lr: float
) -> tuple[list[Tensor], list[Tensor]]:
    """One step of gradient descent on float32 master weights, from scaled float16 gradients.

    Args:
        master: float32 weights.
        grads: float16, of the same shapes, scaled.
        scale: by which they were scaled.
        lr: learning rate.

    Returns:
        The new master weights, w − lr · g / scale in float32, or the old ones if any gradient is not finite; and
        float16 copies of what is returned first. Inputs must not be changed.
    """
    raise NotImplementedError

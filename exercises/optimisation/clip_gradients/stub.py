"""Clipping gradients, by their common norm and element by element.

Read the lesson first (`tutor lesson clip_gradients`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def clip_grad_norm(grads: list[Tensor | None], max_norm: float) -> tuple[list[Tensor | None], Tensor]:
    """Scale all gradients by one factor, so that their common norm is at most max_norm.

    The norm is that of all elements of all tensors together: √ Σ g². The factor is max_norm / (norm + 1e-6), but never
    more than 1.

    Args:
        grads: the gradients of a model's parameters, of any shapes, all of one dtype, float32 or float64;
            None for a parameter that got none.
        max_norm: positive.

    Returns:
        The new gradients, None where there was None; and the norm before clipping, a 0-dimensional tensor in the dtype
        of the gradients (float32 zero if there are none). Inputs must not be changed.
    """
    raise NotImplementedError


def clip_grad_value(grads: list[Tensor | None], clip_value: float) -> list[Tensor | None]:
    """Clip every element to [−clip_value, clip_value].

    Args:
        grads: as above.
        clip_value: positive.

    Returns:
        The new gradients, None where there was None. Inputs must not be changed.
    """
    raise NotImplementedError

"""Intersection over union, and non-maximum suppression.

Read the lesson first (`tutor lesson iou_nms`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def box_iou(first: Tensor, second: Tensor) -> Tensor:
    """The overlap of every box with every other: area of the intersection over area of the union.

    Args:
        first: shape (N, 4), a box a row: x1, y1, x2, y2 with x1 ≤ x2 and y1 ≤ y2. Corners are real numbers, not pixels:
            the area is (x2 − x1) · (y2 − y1). float32 or float64; N may be 0.
        second: shape (M, 4), in the same dtype.

    Returns:
        Shape (N, M), in that dtype. Where the union has no area, the overlap is 0. Inputs must not be changed.
    """
    raise NotImplementedError


def nms(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    """Keep the best of boxes that show the same thing.

    Going from the highest score to the lowest, a box is kept if its overlap with every box kept so far is at most
    `threshold`.

    Args:
        boxes: shape (N, 4), as above; N may be 0.
        scores: shape (N,), all different.
        threshold: between 0 and 1.

    Returns:
        The indices into `boxes` of those kept, int64, the highest score first; shape (0,) if there are no boxes. Inputs
        must not be changed.
    """
    raise NotImplementedError

"""Anchors over a feature map, boxes as offsets from anchors, and which anchor answers for which box.

Read the lesson first (`tutor lesson box_coding`); `tutor hint` helps when you are stuck.

Boxes and anchors are rows x1, y1, x2, y2 (x to the right, y downwards, real numbers, x1 < x2 and y1 < y2). The width is
x2 − x1, the height y2 − y1, the centre ((x1 + x2) / 2, (y1 + y2) / 2).
"""

from torch import Tensor


def anchor_boxes(height: int, width: int, *, stride: int, sizes: list[float], ratios: list[float]) -> Tensor:
    """The same few boxes around the centre of every cell of a feature map, in pixels of the image.

    A cell of the feature map stands for `stride` × `stride` pixels of the image; cell (0, 0) for those from 0 to
    `stride`. Around its centre there is one anchor for each size s and ratio r. Its area is s², and its height is r
    times its width. Anchors may reach beyond the image.

    Args:
        height, width: of the feature map, in cells.
        stride: pixels of the image a cell, in both directions.
        sizes: one or more sizes, in pixels.
        ratios: one or more ratios, height over width.

    Returns:
        Shape (height · width · len(sizes) · len(ratios), 4), float64. Row by row of the feature map, from left to right
        within a row; of one cell size by size, of one size ratio by ratio, in the orders given.
    """
    raise NotImplementedError


def encode(boxes: Tensor, anchors: Tensor, weights: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)) -> Tensor:
    """What a network would have to say at an anchor to mean a box.

    Of the centre (x, y), width w and height h of a box, and (x_a, y_a), w_a, h_a of its anchor, with weights (a, b,
    c, d): a · (x − x_a) / w_a,  b · (y − y_a) / h_a,  c · log(w / w_a),  d · log(h / h_a), in this order.

    Args:
        boxes: shape (N, 4), float32 or float64; N may be 0.
        anchors: shape (N, 4), in the same dtype; row i is the anchor of box i.
        weights: the four factors.

    Returns:
        Shape (N, 4), in that dtype. Inputs must not be changed.
    """
    raise NotImplementedError


def decode(
    offsets: Tensor, anchors: Tensor, weights: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
) -> Tensor:
    """The boxes that a network means: the inverse of `encode`.

    An untrained network may say anything. So that exp doesn't overflow, the third and fourth numbers, after they were
    divided by their weights, count as at most log(1000 / 16): no box is more than 62.5 times as wide or high as its
    anchor. There is no limit in the other direction, and none for the first two.

    Args:
        offsets: shape (N, 4), as `encode` returns them, float32 or float64.
        anchors: shape (N, 4), in the same dtype.
        weights: those of `encode`.

    Returns:
        Boxes x1, y1, x2, y2, shape (N, 4), in that dtype. Inputs must not be changed.
    """
    raise NotImplementedError


def match(overlaps: Tensor, *, low: float, high: float) -> Tensor:
    """Which true box each anchor has to find.

    First, each anchor by itself. Let o be its largest overlap with any true box:
      o ≥ high: it answers for that box;
      o < low: it is background, −1;
      otherwise it is neither, and is left out of the loss: −2.
    Then, so that no box is left without an anchor: each true box also gets the anchor that overlaps it most, whatever
    the anchor was given before, if they overlap at all. If an anchor is what several boxes want in this way, it goes to
    the one of these boxes that overlaps it most; the others get no second choice, and keep what they have.

    Args:
        overlaps: the intersection over union of every true box with every anchor, shape (boxes, anchors), float32 or
            float64. The number of boxes may be 0, that of anchors is not. Two overlaps of a row or column are never
            equal, unless both are 0.
        low, high: the thresholds, 0 < low ≤ high ≤ 1.

    Returns:
        For each anchor the number of its box (from 0), −1 or −2; shape (anchors,), int64. `overlaps` must not be
        changed.
    """
    raise NotImplementedError

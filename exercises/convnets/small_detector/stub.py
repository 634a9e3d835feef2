"""Capstone: a detector in one stage, from the targets of its cells to boxes on pictures that it has never seen.

Read the lesson first (`tutor lesson small_detector`); `tutor hint` helps when you are stuck.

Boxes are rows x1, y1, x2, y2 in pixels of the image (x to the right, y downwards, x1 < x2 and y1 < y2). The network
answers on a map of cells: row r, column c stands for `stride` × `stride` pixels, and its middle is at
x = (c + ½) · stride, y = (r + ½) · stride. There are no anchors; a cell writes a box as four offsets from its own
middle, with the length `unit` (in pixels) as their measure. For a box with the centre (x, y), of width w and height h:

    (x − middle x) / unit,   (y − middle y) / unit,   log(w / unit),   log(h / unit)

`box_iou` and `nms` you have written in `iou_nms`; copy them into your file if you like.
"""

from torch import Tensor, nn


def targets(boxes: Tensor, labels: Tensor, height: int, width: int, stride: int, unit: float) -> tuple[Tensor, Tensor]:
    """What each cell has to say about one picture.

    The cell in which a box's centre lies answers for that box; if it is the cell of several, for the one of smallest
    area. Any other cell whose middle lies inside some box is left out of the loss, and the rest are background.

    Args:
        boxes: the true boxes, shape (K, 4), float32 or float64; K may be 0. Boxes may reach beyond the image, their
            centres don't. No centre lies between two cells, no cell's middle on the edge of a box, no two areas are
            equal.
        labels: their classes, shape (K,), int64, from 0.
        height, width: of the map, in cells.
        stride, unit: see above.

    Returns:
        classes: shape (height, width), int64: a class, −1 for background, −2 for left out.
        offsets: shape (4, height, width), in the dtype of `boxes`: the four offsets of the box that the cell answers
            for, zeros in all other cells. Inputs must not be changed.
    """
    raise NotImplementedError


def detection_loss(
    logits: Tensor,
    offsets: Tensor,
    classes: Tensor,
    target_offsets: Tensor,
    *,
    alpha: float = 0.25,
    gamma: float = 2.0,
) -> tuple[Tensor, Tensor]:
    """What is wrong with the classes, and what with the boxes, of a batch.

    Each class has a sigmoid of its own. With p the probability that the network gives to the *right* answer (yes for
    the cell's own class; no for all other classes, and for all classes in a background cell), one number costs

        −weight · (1 − p)^gamma · log p        weight = alpha where the right answer is yes, 1 − alpha where it is no

    A number of the offsets costs d²/2 if |d| < 1 and |d| − ½ otherwise, d being its distance to the target.

    Args:
        logits: shape (N, C, H, W), float32 or float64; they may be as large as ±1000.
        offsets: shape (N, 4, H, W), in the same dtype.
        classes: shape (N, H, W), int64, as `targets` makes them.
        target_offsets: shape (N, 4, H, W), in the same dtype.
        alpha: between 0 and 1.
        gamma: 0, or at least 1.

    Returns:
        Two 0-dimensional tensors with graphs: the sum of the first cost over all classes of all cells that aren't left
        out, and of the second over the four offsets of all cells that answer for a box. Both are divided by the number
        of cells that answer for a box, in the whole batch; by 1 if there is none. Inputs must not be changed.
    """
    raise NotImplementedError


def detect(
    logits: Tensor, offsets: Tensor, stride: int, unit: float, *, keep: float, overlap: float
) -> tuple[Tensor, Tensor, Tensor]:
    """From the network's answer for one picture to boxes.

    A cell's score is the largest sigmoid of its logits, and its label the class of that logit. Cells whose score is
    at least `keep` give a box each. The logarithms of width and height count as at most log(1000 / 16), so that exp
    doesn't overflow. Then, from the highest score to the lowest, a box is kept if its intersection over union with
    every box of *its own label* kept so far is at most `overlap`.

    Args:
        logits: shape (C, H, W), float32 or float64.
        offsets: shape (4, H, W), in the same dtype.
        stride, unit: see above.
        keep, overlap: between 0 and 1. All scores of the same picture are different.

    Returns:
        Boxes (K, 4) and scores (K,), in that dtype, and labels (K,), int64, the highest score first; K may be 0. Inputs
        must not be changed.
    """
    raise NotImplementedError


def roi_align(features: Tensor, boxes: Tensor, rows: int, columns: int, stride: int) -> Tensor:
    """Cut regions out of a feature map, all in the same size: what a detector's second stage looks at.

    Each box is divided into rows × columns equal bins, and each bin gives the value of the features at its middle, by
    bilinear interpolation between the middles of the four cells around it. A point beyond the middles of the outermost
    cells counts as the nearest point that isn't.

    Args:
        features: shape (C, H, W), float32 or float64, maybe with a graph.
        boxes: shape (R, 4), in the same dtype, in pixels of the image; R may be 0.
        rows, columns: how many bins.
        stride: pixels of the image a cell.

    Returns:
        Shape (R, C, rows, columns), in that dtype; gradients pass to `features`. Inputs must not be changed.
    """
    raise NotImplementedError


def train(images: Tensor, boxes: list[Tensor], labels: list[Tensor], *, seed: int) -> tuple[nn.Module, list[float]]:
    """Train a detector of your own design to find discs (0) and frames (1), stretched, of 5 to 14 pixels a side.

    Args:
        images: shape (256, 1, 32, 32), float32, noisy, with 0 to 3 objects each.
        boxes: for each image its boxes, shape (K, 4), float32.
        labels: for each image its labels, shape (K,), int64.
        seed: of `torch.manual_seed`, before anything else; the same seed gives the same network.

    Returns:
        net: called on (N, 1, 32, 32), it returns (N, 6, 8, 8): two logits and four offsets for each cell, with stride 4
            and unit 8. On images that it hasn't seen, `detect` with keep 0.05 and overlap 0.4 has to come to an
            average precision of at least 0.75 at an overlap of 0.5, as a mean of the two classes. It is used in
            evaluation mode. You have 60 seconds; 10 are enough.
        losses: the training loss of each step, as Python floats.
    """
    raise NotImplementedError

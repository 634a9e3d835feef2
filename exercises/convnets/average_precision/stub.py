"""Average precision: how good a detector is, over all the thresholds that one might set.

Read the lesson first (`tutor lesson average_precision`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def assign(overlaps: Tensor, scores: Tensor, threshold: float) -> Tensor:
    """Which detections of one image are right.

    Going from the highest score to the lowest, each detection takes the truth that it overlaps most among those *that
    no detection has taken yet*, if that overlap is at least `threshold`. A detection that takes a truth is right, any
    other is wrong.

    Args:
        overlaps: intersection over union of every detection with every true box, shape (D, T), float32 or float64; D
            and T may be 0. Within a row, no two overlaps are equal unless both are 0.
        scores: how sure the detector is, shape (D,), all different; any numbers, only their order matters.
        threshold: greater than 0, at most 1.

    Returns:
        Shape (D,), bool, in the order in which the detections were given. Inputs must not be changed.
    """
    raise NotImplementedError


def precision_recall(scores: Tensor, correct: Tensor, truths: int) -> tuple[Tensor, Tensor]:
    """The precision and recall of the k best detections, for k = 1 … D.

    Precision is the share of these k that are right, recall the share of all truths that they have found.

    Args:
        scores: as for `assign`, in any order; D may be 0.
        correct: shape (D,), bool: which of them are right.
        truths: how many true boxes there are, at least 1.

    Returns:
        precision, recall: each of shape (D,), float64, element k − 1 for the k highest scores. Inputs must not be
        changed.
    """
    raise NotImplementedError


def average_precision(precision: Tensor, recall: Tensor, points: int | None = None) -> float:
    """The area under the curve of precision over recall, made monotonic.

    The interpolated precision at a recall r is the highest precision at any recall of at least r:
    p(r) = max {precision[k] : recall[k] ≥ r}, and 0 if no recall is that high.

    Args:
        precision, recall: shape (D,), float64, as `precision_recall` returns them; D may be 0.
        points: None for the exact area, the integral of p(r) for r from 0 to 1. Otherwise at least 2: the mean of
            p(r) at r = 0, 1/(points − 1), 2/(points − 1), …, 1, both ends included.

    Returns:
        A number from 0 to 1. Inputs must not be changed.
    """
    raise NotImplementedError


def mean_average_precision(
    images: list[dict[str, Tensor]], thresholds: list[float], points: int | None = None
) -> float:
    """The mean of the average precision over classes and thresholds.

    For each class and threshold, detections are assigned within each image, to truths of their own class only. Then the
    detections of this class in *all* images are put into one list, for one curve, over all truths of this class.
    Classes that have no truth in any image are left out of the mean.

    Args:
        images: one dict an image: "overlaps" (D, T) float64, of all detections with all truths of that image, whatever
            their classes; "scores" (D,) float64, "labels" (D,) int64, "truth_labels" (T,) int64. D and T may differ
            from image to image, and be 0. All scores of all images are different.
        thresholds: of `assign`, one or more.
        points: of `average_precision`. Inputs must not be changed.

    Returns:
        A number from 0 to 1.

    Raises:
        ValueError: if there is no truth in any image.
    """
    raise NotImplementedError

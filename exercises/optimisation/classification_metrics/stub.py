"""The confusion matrix of a classifier, and what is read off it: accuracy, precision, recall and F1.

Read the lesson first (`tutor lesson classification_metrics`); `tutor hint` helps when you are stuck.

Wherever a quotient would be 0 / 0, it counts as 0.
"""

from torch import Tensor


def confusion_matrix(predicted: Tensor, targets: Tensor, classes: int) -> Tensor:
    """How often which class was taken for which.

    Args:
        predicted: shape (N,), int64, each 0 … classes − 1; N may be 0.
        targets: shape (N,), int64, the true classes.
        classes: how many classes there are, also if some of them occur nowhere.

    Returns:
        Shape (classes, classes), int64: in row i and column j the number of samples of the true class i that were
        predicted to be j. The inputs must not be changed.
    """
    raise NotImplementedError


def accuracy(matrix: Tensor) -> float:
    """The share of samples whose prediction was right; 0.0 if there are no samples.

    Args:
        matrix: a confusion matrix as above, shape (C, C), int64.

    Returns:
        A Python float.
    """
    raise NotImplementedError


def precision_recall_f1(matrix: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The three measures for every class by itself.

    Args:
        matrix: a confusion matrix as above, shape (C, C), int64.

    Returns:
        precision: of the samples predicted to be of a class, the share that is; 0 if none was predicted to be.
        recall: of the samples of a class, the share that was predicted to be; 0 if there are none.
        f1: the harmonic mean of the two, 2 · precision · recall / (precision + recall); 0 if both are 0.
        Shape (C,), float64 each. The input must not be changed.
    """
    raise NotImplementedError


def average_f1(matrix: Tensor, average: str) -> float:
    """One F1 for all classes.

    Args:
        matrix: a confusion matrix as above, shape (C, C), int64.
        average: "macro", the mean of the F1 of all C classes, each counting the same, also those that occur
            nowhere; or "micro", the F1 of the true positives, false positives and false negatives of all classes
            added up.

    Returns:
        A Python float.

    Raises:
        ValueError: if `average` is neither of the two.
    """
    raise NotImplementedError

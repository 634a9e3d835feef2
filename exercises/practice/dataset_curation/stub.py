"""Looking after a dataset: duplicates, leaks between the splits, classes out of balance, and labels that are wrong.

Read the lesson first (`tutor lesson dataset_curation`); `tutor hint` helps when you are stuck.

Samples are rows, x of shape (N, D), float64; labels are int64, shape (N,). No argument may be changed.
"""

from torch import Tensor


def normalise_text(text: str) -> str:
    """A text as it is compared with others.

    Returns:
        The text in lower case, with every stretch of characters that are neither letters nor digits (`str.isalnum`)
        replaced by one space, and none at the beginning and the end.
    """
    raise NotImplementedError


def first_of_each(texts: list[str]) -> list[int]:
    """Which texts to keep if of several that are equal after `normalise_text` the first one stays.

    Returns:
        Their indices, ascending.
    """
    raise NotImplementedError


def near_duplicates(x: Tensor, similarity: float) -> list[list[int]]:
    """Groups of samples that are nearly the same.

    Two samples are neighbours if the cosine of the angle between their rows is at least `similarity`. Samples that are
    connected by a chain of neighbours are one group, also if its ends aren't neighbours.

    Args:
        x: no row is all zeros.
        similarity: between −1 and 1.

    Returns:
        The groups with two samples or more: indices ascending within a group, groups ascending by their first index.
    """
    raise NotImplementedError


def split_groups(groups: Tensor, order: Tensor, test_size: int) -> tuple[Tensor, Tensor]:
    """Training and test samples, such that no group (patient, document, group of duplicates) is in both.

    Groups are taken in the order in which their first sample stands in `order`. A group goes to the test set as a whole
    if the test set then has at most `test_size` samples; if not, it goes to the training set, and the next is tried.

    Args:
        groups: the group of each sample, shape (N,), int64, any numbers.
        order: 0 … N − 1 in random order, shape (N,), int64.
        test_size: 0 or more.

    Returns:
        train, test: the indices of the samples, ascending, int64; either may be empty.
    """
    raise NotImplementedError


def class_weights(labels: Tensor, classes: int, *, beta: float = 1.0) -> Tensor:
    """Weights for the loss that make up for unequal classes.

    Args:
        labels: each 0 … classes − 1.
        classes: C.
        beta: between 0 and 1. With 1, the weight of a class with n samples is proportional to 1 / n; below 1, to
            (1 − beta) / (1 − betaⁿ), the inverse of its "effective number" of samples.

    Returns:
        Shape (C,), float64. Classes without samples have the weight 0. The scale is such that the weights of all
        samples, each with the weight of its class, have the mean 1.
    """
    raise NotImplementedError


def suspicious_labels(probabilities: Tensor, labels: Tensor) -> list[int]:
    """Samples whose labels are probably wrong, by confident learning.

    The threshold of a class is the mean probability that the model gives this class on the samples that are labelled
    with it. A sample counts as "confidently c" if its probability of c is at least the threshold of c; if that holds
    for several classes, the one of them with the highest probability. Suspicious is a sample that is confidently a
    class other than its label.

    Args:
        probabilities: by a model that has not been trained on these samples (by cross-validation), shape (N, C).
        labels: what somebody has written down. A class that occurs in no label has no threshold, and no sample is
            confidently of it.

    Returns:
        Their indices, beginning with the one whose label has the lowest probability; all these are different.
    """
    raise NotImplementedError

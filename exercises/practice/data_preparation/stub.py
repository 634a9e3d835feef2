"""From a table with gaps to tensors for a network, without letting the test set have a say in it.

Read the lesson first (`tutor lesson data_preparation`); `tutor hint` helps when you are stuck.

Tables are float64, shape (N, D), a sample a row; NaN marks a missing number. No input may be changed.
"""

from torch import Tensor


def stratified_split(
    labels: Tensor, order: Tensor, *, validation_percent: int, test_percent: int
) -> tuple[Tensor, Tensor, Tensor]:
    """Cut each class by itself into test, validation and training samples.

    The n samples of a class are taken in the order in which they stand in `order`. The first n · test_percent // 100 of
    them are for the test, the next n · validation_percent // 100 for validation, and all others for training.

    Args:
        labels: the class of each sample, shape (N,), int64.
        order: the indices 0 … N − 1 in random order, shape (N,), int64.
        validation_percent, test_percent: whole numbers, 0 or more.

    Returns:
        train, validation, test: the indices of the samples, each ascending, int64; a set may be empty.

    Raises:
        ValueError: if a percentage is negative, or the two add up to 100 or more.
    """
    raise NotImplementedError


def fit_scaler(x: Tensor, kind: str) -> tuple[Tensor, Tensor, Tensor]:
    """What has to be remembered of the training rows; missing numbers count for nothing in any of it.

    Args:
        x: the training rows, shape (N, D), with NaN where a number is missing.
        kind: "standard" or "range".

    Returns:
        fill: the mean of each column's numbers.
        shift: the same mean for "standard", the smallest number for "range".
        scale: the biased standard deviation (divided by the count of numbers there are) for "standard", the largest
            number minus the smallest for "range"; 1 where this would be 0.
        Shape (D,) each. For a column without any number: fill 0, shift 0, scale 1.

    Raises:
        ValueError: if `kind` is neither of the two.
    """
    raise NotImplementedError


def transform(x: Tensor, fill: Tensor, shift: Tensor, scale: Tensor) -> Tensor:
    """Replace what is missing by fill, then shift and scale; and say what was missing.

    Args:
        x: any rows, shape (N, D), with NaN where a number is missing.
        fill, shift, scale: from `fit_scaler`, shape (D,) each.

    Returns:
        Shape (N, 2 · D): first the columns (number − shift) / scale, then for each column 1.0 where its number was
        missing and 0.0 elsewhere.
    """
    raise NotImplementedError


def fit_categories(values: list[str | None]) -> list[str]:
    """The different words of the training samples, in the order of Python's sort; None, which is missing, is none."""
    raise NotImplementedError


def one_hot(values: list[str | None], categories: list[str]) -> Tensor:
    """A column for each category.

    Args:
        values: a word a sample; None where it is missing.
        categories: from `fit_categories`, C different words.

    Returns:
        Shape (N, C), float64: 1 in the word's column, 0 elsewhere. A row of zeros for None, and for a word that isn't
        among the categories.
    """
    raise NotImplementedError


def prepare(x: Tensor, words: list[str | None], train: Tensor, other: Tensor, kind: str) -> tuple[Tensor, Tensor]:
    """The features of the training samples, and those of other samples, as a network gets them.

    Args:
        x: the numbers of all samples, shape (N, D).
        words: the word of each sample, N of them.
        train: indices of the training samples, int64.
        other: indices of validation or test samples, int64.
        kind: as for `fit_scaler`.

    Returns:
        Two tensors, one row for each index in its order: the 2 · D columns of `transform`, then the C of `one_hot`.
        Everything that is learned from data is learned from the training samples only.
    """
    raise NotImplementedError

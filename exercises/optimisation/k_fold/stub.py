"""Cross-validation: k folds, stratified folds, and a model evaluated on them without a leak.

Read the lesson first (`tutor lesson k_fold`); `tutor hint` helps when you are stuck.
"""

from collections.abc import Callable

from torch import Tensor


def k_fold(order: Tensor, k: int) -> list[tuple[Tensor, Tensor]]:
    """Cut the samples into k blocks; each is the test set once, and all the others are the training set.

    Args:
        order: the samples' indices in an order that somebody has drawn, shape (n,), int64: a permutation of 0 … n − 1.
        k: how many folds. Their sizes differ by one at most: the first n mod k have one sample more than the others.

    Returns:
        k pairs (train, test) of int64 index tensors. The test set of fold 0 is the first block of `order`, that of
        fold 1 the next, and so on, each in the order of `order`; the training set is all the rest, in that order too.
        `order` must not be changed.

    Raises:
        ValueError: if k is below 2 or above n.
    """
    raise NotImplementedError


def stratified_k_fold(labels: Tensor, k: int) -> list[tuple[Tensor, Tensor]]:
    """k folds in which every class has about the same share as in the whole.

    Line the samples up by class, 0 first, and within a class by index. Then deal them out like cards: the i-th of this
    line (from 0) goes to the test set of fold i mod k. The deal is not begun anew for each class.

    Args:
        labels: the class of each sample, shape (n,), int64.
        k: how many folds, 2 ≤ k ≤ n.

    Returns:
        k pairs (train, test) of int64 index tensors, each in ascending order. `labels` must not be changed.
    """
    raise NotImplementedError


def cross_validate(
    x: Tensor,
    y: Tensor,
    folds: list[tuple[Tensor, Tensor]],
    fit: Callable[[Tensor, Tensor], Callable[[Tensor], Tensor]],
) -> Tensor:
    """The mean squared error of a model on the test set of each fold.

    For each fold the columns of x are standardised first: minus a mean, divided by a standard deviation (the biased
    one, with the number of rows as divisor, not less one). A column whose standard deviation is 0 is only shifted.
    The model is fitted on the standardised training rows, and predicts the standardised test rows. Nothing that is
    learned from data, the means and deviations included, may come from the test rows.

    Args:
        x: the inputs, shape (n, d), float64.
        y: the numbers to be predicted, shape (n,), float64; they are not standardised.
        folds: pairs (train, test) of index tensors.
        fit: fit(x_train, y_train) returns a function predict, and predict(x_test) a prediction for each row,
            shape (rows,). It is called once for each fold, in their order.

    Returns:
        Shape (number of folds,), float64. The inputs must not be changed.
    """
    raise NotImplementedError

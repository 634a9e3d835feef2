"""Three loops over elements, written as a few operations on whole tensors.

Read the lesson first (`tutor lesson vectorise`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def squared_distances(x: Tensor, y: Tensor) -> Tensor:
    """The squared Euclidean distance of every row of x from every row of y.

    Args:
        x: shape (N, D), float32 or float64.
        y: shape (M, D), of the same dtype.

    Returns:
        Shape (N, M): element (i, j) is Σ_d (x[i, d] − y[j, d])². At most 12 torch operations, whatever N, M and D are
        (views such as transpose, reshape and slices are not counted). Inputs must not be changed.
    """
    raise NotImplementedError


def moving_average(x: Tensor, width: int) -> Tensor:
    """The mean of every window of `width` consecutive elements.

    Args:
        x: shape (N,), floating point.
        width: between 1 and N.

    Returns:
        Shape (N − width + 1,): element i is the mean of x[i], …, x[i + width − 1]. At most 12 torch operations. Inputs
        must not be changed.
    """
    raise NotImplementedError


def class_means(x: Tensor, labels: Tensor, classes: int) -> Tensor:
    """The mean of the rows of each class.

    Args:
        x: shape (N, D), floating point.
        labels: shape (N,), int64, from 0 to classes − 1.
        classes: how many classes there are, K.

    Returns:
        Shape (K, D): row k is the mean of the rows of x whose label is k; zeros where no row has that label. At most 16
        torch operations, whatever K is. Inputs must not be changed.
    """
    raise NotImplementedError

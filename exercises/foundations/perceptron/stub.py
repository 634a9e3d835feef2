"""Rosenblatt's perceptron: the prediction, the learning rule, and a bound on its mistakes.

Read the lesson first (`tutor lesson perceptron`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def predict(x: Tensor, w: Tensor, b: float) -> Tensor:
    """1 where w · x + b > 0, and −1 elsewhere (also where it is exactly 0).

    Args:
        x: shape (N, D), a point a row, float64.
        w: shape (D,).
        b: the bias.

    Returns:
        Shape (N,), float64.
    """
    raise NotImplementedError


def fit(x: Tensor, y: Tensor, epochs: int, lr: float = 1.0) -> tuple[Tensor, float, list[int]]:
    """Learn from one point after the other, in their order, beginning with zeros.

    A point is a mistake if y · (w · x + b) ≤ 0; then w grows by lr · y · x, and b by lr · y. Training ends after
    `epochs` passes over the data, or after the first pass without a mistake.

    Args:
        x: shape (N, D), float64.
        y: shape (N,), labels −1 and 1, float64.
        epochs: the largest number of passes, at least 1.
        lr: the learning rate.

    Returns:
        w: shape (D,).
        b: a Python float.
        mistakes: how many there were in each pass.
        Inputs must not be changed.
    """
    raise NotImplementedError


def mistake_bound(x: Tensor, y: Tensor, w: Tensor, b: float) -> float:
    """Novikoff's bound on the number of mistakes in all passes together, whatever the order.

    Args:
        x: shape (N, D).
        y: shape (N,), labels −1 and 1.
        w, b: a line that separates the data: y · (w · x + b) > 0 for every point. Not necessarily of length 1.

    Returns:
        (R / γ)², where every point is made longer by a 1 and (w, b) is one vector: R is the length of the longest
        point, and γ the smallest y · (w, b) · (x, 1) divided by the length of (w, b). A Python float.
    """
    raise NotImplementedError

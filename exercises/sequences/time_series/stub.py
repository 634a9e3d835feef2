"""Capstone: an LSTM that goes on with a curve.

Read the lesson first (`tutor lesson time_series`); `tutor hint` helps when you are stuck. torch.nn, autograd and
torch.optim are all allowed here; you may add any helpers.
"""

from collections.abc import Callable

import torch.nn as nn
from torch import Tensor


def windows(series: Tensor, width: int) -> tuple[Tensor, Tensor]:
    """Every stretch of `width` values, and the value that comes next.

    Args:
        series: shape (T,), with T > width.
        width: how many values the past is made of.

    Returns:
        x, shape (T − width, width): x[k] = series[k : k + width]; and y, shape (T − width,): y[k] = series[k + width].
    """
    raise NotImplementedError


class Forecaster(nn.Module):
    """An LSTM over the values of a window, and a linear layer on its last state.

    It is given values as they are, and returns values as they are: standardising them, with mean and standard
    deviation of the series it was made for, is its own business.
    """

    def __init__(self, mean: float, std: float, hidden: int) -> None:
        """
        Args:
            mean, std: of the training series.
            hidden: size of the LSTM's state.
        """
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """The next value after each window.

        Args:
            x: shape (N, width), float32.

        Returns:
            Shape (N,), float32.
        """
        raise NotImplementedError


def train(series: Tensor, width: int, *, seed: int) -> tuple[Forecaster, list[float]]:
    """Train a forecaster on the windows of this series. Sizes, optimizer and number of steps are yours to choose.

    Args:
        series: shape (T,), float32; its level and scale are arbitrary.
        width: of the windows.
        seed: all that is random must come from it.

    Returns:
        The forecaster in eval mode, and the loss (mean squared error of standardised values) at every step.
    """
    raise NotImplementedError


def roll_out(predict: Callable[[Tensor], Tensor], history: Tensor, steps: int) -> Tensor:
    """Go on by one value after the other: each prediction becomes part of the next window.

    Args:
        predict: takes windows (N, width), returns the next values (N,); a `Forecaster`, for instance.
        history: the windows to start from, shape (N, width).
        steps: how many values to make.

    Returns:
        Shape (N, steps), without a graph. `history` must not be changed.
    """
    raise NotImplementedError

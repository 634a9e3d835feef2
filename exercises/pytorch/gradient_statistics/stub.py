"""Statistics of activations, gradients and updates: what to look at when a network doesn't learn.

Read the lesson first (`tutor lesson gradient_statistics`); `tutor hint` helps when you are stuck. A leaf is a module
without submodules; the networks here call each leaf exactly once. Functions that only look leave no hooks behind and
change nothing.
"""

from collections.abc import Callable
from typing import Any

from torch import Tensor, nn


def activation_statistics(net: nn.Module, x: Tensor) -> dict[str, tuple[float, float, float]]:
    """For the output of each leaf, in one call net(x), over all of its elements: mean, deviation, share of zeros.

    Args:
        net: leaves may work in place: what counts is an output as it was returned.
        x: the input.

    Returns:
        By the leaf's name in net.named_modules(): the mean, the standard deviation (divisor n), and which part of
        the elements is exactly 0.
    """
    raise NotImplementedError


def dead_units(net: nn.Module, x: Tensor) -> dict[str, Tensor]:
    """For each nn.ReLU, the units that are zero for every sample.

    Args:
        net: as above.
        x: the input.

    Returns:
        By the name of the nn.ReLU: the numbers of its dead units in rising order, shape (count,), int64. Units are
        numbered along axis 1: features of (N, F), channels of (N, C, H, W), which are dead if they are zero at every
        place of every sample.
    """
    raise NotImplementedError


def gradient_norms(net: nn.Module) -> dict[str, float]:
    """How large the gradients are that backward has left in `.grad`.

    Returns:
        By the parameter's name, the Euclidean norm of its gradient, 0 where that is None; and under "total" the norm
        of all gradients together, as if they were one long vector.
    """
    raise NotImplementedError


def train_monitored(
    net: nn.Module, optimizer: Any, loss_function: Callable[..., Tensor], batches: list[tuple[Tensor, Tensor]]
) -> dict[str, list[float]]:
    """Take one step on each batch, and keep a record.

    Args:
        net: the network.
        optimizer: has `zero_grad()` and `step()`.
        loss_function: takes net(inputs) and targets.
        batches: pairs of inputs and targets.

    Returns:
        Lists with one number for each step: "loss" before the step; "gradient", the norm of all gradients together;
        and for each parameter with at least two axes, by its name, the update-to-weight ratio: the norm of what the
        step changed, divided by the norm that the parameter had before.
    """
    raise NotImplementedError


def smooth(values: list[float], beta: float) -> list[float]:
    """A moving average for noisy curves: m ← beta · m + (1 − beta) · value from m = 0, and after step t (1, 2, …)
    m / (1 − betaᵗ) is what is shown, so that the first values aren't pulled towards 0.

    Args:
        values: any number of them, also none.
        beta: 0 ≤ beta < 1.

    Returns:
        As many values.
    """
    raise NotImplementedError

"""Watching a deployed model: has its input changed, has its output become worse, is it time to retrain?

Read the lesson first (`tutor lesson monitoring_drift`); `tutor hint` helps when you are stuck. All values are float64.
"""

from torch import Tensor


def quantile_edges(reference: Tensor, bins: int) -> Tensor:
    """Edges that cut the reference into bins of equal shares.

    Args:
        reference: values of one feature at training time, shape (N,).
        bins: at least 2.

    Returns:
        The quantiles 1/bins, 2/bins, …, (bins − 1)/bins, by linear interpolation (numpy's and torch's default),
        shape (bins − 1,), ascending.
    """
    raise NotImplementedError


def shares(values: Tensor, edges: Tensor) -> Tensor:
    """Which share of the values falls into each bin.

    Args:
        values: shape (N,).
        edges: ascending, shape (B − 1,). Bin 0 is what lies below edges[0], bin k is edges[k − 1] ≤ value < edges[k],
            the last bin is edges[−1] ≤ value.

    Returns:
        Shape (B,), which adds up to 1.
    """
    raise NotImplementedError


def stability_index(reference: Tensor, current: Tensor, bins: int, floor: float = 1e-4) -> float:
    """The population stability index Σ over bins of (c − r) · log(c / r), natural logarithm.

    Args:
        reference, current: values at training time and now, shapes (N,) and (M,).
        bins: the bins are cut at the quantiles of the reference.
        floor: r and c, the shares of the reference and of the current values in a bin, count as at least this.

    Returns:
        A Python float, 0 for equal shares.
    """
    raise NotImplementedError


def ks_statistic(reference: Tensor, current: Tensor) -> float:
    """The largest distance between the two empirical distribution functions (Kolmogorov and Smirnov).

    The empirical distribution function at x is the share of values that are ≤ x.

    Args:
        reference, current: shapes (N,) and (M,); a value may occur several times, also in both.

    Returns:
        A Python float from 0 to 1.
    """
    raise NotImplementedError


class Monitor:
    """Follows the accuracy of a deployed model as the true labels come in, and says what to do.

    Attributes:
        accuracy: the share of right answers among the last `window` ones; among all, while there are fewer.
    """

    accuracy: float

    def __init__(self, baseline: float, window: int, tolerance: float, patience: int) -> None:
        """
        Args:
            baseline: the accuracy that was measured before the model was deployed.
            window: how many of the latest answers count.
            tolerance: an accuracy below baseline − tolerance is an alarm.
            patience: so many alarms in a row mean "retrain".
        """
        raise NotImplementedError

    def update(self, right: bool) -> str:
        """Take in one answer.

        Args:
            right: whether the model's answer was right.

        Returns:
            "wait" while fewer than `window` answers have come in since the beginning (or the last `deployed`);
            else "retrain" if the accuracy has been below baseline − tolerance at each of the last `patience` updates
            (this one and those before it that weren't "wait"); "alarm" if it is below now, but not as often in a row;
            "fine" in all other cases.
        """
        raise NotImplementedError

    def deployed(self, baseline: float) -> None:
        """A new model has taken the old one's place: everything starts again, with this baseline."""
        raise NotImplementedError

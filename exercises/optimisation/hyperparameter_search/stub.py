"""Looking for good hyperparameters: a grid, random trials, a budget, and successive halving.

Read the lesson first (`tutor lesson hyperparameter_search`); `tutor hint` helps when you are stuck.

A trial is a dict from the names of hyperparameters to their values. No argument may be changed.
"""

from collections.abc import Callable

from torch import Tensor

Trial = dict[str, float | int | str]


def grid(space: dict[str, list[float | int | str]]) -> list[Trial]:
    """Every combination of the values.

    Args:
        space: for each name the values to try, at least one.

    Returns:
        One trial for each combination, with the names in the order of `space`. The last name changes fastest: for
        {"lr": [1, 2], "depth": [3, 4]} the order is (1, 3), (1, 4), (2, 3), (2, 4).
    """
    raise NotImplementedError


def random_trials(space: dict[str, tuple], u: Tensor) -> list[Trial]:
    """Trials from uniform random numbers.

    Args:
        space: for each name one of
            ("uniform", low, high): low + u · (high − low);
            ("log", low, high), 0 < low < high: such that the *logarithm* is uniform, from low at u = 0 towards high;
            ("int", low, high): the integers low … high, both included, in equal parts of the range of u, ascending;
            ("choice", options): a list, its options in equal parts of the range of u, in their order.
        u: numbers in [0, 1), shape (trials, names), float64; the columns in the order of `space`.

    Returns:
        One trial a row: Python floats for "uniform" and "log", Python ints for "int".

    Raises:
        ValueError: if a kind is none of the four.
    """
    raise NotImplementedError


def search(
    trials: list[Trial], objective: Callable[[Trial], float], budget: int
) -> tuple[list[tuple[Trial, float]], Trial | None]:
    """Evaluate trials in their order, until there are no more or the budget is spent.

    Args:
        trials: some may be equal. Such a trial is evaluated once; its second appearance costs nothing.
        objective: the validation loss of a trial, expensive; NaN if the training has failed.
        budget: how many evaluations may be made, at least 1.

    Returns:
        results: each evaluated trial with its loss, in order of evaluation; infinity in place of NaN.
        best: the trial with the lowest loss, the first of them if there are several; None if all have failed.
    """
    raise NotImplementedError


def successive_halving(
    trials: list[Trial], objective: Callable[[Trial, int], float], epochs: int, eta: int
) -> tuple[Trial, list[tuple[int, int]], int]:
    """Train all trials a little, keep the best, train those longer, and so on, until one is left.

    In a round every trial that is left is evaluated with the same number of epochs, in the order in which they come out
    of the round before. Of n trials the n // eta with the lowest losses stay, but at least one; they come out by
    ascending loss, equal ones in the order in which they went in. A loss of NaN counts as infinite. The next round has
    eta times as many epochs. A round with a single trial isn't held.

    Args:
        trials: at least one, all different.
        objective: the loss of a trial after so many epochs, trained from scratch.
        epochs: of the first round.
        eta: at least 2.

    Returns:
        best: the trial that is left.
        rounds: for each round held, (epochs, number of trials that were evaluated).
        spent: the epochs of all evaluations together.
    """
    raise NotImplementedError


def trials_needed(share: float, confidence: float) -> int:
    """How many random trials it takes to hit the best `share` of the space at least once, with this probability.

    Args:
        share: 0 < share < 1, of all that could be drawn.
        confidence: 0 < confidence < 1.

    Returns:
        The smallest such number.
    """
    raise NotImplementedError


def values_per_axis(budget: int, names: int) -> int:
    """How many different values of each hyperparameter a full grid can try, the same number for all.

    Args:
        budget: how many trials may be made, at least 1; up to 10¹².
        names: how many hyperparameters there are, at least 1.

    Returns:
        The largest k for which a grid with k values on each axis is within the budget, exactly.
    """
    raise NotImplementedError

"""From numbers that fall out of a training run to curves that can be compared.

Read the lesson first (`tutor lesson training_curves`); `tutor hint` helps when you are stuck.
"""


class Log:
    """Scalars that come at different steps: the training loss at each, the accuracy after each epoch."""

    def __init__(self) -> None:
        """An empty log."""
        raise NotImplementedError

    def add(self, step: int, **scalars: float) -> None:
        """Note any number of scalars by name. One step may be added to in several calls, with different names.

        Args:
            step: 0 or more. For each name they rise; different names may be at different steps.
            scalars: NaN and infinities are kept, too.

        Raises:
            ValueError: if one of the names already has a value at this step or at a later one; then nothing of
                this call is noted.
        """
        raise NotImplementedError

    def curve(self, name: str) -> tuple[list[int], list[float]]:
        """All that was noted of one name: the steps, rising, and the values, as floats.

        Raises:
            KeyError: if there is no such name.
        """
        raise NotImplementedError

    def to_csv(self) -> str:
        """The log as text: lines that end in a line break each, cells with commas between them.

        The first line is `step` and the names, in the order in which they first came. Then a line for each step at
        which there is anything, in rising order: the step, and for each name repr of its value as a float, or
        nothing.
        """
        raise NotImplementedError


def from_csv(text: str) -> Log:
    """The log that `to_csv` wrote as this text; `curve` and `to_csv` of both give the same."""
    raise NotImplementedError


def band(runs: list[list[float]]) -> tuple[list[float], list[float], list[float], list[int]]:
    """Several runs of one experiment, with different seeds, as one curve and a band around it.

    Args:
        runs: values of each run at steps 0, 1, …; at least one run with a value. Some ended early. NaN: that run
            has nothing at that step.

    Returns:
        mean, low, high, count, as long as the longest run: at each step the mean, the smallest and the largest value
        over the runs that have one there, and how many these are. Where no run has one: NaN, NaN, NaN, 0.
    """
    raise NotImplementedError


def ticks(low: float, high: float, most: int, *, log: bool = False) -> list[float]:
    """Round numbers in [low, high] to write at an axis.

    The multiples of a step, in rising order. The step is the smallest of … 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, … (1, 2 or 5
    times a power of ten) of which at most `most` multiples lie in [low, high]. A multiple within a billionth of a step
    outside counts as inside.

    Args:
        low, high: low < high.
        most: 2 or more.
        log: then the numbers are powers of ten, 10ᵏ with k a multiple of m; m is the smallest of 1, 2, 3, … of which
            at most `most` lie in [low, high], where 0 < low. A power within a billionth of its size outside counts
            as inside.

    Returns:
        At most `most` numbers; in a short interval there may be none with log.
    """
    raise NotImplementedError


def to_points(
    steps: list[int],
    values: list[float],
    box: tuple[float, float, float, float],
    limits: tuple[float, float, float, float],
    *,
    log: bool = False,
) -> list[list[tuple[float, float]]]:
    """A curve as lines on a picture, whose pixels are counted from the upper left corner, y downwards.

    Args:
        steps, values: of equal length, the steps rising.
        box: (left, top, right, bottom), where the curve may be drawn, in pixels; left < right, top < bottom.
        limits: (x_low, x_high, y_low, y_high): what belongs to the box's left, right, bottom and top edge.
        log: whether the y axis is logarithmic; then 0 < y_low.

    Returns:
        Pieces of the curve, each a list of (x, y) in pixels, without empty ones. A point whose value is NaN or
        infinite, or with log not above 0, isn't drawn, and there one piece ends. A value beyond y_low or y_high is
        drawn at the edge. Points whose step lies outside x_low … x_high are left out.
    """
    raise NotImplementedError

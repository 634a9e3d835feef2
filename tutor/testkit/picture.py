"""Pictures that an exercise makes for the learner to look at, drawn by the grader from data."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class Album:
    """Saves pictures as PNG files in one folder, and reports each."""

    def __init__(self, folder: str, report: Callable[[str], None]) -> None:
        self._folder, self._report = folder, report

    @contextmanager
    def figure(self, name: str, title: str, width: float = 6.0, height: float = 4.5) -> Iterator[Any]:
        """A matplotlib `Axes` to draw on, saved as `name`.png when the block ends without an exception.

        Args:
            width, height: inches, at 120 dots each.
        """
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        figure = Figure(figsize=(width, height), layout="constrained")
        axes = figure.add_subplot()
        axes.set_title(title)
        yield axes
        os.makedirs(self._folder, exist_ok=True)
        path = os.path.join(self._folder, f"{name}.png")
        FigureCanvasAgg(figure).print_figure(path, dpi=120)
        self._report(path)

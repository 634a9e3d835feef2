"""The smallest failing input that can be found: few numbers, whole and small, to be worked out on paper.

A test is run again and again, its `draw` giving smaller shapes and whole numbers, as long as it fails in the same way.
What is expected comes from the test itself, so that it is torch's answer here as everywhere.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor

from tutor.grading.learner import Call, LearnerFailed, arguments_of, describe
from tutor.grading.signatures import Signature
from tutor.report import Explanation, ResultPart
from tutor.testkit.compare import Mismatch, Part, assert_matches
from tutor.testkit.draw import Draw

SECONDS = 8.0  # after which the smallest so far is taken
WRITTEN = 60  # numbers in one tensor that are written out
NEGLIGIBLE = 1e-3  # an expected result of this size is a coincidence, or rounding, and explains nothing on paper
SEEDS = 3  # sets of numbers that are tried for each way of drawing them


class SmallDraw(Draw):
    """Draws as a test asks, but in other sizes, and round numbers.

    Args:
        seed: of the numbers.
        sizes: what is drawn for each size that is asked for; the others are kept.
        digits: decimals that are kept; None for all.
    """

    def __init__(self, seed: int, sizes: dict[int, int], digits: int | None) -> None:
        super().__init__(seed)
        self.sizes, self.digits = sizes, digits
        self.asked: set[int] = set()

    def _small(self, *shape: int) -> tuple[int, ...]:
        self.asked.update(shape)
        return tuple(self.sizes.get(size, size) for size in shape)

    def _round(self, values: Tensor) -> Tensor:
        return values if self.digits is None else (values * 10**self.digits).round() / 10**self.digits

    def normal(self, *shape: int, dtype: torch.dtype = torch.float64, std: float = 1.0) -> Tensor:
        return self._normal(self._small(*shape), dtype, std)

    def _normal(self, shape: tuple[int, ...], dtype: torch.dtype, std: float) -> Tensor:
        if self.digits != 0:
            return self._round(super().normal(*shape, std=std)).to(dtype)
        size = super().integers(
            1, 1 + max(3, round(3 * std)), *shape
        )  # no zeros: they hide what they are multiplied by
        sign = super().integers(0, 2, *shape) * 2 - 1
        return (size * sign).to(dtype)

    def like(self, tensor: Tensor) -> Tensor:
        return self._normal(tuple(tensor.shape), tensor.dtype, 1.0)

    def uniform(self, *shape: int, low: float = 0.0, high: float = 1.0, dtype: torch.dtype = torch.float64) -> Tensor:
        values = super().uniform(*self._small(*shape), low=low, high=high)
        rounded = self._round(values)
        inside = (rounded >= low) & (rounded < high)
        return torch.where(inside, rounded, values).to(dtype)

    def integers(self, low: int, high: int, *shape: int) -> Tensor:
        return super().integers(low, max(low + 1, self.sizes.get(high, high)), *self._small(*shape))

    def permutation(self, n: int) -> Tensor:
        return super().permutation(self._small(n)[0])


@dataclass
class Attempt:
    """One run of a test: the calls it made, how it failed (None if it didn't), and the sizes that it asked for."""

    calls: list[Call]
    error: AssertionError | LearnerFailed | None
    asked: set[int] = field(default_factory=set)

    def fails_like(self, other: Attempt) -> bool:
        """Whether it fails, and as the other does: with a wrong result, or with the same exception."""
        if isinstance(self.error, LearnerFailed) and isinstance(other.error, LearnerFailed):
            return self.error.failure.kind == other.error.failure.kind and self.error.types == other.error.types
        if not isinstance(self.error, Mismatch) or not isinstance(other.error, Mismatch):
            return type(self.error) is type(other.error) and self.error is not None
        if not self.error.parts or any(_is_empty(part.expected) for part in self.error.parts):
            return False
        return _size(self.error) > NEGLIGIBLE or _size(other.error) <= NEGLIGIBLE

    @property
    def size(self) -> int:
        """How many numbers go in."""
        return sum(_count(value) for call in self.calls[-1:] for value in (*call.args, *call.kwargs.values()))


Run = Callable[[Draw], Attempt]


def explain(
    tests: Sequence[tuple[str, Run, Attempt]], signatures: dict[str, Signature], seed: int
) -> Explanation | None:
    """The smallest of what is found for each of these tests.

    Args:
        tests: of each failed test its title, what runs it with a given draw, and how it failed at first.
        signatures: of the stub's functions, for the arguments' names.
        seed: of the numbers that are tried.
    """
    end = time.monotonic() + SECONDS
    found = [(title, _shrink(run, first, seed, end)) for title, run, first in tests if time.monotonic() < end]
    if not found:
        return None
    title, smallest = min(found, key=lambda pair: (bool(pair[1].calls[-1].scenario), pair[1].size))
    return _describe(title, smallest, signatures)


def _shrink(run: Run, first: Attempt, seed: int, end: float) -> Attempt:
    """Sizes are made smaller one after the other, each as far as it goes; the numbers as round as they can be."""

    def attempt(sizes: dict[int, int], digits: int | None) -> Attempt | None:
        for number in range(SEEDS):
            if time.monotonic() > end:
                return None
            draw = SmallDraw(seed + number, sizes, digits)
            tried = run(draw)
            if tried.calls and tried.fails_like(first):
                tried.asked = draw.asked
                return tried
        return None

    for digits in (0, 1, None):
        best = attempt({}, digits)
        if best is not None:
            break
    else:
        return first
    sizes: dict[int, int] = {}
    smaller = True
    while smaller:
        smaller = False
        for size in sorted(best.asked, reverse=True):
            for target in range(1, sizes.get(size, size)):
                tried = attempt(sizes | {size: target}, digits)
                if tried is not None and tried.size < best.size:
                    best, sizes, smaller = tried, sizes | {size: target}, True
                    break
    return best


def _describe(title: str, attempt: Attempt, signatures: dict[str, Signature]) -> Explanation:
    call = attempt.calls[-1]
    arguments = [(name + _shape(value), write(value)) for name, value in arguments_of(call, signatures).items()]
    error = attempt.error
    says, parts = "", []
    if isinstance(error, Mismatch) and error.parts:
        parts = [_part(part) for part in error.parts]
    elif isinstance(error, LearnerFailed):
        says = error.failure.summary
    else:
        says = str(error)
    source = call.scenario.source if call.scenario else ""
    return Explanation(title, call.name, arguments, parts, says, source)


def _part(part: Part) -> ResultPart:
    yours, expected = write(part.actual, part.expected), write(part.expected)
    if _shape(part.actual) != _shape(part.expected):
        yours, expected = f"{_shape(part.actual).strip()}\n{yours}", f"{_shape(part.expected).strip()}\n{expected}"
    return ResultPart(part.name, yours, expected)


def _shape(value: Any) -> str:
    return f" {tuple(value.shape)}" if isinstance(value, Tensor | np.ndarray) and value.ndim else ""


# --- numbers as text ----------------------------------------------------------------------------------------------


def write(value: Any, expected: Any = None) -> str:
    """A value as one would write it down; of two that are compared, what differs in the first gets a star."""
    if isinstance(value, np.ndarray):
        value = torch.from_numpy(value.copy())
    if isinstance(expected, np.ndarray):
        expected = torch.from_numpy(expected.copy())
    if isinstance(value, Tensor):
        return _write_tensor(value, expected)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, list | tuple) and any(isinstance(item, Tensor | np.ndarray) for item in value):
        others = expected if isinstance(expected, list | tuple) and len(expected) == len(value) else [None] * len(value)
        return "\n".join(write(item, other) for item, other in zip(value, others, strict=True))
    text = repr(value)
    return text if len(text) <= 200 else describe(value)


def _write_tensor(value: Tensor, expected: Any) -> str:
    if value.numel() > WRITTEN or value.is_complex():
        return describe(value)
    if not value.numel() or value.dim() == 0:
        return _number(value.item()) if value.dim() == 0 else describe(value)
    star = torch.zeros(value.shape, dtype=torch.bool)
    if isinstance(expected, Tensor) and expected.shape == value.shape:
        star = ~torch.tensor([_same(a, b) for a, b in zip(value.flatten(), expected.flatten(), strict=True)])
        star = star.reshape(value.shape)
    texts = [_number(v.item()) + ("*" if s else "") for v, s in zip(value.flatten(), star.flatten(), strict=True)]
    width = max(map(len, texts))
    columns = value.shape[-1]
    rows = [" ".join(t.rjust(width) for t in texts[i : i + columns]) for i in range(0, len(texts), columns)]
    if value.dim() <= 2:
        return "\n".join(rows)
    height = value.shape[-2]
    blocks = [rows[i : i + height] for i in range(0, len(rows), height)]
    places = [np.unravel_index(i, tuple(value.shape[:-2])) for i in range(len(blocks))]
    labels = [f"[{', '.join(str(int(p)) for p in place)}]" for place in places]
    if len(blocks) == 1:
        return "\n".join(rows)
    return "\n".join(f"{label}\n" + "\n".join(block) for label, block in zip(labels, blocks, strict=True))


def _number(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e6:
        return str(int(value))
    return f"{value:.5g}" if isinstance(value, float) else str(value)


def _same(one: Tensor, other: Tensor) -> bool:
    try:
        assert_matches(one, other)
    except Mismatch:
        return False
    return True


def _count(value: Any) -> int:
    if isinstance(value, Tensor | np.ndarray):
        return int(np.prod(value.shape))
    if isinstance(value, dict):
        value = list(value.values())
    return sum(map(_count, value)) if isinstance(value, list | tuple) else 0


def _size(error: Mismatch) -> float:
    """The largest number that was expected, in size; 1 where no number was."""
    floats = [part.expected for part in error.parts if isinstance(part.expected, Tensor)]
    sizes = [value.abs().max().item() for value in floats if value.is_floating_point() and value.numel()]
    return float(max(sizes, default=1.0))


def _is_empty(value: Any) -> bool:
    return isinstance(value, Tensor | np.ndarray) and 0 in value.shape

"""Comparing what the learner's code returned with what torch says, and saying how they differ."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch

# Tolerance in units of the dtype's eps. float64 has digits to spare: wide enough for any correct formula (about
# 7e-12), narrow enough to see an eps of 1e-8 in the wrong place. The short dtypes leave room for the order of a sum.
_UNITS = {torch.float64: 2.0**15, torch.float32: 2.0**7, torch.float16: 2.0**3, torch.bfloat16: 2.0**3}


def tolerance(dtype: torch.dtype, terms: int = 1) -> float:
    """The relative error that rounding explains.

    Args:
        dtype: of the results compared.
        terms: the length of the sums behind one element; errors of independent roundings grow as its square root.
    """
    return _UNITS[dtype] * torch.finfo(dtype).eps * math.sqrt(terms)


@dataclass(frozen=True)
class Part:
    """A part of a result that differs: its name, both values, and the tolerance they were compared with."""

    name: str
    actual: Any
    expected: Any
    rtol: float
    relative: bool


class Mismatch(AssertionError):
    """A result differs from what was expected.

    Attributes:
        summary: one sentence.
        details: how they differ: shape, dtype, how many elements, the worst errors and where.
        parts: those that differ, as far as they were compared.
        actual, expected: all that was compared.
    """

    def __init__(self, summary: str, details: Sequence[str] = (), parts: Sequence[Part] = ()) -> None:
        super().__init__("\n".join([summary, *details]))
        self.summary, self.details, self.parts = summary, list(details), list(parts)
        self.actual: Any = None
        self.expected: Any = None


def assert_matches(
    actual: Any,
    expected: Any,
    names: str | Sequence[str] | None = None,
    *,
    terms: int = 1,
    rtol: float | None = None,
    relative: bool = False,
) -> None:
    """Compare structure, shape, dtype and device first, then every element.

    An element is right if it is within `rtol · max(|expected element|, largest |expected|)`: rounding errors of a
    sum are as large as its terms, which cancel in some elements and not in others. NaN is never right.

    Args:
        actual: what the learner's code returned.
        expected: the same from torch: a tensor, an array, a number, None, or a tuple, list or dict of such.
        names: what the result is called, or its parts: `("grad_x", "grad_w")`.
        terms: the length of the sums behind one element, for the tolerance.
        rtol: in place of `tolerance(dtype, terms)`, where an algorithm (an iteration, a training run) sets its own.
        relative: demand `rtol` of each element by itself, where tiny values matter (probabilities, their logarithms).

    Raises:
        Mismatch: if they differ.
    """
    if terms < 1:
        raise ValueError(f"terms is the length of a sum, at least 1; {terms} would leave no tolerance at all")
    compare = _Comparison(terms, rtol, relative)
    try:
        if isinstance(expected, tuple) and names is not None and not isinstance(names, str):
            compare.parts(actual, expected, names)
        else:
            compare.any(actual, expected, names if isinstance(names, str) else "The result")
    except Mismatch as mismatch:
        if mismatch.summary.startswith("the "):
            mismatch.summary = "T" + mismatch.summary[1:]
        mismatch.actual, mismatch.expected = actual, expected
        raise


class _Comparison:
    def __init__(self, terms: int, rtol: float | None, relative: bool) -> None:
        self._terms, self._rtol, self._relative = terms, rtol, relative

    def parts(self, actual: Any, expected: tuple[Any, ...], names: Sequence[str]) -> None:
        self._same_length(actual, expected, "The result", f" ({', '.join(names)})")
        wrong: list[tuple[str, Mismatch]] = []
        for name, mine, right in zip(names, actual, expected, strict=True):
            try:
                self.any(mine, right, name)
            except Mismatch as mismatch:
                wrong.append((name, mismatch))
        if not wrong:
            return
        first = wrong[0][1]
        others = [f"{_does(name, 'differs')} as well" for name, _ in wrong[1:]]
        right_ones = [name for name in names if name not in {name for name, _ in wrong}]
        one = len(right_ones) == 1 and not _several(right_ones[0])
        matching = [f"{', '.join(right_ones)} {'is' if one else 'are'} right"] if right_ones else []
        parts = [part for _, mismatch in wrong for part in mismatch.parts]
        raise Mismatch(first.summary, [*first.details, *others, *matching], parts)

    def any(self, actual: Any, expected: Any, name: str) -> None:
        """Compare two values of any kind; a mismatch carries them, or those parts of them that differ."""
        try:
            self._any(actual, expected, name)
        except Mismatch as mismatch:
            if not mismatch.parts or isinstance(expected, tuple | list):
                rtol = self._rtol if self._rtol is not None else tolerance(_dtype_of(expected), self._terms)
                mismatch.parts = [Part(name, actual, expected, rtol, self._relative)]
            raise

    def _any(self, actual: Any, expected: Any, name: str) -> None:
        if isinstance(expected, torch.Tensor):
            self._tensors(actual, expected, name)
        elif isinstance(expected, np.ndarray):
            if not isinstance(actual, np.ndarray):
                raise Mismatch(f"{_does(name, 'has')} to be a numpy array; yours is {_a(actual)}.")
            self._tensors(torch.from_numpy(actual.copy()), torch.from_numpy(expected.copy()), name)
        elif isinstance(expected, tuple | list) and _is_plain(expected):
            self._exactly(actual, expected, name)
        elif isinstance(expected, tuple | list):
            self._same_length(actual, expected, name)
            for i, (mine, right) in enumerate(zip(actual, expected, strict=True)):
                self.any(mine, right, f"{name}[{i}]")
        elif isinstance(expected, dict):
            self._dicts(actual, expected, name)
        elif isinstance(expected, float):
            self._numbers(actual, expected, name)
        else:
            self._exactly(actual, expected, name)

    def _same_length(self, actual: Any, expected: Sequence[Any], name: str, parts: str = "") -> None:
        if not isinstance(actual, tuple | list):
            raise Mismatch(f"{_does(name, 'has')} to be {len(expected)} values{parts}; yours is {_a(actual)}.")
        if len(actual) != len(expected):
            raise Mismatch(f"{_does(name, 'has')} to be {len(expected)} values{parts}; yours has {len(actual)}.")

    def _dicts(self, actual: Any, expected: dict[Any, Any], name: str) -> None:
        if not isinstance(actual, dict):
            raise Mismatch(f"{_does(name, 'has')} to be a dict with {_list(expected)}; yours is {_a(actual)}.")
        if actual.keys() != expected.keys():
            raise Mismatch(f"{_does(name, 'has')} to have the keys {_list(expected)}; yours has {_list(actual)}.")
        for key, right in expected.items():
            self.any(actual[key], right, f"{name}[{key!r}]")

    def _numbers(self, actual: Any, expected: float, name: str) -> None:
        if isinstance(actual, torch.Tensor | np.ndarray | np.generic) and actual.ndim == 0:
            actual = actual.item()
        if not isinstance(actual, int | float) or isinstance(actual, bool):
            raise Mismatch(f"{_does(name, 'has')} to be a number; yours is {_a(actual)}.")
        rtol = tolerance(torch.float64, self._terms) if self._rtol is None else self._rtol
        room = rtol * max(abs(expected), 0 if self._relative else 1) if math.isfinite(expected) else 0.0
        if not (actual == expected or abs(actual - expected) <= room):
            raise Mismatch(
                f"{_does(name, 'differs')}.",
                [_numbers(actual, expected)],
            )

    def _exactly(self, actual: Any, expected: Any, name: str) -> None:
        if isinstance(actual, torch.Tensor | np.ndarray) and actual.ndim == 0:
            actual = actual.item()
        if not _identical(actual, expected):
            raise Mismatch(f"{_does(name, 'differs')}.", [f"yours {_short(actual)}, expected {_short(expected)}"])

    def _tensors(self, actual: Any, expected: torch.Tensor, name: str) -> None:
        if not isinstance(actual, torch.Tensor):
            raise Mismatch(
                f"{_does(name, 'has')} to be a tensor of shape {tuple(expected.shape)}; yours is {_a(actual)}."
            )
        if actual.shape != expected.shape:
            shapes = [f"yours    {tuple(actual.shape)}", f"expected {tuple(expected.shape)}"]
            raise Mismatch(f"{_does(name, 'has')} the wrong shape.", shapes)
        if actual.dtype != expected.dtype:
            dtypes = [f"yours    {_dtype(actual)}", f"expected {_dtype(expected)}"]
            raise Mismatch(f"{_does(name, 'has')} the wrong dtype.", dtypes)
        if actual.device != expected.device:
            raise Mismatch(f"{name} is on {actual.device}; it has to stay on {expected.device}.")
        self._elements(actual, expected, name)

    def _no_scalar(self, actual: torch.Tensor, expected: torch.Tensor, name: str) -> None:
        """Of one number that is wrong there is no more to say than both."""
        if expected.dim() == 0:
            raise Mismatch(f"{_does(name, 'differs')}.", [_numbers(actual.item(), expected.item())])

    def _elements(self, actual: torch.Tensor, expected: torch.Tensor, name: str) -> None:
        if not expected.is_floating_point():
            wrong = actual != expected
            if wrong.any():
                self._no_scalar(actual, expected, name)
                where = wrong.nonzero()[0]
                lines = [_count(wrong), f"the first at {_index(where)}: {_pair(actual, expected, where)}"]
                raise Mismatch(f"{_does(name, 'has')} wrong values.", lines)
            return
        rtol = tolerance(expected.dtype, self._terms) if self._rtol is None else self._rtol
        mine, right = actual.double(), expected.double()
        error = torch.where(mine == right, 0.0, (mine - right).abs())  # equal infinities differ by nothing
        finite = right.abs()[right.isfinite()]
        floor = finite.max().item() if finite.numel() and not self._relative else 0.0
        near = (error <= rtol * right.abs().clamp(min=floor)) & right.isfinite()
        wrong = ~near & (mine != right)
        if wrong.any():
            self._no_scalar(actual, expected, name)
            lines = [
                f"{_count(wrong)} (tolerance {rtol:.1e})",
                *_worst(mine, right, error, wrong, actual, expected),
            ]
            raise Mismatch(f"{_does(name, 'has')} wrong values.", lines)


def _worst(
    mine: torch.Tensor,
    right: torch.Tensor,
    error: torch.Tensor,
    wrong: torch.Tensor,
    actual: torch.Tensor,
    expected: torch.Tensor,
) -> list[str]:
    strange = ~mine.isfinite() & wrong
    lines = []
    if strange.any():
        where = strange.nonzero()[0]
        lines.append(
            f"{int(strange.sum())} are NaN or infinite, the first at {_index(where)}: " + _pair(actual, expected, where)
        )
    missed = wrong & ~strange & ~right.isfinite()
    if missed.any():
        where = missed.nonzero()[0]
        lines.append(
            f"{int(missed.sum())} have to be NaN or infinite, the first at {_index(where)}: "
            + _pair(actual, expected, where)
        )
    usual = wrong & ~strange & right.isfinite()
    if usual.any():
        absolute = torch.where(usual, error, -1.0)
        share = torch.where(usual & (right != 0), error / right.abs().clamp(min=1e-300), -1.0)
        for kind, values in (("absolute", absolute), ("relative", share)):
            where = _argmax(values)
            if values[tuple(where)] < 0:
                continue  # where 0 is expected, there is no relative error
            value = values[tuple(where)].item()
            lines.append(f"worst {kind} error {value:.3g} at {_index(where)}: {_pair(actual, expected, where)}")
    if len(lines) >= 2 and lines[-1].split(" at ")[1] == lines[-2].split(" at ")[1]:
        place = lines.pop().split(" at ")[0].removeprefix("worst ")
        head, _, tail = lines.pop().partition(" at ")
        lines.append(f"{head}, {place}, at {tail}")
    return lines


def _argmax(values: torch.Tensor) -> torch.Tensor:
    flat = int(values.reshape(-1).argmax())
    return torch.tensor([int(i) for i in np.unravel_index(flat, tuple(values.shape) or (1,))])[: values.dim()]


def _count(wrong: torch.Tensor) -> str:
    total, bad = wrong.numel(), int(wrong.sum())
    return f"all {total} elements differ" if bad == total and total > 1 else f"{bad} of {total} elements differ"


def _index(where: torch.Tensor) -> str:
    return f"[{', '.join(str(int(i)) for i in where)}]"


def _pair(actual: torch.Tensor, expected: torch.Tensor, where: torch.Tensor) -> str:
    place = tuple(where)
    return _numbers(actual[place].item(), expected[place].item())


def _numbers(mine: Any, right: Any) -> str:
    """Both, with as many digits as it takes to see that they differ."""
    digits = next((n for n in (9, 12, 15) if _number(mine, n) != _number(right, n)), 17)
    return f"yours {_number(mine, digits)}, expected {_number(right, digits)}"


def _number(value: Any, digits: int) -> str:
    return f"{value:.{digits}g}" if isinstance(value, float) else str(value)


def _dtype_of(expected: Any) -> torch.dtype:
    """The dtype whose rounding counts in a comparison with this."""
    if isinstance(expected, tuple | list) and expected:
        return _dtype_of(expected[0])
    if isinstance(expected, np.ndarray):
        expected = torch.from_numpy(expected.reshape(-1)[:0].copy())
    is_short = isinstance(expected, torch.Tensor) and expected.dtype in _UNITS
    return expected.dtype if is_short else torch.float64


def _is_plain(values: Sequence[Any]) -> bool:
    """Whether these are whole numbers, words and the like, which are right or wrong together, as a shape is."""
    return all(isinstance(value, int | str | None) for value in values)


def _identical(one: Any, other: Any) -> bool:
    """Equal, and of one type all the way down: `True` is not `1`."""
    if type(one) is not type(other) or one != other:
        return False
    return not isinstance(one, list | tuple) or all(map(_identical, one, other))


def _dtype(tensor: torch.Tensor) -> str:
    return str(tensor.dtype).removeprefix("torch.")


def _list(keys: Any) -> str:
    return ", ".join(sorted(str(key) for key in keys)) or "none"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 200 else text[:197] + "…"


def _does(name: str, verb: Literal["has", "differs"]) -> str:
    """`the loss differs`, but `the gradients differ`."""
    return f"{name} {verb}" if not _several(name) else f"{name} {'have' if verb == 'has' else 'differ'}"


def _several(name: str) -> bool:
    """Whether a name is a plural: `the rows of x`, but not `the loss`."""
    head = re.split(r" (?:of|in|after|at|for|from|on|with|where)\b", name)[0]
    return head.endswith("s") and not head.endswith(("ss", "us", "is", "as"))


def _a(value: Any) -> str:
    """What a value is, for a sentence."""
    if value is None:
        return "None (is there a return?)"
    if isinstance(value, torch.Tensor):
        return f"a tensor of shape {tuple(value.shape)}"
    if isinstance(value, np.ndarray):
        return f"a numpy array of shape {value.shape}"
    name = type(value).__name__
    text = f" ({value})" if isinstance(value, int | float) else ""
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}{text}"

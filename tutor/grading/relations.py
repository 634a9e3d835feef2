"""How a wrong result relates to the right one, whatever the exercise: a factor, a sign, a flip, a sum too few.

A relation is found by trying it, and is said only if it holds in every element, within the comparison's tolerance,
on two independently drawn sets of inputs. What is said is what was found, as a fact: no guess at the learner's code.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from tutor.testkit.compare import Part

AXES = 4  # results with more axes are not turned around
TELLING = 6  # distinct values that a relation has to get right before it is believed; odd ones count for three
FLOOR = 1e-3  # of the largest element: what is smaller has to be right to within the rounding of that
DETAILS = 2  # of what a number is, that are mentioned
NEARLY = 1e-6  # a relative error that float32 explains
TERM = "as a term with a sum or mean over it would be, missing or too much"
EPS = (1e-5, 1e-6, 1e-8, 1e-3, 1e-12)  # tried where no argument says


@dataclass(frozen=True)
class Claim:
    """One thing that is true of a wrong result.

    Attributes:
        key: what it says, without numbers that are measured: it has to be the same on both sets of inputs.
        says: the rest of a sentence that begins with the result's name.
        value: the measured number, if there is one; it has to be the same too.
        detail: what is known of a number in it; several claims that say the same may each have one.
    """

    key: tuple[Any, ...]
    says: str
    value: float = 0.0
    detail: str = ""


@dataclass(frozen=True)
class Evidence:
    """One failed comparison: the parts that differ, and the arguments of the call that returned them, by name."""

    parts: list[Part]
    arguments: dict[str, Any]


def relate(one: Evidence, other: Evidence) -> str | None:
    """What holds of the parts that differ in both, as a sentence; None if nothing does."""
    swapped = _swapped(one.parts) & _swapped(other.parts)
    if swapped:
        return " ".join(f"{first} and {second} are swapped." for first, second in sorted(swapped))
    found: dict[str, list[str]] = {}
    second = {part.name: part for part in other.parts}
    for part in one.parts:
        if part.name in second:
            says = _of_part(part, one.arguments, second[part.name], other.arguments)
            if says:
                found.setdefault(says, []).append(part.name)
    return " ".join(_sentence(names, says) for says, names in found.items()) or None


def _swapped(parts: list[Part]) -> set[tuple[str, str]]:
    found = set()
    for first, second in itertools.combinations(parts, 2):
        crossed = [
            Part("", first.actual, second.expected, second.rtol, second.relative),
            Part("", second.actual, first.expected, first.rtol, first.relative),
        ]
        pairs = [_Pair.of(part) for part in crossed]
        if all(pair and pair.telling * 2 >= TELLING and pair.equal(pair.mine, pair.right) for pair in pairs):
            found.add((first.name, second.name))
    return found


def _of_part(one: Part, arguments: dict[str, Any], other: Part, others: dict[str, Any]) -> str | None:
    mine, again = _Pair.of(one), _Pair.of(other)
    if mine is None or again is None or mine.telling + again.telling < TELLING:
        return None
    for relation in RELATIONS:
        seconds = list(relation(again, others))
        claims = [c for c in relation(mine, arguments) if any(_same(c, d) for d in seconds)]
        if claims:
            return _phrase(claims)
    return None


def _same(one: Claim, other: Claim) -> bool:
    return one.key == other.key and math.isclose(one.value, other.value, rel_tol=1e-6, abs_tol=1e-12)


def _phrase(claims: list[Claim]) -> str:
    """The first, with the details of those that say the same: `…; 4 is the length of this and the length of that`."""
    details = [claim.detail for claim in claims if claim.says == claims[0].says and claim.detail][:DETAILS]
    number = details[0].partition(" is ")[0] if details else ""
    joined = " and ".join([*details[:1], *(detail.removeprefix(f"{number} is ") for detail in details[1:])])
    return "; ".join([claims[0].says, joined]) if details else claims[0].says


def _sentence(names: list[str], says: str) -> str:
    if len(names) == 1:
        return f"{names[0]} {says}."
    return f"{', '.join(names[:-1])} and {names[-1]}: each {says}."


# --- a wrong result beside the right one ------------------------------------------------------------------------


class _Pair:
    """Both as float64, and what counts as equal."""

    def __init__(self, mine: Tensor, right: Tensor, part: Part, dtype: torch.dtype, listed: bool) -> None:
        self.mine, self.right, self.dtype, self.listed = mine, right, dtype, listed
        self.rtol, self._relative = part.rtol, part.relative
        self.scale = right.abs().max().item()

    @classmethod
    def of(cls, part: Part) -> _Pair | None:
        """None where there are no numbers to relate, or they came as something else: that is what has to be said."""
        if _kind(part.actual) != _kind(part.expected):
            return None
        mine, right = _numbers(part.actual), _numbers(part.expected)
        if mine is None or right is None or not right.numel() or not mine.numel() or mine.numel() > 100_000:
            return None
        if not (mine.isfinite().all() and right.isfinite().all()) or not right.any() or not mine.any():
            return None
        return cls(mine.double(), right.double(), part, right.dtype, isinstance(part.expected, tuple | list))

    @property
    def telling(self) -> int:
        """How much it says if a relation holds of all these values."""
        values = (self.right.flatten() / (1 if self.dtype.is_floating_point else self.scale)).abs().unique()  # type: ignore[no-untyped-call]
        values = values[values > 0]
        if not self.dtype.is_floating_point:
            return int(values.numel())
        odd = (values * 5040 - (values * 5040).round()).abs() > 1e-3 + 1e-7 * values * 5040  # no simple fraction
        return int(odd.sum()) * 3 + int((~odd).sum())

    @property
    def same_shape(self) -> bool:
        return self.mine.shape == self.right.shape

    def near(self, one: Tensor, other: Tensor, slack: float = 1.0, floor: float = FLOOR) -> Tensor:
        """Where they are equal within the tolerance that the results were compared with.

        In a comparison, rounding is judged by the largest element; here a smaller share of it (`floor`), for one huge
        element must not make all others look alike.
        """
        least = 0.0 if self._relative or not other.numel() else floor * other.abs().max().item()
        return (one - other).abs() <= slack * self.rtol * other.abs().clamp(min=least)

    def equal(self, one: Tensor, other: Tensor) -> bool:
        return one.shape == other.shape and bool(self.near(one, other).all())

    @property
    def wrong(self) -> Tensor:
        return ~self.near(self.mine, self.right, floor=1.0)


def _kind(value: Any) -> Any:
    """What has to be the same of two values for their numbers to be held against each other."""
    if isinstance(value, Tensor):
        return value.dtype
    if isinstance(value, tuple | list):
        return "listed"
    return type(value)


def _numbers(value: Any) -> Tensor | None:
    """A result as a tensor; a list of numbers or of tensors of one shape is stacked along a first axis."""
    if isinstance(value, np.ndarray):
        value = torch.from_numpy(value.copy())
    if isinstance(value, Tensor):
        return None if value.is_complex() else value.detach()
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return torch.tensor(value, dtype=torch.float64 if isinstance(value, float) else torch.int64)
    if isinstance(value, tuple | list) and value:
        parts = [_numbers(item) for item in value]
        tensors = [part for part in parts if part is not None]
        if len(tensors) == len(value) and len({(part.shape, part.dtype) for part in tensors}) == 1:
            return torch.stack(tensors)
    return None


def _tensors(arguments: dict[str, Any]) -> Iterator[tuple[str, Tensor]]:
    for name, value in arguments.items():
        if isinstance(value, np.ndarray):
            value = torch.from_numpy(value.copy())
        if isinstance(value, Tensor) and value.is_floating_point() and value.numel():
            yield name, value.detach().double()


def _subsets(dims: int) -> Iterator[tuple[int, ...]]:
    axes = range(min(dims, AXES))
    return itertools.chain.from_iterable(itertools.combinations(axes, n) for n in range(1, dims + 1))


def _axes(axes: tuple[int, ...]) -> str:
    return f"axis {axes[0]}" if len(axes) == 1 else f"axes {' and '.join(map(str, axes))}"


# --- relations, the most telling first --------------------------------------------------------------------------


def _is_an_argument(pair: _Pair, arguments: dict[str, Any]) -> Iterator[Claim]:
    for name, tensor in _tensors(arguments):
        if pair.equal(pair.mine, tensor):
            yield Claim(("argument", name), f"is `{name}` itself, unchanged")


def _factor(pair: _Pair, arguments: dict[str, Any]) -> Iterator[Claim]:
    if not pair.same_shape:
        return
    largest = pair.right.abs().argmax()
    factor = (pair.mine.flatten()[largest] / pair.right.flatten()[largest]).item()
    if factor == 0 or not pair.equal(pair.mine, factor * pair.right):
        return
    if math.isclose(factor, -1, rel_tol=1e-6):
        yield Claim(("sign",), "has the wrong sign, in every element; its size is right")
        return
    sign = ", and has the wrong sign" if factor < 0 else ""
    for label, forms in _quantities(arguments):
        for value, says in forms:
            if math.isclose(abs(factor), value, rel_tol=1e-6) and not math.isclose(value, 1):
                yield Claim(("factor", says, label), f"is {says}{sign}", detail=label)
    if not math.isclose(factor, 1, rel_tol=NEARLY):
        yield Claim(("factor",), f"is {_short(factor)} times what it should be, in every element", factor)


def _quantities(arguments: dict[str, Any]) -> Iterator[tuple[str, list[tuple[float, str]]]]:
    """Numbers at hand, and what a factor made of one of them would be."""
    for name, tensor in _tensors(arguments):
        for axis, size in enumerate(tensor.shape):
            along = f" along axis {axis}" if tensor.dim() > 1 else ""
            yield f"{size} is the length of `{name}`{along}", _forms_of_a_length(size)
    for name, tensor in _tensors(arguments):
        if tensor.dim() > 1:
            yield f"{tensor.numel()} is the number of elements of `{name}`", _forms_of_a_length(tensor.numel())
            for axis, size in enumerate(tensor.shape if tensor.dim() > 2 else ()):
                each = tensor.numel() // size
                yield (
                    f"{each} is the number of elements of `{name}` at each index of axis {axis}",
                    _forms_of_a_length(each),
                )
    for name, value in arguments.items():
        if isinstance(value, Tensor | np.ndarray) and not value.shape:
            value = value.item()
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 and value != 1:
            yield f"`{name}` is {_short(value)}", _forms_of_a_number(float(value), name)


def _forms_of_a_length(n: int) -> list[tuple[float, str]]:
    forms = [(float(n), f"{n} times what it should be"), (1 / n, f"what it should be divided by {n}")]
    if math.isqrt(n) ** 2 != n:  # 2 is too common a factor to be taken for the root of 4
        forms += [
            (math.sqrt(n), f"√{n} times what it should be"),
            (1 / math.sqrt(n), f"what it should be divided by √{n}"),
        ]
    if n > 2:  # of 2, n/(n − 1) and its inverse are the same as above
        more, less = n / (n - 1), (n - 1) / n
        forms += [(more, f"{n}/{n - 1} times what it should be"), (less, f"{n - 1}/{n} times what it should be")]
        forms += [
            (math.sqrt(more), f"√({n}/{n - 1}) times what it should be"),
            (math.sqrt(less), f"√({n - 1}/{n}) times what it should be"),
        ]
    return forms


def _forms_of_a_number(value: float, name: str) -> list[tuple[float, str]]:
    forms = [
        (value, f"{name} times what it should be"),
        (1 / value, f"what it should be divided by {name}"),
        (value * value, f"{name}² times what it should be"),
    ]
    if value < 1:
        forms += [
            (1 - value, f"(1 − {name}) times what it should be"),
            (1 / (1 - value), f"what it should be divided by (1 − {name})"),
            ((1 - value) / value, f"(1 − {name})/{name} times what it should be"),
            (value / (1 - value), f"{name}/(1 − {name}) times what it should be"),
        ]
    return forms


def _short(value: float) -> str:
    return f"{value:.6g}".replace("-", "−")


def _turned(pair: _Pair, arguments: dict[str, Any]) -> Iterator[Claim]:
    dims = pair.right.dim()
    if not 2 <= dims <= AXES:
        return
    for order in itertools.permutations(range(dims)):
        if order == tuple(range(dims)):
            continue
        turned = pair.right.permute(order)
        what = "transposed" if dims == 2 else f"permuted: its axes are those expected in the order {order}"
        if pair.equal(pair.mine, turned):
            yield Claim(("permuted", order), f"is {what}")
        elif pair.same_shape and pair.equal(pair.mine, turned.reshape(pair.right.shape)):
            yield Claim(
                ("reshaped", order), "has the right values in the wrong places, as a reshape for a transpose gives"
            )
        elif pair.mine.shape == turned.shape and pair.equal(pair.mine, pair.right.reshape(turned.shape)):
            yield Claim(("reshaped",), "has the right values in the wrong places, as a reshape for a transpose gives")


def _flipped(pair: _Pair, arguments: dict[str, Any]) -> Iterator[Claim]:
    for axes in _subsets(pair.right.dim()):
        if pair.equal(pair.mine, pair.right.flip(axes)):
            yield Claim(("flipped", axes), f"is flipped along {_axes(axes)}")


def _shifted(pair: _Pair, arguments: dict[str, Any]) -> Iterator[Claim]:
    if not pair.same_shape:
        return
    for axis, size in enumerate(pair.right.shape):
        for step in range(1, min(size - 1, 4)):
            for ahead in (False, True):
                early, late = (pair.mine, pair.right) if ahead else (pair.right, pair.mine)
                if pair.equal(late.narrow(axis, step, size - step), early.narrow(axis, 0, size - step)):
                    yield Claim(("shifted", axis, step, ahead), _shift(pair.listed and axis == 0, axis, step, ahead))


def _shift(steps: bool, axis: int, step: int, ahead: bool) -> str:
    if steps:
        number = "one step" if step == 1 else f"{step} steps"
        where = "ahead: each entry is expected later" if ahead else "behind: each entry is expected earlier"
        return f"is {number} {where}"
    return f"is shifted by {step} along axis {axis}, towards the {'beginning' if ahead else 'end'}"


def _rolled(pair: _Pair, arguments: dict[str, Any]) -> Iterator[Claim]:
    for axis, size in enumerate(pair.right.shape):
        for step in (1, -1, 2, -2, 3, -3):
            if abs(step) <= size / 2 and pair.equal(pair.mine, pair.right.roll(step, axis)):
                where = f"by {abs(step)} along axis {axis}, towards the {'end' if step > 0 else 'beginning'}"
                yield Claim(("rolled", axis, step), f"is rotated {where}: what falls off there is at the other end")


def _function(pair: _Pair, arguments: dict[str, Any]) -> Iterator[Claim]:
    right = pair.right
    candidates = {"the square of what it should be": right * right, "the reciprocal of what it should be": 1 / right}
    candidates["the exponential of what it should be: a logarithm is missing"] = right.exp()
    candidates["the absolute value of what it should be: the sign is lost"] = right.abs()
    candidates["one minus what it should be"] = 1 - right
    if (right >= 0).all():
        candidates["the square root of what it should be"] = right.sqrt()
        candidates["the logarithm of what it should be"] = right.log()
    for words, values in candidates.items():
        if values.isfinite().all() and values.abs().max() < 1e100 and pair.equal(pair.mine, values):
            yield Claim(("function", words), f"is {words}")


def _reduced(pair: _Pair, arguments: dict[str, Any]) -> Iterator[Claim]:
    mine, right = pair.mine, pair.right
    if pair.same_shape:
        return
    if mine.squeeze().shape == right.squeeze().shape and pair.equal(mine.squeeze(), right.squeeze()):
        kept = "an axis of length 1 too many" if mine.dim() > right.dim() else "an axis of length 1 too few"
        yield Claim(("squeezed",), f"has the right values and {kept}")
        return
    if mine.numel() == right.numel() and pair.equal(mine.flatten(), right.flatten()):
        yield Claim(
            ("flat",), f"has the right values in the right order, in shape {tuple(mine.shape)} for {tuple(right.shape)}"
        )
    for axes in _subsets(mine.dim()):
        for keepdim in (False, True):
            for words, reduce in (("sum", torch.sum), ("mean", torch.mean)):
                if pair.equal(reduce(mine, axes, keepdim=keepdim), right):
                    yield Claim(
                        ("unreduced", axes, words),
                        f"is not reduced: its {words} over {_axes(axes)} is what is expected",
                    )
    for axes in _subsets(right.dim()):
        for keepdim in (False, True):
            for words, reduce in (("sum", torch.sum), ("mean", torch.mean)):
                if pair.equal(mine, reduce(right, axes, keepdim=keepdim)):
                    yield Claim(
                        ("reduced", axes, words),
                        f"is the {words} over {_axes(axes)} of what is expected: one reduction too many",
                    )


def _broadcast(pair: _Pair, arguments: dict[str, Any]) -> Iterator[Claim]:
    mine, right = pair.mine, pair.right
    n = right.numel()
    crossed = right.squeeze().dim() == 1 and mine.shape == (n, n)
    if crossed and pair.equal(mine.diagonal(), right.flatten()):
        yield Claim(
            ("outer",),
            f"has every element with every other, as ({n},) and ({n}, 1) broadcast; its diagonal is right",
        )
    if mine.dim() >= right.dim() and not pair.same_shape:
        try:
            spread = right.expand(mine.shape)
        except RuntimeError:
            return
        if pair.equal(mine, spread):
            yield Claim(
                ("expanded",), f"is right, but repeated: broadcast from {tuple(right.shape)} to {tuple(mine.shape)}"
            )
    if pair.same_shape and right.dim():
        for axes in _subsets(right.dim()):
            for words, reduce in (("sum", torch.sum), ("mean", torch.mean)):
                if right.shape[axes[0]] > 1 and pair.equal(mine, reduce(right, axes, keepdim=True).expand(right.shape)):
                    yield Claim(
                        ("spread", axes, words),
                        f"is the {words} over {_axes(axes)} of what is expected, in every place",
                    )


def _only_in_part(pair: _Pair, arguments: dict[str, Any]) -> Iterator[Claim]:
    if not pair.same_shape or pair.right.dim() == 0 or not pair.dtype.is_floating_point:
        return
    wrong = pair.wrong
    for axis, size in enumerate(wrong.shape):
        lines = wrong.movedim(axis, 0).reshape(size, -1)
        bad = lines.any(1)
        if size < 3 or (lines.shape[1] < 2 and size < 6):  # it might be a coincidence
            continue
        for index, place in ((0, "first"), (size - 1, "last")):
            if bad[index] and int(bad.sum()) == 1 and int(lines[index].sum()) >= min(2, lines.shape[1]):
                yield Claim(("only", axis, place), f"is right but for the {place} index of axis {axis}")
            if not bad[index] and int((~bad).sum()) == 1:
                yield Claim(("all but", axis, place), f"is right at the {place} index of axis {axis} only")
    for name, tensor in _tensors(arguments):
        if tensor.shape != wrong.shape:
            continue
        for words, mask in (("negative", tensor < 0), ("positive", tensor > 0), ("zero", tensor == 0)):
            if int(mask.sum()) >= 2 and int((~mask).sum()) >= 2 and torch.equal(wrong, mask):
                yield Claim(("where", name, words), f"is wrong where `{name}` is {words}, and only there")


def _float32(pair: _Pair, arguments: dict[str, Any]) -> Iterator[Claim]:
    """Told by the bits: of random float64 numbers, one in 2²⁹ is one that float32 can hold."""
    if pair.same_shape and pair.dtype is torch.float64 and pair.near(pair.mine, pair.right, 1e-4 / pair.rtol).all():
        held = pair.mine.float().double() == pair.mine
        if held.all() and not (pair.right.float().double() == pair.right).any():
            yield Claim(("float32",), "has the precision of float32: on the way, float64 was lost")


def _nearly(pair: _Pair, arguments: dict[str, Any]) -> Iterator[Claim]:
    """Right in float64, but to float32's digits only."""
    if pair.same_shape and pair.dtype is torch.float64 and pair.near(pair.mine, pair.right, NEARLY / pair.rtol).all():
        why = "a tensor in float32, as torch.tensor(0.1) is, or a difference quotient"
        says = f"is nearly right: something on the way was less precise than float64 ({why}), or an ε is out of place"
        yield Claim(("nearly",), says)


def _normalised(pair: _Pair, arguments: dict[str, Any]) -> Iterator[Claim]:
    """A division by √(variance + eps) done in another way, found by the ratio to the right result."""
    if not pair.same_shape or not pair.dtype.is_floating_point:
        return
    given = arguments.get("eps")
    for name, x in _tensors(arguments):
        if x.shape != pair.right.shape:
            continue
        for offset in _offsets(arguments, x):
            mine, right = pair.mine - offset, pair.right - offset
            if pair.equal(mine, right):
                continue  # the offset has drowned the difference
            for axes in _subsets(x.dim()):
                n = math.prod(x.shape[axis] for axis in axes)
                if n < 2:
                    continue
                for eps in [given] if isinstance(given, float) and given > 0 else EPS:
                    for words, ratio in _ratios(x, axes, n, eps):
                        if pair.equal(mine, right * ratio):
                            yield Claim(
                                ("normalised", name, axes, words),
                                f"is what comes of {words} (over {_axes(axes)} of `{name}`)",
                            )


def _ratios(x: Tensor, axes: tuple[int, ...], n: int, eps: float) -> Iterator[tuple[str, Tensor]]:
    var = x.var(axes, unbiased=False, keepdim=True)
    squares = (x * x).mean(axes, keepdim=True)
    sample = var * (n / (n - 1))
    root = (var + eps).sqrt()
    yield "the sample variance (n − 1) for the population's (n)", root / (sample + eps).sqrt()
    yield "the population variance (n) for the sample's (n − 1)", (sample + eps).sqrt() / root
    yield "eps added outside the root in place of inside", root / (var.sqrt() + eps)
    yield "eps added inside the root in place of outside", (var.sqrt() + eps) / root
    yield "leaving eps out", root / var.clamp(min=1e-300).sqrt()
    yield "dividing by the variance, not its root", 1 / root
    yield "the mean of squares for the variance", root / (squares + eps).sqrt()
    yield "eps added outside the root in place of inside", (squares + eps).sqrt() / (squares.sqrt() + eps)
    yield "leaving eps out", (squares + eps).sqrt() / squares.clamp(min=1e-300).sqrt()


def _offsets(arguments: dict[str, Any], x: Tensor) -> Iterator[Tensor | float]:
    """What may have been added after the division: nothing, or an argument with one number for each channel."""
    yield 0.0
    for _, tensor in _tensors(arguments):
        for axis in range(x.dim()):
            if tensor.dim() == 1 and tensor.numel() == x.shape[axis] > 1:
                yield tensor.reshape([-1 if a == axis else 1 for a in range(x.dim())])


def _missing_term(pair: _Pair, arguments: dict[str, Any]) -> Iterator[Claim]:
    if not pair.same_shape or not pair.dtype.is_floating_point:
        return
    off = pair.mine - pair.right
    if pair.right.numel() >= 2 or not pair.right.dim():
        constant = off.mean().item()
        if pair.equal(pair.mine, pair.right + constant) and constant:
            yield Claim(("offset",), f"is off by the same in every element: {_short(constant)} too much", constant)
            return
    for name, tensor in _tensors(arguments):
        if tensor.shape == off.shape and tensor.any():
            at = tensor.abs().argmax()
            share = (off.flatten()[at] / tensor.flatten()[at]).item()
            if pair.equal(pair.mine, pair.right + share * tensor):
                yield Claim(("multiple", name), f"is off by {_short(share)} times `{name}`, in every element", share)
    for axis, size in enumerate(off.shape):
        if size < 3:
            continue
        if pair.equal(pair.mine, pair.right + off.mean(axis, keepdim=True)):
            yield Claim(
                ("offset along", axis),
                f"is off by an amount that is the same along axis {axis}, {TERM}",
            )
        for name, tensor in _tensors(arguments):
            if tensor.shape == off.shape and (tensor.abs().amax(axis) > 0).all():
                at = tensor.abs().argmax(axis, keepdim=True)
                times = off.gather(axis, at) / tensor.gather(axis, at)
                if pair.equal(pair.mine, pair.right + times * tensor):
                    yield Claim(
                        ("multiple along", name, axis),
                        f"is off by a multiple of `{name}` that is the same along axis {axis}, {TERM}",
                    )


RELATIONS: tuple[Callable[[_Pair, dict[str, Any]], Iterator[Claim]], ...] = (
    _is_an_argument,
    _factor,
    _turned,
    _flipped,
    _rolled,
    _shifted,
    _broadcast,
    _reduced,
    _function,
    _normalised,
    _only_in_part,
    _float32,
    _nearly,
    _missing_term,
)

"""What the tests that fail have in common: "all 4 have stride > 1" is worth more than four differences."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from tutor.grading.learner import Call, arguments_of
from tutor.grading.signatures import UNKNOWN, Signature

ENOUGH = 2  # tests on either side, below which nothing is said
MENTIONED = 2  # properties, of those that tell the failing tests apart


def pattern(failed: list[Call], passed: list[Call], signatures: dict[str, Signature]) -> str | None:
    """What is true of every call that came out wrong, and of none to the same function that came out right.

    Args:
        failed: a call for each test that failed.
        passed: the calls of the tests that passed.
        signatures: of the stub's functions: what isn't given in a call has its default.
    """
    functions = {call.name for call in failed}
    if len(functions) != 1 or len(failed) < ENOUGH:
        return None
    right = [call for call in passed if call.name in functions and call.scenario is None]
    if len(right) < ENOUGH or any(call.scenario for call in failed):
        return None
    facts = [_facts(call, signatures) for call in [*failed, *right]]
    wrong, others = facts[: len(failed)], facts[len(failed) :]
    shared = {fact: who for fact, who in wrong[0].items() if all(fact in one for one in wrong)}
    said = _first_of_each({fact: who for fact, who in shared.items() if not any(fact in one for one in others)})
    if not said:
        said = _pair(shared, others)
    if not said or len(said) > MENTIONED:
        return None
    return f"All {len(failed)} tests that fail have {' and '.join(said)}; none of those that pass has."


def _first_of_each(facts: dict[str, str]) -> list[str]:
    """Of what is true of one parameter, only the first, which is the most general."""
    first = {who: fact for fact, who in reversed(facts.items())}
    return [fact for fact in facts if fact in first.values()]


def _pair(shared: dict[str, str], others: list[dict[str, str]]) -> list[str]:
    """Two properties of different parameters that only meet where it fails; none if it might be several."""
    pairs = [
        (one, other)
        for (one, who), (other, whose) in itertools.combinations(shared.items(), 2)
        if who != whose and not any(one in facts and other in facts for facts in others)
    ]
    owners = {(shared[one], shared[other]) for one, other in pairs}
    return list(pairs[0]) if len(owners) == 1 else []


def _facts(call: Call, signatures: dict[str, Signature]) -> dict[str, str]:
    """What is true of a call's arguments, in words, and of which argument: the general before the special."""
    arguments = signatures.get(call.name, UNKNOWN).defaults | arguments_of(call, signatures)
    return {fact: name for name, value in arguments.items() for fact in _of_value(name, value)}


def _of_value(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, np.ndarray):
        value = torch.from_numpy(value.copy())
    if isinstance(value, torch.Tensor):
        yield from _of_tensor(name, value)
    elif isinstance(value, bool | str | None):
        yield f"{name} = {value!r}"
    elif isinstance(value, int | float):
        yield from _of_numbers(name, [value])
        yield f"{name} = {value:g}"
    elif isinstance(value, tuple | list) and value and all(isinstance(item, int | float) for item in value):
        yield from _of_numbers(name, list(value))
        if len(set(value)) > 1:
            yield f"two different numbers for {name}"


def _of_numbers(name: str, values: list[Any]) -> Iterator[str]:
    if all(isinstance(value, int) for value in values) and max(values) > 1:
        yield f"{name} > 1"
    if any(value > 0 for value in values):
        yield f"{name} > 0"
    if any(value < 0 for value in values):
        yield f"{name} < 0"
    if not any(values):
        yield f"{name} = 0"


def _of_tensor(name: str, tensor: torch.Tensor) -> Iterator[str]:
    if not tensor.is_contiguous():
        yield f"{name} not contiguous in memory"
    yield f"{name} in {str(tensor.dtype).removeprefix('torch.')}"
    if not tensor.numel():
        yield f"{name} without elements"
    elif tensor.dim():
        for axis, size in enumerate(tensor.shape):
            yield f"{name} of length 1 along axis {axis}" if size == 1 else f"{name} longer than 1 along axis {axis}"
    yield f"{name} with {tensor.dim()} {'axis' if tensor.dim() == 1 else 'axes'}"

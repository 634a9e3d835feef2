"""Where a backward pass is wrong: is it the derivative of the learner's own forward pass?

By name: `f_backward` is the gradient of `f`, or of `f_forward`, in the same file. Its first argument is grad_output;
the others are the forward's, by name, or `output`, what the forward returned. A flag `training` is on.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from tutor.grading.learner import Call, LearnerFailed, Session, arguments_of
from tutor.grading.signatures import Signature

ELEMENTS = 80  # of the inputs that are nudged, one by one
STEP = 1e-5
RTOL = 1e-6  # what a central difference with this step is good for, in float64


def compare_with_own(session: Session, wrong: set[str], failed: set[str], answered: list[Call]) -> str | None:
    """Sentences on the first backward function that fails beside a forward that answers; None where there is none.

    Args:
        session: of the learner.
        wrong: the functions that returned something wrong.
        failed: those in which a test failed for whatever reason.
        answered: calls that were answered, those of tests that passed first.
    """
    for backward in sorted(name for name in wrong if name.endswith("_backward")):
        forward = next((f for f in _forwards(backward) if f in session.signatures), None)
        if forward is None:
            continue
        call = _smallest(forward, answered, session.signatures)
        try:
            agrees = _agrees(session, backward, call) if call else None
        except LearnerFailed:
            continue
        if agrees is not None:
            return _say(forward, backward, agrees, forward in failed)
    return None


def _forwards(backward: str) -> tuple[str, str]:
    name = backward.removesuffix("_backward")
    return name, f"{name}_forward"


def _say(forward: str, backward: str, agrees: bool, forward_fails: bool) -> str:
    method = f"differentiated numerically, your own {forward}"
    if agrees and forward_fails:
        return f"{backward} is the derivative of your {forward} ({method} gives the same): mend {forward} first."
    if agrees:
        return (
            f"for ordinary inputs {backward} is right: {method} gives the same. Look at what is special in what fails."
        )
    if forward_fails:
        return f"{method} gives something else than {backward}, and {forward} fails as well: mend {forward} first."
    return f"{method} gives something else than {backward}. {forward} passes, so the mistake is in {backward}."


def _smallest(forward: str, answered: list[Call], signatures: dict[str, Signature]) -> Call | None:
    """Of the calls to the forward pass, the one with the fewest numbers to nudge; those with axes of length 1 last."""
    fitting: list[tuple[bool, int, int, Call]] = []
    for call in answered:
        if call.name == forward and call.scenario is None:
            arguments = arguments_of(call, signatures)
            if "training" in arguments:
                arguments["training"] = True
            nudged = sum(tensor.numel() for _, tensor in _floats(arguments))
            doubles = all(tensor.dtype is torch.float64 for _, tensor in _floats(arguments))
            if doubles and 0 < nudged <= ELEMENTS:
                special = any(1 in tensor.shape for _, tensor in _floats(arguments))
                fitting.append((special, nudged, len(fitting), replace(call, args=(), kwargs=arguments)))
    return min(fitting)[3] if fitting else None


def _floats(arguments: dict[str, Any]) -> Iterator[tuple[str, Tensor]]:
    for name, value in arguments.items():
        if isinstance(value, Tensor) and value.is_floating_point():
            yield name, value


def _agrees(session: Session, backward: str, call: Call) -> bool | None:
    """Whether the backward pass gives what nudging the forward pass's inputs gives; None where that can't be said."""
    output = _ask(session, call)
    if output is None:
        return None
    generator = torch.Generator().manual_seed(call.seed)
    upstream = torch.randn(output.shape, generator=generator, dtype=output.dtype)
    available = call.kwargs | {"grad_output": upstream, "output": output}
    signature = session.signatures[backward]
    if not {*signature.positional} <= available.keys():
        return None
    keywords = {name: available[name] for name in signature.keywords if name in available}
    asked = Call(backward, tuple(available[name] for name in signature.positional), keywords, call.seed)
    result, _ = session.ask(asked)
    gradients = list(result) if isinstance(result, tuple | list) else [result]
    inputs = [name for name, _ in _floats(call.kwargs)][: len(gradients)]
    for name, gradient in zip(inputs, gradients, strict=False):
        numeric = _slopes(session, call, name, upstream)
        if numeric is None:
            return None
        if not numeric.numel():
            continue
        close = isinstance(gradient, Tensor) and gradient.shape == numeric.shape
        if not close or not torch.allclose(gradient.double(), numeric, RTOL, RTOL * float(numeric.abs().max())):
            return False
    return True


def _slopes(session: Session, call: Call, name: str, upstream: Tensor) -> Tensor | None:
    """∂ sum(upstream · forward) / ∂ argument, by central differences."""
    value = call.kwargs[name]
    slopes = torch.zeros_like(value)
    for index in itertools.product(*map(range, value.shape)):
        sides = []
        for sign in (1, -1):
            nudged = value.clone()
            nudged[index] += sign * STEP
            output = _ask(session, replace(call, kwargs=call.kwargs | {name: nudged}))
            if output is None or output.shape != upstream.shape:
                return None
            sides.append(float((output * upstream).sum()))
        slopes[index] = (sides[0] - sides[1]) / (2 * STEP)
    return slopes if math.isfinite(float(slopes.sum())) else None


def _ask(session: Session, call: Call) -> Tensor | None:
    """The forward pass's output, the first of several."""
    output, _ = session.ask(call)
    output = output[0] if isinstance(output, tuple) and output else output
    usable = isinstance(output, Tensor) and output.dtype is torch.float64 and bool(output.isfinite().all())
    return output if usable else None

"""What a suite says about calls, rather than about values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from tutor.report import Failure

if TYPE_CHECKING:
    from tutor.grading.learner import Learner


def assert_raises(kind: type[Exception], function: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    """The learner's `function`, called like this, has to raise `kind` (or a subclass of it)."""
    from tutor.grading.learner import LearnerFailed

    wanted = kind.__name__
    try:
        result = function(*args, **kwargs)
    except LearnerFailed as failed:
        if wanted in failed.types and failed.failure.kind != "not_written":
            return
        if failed.failure.kind != "exception":
            raise
        summary = f"This call has to raise {wanted}; it raised something else. {failed.failure.summary}"
        raise LearnerFailed(Failure("exception", summary, frames=failed.failure.frames), failed.types) from None
    from tutor.grading.learner import describe

    raise AssertionError(f"This call has to raise {wanted}; it returned {describe(result)}.")


def assert_inputs_unchanged(learner: Learner) -> None:
    """The last call of the learner's code must not have written into its tensor arguments."""
    call = learner._calls[-1]
    if not call.changed:
        return
    from tutor.grading.learner import names_by_place

    names = names_by_place(call, learner._session.signatures)
    changed = ", ".join(_place(path, names) for path in call.changed)
    raise AssertionError(
        f"{call.name} changed its input {changed} in place; the caller still needs it. "
        "Compute a new tensor (`x = x - y`, not `x -= y`), or clone first."
    )


def _place(path: str, names: Sequence[str]) -> str:
    """`/0/1` (second positional argument) or `/1/weight` (keyword) as the parameter's name."""
    _, group, key, *rest = [*path.split("/"), "", ""]
    if group == "0" and key.isdigit():
        key = names[int(key)] if int(key) < len(names) else f"number {int(key) + 1}"
    return f"`{key}`" + "".join(f"[{part}]" for part in rest if part)

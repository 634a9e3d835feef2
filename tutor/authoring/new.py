"""Scaffolds the files of a new exercise; `tutor verify` says what is still missing from them."""

from __future__ import annotations

from pathlib import Path

from tutor.errors import TutorError

_STUB = '''"""{title}."""

from torch import Tensor


def {name}(x: Tensor) -> Tensor:
    """What it computes.

    Args:
        x: shape (N, C).

    Returns:
        Shape and dtype of `x`, which must not be changed.
    """
    raise NotImplementedError
'''

_SOLUTION = '''"""{title}, in one way of several."""

from torch import Tensor


def {name}(x: Tensor) -> Tensor:
    """See the stub."""
    raise NotImplementedError
'''

_SUITE = '''"""The reference is torch; upstream gradients are random."""

from tutor.testkit import assert_inputs_unchanged, assert_matches


def test_{name}_matches_torch(learner, draw):
    x = draw.normal(5, 3)
    assert_matches(learner.{name}(x), x)
    assert_inputs_unchanged(learner)
'''

_CONFIG = """task: What to write, in one or two sentences.
learned: What the learner now knows, in one line.
minutes: 20
hints:
  - A nudge.
  - A bit more.
  - Nearly there.
mistakes: []
"""

_LESSON = """# {title}

Why it matters, the derivation with shapes at every step, an example to do by hand, the task, the edge cases.
"""


def scaffold(course_root: Path, where: str) -> list[Path]:
    """Write the files of exercise `subject/name`; returns them, and then `curriculum.yaml`, where it has to be listed.

    Raises:
        TutorError: if `where` is no such name, or any of the files is already there.
    """
    subject, _, name = where.partition("/")
    if not (subject.isidentifier() and name.isidentifier()):
        raise TutorError(f"{where!r} is not SUBJECT/EXERCISE.", "For example: tutor new convnets/conv3d_forward")
    title = name.replace("_", " ").capitalize()
    files = {
        f"exercises/{where}/lesson.md": _LESSON,
        f"exercises/{where}/stub.py": _STUB,
        f"exercises/{where}/exercise.yaml": _CONFIG,
        f"solutions/{where}/solution.py": _SOLUTION,
        f"tests/hidden/{subject}/test_{name}.py": _SUITE,
    }
    for path in files:
        if (course_root / path).exists():
            raise TutorError(f"{course_root / path} is already there.", "Choose another name, or edit what is there.")
    try:
        for path, text in files.items():
            (course_root / path).parent.mkdir(parents=True, exist_ok=True)
            (course_root / path).write_text(text.replace("{name}", name).replace("{title}", title), encoding="utf-8")
    except OSError as error:
        raise TutorError(f"The course can't be written: {error}.") from None
    return [*(course_root / path for path in files), course_root / "curriculum.yaml"]

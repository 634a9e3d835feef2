"""The numbers in the worked examples of every lesson are what Python prints."""

import doctest
from pathlib import Path

import pytest

EXERCISES = Path(__file__).parents[2] / "exercises"
LESSONS = sorted(EXERCISES.glob("*/*/lesson.md"))


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.parent.name)
def test_worked_examples(lesson):
    result = doctest.testfile(str(lesson), module_relative=False)
    assert result.attempted > 0 and result.failed == 0


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.parent.name)
def test_a_lesson_is_a_lesson(lesson):
    text = lesson.read_text()
    assert 60 <= len(text.splitlines()) <= 150
    assert max(map(len, text.splitlines())) <= 140


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.parent.name)
def test_nothing_wraps_in_a_terminal_of_100_columns(lesson):
    """Prose is filled anew, but code, formulas (indented blocks) and tables break in the middle of a line."""
    wide, in_code = [], False
    for number, line in enumerate(lesson.read_text().splitlines(), start=1):
        if line.startswith("```"):
            in_code = not in_code
        elif (in_code or line.startswith(("    ", "|"))) and len(line) > 98:
            wide.append(f"line {number}: {len(line)} columns")
    assert wide == []

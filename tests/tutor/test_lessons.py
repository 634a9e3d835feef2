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

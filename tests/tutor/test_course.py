"""The course itself: `tutor verify` finds nothing to complain about."""

from pathlib import Path

from tutor.authoring.verify import verify

ROOT = Path(__file__).parents[2]


def test_the_course_has_no_faults():
    """With one seed, so that a change is judged by what it changes; `tutor verify` draws new ones each time."""
    assert [str(fault) for fault in verify(ROOT, seed=0)] == []

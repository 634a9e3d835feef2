"""All that a hidden suite imports, besides pytest and torch.

The fixtures `learner`, `draw`, `album` and `stopwatch` come by themselves: `learner.name(...)` calls the learner's
function, `draw` makes seeded random inputs, `album` saves pictures, `stopwatch` times.
"""

from tutor.testkit.calls import assert_inputs_unchanged, assert_raises
from tutor.testkit.compare import assert_matches, tolerance
from tutor.testkit.digits import glyphs
from tutor.testkit.draw import Draw, strided
from tutor.testkit.gradients import Reference, central_difference, reference
from tutor.testkit.picture import Album
from tutor.testkit.stopwatch import (
    Cost,
    Stopwatch,
    assert_largest,
    assert_moved,
    assert_operations,
    assert_waits,
    cost_of,
)

__all__ = [
    "Album",
    "Cost",
    "Draw",
    "Reference",
    "Stopwatch",
    "assert_inputs_unchanged",
    "assert_largest",
    "assert_matches",
    "assert_moved",
    "assert_operations",
    "assert_raises",
    "assert_waits",
    "central_difference",
    "cost_of",
    "glyphs",
    "reference",
    "strided",
    "tolerance",
]

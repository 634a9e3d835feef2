"""All that a hidden suite imports, besides pytest and torch.

The fixtures `learner`, `draw` and `album` come by themselves: `learner.name(...)` calls the learner's function,
`draw` makes seeded random inputs, `album` saves pictures.
"""

from tutor.testkit.calls import assert_inputs_unchanged, assert_raises
from tutor.testkit.compare import assert_matches, tolerance
from tutor.testkit.draw import Draw, strided
from tutor.testkit.gradients import Reference, central_difference, reference
from tutor.testkit.picture import Album

__all__ = [
    "Album",
    "Draw",
    "Reference",
    "assert_inputs_unchanged",
    "assert_matches",
    "assert_raises",
    "central_difference",
    "reference",
    "strided",
    "tolerance",
]

"""Against the definition."""

from tutor.testkit import assert_matches


def test_square_of_a_matrix(learner, draw):
    x = draw.normal(3, 4)
    assert_matches(learner.square(x), x * x)

"""Against the definition."""

from tutor.testkit import assert_matches


def test_thrice_of_a_matrix(learner, draw):
    x = draw.normal(3, 4)
    assert_matches(learner.thrice(x), x * 3)

"""`twice` is what goes wrong in the threats; `plus` has to be graded all the same."""

import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches


def test_twice(learner, draw):
    x = draw.normal(3, 4)
    assert_matches(learner.twice(x), x * 2)


def test_plus(learner, draw):
    a, b = draw.normal(2, 5), draw.normal(2, 5)
    assert_matches(learner.plus(a, b), a + b)


def test_twice_of_float32(learner, draw):
    x = draw.normal(3, 4, dtype=torch.float32)
    assert_matches(learner.twice(x), x * 2)
    assert_inputs_unchanged(learner)


def test_plus_again(learner, draw):
    a, b = draw.normal(7), draw.normal(7)
    assert_matches(learner.plus(a, b), a + b)

"""Against torch.lerp, a turn in the plane of the two codes, a projection, and a linear fit."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided

SIZES = [(4, 5), (7, 3), (2, 6)]


def straight(start, end, steps):
    return torch.stack([torch.lerp(start, end, index / (steps - 1)) for index in range(steps)])


@pytest.mark.parametrize("steps, d", SIZES)
def test_a_straight_walk(learner, draw, steps, d):
    start, end = draw.normal(d), draw.normal(d)
    assert_matches(learner.lerp(start, end, steps), straight(start, end, steps), "the points")
    assert_inputs_unchanged(learner)


def turned(start, end, steps):
    """In the plane of both: the direction turns evenly; the weights come from solving for the two codes."""
    one = start / start.norm()
    other = end - (end @ one) * one
    other = other / other.norm()
    whole = torch.atan2(end @ other, end @ one)
    points = []
    for index in range(steps):
        angle = whole * index / (steps - 1)
        target = torch.cos(angle) * one + torch.sin(angle) * other
        basis = torch.stack([one, end / end.norm()], 1)
        weights = torch.linalg.lstsq(basis, target[:, None]).solution[:, 0]
        points.append(weights[0] * start + weights[1] * end)
    return torch.stack(points)


def two_codes(draw, d):
    """Of different lengths, at an angle that is neither small nor nearly straight."""
    start, other = draw.normal(d), draw.normal(d)
    other = other - (other @ start) / (start @ start) * start
    angle = draw.uniform(low=0.5, high=2.5)
    end = torch.cos(angle) * start / start.norm() + torch.sin(angle) * other / other.norm()
    return start, draw.uniform(low=2.0, high=4.0) * end


@pytest.mark.parametrize("steps, d", SIZES)
def test_a_walk_along_the_arc(learner, draw, steps, d):
    start, end = two_codes(draw, d)
    assert_matches(learner.slerp(start, end, steps), turned(start, end, steps), "the points", terms=400)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_a_walk_along_the_arc")
def test_on_the_arc_the_length_stays(learner, draw):
    start, end = two_codes(draw, 5)
    end = end / end.norm() * start.norm()
    actual = learner.slerp(start, end, 6)
    assert_matches(actual, turned(start, end, 6), "the points", terms=400)
    assert_matches(actual.norm(dim=1), start.norm().expand(6).contiguous(), "their lengths", terms=400)


@pytest.mark.builds_on("test_a_straight_walk", "test_a_walk_along_the_arc")
def test_in_the_same_direction_the_arc_is_straight(learner, draw):
    axis = torch.zeros(4, dtype=torch.float64)
    axis[draw.integer(0, 4)] = 2.0  # here the cosine is exactly 1
    codes = draw.normal(12, 4)  # here it is 1 up to rounding, and sometimes above
    for start, end in [(axis, 3 * axis), *((code, 2.5 * code) for code in codes)]:
        assert_matches(learner.slerp(start, end, 5), straight(start, end, 5), "the points", terms=400)


def labels(draw, n):
    has = draw.uniform(n) < 0.4
    has[0], has[1] = True, False
    return has


@pytest.mark.parametrize("n, d", [(9, 4), (14, 3), (2, 5)])
def test_the_direction_of_an_attribute(learner, draw, n, d):
    codes, has = draw.normal(n, d) + 1, labels(draw, n)
    design = torch.stack([torch.ones(n).double(), has.double()], 1)
    expected = torch.linalg.lstsq(design, codes).solution[1]
    assert_matches(learner.attribute_direction(codes, has), expected, "the direction", terms=200)
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("amount", [0.0, 2.5, -1.3])
@pytest.mark.parametrize("d", [4, 6])
def test_a_code_with_a_given_amount_of_an_attribute(learner, draw, d, amount):
    code, direction = draw.normal(d), 3 * draw.normal(d)
    unit = torch.nn.functional.normalize(direction, dim=0)
    across = torch.eye(d, dtype=torch.float64) - torch.outer(unit, unit)
    expected = across @ code + amount * unit
    assert_matches(learner.with_attribute(code, direction, amount), expected, "the code", terms=10)
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("psi", [0.7, 0.3, 0.0, 1.0])
@pytest.mark.parametrize("n, d", [(6, 4), (3, 7)])
def test_codes_are_drawn_towards_their_mean(learner, draw, n, d, psi):
    codes = draw.normal(n, d) + 2 * draw.normal(d)
    expected = torch.lerp(codes.mean(0).expand(n, d), codes, psi)
    assert_matches(learner.truncate(codes, psi), expected, "the codes", terms=10)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_a_straight_walk", "test_codes_are_drawn_towards_their_mean")
def test_float32_and_other_layouts(learner, draw):
    codes = draw.normal(6, 4, dtype=torch.float32)
    has = labels(draw, 6)
    start, end = codes[0].clone(), codes[1].clone()
    assert_matches(learner.lerp(strided(start), strided(end), 4), straight(start, end, 4), "the points", terms=4)
    expected = codes[has].mean(0) - codes[~has].mean(0)
    assert_matches(learner.attribute_direction(strided(codes), has), expected, "the direction", terms=6)
    expected = torch.lerp(codes.mean(0).expand(6, 4), codes, 0.5)
    assert_matches(learner.truncate(strided(codes), 0.5), expected, "the codes", terms=6)

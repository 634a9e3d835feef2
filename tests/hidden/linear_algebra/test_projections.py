"""Projections against least squares by torch.linalg.lstsq; coordinates against torch.linalg.solve."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, strided


def nearest(v, basis):
    """What least squares leaves of each vector."""
    rows = v.reshape(-1, v.shape[-1])
    return (basis @ torch.linalg.lstsq(basis, rows.T).solution).T.reshape(v.shape)


def matrix(draw, m, n):
    """Random, with singular values between 1 and 3, and not orthogonal."""
    left, right = torch.linalg.qr(draw.normal(m, n)).Q, torch.linalg.qr(draw.normal(n, n)).Q
    return left * torch.linspace(1, 3, n, dtype=torch.float64) @ right


@pytest.mark.parametrize("shape", [(3,), (4, 3), (2, 4, 5)])
def test_the_nearest_point_on_a_line(learner, draw, shape):
    v, direction = draw.normal(*shape), draw.uniform(shape[-1], low=1, high=3)
    assert_matches(learner.project_onto_line(v, direction), nearest(v, direction[:, None]), "the projection", terms=10)


@pytest.mark.builds_on("test_the_nearest_point_on_a_line")
@pytest.mark.parametrize("scale", [-1.0, 1e-9, 1e9])
def test_the_length_of_the_direction_does_not_matter(learner, draw, scale):
    v, direction = draw.normal(4, 3), draw.uniform(3, low=1, high=3)
    expected = nearest(v, direction[:, None])
    assert_matches(learner.project_onto_line(v, scale * direction), expected, "the projection", terms=10)


def test_a_direction_of_zeros_raises_value_error(learner, draw):
    assert_raises(ValueError, learner.project_onto_line, draw.normal(4, 3), torch.zeros(3, dtype=torch.float64))


@pytest.mark.parametrize("shape, k", [((4,), 2), ((6, 5), 3), ((2, 3, 5), 2), ((6, 4), 1), ((2, 3), 3)])
def test_the_nearest_point_in_a_subspace(learner, draw, shape, k):
    v, basis = draw.normal(*shape), matrix(draw, shape[-1], k)
    assert_matches(learner.project_onto_subspace(v, basis), nearest(v, basis), "the projection", terms=30)


@pytest.mark.parametrize("shape", [(3,), (5, 3), (2, 5, 4)])
def test_coordinates_in_another_basis(learner, draw, shape):
    n = shape[-1]
    coordinates, old, new = draw.normal(*shape), matrix(draw, n, n), matrix(draw, n, n)
    expected = torch.linalg.solve(new, (coordinates @ old.T).unsqueeze(-1)).squeeze(-1)
    assert_matches(learner.change_basis(coordinates, old, new), expected, "the coordinates", terms=30)


@pytest.mark.builds_on("test_coordinates_in_another_basis", "test_the_nearest_point_in_a_subspace")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_dtype_is_kept_and_inputs_are_left_as_they_were(learner, draw, dtype):
    v, basis, old, new = draw.normal(5, 4), matrix(draw, 4, 2), matrix(draw, 4, 4), matrix(draw, 4, 4)
    v, basis, old, new = (strided(tensor.to(dtype)) for tensor in (v, basis, old, new))
    line = nearest(v, basis[:, :1])
    assert_matches(learner.project_onto_line(v, basis[:, 0]), line, "the projection", terms=30)
    assert_inputs_unchanged(learner)
    assert_matches(learner.project_onto_subspace(v, basis), nearest(v, basis), "the projection", terms=30)
    assert_inputs_unchanged(learner)
    expected = torch.linalg.solve(new, old @ v.T).T
    assert_matches(learner.change_basis(v, old, new), expected, "the coordinates", terms=30)
    assert_inputs_unchanged(learner)

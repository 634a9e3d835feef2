"""Paths against torch's own SGD on autograd's gradients; rates against matrices made from known eigenvalues."""

import pytest
import torch
from torch.optim.sgd import sgd

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided

BEST = ("rate", "q")


def matrix(draw, *eigenvalues, dtype=torch.float64):
    """A symmetric matrix with these eigenvalues, in directions drawn at random."""
    n = len(eigenvalues)
    directions, _ = torch.linalg.qr(draw.normal(n, n))
    product = (directions * torch.tensor(eigenvalues, dtype=torch.float64)) @ directions.T
    return ((product + product.T) / 2).to(dtype)


def bowl(draw, *eigenvalues, dtype=torch.float64):
    """A, b and a starting point."""
    n = len(eigenvalues)
    return matrix(draw, *eigenvalues, dtype=dtype), draw.normal(n, dtype=dtype), draw.normal(n, dtype=dtype)


def torch_path(A, b, x0, lr, steps):
    x = x0.clone().requires_grad_()
    path = [x0.clone()]
    for _ in range(steps):
        (gradient,) = torch.autograd.grad(0.5 * x @ A @ x - b @ x, x)
        with torch.no_grad():
            options = {"momentum": 0.0, "dampening": 0.0, "weight_decay": 0.0, "nesterov": False, "maximize": False}
            sgd([x], [gradient], [None], foreach=False, lr=lr, **options)
        path.append(x.detach().clone())
    return torch.stack(path)


def check_path(learner, problem, lr, steps):
    expected = torch_path(*problem, lr, steps)
    assert_matches(
        learner.descend(*problem, lr=lr, steps=steps), expected, "the path [step, coordinate]", terms=max(steps, 1)
    )


def test_one_step(learner, draw):
    check_path(learner, bowl(draw, 0.5, 2.0, 3.0), 0.1, 1)


@pytest.mark.builds_on("test_one_step")
@pytest.mark.parametrize("eigenvalues", [(1.0, 5.0), (0.3, 0.9, 4.0, 7.0), (2.0, 2.0, 6.0)])
def test_a_path_of_several_steps(learner, draw, eigenvalues):
    check_path(learner, bowl(draw, *eigenvalues), float(draw.uniform(low=0.02, high=0.25)), 9)


@pytest.mark.builds_on("test_a_path_of_several_steps")
def test_a_path_that_runs_away(learner, draw):
    check_path(learner, bowl(draw, 1.0, 2.0, 5.0), 0.7, 12)


@pytest.mark.builds_on("test_one_step")
def test_no_step_at_all_leaves_the_starting_point(learner, draw):
    check_path(learner, bowl(draw, 1.0, 3.0), 0.2, 0)


@pytest.mark.builds_on("test_one_step")
def test_float32_stays_float32(learner, draw):
    check_path(learner, bowl(draw, 0.5, 1.0, 3.0, dtype=torch.float32), 0.2, 4)


@pytest.mark.builds_on("test_one_step")
def test_inputs_that_are_not_contiguous_are_left_as_they_were(learner, draw):
    problem = bowl(draw, 0.5, 2.0, 3.0)
    result = learner.descend(*map(strided, problem), lr=0.3, steps=3)
    assert_matches(result, torch_path(*problem, 0.3, 3), "the path [step, coordinate]")
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("eigenvalues", [(1.0, 4.0), (0.25, 0.75, 3.0), (0.1, 2.0, 2.0, 2.5, 16.0)])
def test_the_largest_rate(learner, draw, eigenvalues):
    result = learner.largest_rate(matrix(draw, *eigenvalues))
    assert_matches(result, 2 / max(eigenvalues), "the largest rate")


@pytest.mark.builds_on("test_the_largest_rate")
def test_the_largest_rate_of_any_eigenvalues(learner, draw):
    for n in (2, 3, 6):
        eigenvalues = draw.uniform(n, low=0.2, high=9.0).tolist()
        assert_matches(learner.largest_rate(matrix(draw, *eigenvalues)), 2 / max(eigenvalues), "the largest rate")


@pytest.mark.parametrize("eigenvalues", [(1.0, 4.0), (0.25, 0.75, 3.0), (0.1, 2.0, 2.0, 2.5, 16.0)])
def test_the_best_rate_and_its_factor(learner, draw, eigenvalues):
    low, high = min(eigenvalues), max(eigenvalues)
    expected = (2 / (low + high), (high - low) / (high + low))
    assert_matches(learner.best_rate(matrix(draw, *eigenvalues)), expected, BEST)


@pytest.mark.builds_on("test_the_best_rate_and_its_factor")
def test_the_best_rate_of_any_eigenvalues(learner, draw):
    for n in (2, 3, 6):
        eigenvalues = draw.uniform(n, low=0.2, high=9.0).tolist()
        low, high = min(eigenvalues), max(eigenvalues)
        expected = (2 / (low + high), (high - low) / (high + low))
        assert_matches(learner.best_rate(matrix(draw, *eigenvalues)), expected, BEST)


@pytest.mark.builds_on("test_the_largest_rate", "test_the_best_rate_and_its_factor")
def test_a_round_bowl_is_solved_in_one_step(learner, draw):
    """All eigenvalues equal: at the best rate nothing is left of the distance."""
    size = float(draw.uniform(low=0.5, high=3.0))
    assert_matches(learner.best_rate(matrix(draw, size, size, size)), (1 / size, 0.0), BEST)


@pytest.mark.builds_on("test_the_largest_rate", "test_the_best_rate_and_its_factor")
def test_a_single_dimension(learner, draw):
    size = float(draw.uniform(low=0.5, high=3.0))
    A = torch.tensor([[size]], dtype=torch.float64)
    assert_matches(learner.largest_rate(A), 2 / size, "the largest rate")
    assert_matches(learner.best_rate(A), (1 / size, 0.0), BEST)


@pytest.mark.builds_on("test_the_largest_rate", "test_the_best_rate_and_its_factor")
@pytest.mark.parametrize("function", ["largest_rate", "best_rate"])
def test_the_matrix_is_left_as_it_was(learner, draw, function):
    A = matrix(draw, 0.5, 2.0, 3.5)
    if function == "largest_rate":
        assert_matches(learner.largest_rate(strided(A)), 2 / 3.5, "the largest rate")
    else:
        assert_matches(learner.best_rate(strided(A)), (0.5, 0.75), BEST)
    assert_inputs_unchanged(learner)

"""Matrices against autograd's slopes and products; convolutions against conv1d; the plane with complex numbers."""

import itertools
import math

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, strided

PAIR = ("A", "b")
# As text, because they are made twice: here for the reference, and in the worker.
LINEAR = {
    "a matrix": "w @ x",
    "differences": "x[1:] - x[:-1]",
    "less the mean": "x - x.mean()",
    "running sums": "x.cumsum(0)",
    "repeated": "torch.cat([x, 3 * x[:2]])",
    "the sum": "x.sum()[None]",
    "backwards": "x.flip(0)",
}
AFFINE = {
    "a layer": "w @ x + w[:, 0]",
    "a constant added": "x + 2.5",
    "padded with ones": "F.pad(x, (1, 2), value=1.0)",
    "a constant": "w[:, 0] + 0 * x[0]",
    "an average with its neighbour": "(x[1:] + x[:-1]) / 2",
}
BENT = {
    "relu": "F.relu(x)",
    "absolute values": "x.abs()",
    "squares": "x**2",
    "products": "x[0] * x[1:]",
    "a wave that is 0 at whole numbers": "x + torch.sin(2 * torch.pi * x)",
    "softmax": "x.softmax(0)",
    "layer norm": "F.layer_norm(x, x.shape)",
    "sorted": "x.sort().values",
    "brought to length 1": "x / x.norm()",
    "a layer with a slight bend": "w @ x + w[:, 0] + 1e-6 * (w @ x) ** 2",
    "a layer, then relu": "F.relu(w @ x)",
}


def value(formula, x, w):
    return eval(formula, {"torch": torch, "F": F, "x": x, "w": w})


def of_map(solution, function, formula, n, w, scale=1.0):
    return getattr(solution, function)(lambda x: scale * value(formula, x, w), n)


def of_itself(solution, n):
    """The identity, which hands back the very tensor that it was given."""
    return solution.matrix_of(lambda x: x, n)


def slopes(formula, n, w):
    x = torch.zeros(n, dtype=torch.float64, requires_grad=True)
    out = value(formula, x, w)
    rows = [torch.autograd.grad(element, x, retain_graph=True, allow_unused=True)[0] for element in out]
    return torch.stack([torch.zeros(n).double() if row is None else row for row in rows])


@pytest.mark.parametrize("name", LINEAR)
@pytest.mark.parametrize("n", [3, 5])
def test_the_matrix_of_a_linear_map(learner, draw, name, n):
    w = draw.normal(4, n)
    expected = slopes(LINEAR[name], n, w)
    assert_matches(learner.run(of_map, "matrix_of", LINEAR[name], n, w), expected, "the matrix")


@pytest.mark.builds_on("test_the_matrix_of_a_linear_map")
@pytest.mark.parametrize("n", [4, 1])
def test_the_matrix_of_a_map_that_returns_what_it_was_given(learner, n):
    assert_matches(learner.run(of_itself, n), torch.eye(n, dtype=torch.float64), "the matrix")


def check_affine(learner, name, n, w, scale=1.0):
    formula = {**LINEAR, **AFFINE}[name]
    expected = scale * slopes(formula, n, w), scale * value(formula, torch.zeros(n).double(), w)
    assert_matches(learner.run(of_map, "as_affine", formula, n, w, scale), expected, PAIR, terms=10)


@pytest.mark.parametrize("name", AFFINE)
@pytest.mark.parametrize("n", [3, 4])
def test_what_an_affine_map_is_made_of(learner, draw, name, n):
    check_affine(learner, name, n, draw.normal(2, n) + 2)


@pytest.mark.parametrize("name", ["a matrix", "less the mean", "running sums"])
def test_a_linear_map_is_affine_as_well(learner, draw, name):
    check_affine(learner, name, 5, draw.normal(3, 5))


@pytest.mark.parametrize("name", BENT)
@pytest.mark.parametrize("n", [3, 4])
def test_what_is_not_affine(learner, draw, name, n):
    result = learner.run(of_map, "as_affine", BENT[name], n, draw.normal(5, n))
    assert_matches(result, None, f"the answer for {name}, which is not affine,")


@pytest.mark.builds_on("test_what_is_not_affine")
@pytest.mark.parametrize("place", range(6))
def test_a_bend_that_half_of_all_vectors_do_not_see(learner, draw, place):
    """A single vector finds all six with a probability of 1/64; of 20, all miss one in a million times."""
    result = learner.run(of_map, "as_affine", f"w @ x + F.relu(x[{place}])", 6, draw.normal(4, 6))
    assert_matches(result, None, f"the answer for a map with a ReLU of the element {place}")


@pytest.mark.builds_on("test_what_an_affine_map_is_made_of")
def test_the_rounding_errors_of_a_huge_map_are_no_bend(learner, draw):
    check_affine(learner, "a layer", 6, draw.normal(4, 6) + 2, scale=1e12)


@pytest.mark.builds_on("test_what_is_not_affine")
def test_a_tiny_map_may_be_bent_as_well(learner, draw):
    w = draw.normal(4, 6)
    result = learner.run(of_map, "as_affine", BENT["a layer with a slight bend"], 6, w, 1e-8)
    assert_matches(result, None, "the answer for a bent map with tiny values")


def chain(draw, sizes):
    return [(draw.normal(m, n), draw.normal(m)) for n, m in itertools.pairwise(sizes)]


def chained(maps, x):
    for weight, bias in maps:
        x = F.linear(x, weight, bias)
    return x


@pytest.mark.parametrize("sizes", [[3, 3, 3], [4, 4, 4, 4]])
def test_affine_maps_of_one_size_in_a_row(learner, draw, sizes):
    check_chain(learner, chain(draw, sizes))


@pytest.mark.parametrize("sizes", [[3, 5, 2], [2, 4, 3, 6], [5, 4], [4, 1, 3]])
def test_affine_maps_of_several_sizes_in_a_row(learner, draw, sizes):
    check_chain(learner, [(strided(weight), bias) for weight, bias in chain(draw, sizes)])
    assert_inputs_unchanged(learner)


def check_chain(learner, maps):
    n = maps[0][0].shape[1]
    b = chained(maps, torch.zeros(n, dtype=torch.float64))
    expected = (chained(maps, torch.eye(n, dtype=torch.float64)) - b).T, b
    assert_matches(learner.compose(maps), expected, PAIR, terms=100)


def independent(draw, n):
    """Columns neither at right angles nor near to dependent."""
    return torch.linalg.qr(draw.normal(n, n)).Q @ (torch.eye(n).double() + draw.normal(n, n, std=0.5).triu(1))


@pytest.mark.parametrize("m, n", [(3, 3), (2, 4), (5, 3), (1, 2)])
def test_the_map_that_takes_these_vectors_to_those(learner, draw, m, n):
    x, a = independent(draw, n), draw.normal(m, n)
    assert_matches(learner.from_pairs(strided(x), strided(a @ x)), a, "the matrix", terms=200)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_map_that_takes_these_vectors_to_those")
@pytest.mark.parametrize("size", [1e-12, 1e9])
def test_independence_has_nothing_to_do_with_length(learner, draw, size):
    x, a = independent(draw, 3) * size, draw.normal(2, 3)
    assert_matches(learner.from_pairs(x, a @ x), a, "the matrix", terms=200)


@pytest.mark.parametrize("n", [2, 4])
def test_dependent_vectors_determine_no_map(learner, draw, n):
    x = independent(draw, n)
    x[:, 1] = 2 * x[:, 0] if n == 2 else x[:, 0] - 3 * x[:, 3]
    assert_raises(ValueError, learner.from_pairs, x, draw.normal(3, n))


@pytest.mark.parametrize("k, n", [(3, 5), (2, 6), (4, 4), (1, 3)])
def test_a_convolution_as_a_matrix(learner, draw, k, n):
    check_convolution(learner, draw, k, n)


@pytest.mark.builds_on("test_a_convolution_as_a_matrix")
@pytest.mark.parametrize("k, n, stride", [(3, 7, 2), (3, 8, 2), (2, 9, 3), (2, 7, 4)])
def test_a_convolution_that_strides(learner, draw, k, n, stride):
    check_convolution(learner, draw, k, n, stride=stride)


def check_convolution(learner, draw, k, n, **options):
    kernel = draw.normal(k)
    expected = F.conv1d(torch.eye(n, dtype=torch.float64)[:, None], kernel[None, None], **options)[:, 0].T
    assert_matches(learner.convolution_matrix(strided(kernel), n, **options), expected, "the matrix")
    assert_inputs_unchanged(learner)


def in_plane(angle, scale, shift):
    """From the images of the origin and of both axes, as complex numbers."""
    points = torch.tensor([1, 1j, 0], dtype=torch.complex128) * torch.exp(
        torch.tensor(1j * angle, dtype=torch.complex128)
    )
    images = torch.stack([points.real * scale[0] + shift[0], points.imag * scale[1] + shift[1]])
    images[:, :2] -= images[:, 2:]
    return torch.cat([images, torch.tensor([[0, 0, 1]])])


def numbers(draw, low, high):
    return tuple(draw.uniform(2, low=low, high=high).tolist())


def test_the_plane_only_turned(learner, draw):
    angle = draw.uniform(low=0.2, high=1.2).item()
    assert_matches(
        learner.plane_transform(angle, (1.0, 1.0), (0.0, 0.0)), in_plane(angle, (1, 1), (0, 0)), "the matrix"
    )


def test_the_plane_only_stretched_and_moved(learner, draw):
    scale, shift = numbers(draw, 1.5, 3), numbers(draw, -2, 2)
    assert_matches(learner.plane_transform(0.0, scale, shift), in_plane(0.0, scale, shift), "the matrix")


@pytest.mark.parametrize("turns", [0, 1, -2])
def test_the_plane_turned_then_stretched_then_moved(learner, draw, turns):
    angle = draw.uniform(low=0.3, high=1.2).item() + turns * math.pi / 2
    scale, shift = (
        (draw.uniform(low=1.5, high=3).item(), draw.uniform(low=-0.9, high=-0.3).item()),
        numbers(draw, 0.5, 2),
    )
    assert_matches(learner.plane_transform(angle, scale, shift), in_plane(angle, scale, shift), "the matrix")

"""A whole network against the same network in torch: outputs, and the gradient of every weight and bias."""

import itertools

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided


def layers(draw, *sizes, dtype=torch.float64):
    """Weights (out, in) and biases for layers between these sizes, so scaled that the signal keeps its size."""
    pairs = list(itertools.pairwise(sizes))
    weights = [draw.normal(n_out, n_in, std=n_in**-0.5, dtype=dtype) for n_in, n_out in pairs]
    return weights, [draw.normal(n_out, std=0.5, dtype=dtype) for _, n_out in pairs]


def network(x, *parameters):
    """ReLU after every layer but the last."""
    depth = len(parameters) // 2
    weights, biases = parameters[:depth], parameters[depth:]
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        x = torch.relu(x @ weight.T + bias)
    return x @ weights[-1].T + biases[-1]


def case(draw, n, *sizes, dtype=torch.float64):
    x, (weights, biases) = draw.normal(n, sizes[0], dtype=dtype), layers(draw, *sizes, dtype=dtype)
    mlp = reference(network, x, *weights, *biases)
    grad_output = draw.like(mlp.output)
    return (x, weights, biases), mlp.output, grad_output, mlp.gradients(grad_output)


def forward_and_back(solution, x, weights, biases, grad_output):
    """What a training step needs: the output, then the gradients, from what the forward pass kept."""
    output, cache = solution.mlp_forward(x, weights, biases)
    return output, *flat(solution.mlp_backward(grad_output, weights, cache))


def flat(gradients):
    """Gradients one after the other, if they come as they should: one, a list and a list."""
    if isinstance(gradients, tuple | list) and [isinstance(part, tuple | list) for part in gradients] == [0, 1, 1]:
        return [gradients[0], *gradients[1], *gradients[2]]
    return [gradients]


def two_at_once(solution, first, second, grad_output):
    """Two forward passes, and only then the two backward passes."""
    _, cache = solution.mlp_forward(*first)
    _, other = solution.mlp_forward(*second)
    gradients = flat(solution.mlp_backward(grad_output, first[1], cache))
    solution.mlp_backward(grad_output, second[1], other)
    return gradients


def names(depth):
    grads = [f"{kind}[{k}]" for kind in ("grad_weights", "grad_biases") for k in range(depth)]
    return ("the output", "grad_x", *grads)


def outputs(solution, x, weights, biases):
    return solution.mlp_forward(x, weights, biases)[0]


@pytest.mark.parametrize("n, sizes", [(5, (4, 3)), (5, (4, 6, 3)), (3, (2, 7, 5, 4)), (2, (3, 4, 5, 6, 2))])
def test_the_output_matches_torch(learner, draw, n, sizes):
    inputs, output, _, _ = case(draw, n, *sizes)
    assert_matches(learner.run(outputs, *inputs), output, "the output", terms=30)


@pytest.mark.builds_on("test_the_output_matches_torch")
@pytest.mark.parametrize("n, sizes", [(5, (4, 3)), (5, (4, 6, 3)), (3, (2, 7, 5, 4)), (2, (3, 4, 5, 6, 2))])
def test_all_gradients_match_autograd(learner, draw, n, sizes):
    inputs, output, grad_output, expected = case(draw, n, *sizes)
    actual = learner.run(forward_and_back, *inputs, grad_output)
    assert_matches(actual, (output, *expected), names(len(sizes) - 1), terms=60)


@pytest.mark.builds_on("test_all_gradients_match_autograd")
def test_dead_units_pass_nothing_back(learner, draw):
    inputs, _, grad_output, _ = case(draw, 6, 3, 5, 4, 2)
    x, weights, biases = inputs
    biases[0][1], biases[1][2] = -100.0, -100.0  # never above zero
    mlp = reference(network, x, *weights, *biases)
    actual = learner.run(forward_and_back, x, weights, biases, grad_output)
    assert_matches(actual, (mlp.output, *mlp.gradients(grad_output)), names(3), terms=60)


@pytest.mark.builds_on("test_all_gradients_match_autograd")
def test_a_sum_of_exactly_zero_passes_nothing_back(learner, draw):
    inputs, _, grad_output, _ = case(draw, 4, 3, 5, 2)
    x, weights, biases = inputs
    x[1], biases[0][2] = 0.0, 0.0  # the second sample meets the third unit at zero
    mlp = reference(network, x, *weights, *biases)
    actual = learner.run(forward_and_back, x, weights, biases, grad_output)
    assert_matches(actual, (mlp.output, *mlp.gradients(grad_output)), names(2), terms=60)


@pytest.mark.builds_on("test_all_gradients_match_autograd")
def test_every_pass_has_a_cache_of_its_own(learner, draw):
    first, _, grad_output, expected = case(draw, 5, 4, 6, 3)
    second = (draw.normal(5, 4), first[1], first[2])
    actual = learner.run(two_at_once, first, second, grad_output)
    assert_matches(tuple(actual), tuple(expected), names(2)[1:], terms=60)


@pytest.mark.builds_on("test_all_gradients_match_autograd")
def test_one_sample_and_float32(learner, draw):
    for n, dtype in ((1, torch.float64), (4, torch.float32)):
        inputs, output, grad_output, expected = case(draw, n, 4, 6, 3, dtype=dtype)
        actual = learner.run(forward_and_back, *inputs, grad_output)
        assert_matches(actual, (output, *expected), names(2), terms=200)


@pytest.mark.builds_on("test_all_gradients_match_autograd")
def test_other_layouts_and_inputs_left_as_they_were(learner, draw):
    (x, weights, biases), output, grad_output, expected = case(draw, 5, 4, 6, 3)
    actual = learner.run(forward_and_back, strided(x), [strided(w) for w in weights], biases, strided(grad_output))
    assert_matches(actual, (output, *expected), names(2), terms=60)
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("sizes", [(4, 3), (784, 128, 10), (3, 7, 7, 5, 2)])
def test_the_number_of_parameters(learner, draw, sizes):
    weights, biases = layers(draw, *sizes)
    expected = sum(tensor.numel() for tensor in (*weights, *biases))
    assert_matches(learner.parameters_of_mlp(sizes), expected, f"the number of parameters of {sizes}")

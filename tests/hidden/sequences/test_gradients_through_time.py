"""Against autograd through an unrolled network in float64."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches

SIZES = [(3, 2), (5, 4), (6, 3), (8, 5)]  # T, H


def unrolled(draw, t, h, scale=1.2):
    """A network's Wₕ, h₀ and states, which keep their graph: (weight_h, h0, list of states)."""
    weight_h = draw.normal(h, h, std=scale * h**-0.5).requires_grad_()
    h0, driven = draw.normal(h).requires_grad_(), 0.5 * draw.normal(t, h)
    states, state = [], h0
    for step in driven:
        state = torch.tanh(step + state @ weight_h)
        states.append(state)
    return weight_h, h0, states


def plain(*tensors):
    return tuple(tensor.detach().clone() for tensor in tensors)


@pytest.mark.parametrize("h", [2, 3, 5])
def test_the_jacobian_of_one_step(learner, draw, h):
    weight_h, before = draw.normal(h, h), draw.normal(h)
    driven = draw.normal(h)
    jacobian = torch.autograd.functional.jacobian(lambda b: torch.tanh(driven + b @ weight_h), before)
    state = torch.tanh(driven + before @ weight_h)
    assert_matches(learner.state_jacobian(weight_h, state), jacobian, "the Jacobian", terms=10)


@pytest.mark.parametrize(("t", "h"), SIZES)
def test_the_norms_match_autograd(learner, draw, t, h):
    weight_h, _, states = unrolled(draw, t, h)
    grad = draw.normal(h)
    loss = (states[-1] * grad).sum()
    expected = torch.stack([g.norm() for g in torch.autograd.grad(loss, states)])
    got = learner.gradient_norms(*plain(weight_h, torch.stack(states), grad))
    assert_matches(got, expected, "the norms", terms=40)


@pytest.mark.parametrize("radius", [0.5, 1.0, 1.7])
@pytest.mark.parametrize("h", [3, 6])
def test_the_spectral_radius(learner, draw, h, radius):
    weight_h = draw.normal(h, h)
    largest = torch.linalg.eigvals(weight_h).abs().max()
    assert_matches(learner.scale_to_radius(weight_h, radius), weight_h * radius / largest, "the result", terms=100)


def test_a_rotation_has_complex_eigenvalues(learner, draw):
    turn = draw.uniform(1, low=0.5, high=1.2)
    rotation = torch.stack([torch.cat([turn.cos(), -turn.sin()]), torch.cat([turn.sin(), turn.cos()])])
    length = draw.uniform(1, low=1.5, high=3.0)
    assert_matches(learner.scale_to_radius(length * rotation, 0.9), 0.9 * rotation, "the result", terms=10)


@pytest.mark.parametrize(("t", "h"), SIZES)
def test_uncut_it_is_the_whole_gradient(learner, draw, t, h):
    weight_h, h0, states = unrolled(draw, t, h)
    grads = draw.normal(t, h)
    (expected,) = torch.autograd.grad((torch.stack(states) * grads).sum(), [weight_h])
    for steps in (t, t + 3):
        inputs = plain(grads, torch.stack(states), h0, weight_h)
        assert_matches(learner.truncated_grad_weight_h(*inputs, steps), expected, "the gradient", terms=60)


@pytest.mark.parametrize("steps", [1, 2, 3])
@pytest.mark.parametrize(("t", "h"), SIZES)
def test_cut_off_each_loss_reaches_so_far(learner, draw, t, h, steps):
    weight_h, h0, states = unrolled(draw, t, h)
    grads, driven = draw.normal(t, h), None
    with torch.no_grad():
        before = [h0, *states]
        driven = [torch.atanh(states[k]) - before[k] @ weight_h for k in range(t)]
    expected = torch.zeros_like(weight_h)
    for last in range(t):
        first = max(last - steps + 1, 0)
        state = before[first].detach()
        for k in range(first, last + 1):
            state = torch.tanh(driven[k] + state @ weight_h)
        expected += torch.autograd.grad((state * grads[last]).sum(), [weight_h])[0]
    inputs = plain(grads, torch.stack(states), h0, weight_h)
    assert_matches(learner.truncated_grad_weight_h(*inputs, steps), expected, "the gradient", terms=1000)


@pytest.mark.builds_on("test_uncut_it_is_the_whole_gradient", "test_the_norms_match_autograd")
def test_inputs_stay_as_they_are(learner, draw):
    weight_h, h0, states = unrolled(draw, 4, 3)
    states = torch.stack(states)
    learner.truncated_grad_weight_h(*plain(draw.normal(4, 3), states, h0, weight_h), 2)
    learner.gradient_norms(*plain(weight_h, states, draw.normal(3)))
    assert_inputs_unchanged(learner)

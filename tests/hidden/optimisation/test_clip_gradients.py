"""Against torch.nn.utils' clip_grad_norm_ and clip_grad_value_, run on copies in the grader."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided


def torchs(clip, grads, *arguments):
    """What torch makes of copies of these gradients, and what it returns."""
    params = []
    for grad in grads:
        param = torch.nn.Parameter(torch.zeros(1 if grad is None else grad.shape, dtype=torch.float64))
        if grad is not None:
            param = torch.nn.Parameter(torch.zeros_like(grad))
            param.grad = grad.clone()
        params.append(param)
    returned = clip(params, *arguments)
    return [param.grad for param in params], returned


def by_norm(grads, max_norm):
    clipped, norm = torchs(torch.nn.utils.clip_grad_norm_, grads, max_norm)
    return clipped, norm


def some(draw, dtype=torch.float64):
    return [draw.normal(3, 4, dtype=dtype), draw.normal(5, dtype=dtype), draw.normal(2, 1, 3, dtype=dtype)]


@pytest.mark.parametrize("max_norm", [1.0, 0.3, 2.5])
def test_the_norm_over_all_tensors_is_clipped(learner, draw, max_norm):
    grads = some(draw)
    assert_matches(learner.clip_grad_norm(grads, max_norm), by_norm(grads, max_norm), ("grads", "norm"), terms=23)


@pytest.mark.builds_on("test_the_norm_over_all_tensors_is_clipped")
def test_what_is_short_enough_stays_as_it_is(learner, draw):
    grads = some(draw)
    assert_matches(learner.clip_grad_norm(grads, 100.0), by_norm(grads, 100.0), ("grads", "norm"), terms=23)


@pytest.mark.builds_on("test_the_norm_over_all_tensors_is_clipped")
@pytest.mark.parametrize("max_norm", [0.5, 50.0])
def test_parameters_without_a_gradient_are_left_out(learner, draw, max_norm):
    grads = some(draw)
    grads.insert(1, None)
    assert_matches(learner.clip_grad_norm(grads, max_norm), by_norm(grads, max_norm), ("grads", "norm"), terms=23)


@pytest.mark.builds_on("test_the_norm_over_all_tensors_is_clipped")
def test_zeros_stay_zeros(learner):
    grads = [torch.zeros(2, 3, dtype=torch.float64), torch.zeros(4, dtype=torch.float64)]
    assert_matches(learner.clip_grad_norm(grads, 1.0), by_norm(grads, 1.0), ("grads", "norm"))


@pytest.mark.builds_on("test_the_norm_over_all_tensors_is_clipped")
def test_tiny_gradients_meet_the_one_millionth(learner, draw):
    """The 1e-6 in the denominator shows where norms are of its size."""
    grads = [draw.normal(4) * 1e-6, draw.normal(3) * 1e-6]
    assert_matches(learner.clip_grad_norm(grads, 1e-7), by_norm(grads, 1e-7), ("grads", "norm"), terms=7)


@pytest.mark.builds_on("test_the_norm_over_all_tensors_is_clipped")
def test_one_huge_tensor_scales_all_others_down(learner, draw):
    grads = some(draw)
    grads[1] = grads[1] * 1e6
    assert_matches(learner.clip_grad_norm(grads, 1.0), by_norm(grads, 1.0), ("grads", "norm"), terms=23)


@pytest.mark.builds_on("test_the_norm_over_all_tensors_is_clipped")
def test_nothing_to_clip(learner):
    expected = ([None, None], torch.tensor(0.0))
    assert_matches(learner.clip_grad_norm([None, None], 1.0), expected, ("grads", "norm"))


@pytest.mark.parametrize("limit", [0.5, 1.2])
def test_each_element_is_clipped(learner, draw, limit):
    grads = [*some(draw), None]
    expected, _ = torchs(torch.nn.utils.clip_grad_value_, grads, limit)
    assert_matches(learner.clip_grad_value(grads, limit), expected, "grads")


@pytest.mark.builds_on("test_the_norm_over_all_tensors_is_clipped", "test_each_element_is_clipped")
def test_float32_other_layouts_and_inputs_left_as_they_were(learner, draw):
    grads = some(draw, torch.float32)
    actual = learner.clip_grad_norm([strided(grad) for grad in grads], 0.7)
    assert_matches(actual, by_norm(grads, 0.7), ("grads", "norm"), terms=23)
    assert_inputs_unchanged(learner)
    expected, _ = torchs(torch.nn.utils.clip_grad_value_, grads, 0.4)
    assert_matches(learner.clip_grad_value([strided(grad) for grad in grads], 0.4), expected, "grads")
    assert_inputs_unchanged(learner)

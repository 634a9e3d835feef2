"""Against torch's resizing and autograd, the schedule image by image, the features sample by sample."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference

SHAPES = [(2, 3, 2, 4), (3, 1, 4, 2), (1, 2, 6, 4)]


@pytest.mark.parametrize("shape", SHAPES)
def test_twice_and_half_the_size(learner, draw, shape):
    images = draw.normal(*shape)
    assert_matches(learner.double(images), F.interpolate(images, scale_factor=2), "double(images)")
    assert_matches(learner.halve(images), F.avg_pool2d(images, 2), "halve(images)", terms=4)


def faded(old, new, alpha):
    return (1 - alpha) * F.interpolate(old, scale_factor=2) + alpha * new


@pytest.mark.parametrize("alpha", [0.0, 0.25, 0.7, 1.0])
@pytest.mark.parametrize("shape", [(2, 3, 2, 4), (3, 1, 3, 2)])
def test_a_new_layer_is_faded_in(learner, draw, shape, alpha):
    n, c, h, w = shape
    old, new = draw.normal(*shape), draw.normal(n, c, 2 * h, 2 * w)
    assert_matches(learner.fade(old, new, alpha), faded(old, new, alpha), "the images", terms=4)


@pytest.mark.parametrize("alpha", [0.25, 0.7])
@pytest.mark.parametrize("shape", [(2, 3, 2, 4), (3, 1, 3, 2)])
def test_both_layers_get_their_gradient(learner, draw, shape, alpha):
    n, c, h, w = shape
    both = reference(lambda old, new: faded(old, new, alpha), draw.normal(*shape), draw.normal(n, c, 2 * h, 2 * w))
    grad_output = draw.like(both.output)
    got = learner.fade_backward(grad_output, alpha)
    assert_matches(got, both.gradients(grad_output), ("grad_old", "grad_new"), terms=8)


def stages(solution, moments, options):
    return [solution.stage(moment, *options) for moment in moments]


@pytest.mark.parametrize("options", [(4, 6, 4, 16), (5, 3, 4, 32), (1, 1, 2, 8), (6, 4, 8, 8)])
def test_the_schedule(learner, options):
    fading, stable, start, final = options
    asked = f"{fading=}, {stable=}, {start=}, {final=}"
    right = [(start, 1.0)] * stable
    side = start
    while side < final:
        side *= 2
        right += [(side, k / fading) for k in range(fading)] + [(side, 1.0)] * stable
    right += [(final, 1.0)] * 9
    got = learner.run(stages, list(range(len(right))), options)
    answers = got if isinstance(got, list) else []
    for moment, (mine, expected) in enumerate(zip(answers, right, strict=False)):
        same = (
            isinstance(mine, tuple) and len(mine) == 2 and mine[0] == expected[0] and abs(mine[1] - expected[1]) < 1e-9
        )
        assert same, f"stage(images_seen={moment}, {asked}) is {mine!r}, and it should be {expected!r}: side and alpha."
    assert_matches(got, right, "the stages")


def norm(x, eps):
    return x / (x.square().mean(1, keepdim=True) + eps).sqrt()


@pytest.mark.parametrize("eps", [0.5, 1e-8])
@pytest.mark.parametrize("shape", [(2, 5, 2, 3), (3, 2, 1, 4), (1, 7, 3, 2)])
def test_pixel_norm_and_its_gradient(learner, draw, shape, eps):
    x = draw.normal(*shape)
    normed = reference(lambda x: norm(x, eps), x)
    assert_matches(learner.pixel_norm(x, eps), normed.output, "the output", terms=10)
    grad_output = draw.like(normed.output)
    got = learner.pixel_norm_backward(grad_output, x, eps)
    (expected,) = normed.gradients(grad_output)
    assert_matches(got, expected, "the gradient", terms=100)


@pytest.mark.parametrize("eps", [0.4, 1e-8])
@pytest.mark.parametrize("shape", [(4, 3, 2, 3), (2, 1, 3, 2), (5, 2, 1, 1)])
def test_how_much_the_samples_differ(learner, draw, shape, eps):
    x = draw.normal(*shape)
    spread = (x.var(0, correction=0) + eps).sqrt().mean()
    expected = torch.cat([x, spread.expand(shape[0], 1, *shape[2:])], 1)
    assert_matches(learner.minibatch_stddev(x, eps), expected, "the output", terms=50)


@pytest.mark.builds_on("test_how_much_the_samples_differ")
def test_samples_that_are_all_alike(learner, draw):
    x = draw.normal(1, 3, 2, 2).expand(4, 3, 2, 2).contiguous()
    expected = torch.cat([x, torch.full((4, 1, 2, 2), 0.1, dtype=torch.float64)], 1)
    assert_matches(learner.minibatch_stddev(x, 0.01), expected, "the output", terms=50)


@pytest.mark.parametrize(("n", "f", "b", "k"), [(4, 3, 5, 2), (5, 2, 3, 4), (2, 4, 1, 3)])
def test_how_near_each_sample_is_to_the_others(learner, draw, n, f, b, k):
    x, weight = draw.normal(n, f), 0.4 * draw.normal(f, b, k)
    m = torch.einsum("nf,fbk->nbk", x, weight)
    near = torch.zeros(n, b, dtype=torch.float64)
    for i in range(n):
        for j in range(n):
            if i != j:
                near[i] += torch.exp(-(m[i] - m[j]).abs().sum(1))
    assert_matches(learner.minibatch_features(x, weight), torch.cat([x, near], 1), "the output", terms=50)


@pytest.mark.builds_on("test_pixel_norm_and_its_gradient", "test_a_new_layer_is_faded_in")
def test_inputs_stay_as_they_are(learner, draw):
    learner.fade(draw.normal(1, 2, 2, 2), draw.normal(1, 2, 4, 4), 0.3)
    learner.fade_backward(draw.normal(1, 2, 4, 4), 0.3)
    learner.pixel_norm(draw.normal(2, 3, 2, 2))
    learner.minibatch_stddev(draw.normal(3, 2, 2, 2))
    learner.minibatch_features(draw.normal(3, 2), draw.normal(2, 3, 2))
    assert_inputs_unchanged(learner)

"""Against torch's grouped convolution, channel shuffle and autograd; costs against layers and a count by torch."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, reference, strided

GRADS = ("grad_x", "grad_weight")
PLACES = [((1, 1), (0, 0)), ((2, 1), (0, 0)), ((1, 3), (1, 0)), ((2, 3), (1, 2))]


def told(value):
    return f"{value[0]} by {value[1]}"


def by_torch(x, weight, *, stride=(1, 1), padding=(0, 0)):
    """Depthwise: as many groups as channels."""
    return F.conv2d(x, weight, None, stride, padding, 1, x.shape[1])


@pytest.mark.parametrize("shape, c_out", [((2, 3, 4, 5), 7), ((1, 6, 3, 2), 2), ((3, 1, 2, 4), 5)])
def test_pointwise(learner, draw, shape, c_out):
    x, weight = draw.normal(*shape), draw.normal(c_out, shape[1])
    assert_matches(learner.pointwise(x, weight), F.conv2d(x, weight[..., None, None]), "the output", terms=6)
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("shape, c_out", [((2, 3, 4, 5), 7), ((1, 6, 3, 2), 2), ((3, 1, 2, 4), 5)])
def test_the_gradients_of_pointwise(learner, draw, shape, c_out):
    x, weight = draw.normal(*shape), draw.normal(c_out, shape[1])
    layer = reference(lambda x, w: F.conv2d(x, w[..., None, None]), x, weight)
    grad_output = draw.like(layer.output)
    actual = learner.pointwise_backward(grad_output, x, weight)
    assert_matches(actual, layer.gradients(grad_output), GRADS, terms=40)
    assert_inputs_unchanged(learner)


def depthwise_inputs(draw, multiplier, *, x=(2, 3, 7, 8), kernel=(3, 2), dtype=torch.float64):
    return draw.normal(*x, dtype=dtype), draw.normal(x[1] * multiplier, 1, *kernel, dtype=dtype)


@pytest.mark.parametrize("stride, padding", PLACES, ids=told)
def test_one_filter_for_each_channel(learner, draw, stride, padding):
    x, weight = depthwise_inputs(draw, 1)
    expected = by_torch(x, weight, stride=stride, padding=padding)
    assert_matches(learner.depthwise(x, weight, stride=stride, padding=padding), expected, "the output", terms=6)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_one_filter_for_each_channel")
@pytest.mark.parametrize("multiplier", [2, 4])
def test_several_filters_for_each_channel(learner, draw, multiplier):
    x, weight = depthwise_inputs(draw, multiplier)
    expected = by_torch(x, weight, stride=(2, 1), padding=(1, 2))
    assert_matches(learner.depthwise(x, weight, stride=(2, 1), padding=(1, 2)), expected, "the output", terms=6)


@pytest.mark.builds_on("test_one_filter_for_each_channel")
def test_a_small_one(learner, draw):
    x, weight = depthwise_inputs(draw, 2, x=(1, 2, 3, 4), kernel=(1, 2))
    expected = by_torch(x, weight, stride=(2, 1), padding=(0, 1))
    assert_matches(learner.depthwise(x, weight, stride=(2, 1), padding=(0, 1)), expected, "the output", terms=6)


def depthwise_case(draw, multiplier, parameters, **shapes):
    x, weight = depthwise_inputs(draw, multiplier, **shapes)
    layer = reference(by_torch, x, weight, **parameters)
    grad_output = draw.like(layer.output)
    return (grad_output, x, weight), layer.gradients(grad_output)


@pytest.mark.parametrize("stride, padding", PLACES, ids=told)
def test_the_gradients_of_one_filter_for_each_channel(learner, draw, stride, padding):
    parameters = {"stride": stride, "padding": padding}
    args, expected = depthwise_case(draw, 1, parameters)
    assert_matches(learner.depthwise_backward(*args, **parameters), expected, GRADS, terms=100)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_gradients_of_one_filter_for_each_channel")
@pytest.mark.parametrize("multiplier", [2, 4])
def test_the_gradients_of_several_filters_for_each_channel(learner, draw, multiplier):
    parameters = {"stride": (2, 1), "padding": (1, 2)}
    args, expected = depthwise_case(draw, multiplier, parameters)
    assert_matches(learner.depthwise_backward(*args, **parameters), expected, GRADS, terms=100)


@pytest.mark.builds_on("test_the_gradients_of_one_filter_for_each_channel")
def test_rows_that_no_window_reaches_get_zero(learner, draw):
    args, expected = depthwise_case(draw, 2, {"stride": (3, 4)}, x=(1, 2, 9, 7), kernel=(2, 2))
    assert_matches(learner.depthwise_backward(*args, stride=(3, 4)), expected, GRADS, terms=10)


@pytest.mark.builds_on(
    "test_several_filters_for_each_channel", "test_the_gradients_of_several_filters_for_each_channel"
)
def test_float32_and_other_layouts(learner, draw):
    parameters = {"padding": (1, 0)}
    x, weight = depthwise_inputs(draw, 2, dtype=torch.float32)
    actual = learner.depthwise(strided(x), strided(weight), **parameters)
    assert_matches(actual, by_torch(x, weight, **parameters), "the output", terms=6)
    args, expected = depthwise_case(draw, 2, parameters, dtype=torch.float32)
    assert_matches(learner.depthwise_backward(*map(strided, args), **parameters), expected, GRADS, terms=100)
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("c_out, c_in, groups", [(6, 4, 2), (6, 9, 3), (8, 4, 4), (5, 3, 1)])
def test_the_dense_kernel_does_the_same_without_groups(learner, draw, c_out, c_in, groups):
    x, weight = draw.normal(2, c_in, 5, 6), draw.normal(c_out, c_in // groups, 2, 3)
    dense = learner.dense_kernel(weight, groups)
    shape = torch.zeros(c_out, c_in, 2, 3, dtype=torch.float64)
    assert_matches(torch.zeros_like(dense) if isinstance(dense, torch.Tensor) else dense, shape, "the dense kernel")
    # Each group by itself, with torch's grouped convolution: what each input channel gives each output channel.
    parts = [
        F.conv2d(torch.where(torch.arange(c_in)[:, None, None] == c, x, 0.0), weight, groups=groups)
        for c in range(c_in)
    ]
    for c in range(c_in):
        alone = F.conv2d(x[:, c : c + 1], dense[:, c : c + 1])
        assert_matches(alone, parts[c], f"what input channel {c} gives through your kernel", terms=6)
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("channels, groups", [(6, 2), (6, 3), (12, 4), (5, 1), (7, 7)])
def test_the_shuffle_matches_torch(learner, draw, channels, groups):
    x = draw.normal(2, channels, 3, 4)
    assert_matches(learner.channel_shuffle(x, groups), torch.channel_shuffle(x, groups), "the output")
    assert_matches(learner.channel_shuffle(strided(x), groups), torch.channel_shuffle(x, groups), "the output")


@pytest.mark.parametrize("channels, groups", [(6, 2), (6, 3), (12, 4), (5, 1)])
def test_the_gradient_of_the_shuffle(learner, draw, channels, groups):
    shuffled = reference(torch.channel_shuffle, draw.normal(2, channels, 3, 4), groups=groups)
    grad_output = draw.like(shuffled.output)
    expected = shuffled.gradients(grad_output)[0]
    assert_matches(learner.channel_shuffle_backward(grad_output, groups), expected, "grad_x")
    assert_inputs_unchanged(learner)


def counted(c_in, c_out, kernel, out_size, groups=1):
    """Weights, and products counted by a convolution of ones with ones: each output is the number of its products."""
    weight = torch.ones(c_out, c_in // groups, *kernel, dtype=torch.float64)
    x = torch.ones(1, c_in, out_size[0] + kernel[0] - 1, out_size[1] + kernel[1] - 1, dtype=torch.float64)
    return weight.numel(), int(F.conv2d(x, weight, groups=groups).sum())


def sizes(draw):
    kernel = draw.integer(2, 6), draw.integer(2, 6)
    return kernel, (draw.integer(3, 12), draw.integer(3, 12))


COSTS = ("the weights", "the multiply-adds")


def check(function, name, questions):
    answers = [function(*places, **parameters) for places, parameters, _ in questions]
    for (places, parameters, right), answer in zip(questions, answers, strict=True):
        said = ", ".join([*map(str, places), *(f"{key}={value}" for key, value in parameters.items())])
        names = tuple(f"{what} of {name}({said})" for what in COSTS)
        assert_matches(tuple(answer) if isinstance(answer, list) else answer, right, names)


def test_what_a_grouped_convolution_costs(learner, draw):
    questions = []
    for _ in range(20):
        groups = draw.integer(2, 6)
        c_in, c_out = groups * draw.integer(1, 5), groups * draw.integer(1, 5)
        places = (c_in, c_out, *sizes(draw))
        questions.append((places, {"groups": groups}, counted(*places, groups)))
    check(learner.conv_costs, "conv_costs", questions)


def test_what_a_convolution_without_groups_costs(learner, draw):
    questions = []
    for _ in range(10):
        places = (draw.integer(1, 9), draw.integer(1, 9), *sizes(draw))
        questions.append((places, {}, counted(*places)))
    check(learner.conv_costs, "conv_costs", questions)


def test_groups_that_do_not_divide_the_channels_are_refused(learner, draw):
    kernel, out_size = sizes(draw)
    learner.conv_costs(6, 9, kernel, out_size, groups=3)
    assert_raises(ValueError, learner.conv_costs, 6, 8, kernel, out_size, groups=3)
    assert_raises(ValueError, learner.conv_costs, 5, 9, kernel, out_size, groups=3)


def test_what_a_separable_convolution_costs(learner, draw):
    questions = []
    for _ in range(20):
        c_in, c_out, multiplier = draw.integer(2, 9), draw.integer(2, 9), draw.integer(1, 4)
        kernel, out_size = sizes(draw)
        middle = c_in * multiplier
        depth, point = counted(c_in, middle, kernel, out_size, c_in), counted(middle, c_out, (1, 1), out_size)
        right = depth[0] + point[0], depth[1] + point[1]
        questions.append(((c_in, c_out, kernel, out_size), {"multiplier": multiplier}, right))
    check(learner.separable_costs, "separable_costs", questions)

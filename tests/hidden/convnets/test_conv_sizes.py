"""Torch's own layers, run on zeros, say how large an output is; the questions are drawn at random."""

import torch
from torch import nn

from tutor.testkit import assert_matches, assert_raises

QUESTIONS = 40


def drawn(draw, ask, count=QUESTIONS):
    """`count` different questions; those that `ask` refuses (None) are drawn again."""
    found = []
    while len(found) < count:
        question = ask()
        if question is not None and question not in found:
            found.append(question)
    return found


def check(function, name, questions, torch_says):
    """All the questions are asked, so that they can be told from every mistake; the first wrong answer is shown."""
    answers = [function(*places, **parameters) for places, parameters in questions]
    for (places, parameters), answer in zip(questions, answers, strict=True):
        said = ", ".join([*map(str, places), *(f"{key}={value}" for key, value in parameters.items())])
        assert_matches(answer, torch_says(*places, **parameters), f"{name}({said})")


def by_conv(size, kernel, **parameters):
    return nn.Conv1d(1, 1, kernel, **parameters)(torch.zeros(1, 1, size)).shape[-1]


def by_pool(size, kernel, **parameters):
    return nn.MaxPool1d(kernel, **parameters)(torch.zeros(1, 1, size)).shape[-1]


def by_transpose(size, kernel, **parameters):
    layer = nn.ConvTranspose1d(1, 1, kernel, **parameters)
    return layer(torch.zeros(1, 1, size)).shape[-1]


def test_a_convolution_with_stride_1(learner, draw):
    def ask():
        size, kernel, padding = draw.integer(8, 60), draw.integer(1, 8), draw.integer(0, 5)
        return (size, kernel), {"padding": padding}

    check(learner.conv_output_size, "conv_output_size", drawn(draw, ask), by_conv)


def ask_conv(draw):
    size, kernel, dilation = draw.integer(8, 60), draw.integer(2, 8), draw.integer(1, 5)
    stride, padding = draw.integer(2, 6), draw.integer(0, 5)
    if dilation * (kernel - 1) + 1 > size + 2 * padding:
        return None
    return (size, kernel), {"stride": stride, "padding": padding, "dilation": dilation}


def test_a_convolution_with_stride_padding_and_dilation(learner, draw):
    check(learner.conv_output_size, "conv_output_size", drawn(draw, lambda: ask_conv(draw)), by_conv)


def test_a_kernel_that_fits_exactly_has_one_position(learner, draw):
    kernel, dilation = draw.integer(2, 6), draw.integer(2, 4)
    size = dilation * (kernel - 1) + 1
    result = learner.conv_output_size(size, kernel, stride=3, dilation=dilation)
    assert_matches(result, 1, f"conv_output_size({size}, {kernel}, stride=3, dilation={dilation})")


def test_a_kernel_that_does_not_fit_is_refused(learner, draw):
    kernel, dilation = draw.integer(3, 6), draw.integer(2, 4)
    padding = draw.integer(0, 3)
    extent = dilation * (kernel - 1) + 1
    learner.conv_output_size(extent, kernel, padding=padding, dilation=dilation)
    assert_raises(
        ValueError, learner.conv_output_size, extent - 1 - 2 * padding, kernel, padding=padding, dilation=dilation
    )


def ask_pool(draw, **parameters):
    size, kernel, dilation = draw.integer(12, 60), draw.integer(2, 8), draw.integer(1, 4)
    stride, padding = draw.integer(2, 6), draw.integer(0, kernel // 2 + 1)
    if dilation * (kernel - 1) + 1 > size:
        return None
    return (size, kernel), {"stride": stride, "padding": padding, "dilation": dilation, **parameters}


def test_pooling_rounds_down(learner, draw):
    check(learner.pool_output_size, "pool_output_size", drawn(draw, lambda: ask_pool(draw)), by_pool)


def test_a_pool_without_a_stride_steps_by_its_kernel(learner, draw):
    def ask():
        return (draw.integer(12, 60), draw.integer(2, 8)), {}

    check(learner.pool_output_size, "pool_output_size", drawn(draw, ask), by_pool)


def test_pooling_in_ceil_mode(learner, draw):
    questions = drawn(draw, lambda: ask_pool(draw, ceil_mode=True))
    check(learner.pool_output_size, "pool_output_size", questions, by_pool)


def test_in_ceil_mode_no_window_begins_in_the_padding_on_the_right(learner, draw):
    def ask():
        kernel = draw.integer(2, 8)
        stride, padding = draw.integer(kernel, kernel + 4), draw.integer(1, kernel // 2 + 1)
        size = draw.integer(12, 60)
        count = -(-(size + 2 * padding - kernel) // stride) + 1
        outside = (count - 1) * stride >= size + padding
        return ((size, kernel), {"stride": stride, "padding": padding, "ceil_mode": True}) if outside else None

    check(learner.pool_output_size, "pool_output_size", drawn(draw, ask, 20), by_pool)


def ask_transpose(draw):
    size, kernel, dilation = draw.integer(4, 30), draw.integer(2, 8), draw.integer(1, 4)
    stride, padding = draw.integer(2, 6), draw.integer(0, 5)
    output_padding = draw.integer(0, max(stride, dilation))
    if (size - 1) * stride + dilation * (kernel - 1) + 1 - 2 * padding < 1:
        return None
    parameters = {"stride": stride, "padding": padding, "output_padding": output_padding, "dilation": dilation}
    return (size, kernel), parameters


def test_a_transposed_convolution(learner, draw):
    questions = drawn(draw, lambda: ask_transpose(draw))
    check(learner.conv_transpose_output_size, "conv_transpose_output_size", questions, by_transpose)


def test_there_and_back_a_size_returns(learner, draw):
    for (size, kernel), parameters in drawn(draw, lambda: ask_transpose(draw), 12):
        parameters = {**parameters, "output_padding": 0}
        large = learner.conv_transpose_output_size(size, kernel, **parameters)
        assert_matches(large, by_transpose(size, kernel, **parameters), f"the transposed size for {parameters}")
        parameters.pop("output_padding")
        back = learner.conv_output_size(large, kernel, **parameters)
        assert_matches(back, size, f"conv_output_size({large}, {kernel}) with {parameters}, which made {large} of it")


def by_padding_same(kernel, dilation=1):
    """Conv1d keeps what it pads with, the pair for its last axis first: (left, right)."""
    layer = nn.Conv1d(1, 1, kernel, dilation=dilation, padding="same")
    return tuple(layer._reversed_padding_repeated_twice)


def test_same_padding(learner, draw):
    questions = drawn(draw, lambda: ((draw.integer(1, 12), draw.integer(1, 6)), {}))
    check(learner.same_padding, "same_padding", questions, by_padding_same)


def test_same_padding_without_dilation(learner, draw):
    questions = drawn(draw, lambda: ((draw.integer(1, 30),), {}), 12)
    check(learner.same_padding, "same_padding", questions, by_padding_same)


def build(layer, shape):
    """The torch module of a layer."""
    kind = layer["kind"]
    if kind == "conv":
        names = {"kernel": "kernel_size", "stride": "stride", "padding": "padding", "dilation": "dilation"}
        parameters = {names[key]: value for key, value in layer.items() if key in names}
        bias, groups = layer["bias"], layer["groups"]
        return nn.Conv2d(shape[0], layer["out_channels"], **parameters, bias=bias, groups=groups)
    if kind == "maxpool":
        return nn.MaxPool2d(layer["kernel"], layer["stride"], layer["padding"])
    if kind == "batchnorm":
        return nn.BatchNorm2d(shape[0])
    if kind == "linear":
        return nn.Linear(shape[0], layer["out_features"], layer["bias"])
    return {"relu": nn.ReLU, "flatten": nn.Flatten}[kind]()


def expected_report(layers, shape):
    report = []
    for layer in layers:
        module = build(layer, shape)
        module.eval()
        shape = tuple(module(torch.zeros(1, *shape)).shape[1:])
        weight = module.weight if layer["kind"] in ("conv", "linear") else None
        positions = shape[1] * shape[2] if layer["kind"] == "conv" else 1
        cost = 0 if weight is None else weight.numel() * positions
        report.append((shape, sum(parameter.numel() for parameter in module.parameters()), cost))
    return report


def conv_layer(draw, channels, groups=1, **fixed):
    pair = {key: (draw.integer(low, high), draw.integer(low, high)) for key, low, high in PAIRS}
    while pair["kernel"][0] == pair["kernel"][1]:
        pair["kernel"] = (draw.integer(1, 5), draw.integer(1, 5))
    layer = {"kind": "conv", "out_channels": channels, **pair, "groups": groups, "bias": draw.choice([True, False])}
    return {**layer, **fixed}


PAIRS = (("kernel", 1, 5), ("stride", 1, 3), ("padding", 0, 3), ("dilation", 1, 3))


def pool_layer(draw):
    kernel = draw.integer(2, 4)
    return {"kind": "maxpool", "kernel": (kernel, 5 - kernel), "stride": (5 - kernel, 2), "padding": (1, 0)}


def image(draw, channels=3):
    height = draw.integer(40, 60)
    return (channels, height, height + draw.integer(3, 9))


def check_report(learner, layers, shape):
    expected = expected_report(layers, shape)
    result = learner.stack_report(layers, shape)
    if not isinstance(result, list) or len(result) != len(expected):
        assert_matches(result, expected, "the report")  # says what is wrong with its form
    for number, (layer, mine, right) in enumerate(zip(layers, result, expected, strict=True), 1):
        what = f"layer {number} ({layer['kind']})"
        names = (f"the output shape of {what}", f"the parameters of {what}", f"the multiply-adds of {what}")
        assert_matches(tuple(mine) if isinstance(mine, list) else mine, right, names)


def test_the_report_of_one_convolution(learner, draw):
    check_report(learner, [conv_layer(draw, draw.integer(5, 12), bias=False)], image(draw))


def test_the_report_of_a_convolution_with_a_bias(learner, draw):
    check_report(learner, [conv_layer(draw, draw.integer(5, 12), bias=True)], image(draw))


def test_the_report_of_a_convolution_in_groups(learner, draw):
    groups = draw.choice([2, 3])
    check_report(learner, [conv_layer(draw, 6 * draw.integer(2, 4), groups)], image(draw, 12))


def test_the_report_of_a_linear_layer(learner, draw):
    shape = (draw.integer(2, 5), draw.integer(6, 9), draw.integer(10, 13))
    for bias in (True, False):
        layers = [{"kind": "flatten"}, {"kind": "linear", "out_features": draw.integer(4, 9), "bias": bias}]
        check_report(learner, layers, shape)


def test_the_report_of_pooling_relu_and_batch_norm(learner, draw):
    check_report(learner, [{"kind": "relu"}, {"kind": "batchnorm"}, pool_layer(draw)], image(draw, 7))


def test_the_report_of_whole_stacks(learner, draw):
    for _ in range(4):
        first, second = draw.integer(5, 12), 4 * draw.integer(2, 5)
        layers = [
            conv_layer(draw, first),
            {"kind": "batchnorm"},
            {"kind": "relu"},
            pool_layer(draw),
            conv_layer(draw, 2 * first, dilation=(2, 1)),
            conv_layer(draw, 2 * second, groups=2, padding=(2, 3), dilation=(1, 2)),
            {"kind": "relu"},
            {"kind": "flatten"},
            {"kind": "linear", "out_features": draw.integer(20, 40), "bias": draw.choice([True, False])},
            {"kind": "relu"},
            {"kind": "linear", "out_features": 10, "bias": True},
        ]
        check_report(learner, layers, (3, draw.integer(70, 80), draw.integer(85, 99)))

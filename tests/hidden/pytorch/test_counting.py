"""Counts from the numbers of which each network is made, and from what torch's own tensors say of their sizes."""

import pytest
import torch

from tutor.testkit import assert_matches

# As text: a network in which modules are used twice, never, and inside each other, and two share a weight.
NETWORK = """
class Net(torch.nn.Module):
    def __init__(self, width, groups, bias):
        super().__init__()
        self.stem = torch.nn.Sequential(
            torch.nn.Conv2d(3, width, (3, 2), stride=(2, 1), padding=(1, 0), bias=bias), torch.nn.ReLU()
        )
        self.again = torch.nn.Conv2d(width, width, 3, padding=2, dilation=2, groups=groups, bias=bias)
        self.norm = torch.nn.BatchNorm2d(width)
        self.rows = torch.nn.Linear(7, 5, bias=bias)
        self.spare = torch.nn.Linear(4, 2)
        self.tied = torch.nn.Linear(7, 5, bias=False)
        self.tied.weight = self.rows.weight

    def forward(self, x):
        x = self.norm(self.again(self.again(self.stem(x))))
        return self.rows(x)
"""


def made(width, groups, bias, frozen, half):
    names = {"torch": torch}
    exec(NETWORK, names)
    net = names["Net"](width, groups, bias)
    for name in frozen:
        net.get_submodule(name).requires_grad_(False)
    for name in half:
        net.get_submodule(name).half()
    return net


def left_behind(net):
    kinds = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks")
    return sum(len(getattr(module, kind)) for module in net.modules() for kind in kinds)


def parameters(solution, arguments):
    return solution.count_parameters(made(*arguments))


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(
    "frozen, half", [([], []), (["stem", "norm"], []), (["rows"], ["again"]), (["spare"], ["norm", "spare"])]
)
def test_parameters_frozen_ones_buffers_and_their_bytes(learner, draw, bias, frozen, half):
    width = 2 * draw.integer(2, 5)
    sizes = {
        "stem": width * 3 * 6 + width * bias,
        "again": width * width * 9 // 2 + width * bias,
        "norm": 2 * width,
        "rows": 35 + 5 * bias,
        "spare": 8 + 2,
    }
    off = sum(sizes[name] for name in frozen)
    short = sum(sizes[name] for name in half)
    in_bytes = 4 * sum(sizes.values()) + 4 * 2 * width + 8 - 2 * short - (2 * 2 * width if "norm" in half else 0)
    expected = {"trainable": sum(sizes.values()) - off, "frozen": off, "buffers": 2 * width + 1, "bytes": in_bytes}
    assert_matches(learner.run(parameters, (width, 2, bias, frozen, half)), expected, "the counts")


def flops(solution, arguments, x):
    net = made(*arguments)
    return solution.count_flops(net, x), left_behind(net), net.training


NAMES = ("the operations", "hooks left behind", "still in training mode")


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("groups", [1, 2, 4])
def test_operations_of_linear_and_convolutional_layers(learner, draw, bias, groups):
    width, n, height = 4 * draw.integer(1, 3), draw.integer(2, 5), draw.integer(5, 10)
    out_h = (height + 2 - 3) // 2 + 1
    places = n * out_h * 7  # the width of the image goes from 8 to 7
    expected = {
        "stem.0": places * width * (2 * 18 + bias),
        "again": 2 * places * width * (2 * 9 * width // groups + bias),
        "rows": n * width * out_h * 5 * (2 * 7 + bias),
        "spare": 0,
        "tied": 0,
    }
    x = draw.normal(n, 3, height, 8, dtype=torch.float32)
    actual = learner.run(flops, (width, groups, bias, [], []), x)
    assert_matches(actual, (expected, 0, True), NAMES)


def of_one_linear(solution, x, out_features, bias):
    return solution.count_flops(torch.nn.Sequential(torch.nn.Linear(x.shape[-1], out_features, bias=bias)), x)


@pytest.mark.parametrize("shape", [(3,), (4, 3), (2, 4, 3), (2, 5, 4, 3)])
def test_a_linear_layer_with_any_axes_in_front(learner, draw, shape):
    x, rows = draw.normal(*shape, dtype=torch.float32), torch.Size(shape[:-1]).numel()
    assert_matches(learner.run(of_one_linear, x, 5, True), {"0": rows * 5 * 7}, "the operations")


def activations(solution, arguments, x, double):
    net = made(*arguments).eval()
    if double:
        net.double()
    return solution.activation_bytes(net, x), left_behind(net), net.training


@pytest.mark.parametrize("double", [False, True])
def test_the_bytes_of_activations(learner, draw, double):
    width, n, height = 2 * draw.integer(2, 5), draw.integer(2, 5), draw.integer(5, 10)
    out_h = (height + 2 - 3) // 2 + 1
    # convolution, ReLU, twice `again`, the normalisation; then rows of five
    numbers = 5 * n * width * out_h * 7 + n * width * out_h * 5
    x = draw.normal(n, 3, height, 8, dtype=torch.float64 if double else torch.float32)
    actual = learner.run(activations, (width, 2, True, [], []), x, double)
    assert_matches(actual, (numbers * (8 if double else 4), 0, False), ("the bytes", *NAMES[1:]))


@pytest.mark.parametrize("optimizer, kept", [("sgd", 0), ("momentum", 4), ("adam", 8)])
def test_the_bytes_of_training(learner, draw, optimizer, kept):
    for _ in range(4):
        trainable, frozen = draw.integer(1, 10**6), draw.integer(0, 10**6)
        whole = trainable * (4 + 4 + kept) + frozen * 4
        half = trainable * (2 + 2 + 4 + kept) + frozen * 2
        assert_matches(learner.training_bytes(trainable, frozen, optimizer), whole, "the bytes in float32")
        actual = learner.training_bytes(trainable, frozen, optimizer, mixed=True)
        assert_matches(actual, half, "the bytes in mixed precision")

"""The learner's module gets parameters drawn here; the reference runs torch's functions with the same ones."""

from itertools import pairwise

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches


def down(x, kernel, stride, padding):
    one = torch.ones(1, 1, kernel, kernel, dtype=x.dtype)
    return F.conv2d(x, one, stride=stride, padding=padding)


def up_sizes(size, kernel, stride, padding):
    """The sizes that a transposed convolution can make, by output padding."""
    small = down(torch.ones(1, 1, size, size), kernel, stride, padding)
    one = torch.ones(1, 1, kernel, kernel)
    made = [F.conv_transpose2d(small, one, None, stride, padding, extra).shape[-1] for extra in range(stride)]
    return made


@pytest.mark.parametrize("kernel, stride, padding", [(3, 2, 1), (4, 3, 1), (5, 4, 0), (2, 3, 1), (3, 1, 1), (4, 4, 2)])
def test_the_output_padding_restores_every_size(learner, draw, kernel, stride, padding):
    start = draw.integer(max(kernel, 5), 12)
    sizes = list(range(start, start + stride + 1))
    expected = [up_sizes(size, kernel, stride, padding).index(size) for size in sizes]
    actual = [learner.output_padding(size, kernel, stride, padding) for size in sizes]
    assert_matches(actual, expected, f"the output padding for the sizes {sizes}")


def sizes_down(size, layers, kernel, stride, padding):
    """(height, width) of the image and after each convolution."""
    sizes, x = [size], torch.ones(1, 1, *size)
    for _ in range(layers):
        x = down(x, kernel, stride, padding)
        sizes.append(tuple(x.shape[-2:]))
    return sizes


STACKS = [
    ([1, 4, 2], (12, 10), 3, 2, 1),
    ([3, 5, 4], (13, 10), 3, 2, 1),
    ([2, 3], (11, 15), 4, 3, 1),
    ([3, 4, 6, 2], (29, 22), 3, 2, 0),
    ([2, 5, 3], (9, 7), 3, 1, 1),
]


@pytest.mark.parametrize("number", range(len(STACKS)))
def test_the_shapes_on_the_way(learner, number):
    channels, size, *how = STACKS[number]
    sizes = sizes_down(size, len(channels) - 1, *how)
    shapes = [(c, *sides) for c, sides in zip(channels, sizes, strict=True)]
    expected = [*shapes[1:], *reversed(shapes[:-1])]
    actual = learner.layer_shapes(channels, size, *how)
    if isinstance(actual, tuple | list):
        actual = [tuple(shape) if isinstance(shape, tuple | list) else shape for shape in actual]
    assert_matches(actual, expected, "the list of shapes")


def parameters(draw, channels, kernel, dtype=torch.float64):
    """A state dict: the names that nn.Sequential gives, and random values."""
    state = {}
    for number, (few, many) in enumerate(pairwise(channels)):
        std = (2 / (few * kernel * kernel)) ** 0.5
        state[f"encoder.{2 * number}.weight"] = draw.normal(many, few, kernel, kernel, std=std, dtype=dtype)
        state[f"encoder.{2 * number}.bias"] = draw.normal(many, std=0.3, dtype=dtype)
    for number, (many, few) in enumerate(pairwise(channels[::-1])):
        state[f"decoder.{2 * number}.weight"] = draw.normal(many, few, kernel, kernel, std=0.4, dtype=dtype)
        state[f"decoder.{2 * number}.bias"] = draw.normal(few, std=0.3, dtype=dtype)
    return state


def torchs_code(state, x, channels, stride, padding):
    for number in range(len(channels) - 1):
        weight, bias = state[f"encoder.{2 * number}.weight"], state[f"encoder.{2 * number}.bias"]
        x = F.relu(F.conv2d(x, weight, bias, stride, padding))
    return x


def torchs_logits(state, x, channels, kernel, stride, padding):
    layers = len(channels) - 1
    sizes = sizes_down(tuple(x.shape[-2:]), layers, kernel, stride, padding)
    x = torchs_code(state, x, channels, stride, padding)
    for number in range(layers):
        weight, bias = state[f"decoder.{2 * number}.weight"], state[f"decoder.{2 * number}.bias"]
        wanted = sizes[layers - 1 - number]
        extra = [up_sizes(side, kernel, stride, padding).index(side) for side in wanted]
        x = F.conv_transpose2d(x, weight, bias, stride, padding, extra)
        x = F.relu(x) if number < layers - 1 else x
    return x


def names_and_shapes(solution, *args):
    model = solution.ConvAutoencoder(*args)
    return {name: list(value.shape) for name, value in model.state_dict().items()}


@pytest.mark.builds_on("test_the_output_padding_restores_every_size")
@pytest.mark.parametrize("number", range(len(STACKS)))
def test_the_layers_have_the_right_names_and_shapes(learner, draw, number):
    channels, kernel = STACKS[number][0], STACKS[number][2]
    expected = {name: list(value.shape) for name, value in parameters(draw, channels, kernel).items()}
    assert_matches(learner.run(names_and_shapes, *STACKS[number]), expected, "the state dict")


def plain(value):
    """Without its graph, if it is a tensor at all."""
    return value.detach().clone() if isinstance(value, torch.Tensor) else value


def loaded(solution, state, args):
    model = solution.ConvAutoencoder(*args).to(next(iter(state.values())).dtype)
    model.load_state_dict(state)
    return model


def code_of(solution, state, x, *args):
    return plain(loaded(solution, state, args).encode(x))


def logits_of(solution, state, x, *args):
    return plain(loaded(solution, state, args)(x))


@pytest.mark.builds_on("test_the_layers_have_the_right_names_and_shapes")
@pytest.mark.parametrize("number", range(len(STACKS)))
def test_the_code(learner, draw, number):
    channels, size, kernel, stride, padding = STACKS[number]
    state, x = parameters(draw, channels, kernel), draw.uniform(2, channels[0], *size)
    expected = torchs_code(state, x, channels, stride, padding)
    assert_matches(learner.run(code_of, state, x, *STACKS[number]), expected, "the code", terms=200)


@pytest.mark.builds_on("test_the_code")
@pytest.mark.parametrize("number", range(len(STACKS)))
def test_the_reconstructions_logits_have_the_size_of_the_image(learner, draw, number):
    channels, size, *how = STACKS[number]
    state, x = parameters(draw, channels, how[0]), draw.uniform(2, channels[0], *size)
    expected = torchs_logits(state, x, channels, *how)
    assert_matches(learner.run(logits_of, state, x, *STACKS[number]), expected, "the logits", terms=400)


@pytest.mark.builds_on("test_the_reconstructions_logits_have_the_size_of_the_image")
def test_kernel_three_stride_two_and_padding_one_unless_given(learner, draw):
    channels, size = [2, 4, 3], (11, 8)
    state, x = parameters(draw, channels, 3, torch.float32), draw.uniform(3, 2, *size, dtype=torch.float32)
    expected = torchs_logits(state, x, channels, 3, 2, 1)
    assert_matches(learner.run(logits_of, state, x, channels, size), expected, "the logits", terms=400)


def loss_of_layer(solution, weight, bias, x):
    """Of a model that isn't the learner's."""
    model = torch.nn.Conv2d(weight.shape[1], weight.shape[0], weight.shape[2:], padding=1).double()
    with torch.no_grad():
        model.weight.copy_(weight)
        model.bias.copy_(bias)
    loss = solution.reconstruction_loss(model, x)
    value = plain(loss)
    if isinstance(loss, torch.Tensor) and loss.requires_grad:
        loss.backward()
    return value, model.weight.grad, model.bias.grad


@pytest.mark.parametrize("n, c", [(4, 2), (3, 1), (1, 3)])
def test_the_loss_is_summed_over_pixels_and_averaged_over_samples(learner, draw, n, c):
    weight, bias, x = draw.normal(c, c, 3, 3), draw.normal(c), draw.uniform(n, c, 6, 5)
    leaves = [weight.clone().requires_grad_(), bias.clone().requires_grad_()]
    logits = F.conv2d(x, *leaves, padding=1)
    loss = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum((1, 2, 3)).mean()
    expected = (loss.detach(), *torch.autograd.grad(loss, leaves))
    names = ("the loss", "the gradient for the weight", "the gradient for the bias")
    assert_matches(learner.run(loss_of_layer, weight, bias, x), expected, names, terms=n * c * 30)
    assert_inputs_unchanged(learner)


def loss_and_gradients(solution, state, x, *args):
    model = loaded(solution, state, args)
    loss = solution.reconstruction_loss(model, x)
    value = plain(loss)
    if isinstance(loss, torch.Tensor) and loss.requires_grad:
        loss.backward()
    return value, {name: parameter.grad for name, parameter in model.named_parameters()}


@pytest.mark.builds_on(
    "test_the_loss_is_summed_over_pixels_and_averaged_over_samples",
    "test_the_reconstructions_logits_have_the_size_of_the_image",
)
def test_every_parameter_of_the_autoencoder_gets_its_gradient(learner, draw):
    channels, size, *how = STACKS[1]
    state, x = parameters(draw, channels, how[0]), draw.uniform(2, channels[0], *size)
    leaves = {name: value.clone().requires_grad_() for name, value in state.items()}
    logits = torchs_logits(leaves, x, channels, *how)
    loss = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum((1, 2, 3)).mean()
    grads = torch.autograd.grad(loss, list(leaves.values()))
    expected = (loss.detach(), dict(zip(leaves, grads, strict=True)))
    actual = learner.run(loss_and_gradients, state, x, *STACKS[1])
    assert_matches(actual, expected, ("the loss", "the gradients"), terms=2000)

"""Maps and gradients module by module, boxes by following every position down, the ascent in a plain loop."""

import math

import pytest
import torch
import torch.nn as nn
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided

SHAPES = [(3, 2, 9, 8), (2, 3, 7, 10)]
ORDER = ["body.conv1", "body.norm", "body.act", "body.drop", "body.conv2", "body.soft", "mean", "flat", "head"]


def network(seed, channels, sleepy):
    """Modes are mixed, a layer is frozen, all has a .grad; where there is a `sleepy` channel, it answers rarely."""
    torch.manual_seed(seed)
    body, net = nn.Sequential(), nn.Sequential()
    body.add_module("conv1", nn.Conv2d(channels, 4, (3, 2), stride=(2, 1), padding=(1, 1)))
    body.add_module("norm", nn.BatchNorm2d(4))
    body.add_module("act", nn.ReLU(inplace=True))
    body.add_module("drop", nn.Dropout(0.5))
    body.add_module("conv2", nn.Conv2d(4, 3, 2, padding=(0, 1)))
    body.add_module("soft", nn.Softplus())
    net.add_module("body", body)
    net.add_module("mean", nn.AdaptiveAvgPool2d(1))
    net.add_module("flat", nn.Flatten())
    net.add_module("head", nn.Linear(3, 5))
    net = net.double()
    norm = body.norm
    with torch.no_grad():
        norm.weight.copy_((0.5 + torch.rand(4)) * torch.randn(4).sign())
        norm.bias.uniform_(-0.2, 0.8)  # no channel sleeps throughout an image
        norm.running_mean.normal_(std=0.2)
        norm.running_var.uniform_(0.5, 2.0)
        if sleepy is not None:
            norm.weight[sleepy], norm.bias[sleepy] = 1.0, -3.0
            norm.running_mean[sleepy], norm.running_var[sleepy] = 0.0, 1.0
    for parameter in net.parameters():
        parameter.grad = torch.full_like(parameter, 2.0)
    body.conv2.requires_grad_(False)
    body.drop.eval()
    net.head.eval()
    net.head.register_forward_hook(lambda module, inputs, output: None)
    return net


def condition(net):
    """All that has to be afterwards as it was before."""
    modules, parameters = list(net.modules()), list(net.parameters())
    return {
        "the number of hooks of each module": [len(module._forward_hooks) for module in modules],
        "whether each module is in training mode": [int(module.training) for module in modules],
        "the parameters and buffers": [value.double().clone() for value in net.state_dict().values()],
        "the parameters' .grad": [parameter.grad.clone() for parameter in parameters],
        "whether each parameter requires a gradient": [int(parameter.requires_grad) for parameter in parameters],
    }


def asked(solution, function, seed, channels, sleepy, args, options):
    """What the function returns, how many parts of it have a graph, and the network's condition afterwards."""
    net = network(seed, channels, sleepy)
    result = getattr(solution, function)(net, *args, **options)
    parts = list(result) if isinstance(result, tuple | list) else [result]
    graphs = sum(1 for part in parts if isinstance(part, torch.Tensor) and part.requires_grad)
    found = [part.detach() if isinstance(part, torch.Tensor) else part for part in parts]
    return found if isinstance(result, tuple | list) else found[0], graphs, condition(net)


def check(learner, draw, function, shape, names, right, *args, terms, sleepy=None, **options):
    seed = draw.integer(0, 1000)
    result, graphs, after = learner.run(asked, function, seed, shape[1], sleepy, args, options)
    assert_inputs_unchanged(learner)
    expected = right(network(seed, shape[1], sleepy), *args, **options)
    if isinstance(result, list) and isinstance(expected, tuple):
        result = tuple(result)
    assert_matches(result, expected, names, terms=terms)
    assert_matches(graphs, 0, "how many of the results still have a graph")
    for what, before in condition(network(seed, shape[1], sleepy)).items():
        assert_matches(after[what], before, f"{what}, afterwards,")


def to_the_layer(net, name, x):
    """The output of a module, without hooks: one module after another, in evaluation mode."""
    net.eval()
    for step in ORDER[: ORDER.index({"body": "body.soft"}.get(name, name)) + 1]:
        x = net.get_submodule(step)(x.clone())
    return x


def right_maps(net, name, images):
    return to_the_layer(net, name, images).detach()


@pytest.mark.parametrize("name", ["body.conv1", "body.act", "body.conv2", "body"])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_maps_of_a_layer(learner, draw, shape, name):
    check(learner, draw, "feature_maps", shape, "the maps", right_maps, name, draw.normal(*shape), terms=50)


def test_maps_are_as_they_were_before_the_next_module_worked_in_place(learner, draw):
    images = draw.normal(*SHAPES[0])
    check(learner, draw, "feature_maps", SHAPES[0], "the maps", right_maps, "body.norm", images, terms=50)


def after_an_exception(solution, function, seed, args):
    """Whether the exception was passed on, and the network's condition."""
    net = network(seed, 2, None)
    try:
        getattr(solution, function)(net, *args)
    except NotImplementedError:  # a RuntimeError, too, but the stub's
        raise
    except RuntimeError:
        return True, condition(net)
    return False, condition(net)


@pytest.mark.parametrize("function", ["feature_maps", "activation_gradient"])
def test_nothing_stays_behind_when_the_network_fails(learner, draw, function):
    seed, images = draw.integer(0, 1000), draw.normal(2, 5, 9, 8)  # conv1 takes two channels
    args = ("body.conv2", images) if function == "feature_maps" else ("body.conv2", 1, images, 0.1)
    raised, after = learner.run(after_an_exception, function, seed, args)
    for what, before in condition(network(seed, 2, None)).items():
        assert_matches(after[what], before, f"{what}, after the network has raised an exception,")
    assert_matches(raised, True, "whether the network's RuntimeError was passed on")


def by_sorting(maps, k):
    """The places of each channel in order, then sorted; Python's sort keeps equal ones in their order."""
    n, channels, height, width = maps.shape
    places = [(image, row, column) for image in range(n) for row in range(height) for column in range(width)]
    found = [sorted(places, key=lambda at: -maps[at[0], c, at[1], at[2]].item())[:k] for c in range(channels)]
    values = [[maps[at[0], c, at[1], at[2]].item() for at in found[c]] for c in range(channels)]
    return torch.tensor(values, dtype=maps.dtype), torch.tensor(found)


STRONGEST = ("the largest numbers", "where they are")


@pytest.mark.parametrize(
    "shape, k", [((3, 4, 5, 6), 1), ((2, 3, 6, 4), 7), ((4, 2, 1, 5), 3), ((1, 3, 4, 3), 12), ((2, 1, 3, 4), 24)]
)
def test_the_strongest_places_of_each_channel(learner, draw, shape, k):
    maps = draw.normal(*shape) - 1.0
    assert_matches(learner.strongest(maps, k), by_sorting(maps, k), STRONGEST)
    assert_inputs_unchanged(learner)
    maps = strided(maps.float())
    assert_matches(learner.strongest(maps, k), by_sorting(maps, k), STRONGEST)


@pytest.mark.builds_on("test_the_strongest_places_of_each_channel")
def test_among_equal_numbers_the_first_comes_first(learner, draw):
    maps = draw.integers(-2, 3, 3, 2, 4, 5).double().clamp(min=0.0)
    assert_matches(learner.strongest(maps, 40), by_sorting(maps, 40), STRONGEST)
    zeros = torch.zeros(2, 3, 4, 3, dtype=torch.float64)
    assert_matches(learner.strongest(zeros, 5), by_sorting(zeros, 5), STRONGEST)


def followed_down(layers, position, axis):
    """All that a position sees, layer by layer, as a set of positions; the image is as large as it likes."""
    seen = {position}
    for kernel, stride, padding in reversed(layers):
        seen = {at * stride[axis] - padding[axis] + tap for at in seen for tap in range(kernel[axis])}
    return seen


def by_following(layers, row, column, height, width):
    rows = [at for at in followed_down(layers, row, 0) if 0 <= at < height]
    columns = [at for at in followed_down(layers, column, 1) if 0 <= at < width]
    return (min(rows), max(rows) + 1, min(columns), max(columns) + 1) if rows and columns else None


BOX = ("top", "bottom", "left", "right")


def random_layers(draw, count):
    """No stride is larger than its kernel, so that nothing in a box is left out."""
    layers = []
    for _ in range(count):
        kernel = draw.integer(1, 5), draw.integer(1, 5)
        stride = tuple(draw.integer(1, min(size, 3) + 1) for size in kernel)
        layers.append((kernel, stride, tuple(draw.integer(0, size // 2 + 1) for size in kernel)))
    return layers


def size_of(layers, size, axis):
    for kernel, stride, padding in layers:
        size = (size + 2 * padding[axis] - kernel[axis]) // stride[axis] + 1
    return size


def ask_boxes(draw, depth, wanted):
    """Questions, until there is one for each kind that is wanted: which of the four sides are cut."""
    questions, wanted = [], list(wanted)
    while wanted:
        layers = random_layers(draw, draw.integer(*depth))
        height, width = draw.integer(12, 40), draw.integer(12, 40)
        down, across = size_of(layers, height, 0), size_of(layers, width, 1)
        if min(down, across) < 1:
            continue
        row, column = draw.integer(0, down), draw.integer(0, across)
        box = by_following(layers, row, column, height, width)
        rows, columns = followed_down(layers, row, 0), followed_down(layers, column, 1)
        kind = (min(rows) < 0 or min(columns) < 0, max(rows) >= height or max(columns) >= width)
        if box and kind in wanted:
            wanted.remove(kind)
            questions.append((layers, row, column, height, width))
    return questions


def check_boxes(learner, questions):
    answers = [learner.input_box(*question) for question in questions]
    for (layers, row, column, height, width), answer in zip(questions, answers, strict=True):
        expected = by_following(layers, row, column, height, width)
        answer = tuple(answer) if isinstance(answer, list) else answer
        what = f"{BOX[0]} (of input_box({layers}, {row}, {column}, {height}, {width}))"
        assert_matches(answer, expected, (what, *BOX[1:]))


def test_boxes_in_the_middle_of_the_image(learner, draw):
    check_boxes(learner, ask_boxes(draw, (1, 2), [(False, False)] * 6) + ask_boxes(draw, (2, 5), [(False, False)] * 10))


@pytest.mark.builds_on("test_boxes_in_the_middle_of_the_image")
def test_boxes_are_cut_to_the_image(learner, draw):
    check_boxes(learner, ask_boxes(draw, (1, 5), [(True, False)] * 8 + [(False, True)] * 8 + [(True, True)] * 4))


def test_without_layers_a_position_is_a_pixel(learner, draw):
    row, column = draw.integer(0, 7), draw.integer(0, 9)
    assert_matches(learner.input_box([], row, column, 7, 9), (row, row + 1, column, column + 1), BOX)


def touched(layers, row, column, height, width):
    """The box in which a pixel changes the position: read off torch's gradient, through kernels of ones."""
    x = torch.zeros(1, 1, height, width, dtype=torch.float64, requires_grad=True)
    out = x
    for kernel, stride, padding in layers:
        out = F.conv2d(out, torch.ones(1, 1, *kernel, dtype=x.dtype), None, stride, padding)
    (grad,) = torch.autograd.grad(out[0, 0, row, column], x)
    rows, columns = grad[0, 0].any(1).nonzero()[:, 0].tolist(), grad[0, 0].any(0).nonzero()[:, 0].tolist()
    return rows[0], rows[-1] + 1, columns[0], columns[-1] + 1


@pytest.mark.builds_on("test_boxes_in_the_middle_of_the_image")
def test_the_box_is_where_torch_finds_a_gradient(learner, draw):
    for layers, row, column, height, width in ask_boxes(draw, (2, 4), [(False, False)] * 6):
        expected = touched(layers, row, column, height, width)
        answer = learner.input_box(layers, row, column, height, width)
        assert_matches(tuple(answer) if isinstance(answer, list) else answer, expected, BOX)


def right_gradient(net, name, channel, images, penalty):
    leaf = images.clone().requires_grad_()
    activation = to_the_layer(net, name, leaf)[:, channel].flatten(1).mean(1)
    (slope,) = torch.autograd.grad(activation.sum(), leaf)
    return activation.detach() - 0.5 * penalty * images.pow(2).flatten(1).sum(1), slope - penalty * images


GRADIENT = ("J of each image", "the gradient of J for the images")


@pytest.mark.parametrize("penalty", [0.0, 0.4])
@pytest.mark.parametrize("shape, name, channels", [(SHAPES[0], "body.conv2", 3), (SHAPES[1], "body.act", 4)])
def test_the_gradient_of_a_channels_mean(learner, draw, shape, name, channels, penalty):
    args = name, draw.integer(0, channels), draw.normal(*shape), penalty
    check(learner, draw, "activation_gradient", shape, GRADIENT, right_gradient, *args, terms=500)


def test_the_gradient_before_a_module_that_works_in_place(learner, draw):
    args = "body.norm", draw.integer(0, 4), draw.normal(*SHAPES[0]), 0.1
    check(learner, draw, "activation_gradient", SHAPES[0], GRADIENT, right_gradient, *args, terms=500)


def right_ascent(net, name, channel, start, *, steps, rate, penalty):
    """Each image by itself, each step written out."""
    ends, histories = [], []
    for image in start:
        x, history = image[None].clone(), []
        for step in range(steps + 1):
            objective, slope = right_gradient(net, name, channel, x, penalty)
            history.append(objective[0])
            length = math.sqrt(sum(number * number for number in slope.flatten().tolist()))
            if step < steps and length > 0.0:
                x = x + rate * (slope / length)
        ends.append(x[0])
        histories.append(torch.stack(history))
    return torch.stack(ends), torch.stack(histories, dim=1)


ASCENT = ("the images", "J before the first step and after each")


@pytest.mark.builds_on("test_the_gradient_of_a_channels_mean")
@pytest.mark.parametrize("steps, rate, penalty", [(1, 0.7, 0.0), (5, 0.4, 0.0), (4, 1.5, 0.3), (0, 1.0, 0.2)])
def test_the_ascent(learner, draw, steps, rate, penalty):
    args = "body.conv2", draw.integer(0, 3), draw.normal(*SHAPES[0])
    options = {"steps": steps, "rate": rate, "penalty": penalty}
    check(learner, draw, "maximise", SHAPES[0], ASCENT, right_ascent, *args, terms=2000, **options)


@pytest.mark.builds_on("test_the_ascent")
def test_an_image_without_a_gradient_stays_as_it_is(learner, draw):
    channel, shape = draw.integer(0, 4), SHAPES[1]
    start = draw.normal(*shape)
    start[0], start[1] = 0.01 * start[0], 30.0 * start[1]
    options = {"steps": 3, "rate": 0.5, "penalty": 0.0, "sleepy": channel}
    check(learner, draw, "maximise", shape, ASCENT, right_ascent, "body.act", channel, start, terms=2000, **options)


LAYERS = [((5, 5), (1, 1), (2, 2)), ((2, 2), (2, 2), (0, 0)), ((3, 3), (1, 1), (1, 1))]


def stripes():
    """Kernels of 5 × 5: lines of four directions (upright, level, rising, falling), without a mean, of length 1."""
    place = torch.arange(-2.0, 3.0, dtype=torch.float64)
    down, across = place[:, None], place[None, :]
    towards = [across + 0 * down, down + 0 * across, (across + down) / 2**0.5, (across - down) / 2**0.5]
    kernels = torch.stack([torch.cos(1.5 * t) * torch.exp(-(down**2 + across**2) / 6) for t in towards])
    kernels = kernels - kernels.mean(dim=(1, 2), keepdim=True)
    return (kernels / kernels.flatten(1).norm(dim=1)[:, None, None])[:, None]


def junctions():
    """Kernels on the four maps of lines: a plus, a cross, a corner and a grid of two uprights."""
    kernels = torch.full((4, 4, 3, 3), -0.15, dtype=torch.float64)
    upright, level, rising, falling = range(4)
    kernels[0, upright, :, 1] = kernels[0, level, 1, :] = 1.0
    kernels[1, rising, [2, 1, 0], [0, 1, 2]] = kernels[1, falling, [0, 1, 2], [0, 1, 2]] = 1.0
    kernels[2, upright, 1:, 1] = kernels[2, level, 1, 1:] = 1.0
    kernels[3, upright, :, 0] = kernels[3, upright, :, 2] = 1.0
    return kernels


def by_design(first, second):
    """A network that nobody trained: its kernels say what it looks for."""
    net = nn.Sequential()
    net.add_module("lines", nn.Conv2d(1, 4, 5, padding=2, bias=False))
    net.add_module("act1", nn.ReLU())
    net.add_module("pool", nn.AvgPool2d(2))
    net.add_module("junctions", nn.Conv2d(4, 4, 3, padding=1, bias=False))
    net.add_module("act2", nn.ReLU())
    net = net.double()
    with torch.no_grad():
        net.lines.weight.copy_(first)
        net.junctions.weight.copy_(second)
    return net


def drawings(draw, count):
    """Images of 32 × 32 with a plus, a cross, a square and two uprights each, somewhere, in noise."""
    images = draw.normal(count, 1, 32, 32, std=0.1)
    for image in images[:, 0]:
        corners = [(1, 1), (1, 17), (17, 1), (17, 17)]
        for kind, corner in enumerate(draw.permutation(4).tolist()):
            top, left = (side + draw.integer(0, 4) for side in corners[corner])
            part = image[top : top + 11, left : left + 11]
            if kind == 0:
                part[:, 5] += 1.0
                part[5, :] += 1.0
            elif kind == 1:
                part += torch.eye(11, dtype=part.dtype) + torch.eye(11, dtype=part.dtype).flip(1)
            elif kind == 2:
                part[0, :] += 1.0
                part[:, 0] += 1.0
                part[10, :] += 1.0
                part[:, 10] += 1.0
            else:
                part[:, 3] += 1.0
                part[:, 7] += 1.0
    return images


def looked_into(solution, first, second, images, layers, start, k):
    """The strongest places of each junction with their boxes, and the best images of all eight channels."""
    net = by_design(first, second)
    _, places = solution.strongest(solution.feature_maps(net, "act2", images), k)
    size = images.shape[2:]
    boxes = [[solution.input_box(layers, row, column, *size) for _, row, column in of.tolist()] for of in places]
    found = []
    for name, steps in (("act1", 60), ("act2", 60)):
        for channel in range(4):
            best, objective = solution.maximise(net, name, channel, start, steps=steps, rate=0.5, penalty=0.002)
            found.append((best.detach(), objective.detach()))
    return places, torch.tensor(boxes), torch.cat([best for best, _ in found]), torch.cat([j for _, j in found], dim=1)


@pytest.mark.builds_on(
    "test_the_maps_of_a_layer",
    "test_the_strongest_places_of_each_channel",
    "test_boxes_are_cut_to_the_image",
    "test_the_ascent",
)
def test_what_the_units_of_a_network_look_for(learner, draw, album):
    first, second, images = stripes(), junctions(), drawings(draw, 20)
    start = draw.normal(1, 1, 32, 32, std=0.05)
    places, boxes, best, objective = learner.run(looked_into, first, second, images, LAYERS, start, 7)
    show(album, images, places, boxes, best)
    with torch.no_grad():
        expected = by_sorting(by_design(first, second)(images), 7)[1]
    assert_matches(places, expected, "where the junctions' strongest responses are")
    right = [[by_following(LAYERS, row, column, 32, 32) for _, row, column in of.tolist()] for of in expected]
    assert_matches(boxes, torch.tensor(right), "the boxes of the strongest responses")
    rise = objective[-1] - objective[0]
    assert (rise > 0).all(), (
        f"After the ascent, J of {int((rise <= 0).sum())} of the 8 channels is no larger than at its start."
    )


def tiles(images, columns):
    """Images of equal size, each scaled to 0 … 1, side by side with a gap."""
    images = images - images.amin(dim=(1, 2), keepdim=True)
    images = F.pad(images / images.amax(dim=(1, 2), keepdim=True).clamp(min=1e-9), (1, 1, 1, 1), value=0.5)
    return torch.cat([torch.cat(list(row), dim=1) for row in images.split(columns)], dim=0)


def show(album, images, places, boxes, best):
    with album.figure(
        "feature_maps_best", "What eight channels would like to see: lines, then junctions", 7, 4
    ) as axes:
        axes.imshow(tiles(best[:, 0], 4), cmap="gray")
        axes.set_axis_off()
    patches = []
    for of, around in zip(places.tolist(), boxes.tolist(), strict=True):
        for (number, _, _), (top, bottom, left, right) in zip(of, around, strict=True):
            patch = images[number, 0, top:bottom, left:right]
            patches.append(F.pad(patch, (0, 10 - patch.shape[1], 0, 10 - patch.shape[0])))
    with album.figure(
        "feature_maps_strongest", "What they found: each junction's seven strongest places", 7, 4.4
    ) as axes:
        axes.imshow(tiles(torch.stack(patches), 7), cmap="gray")
        axes.set_axis_off()

"""Blocks get random parameters by name, and are compared with torch's functions; small networks of three families."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises

SIZES = [(3, 2, 4, 5, 6, 7, 8), (5, 4, 2, 3, 1, 2, 6), (1, 3, 2, 1, 2, 4, 1)]


def shapes_of(c_in, c1, reduce3, c3, reduce5, c5, c_pool):
    kernels = {
        "one": (c1, c_in, 1),
        "three.0": (reduce3, c_in, 1),
        "three.2": (c3, reduce3, 3),
        "five.0": (reduce5, c_in, 1),
        "five.2": (c5, reduce5, 5),
        "pool.1": (c_pool, c_in, 1),
    }
    shapes = {}
    for name, (c_out, c_before, side) in kernels.items():
        shapes |= {f"{name}.weight": [c_out, c_before, side, side], f"{name}.bias": [c_out]}
    return shapes


def block_of(solution, sizes):
    return {name: list(value.shape) for name, value in solution.Inception(*sizes).state_dict().items()}


@pytest.mark.parametrize("sizes", SIZES)
def test_the_parameters_of_a_block(learner, sizes):
    assert_matches(learner.run(block_of, sizes), shapes_of(*sizes), "the state_dict's shapes")


def by_torch(x, state):
    def conv(name, x):
        kernel = state[f"{name}.weight"]
        return F.relu(F.conv2d(x, kernel, state[f"{name}.bias"], padding=kernel.shape[-1] // 2))

    pooled = F.max_pool2d(x, 3, 1, 1)
    parts = (
        conv("one", x),
        conv("three.2", conv("three.0", x)),
        conv("five.2", conv("five.0", x)),
        conv("pool.1", pooled),
    )
    return torch.cat(parts, dim=1)


def output_of(solution, sizes, state, x):
    block = solution.Inception(*sizes).double()
    block.load_state_dict(state)
    return block(x).detach()


@pytest.mark.builds_on("test_the_parameters_of_a_block")
@pytest.mark.parametrize("image", [(2, 7, 6), (3, 4, 5), (1, 1, 2)])
@pytest.mark.parametrize("sizes", SIZES)
def test_what_a_block_computes(learner, draw, sizes, image):
    state = {name: draw.normal(*shape) for name, shape in shapes_of(*sizes).items()}
    x = draw.normal(image[0], sizes[0], *image[1:]) - 0.5
    assert_matches(learner.run(output_of, sizes, state, x), by_torch(x, state), "the output", terms=200)
    assert_inputs_unchanged(learner)


def test_what_the_reduction_saves(learner, draw):
    for _ in range(6):
        c_in, reduce, c_out = draw.integer(20, 300), draw.integer(4, 60), draw.integer(20, 300)
        how = {"kernel": draw.choice([2, 3, 5, 7]), "height": draw.integer(3, 60), "width": draw.integer(3, 60)}
        area, taps = how["height"] * how["width"], how["kernel"] ** 2
        expected = c_in * taps * c_out * area, reduce * area * (c_in + taps * c_out)
        actual = learner.bottleneck_costs(c_in, reduce, c_out, **how)
        assert_matches(actual, expected, ("direct", "reduced"))


LAYOUTS = {
    "a ResNet": ["fc"],
    "an Inception": ["fc", "AuxLogits.fc"],
    "an Inception without its auxiliary head": ["fc", "AuxLogits"],
    "a VGG": ["classifier.0", "classifier.last"],
    "a DenseNet": ["classifier"],
    "two heads": ["classifier", "fc"],
}


def a_network(layout, bias):
    """A body, and linear layers of different widths at these places."""
    net = torch.nn.Module()
    net.body = torch.nn.Linear(3, 4)
    for number, path in enumerate(layout):
        holder, _, name = path.rpartition(".")
        layer = None if path == "AuxLogits" else torch.nn.Linear(5 + number, 9 + number, bias=bias)
        if holder and not hasattr(net, holder):
            kind = torch.nn.Sequential if holder == "classifier" else torch.nn.Module
            net.add_module(holder, kind())
        (getattr(net, holder) if holder else net).add_module(name, layer)
    return net.double()


def replaced(solution, layout, bias, classes):
    """Names, shapes afterwards, dtypes, and which parameters are the same objects as before."""
    net = a_network(layout, bias)
    before = {name: id(value) for name, value in net.named_parameters()}
    kept = list(net.parameters())  # so that no id is given again
    assert kept, "a network of the suite has parameters"
    names = solution.replace_classifier(net, classes)
    after = dict(net.named_parameters())
    shapes = {name: list(value.shape) for name, value in after.items()}
    double = all(value.dtype == torch.float64 for value in after.values())
    return names, shapes, double, sorted(name for name in after if id(after[name]) == before.get(name))


REPLACED = ("the names", "the shapes of all parameters", "all are float64", "the parameters that stayed")


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("family", LAYOUTS)
def test_the_last_layers_are_replaced(learner, draw, family, bias):
    layout, classes = LAYOUTS[family], draw.integer(2, 8)
    shapes = {name: list(value.shape) for name, value in a_network(layout, bias).named_parameters()}
    new = [path for path in layout if path not in ("AuxLogits", "classifier.0")]
    names = sorted(name for name in shapes if name.rpartition(".")[0] in new)
    stayed = sorted(set(shapes) - set(names))
    shapes |= {name: [classes, *shapes[name][1:]] for name in names}
    actual = learner.run(replaced, layout, bias, classes)
    assert_matches(actual, (names, shapes, True, stayed), REPLACED)


def replaced_odd(solution, kind):
    net = torch.nn.Module()
    if kind == "a classifier that ends otherwise":
        net.classifier = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU())
    if kind == "an empty classifier":
        net.classifier = torch.nn.Sequential()
    if kind == "another name":
        net.head = torch.nn.Linear(2, 3)
    return solution.replace_classifier(net, 4)


@pytest.mark.builds_on("test_the_last_layers_are_replaced")
@pytest.mark.parametrize("kind", ["another name", "a classifier that ends otherwise", "an empty classifier"])
def test_a_network_without_a_classifier_is_refused(learner, kind):
    assert_raises(ValueError, learner.run, replaced_odd, kind)


def a_body(channels, stride, pool):
    layers = [torch.nn.Conv2d(2, channels, 3, stride=stride), torch.nn.BatchNorm2d(channels), torch.nn.ReLU()]
    layers += [torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten()] if pool else [torch.nn.Dropout(0.5)]
    return torch.nn.Sequential(*layers)


def measured(solution, channels, stride, pool, shape):
    """The size, and whether the body is as it was; its batch norm is in evaluation mode, the rest is not."""
    body = a_body(channels, stride, pool)
    body[1].eval()
    modes = [layer.training for layer in body.modules()]
    before = {name: value.clone() for name, value in body.state_dict().items()}
    size = solution.feature_size(body, tuple(shape))
    same = all(torch.equal(value, before[name]) for name, value in body.state_dict().items())
    clean = all(value.grad is None for value in body.parameters())
    return size, [layer.training for layer in body.modules()] == modes, same, clean


def measured_in_training(solution, channels, shape):
    body = a_body(channels, 1, False)
    before = {name: value.clone() for name, value in body.state_dict().items()}
    size = solution.feature_size(body, tuple(shape))
    return (
        size,
        body[1].training,
        all(torch.equal(value, before[name]) for name, value in body.state_dict().items()),
        True,
    )


MEASURED = ("the size", "the modes are as they were", "the state is as it was", "there are no gradients")


@pytest.mark.parametrize("stride, pool", [(1, False), (2, False), (3, True)])
def test_what_a_body_gives_its_head(learner, draw, stride, pool):
    channels, shape = draw.integer(3, 9), [2, draw.integer(7, 20), draw.integer(7, 20)]
    size = channels if pool else channels * ((shape[1] - 3) // stride + 1) * ((shape[2] - 3) // stride + 1)
    actual = learner.run(measured, channels, stride, pool, shape)
    assert_matches(actual, (size, True, True, True), MEASURED)


@pytest.mark.builds_on("test_what_a_body_gives_its_head")
def test_a_body_in_training_mode_is_not_disturbed(learner, draw):
    channels, shape = draw.integer(3, 9), [2, 5, 8]
    actual = learner.run(measured_in_training, channels, shape)
    assert_matches(actual, (channels * 3 * 6, True, True, True), MEASURED)


def choices(solution, cases):
    return [solution.choose_backbone(table, **limits) for table, limits in cases]


def fits(row, limits):
    ok = row["parameters"] <= limits["parameters"] and row["multiplications"] <= limits["multiplications"]
    return ok and row["stride"] <= limits["smallest"]


def test_the_best_network_that_fits(learner, draw):
    cases, expected = [], []
    for case in range(40):
        table = [
            {
                "name": f"net{place}",
                "accuracy": 60 + 0.37 * place + 0.01 * draw.integer(0, 30),
                "parameters": draw.integer(1, 60) * 10**6,
                "multiplications": draw.integer(1, 90) * 10**8,
                "stride": draw.choice([8, 16, 32]),
            }
            for place in draw.permutation(7).tolist()
        ]
        row = table[case % 7]  # which just fits
        limits = {"parameters": row["parameters"], "multiplications": row["multiplications"], "smallest": row["stride"]}
        if case % 10 == 9:
            limits["smallest"] = 5
        fitting = [row for row in table if fits(row, limits)]
        cases.append((table, limits))
        expected.append(max(fitting, key=lambda row: row["accuracy"])["name"] if fitting else None)
    assert_matches(learner.run(choices, cases), expected, "the choices")

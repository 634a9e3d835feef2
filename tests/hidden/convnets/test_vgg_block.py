"""Networks made from lists get random parameters by name, and are compared with torch's functions."""

import itertools

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises

PAPER = {
    11: "64 M 128 M 256*2 M 512*2 M 512*2 M",
    13: "64*2 M 128*2 M 256*2 M 512*2 M 512*2 M",
    16: "64*2 M 128*2 M 256*3 M 512*3 M 512*3 M",
    19: "64*2 M 128*2 M 256*4 M 512*4 M 512*4 M",
}
CONFIGS = [[4, "M"], [5, 3, "M", 6], [4, "M", 6, 5, "M", 7, "M"], ["M", 3]]


STACK = ("the number of 3 × 3 convolutions", "the weights of the stack", "the weights of the one convolution")


def seen_by_a_stack(kernel):
    """How many convolutions of 3 it takes until a nudge of the output reaches back to `kernel` inputs."""
    count, seen = 0, torch.zeros(2 * kernel + 1).index_fill(0, torch.tensor(kernel), 1.0)
    while int((seen != 0).sum()) < kernel:
        count, seen = count + 1, F.conv1d(seen[None, None], torch.ones(1, 1, 3), padding=1)[0, 0]
    return count


def weights(c_in, c_out, kernel):
    return nn.Conv2d(c_in, c_out, kernel, bias=False, device="meta").weight.numel()


def test_a_stack_that_sees_as_much_as_one_large_kernel(learner, draw):
    for kernel in (3, 5, 7, 9, 11, 2 * draw.integer(6, 12) + 1):
        channels, count = draw.integer(2, 300), seen_by_a_stack(kernel)
        expected = count, count * weights(channels, channels, 3), weights(channels, channels, kernel)
        assert_matches(learner.stack_instead(kernel, channels), expected, STACK)


def cost_of_block(channels, c_in, height, width, convolutions):
    ends = [c_in] + [channels] * convolutions
    return sum(weights(a, b, 3) for a, b in itertools.pairwise(ends)) * height * width


def check_widest(learner, draw, convolutions, rest):
    """`rest` says how much of what one more channel would cost is left over."""
    for _ in range(6):
        channels = draw.integer(2, 90)
        c_in, height, width = draw.integer(3, 90), draw.integer(5, 60), draw.integer(5, 60)
        block = (c_in, height, width, convolutions)
        costs = cost_of_block(channels, *block), cost_of_block(channels + 1, *block)
        budget = costs[0] + rest(costs[1] - costs[0])
        answer = learner.widest_block(*block, budget)
        assert_matches(answer, channels, f"widest_block({c_in}, {height}, {width}, {convolutions}, {budget})")


def test_the_widest_block_of_one_convolution(learner, draw):
    check_widest(learner, draw, 1, lambda more: draw.integer(1, more))


@pytest.mark.builds_on("test_the_widest_block_of_one_convolution")
@pytest.mark.parametrize("convolutions", [2, 3, 4])
def test_the_widest_block_of_several_convolutions(learner, draw, convolutions):
    check_widest(learner, draw, convolutions, lambda more: draw.integer(1, more))


@pytest.mark.builds_on("test_the_widest_block_of_several_convolutions")
def test_the_budget_may_be_used_up_but_not_exceeded(learner, draw):
    check_widest(learner, draw, draw.integer(2, 5), lambda more: 0)
    check_widest(learner, draw, draw.integer(2, 5), lambda more: more - 1)


@pytest.mark.builds_on("test_the_widest_block_of_several_convolutions")
def test_a_budget_too_small_for_one_channel(learner, draw):
    block = (draw.integer(2, 90), draw.integer(5, 60), draw.integer(5, 60), draw.integer(2, 5))
    least = cost_of_block(1, *block)
    answers = [learner.widest_block(*block, budget) for budget in (least, least - 1, 0)]
    assert_matches(
        answers, [1, 0, 0], f"widest_block{block[:-1]} of {block[-1]} for one channel's cost, one less, and 0"
    )


def listed(text):
    found = []
    for word in text.split():
        channels, _, count = word.partition("*")
        found += ["M"] if word == "M" else [int(channels)] * int(count or 1)
    return found


def told(value):
    return " ".join(map(str, value)) if isinstance(value, list) else None


def test_a_text_becomes_a_list(learner, draw):
    texts = list(PAPER.values())
    for _ in range(8):
        words = [f"{draw.integer(1, 600)}*{draw.integer(1, 6)}" for _ in range(4)] + [
            "M",
            str(draw.integer(1, 600)),
            "M",
        ]
        texts.append("  ".join(words[number] for number in draw.permutation(7).tolist()))
    answers = [learner.parse_config(text) for text in texts]
    for text, answer in zip(texts, answers, strict=True):
        assert_matches(answer, listed(text), f"parse_config({text!r})")
    assert_matches(learner.parse_config(""), [], "parse_config('')")


@pytest.mark.builds_on("test_a_text_becomes_a_list")
@pytest.mark.parametrize("wrong", ["64 N", "64*", "*3", "64*0", "0", "-8 M", "M*2", "6.5", "64*2*2", "٣"])
def test_a_text_that_makes_no_sense_is_refused(learner, wrong):
    learner.parse_config("64*2 M")
    assert_raises(ValueError, learner.parse_config, wrong)


def test_the_number_in_the_name(learner):
    for number, text in PAPER.items():
        assert_matches(learner.depth(listed(text)), number, f"depth({listed(text)})")


def feature_types(config, batch_norm):
    here = ["Conv2d", "BatchNorm2d", "ReLU"] if batch_norm else ["Conv2d", "ReLU"]
    return [name for entry in config for name in (["MaxPool2d"] if entry == "M" else here)]


def feature_shapes(config, c_in, batch_norm):
    shapes, place = {}, 0
    for entry in config:
        if entry == "M":
            place += 1
            continue
        shapes |= {f"{place}.weight": [entry, c_in, 3, 3], f"{place}.bias": [entry]}
        if batch_norm:
            shapes |= {f"{place + 1}.{name}": [entry] for name in ("weight", "bias", "running_mean", "running_var")}
            shapes[f"{place + 1}.num_batches_tracked"] = []
        c_in, place = entry, place + 2 + batch_norm
    return dict(sorted(shapes.items()))


def features_of(solution, config, c_in, batch_norm):
    features = solution.make_features(config, c_in, batch_norm=batch_norm)
    shapes = {name: list(value.shape) for name, value in sorted(features.state_dict().items())}
    return [type(layer).__name__ for layer in features], shapes


@pytest.mark.parametrize("batch_norm", [False, True], ids=["plain", "batch_norm"])
@pytest.mark.parametrize("config", CONFIGS, ids=told)
def test_the_layers_and_their_shapes(learner, config, batch_norm):
    expected = feature_types(config, batch_norm), feature_shapes(config, 3, batch_norm)
    actual = learner.run(features_of, config, 3, batch_norm)
    assert_matches(actual, expected, ("the layers", "the state_dict's shapes"))


def random_state(draw, shapes):
    state = {}
    for name, shape in shapes.items():
        if name.endswith("num_batches_tracked"):
            state[name] = torch.tensor(1)
        elif name.endswith("running_var"):
            state[name] = draw.uniform(*shape, low=0.5, high=2.0)
        else:
            state[name] = draw.normal(*shape)
    return state


def features_by_torch(config, state, x, batch_norm, prefix=""):
    place = 0
    for entry in config:
        if entry == "M":
            x, place = F.max_pool2d(x, 2), place + 1
            continue
        x = F.conv2d(x, state[f"{prefix}{place}.weight"], state[f"{prefix}{place}.bias"], padding=1)
        if batch_norm:
            names = ("running_mean", "running_var", "weight", "bias")
            x = F.batch_norm(x, *(state[f"{prefix}{place + 1}.{name}"] for name in names))
        x, place = F.relu(x), place + 2 + batch_norm
    return x


def run_features(solution, config, c_in, batch_norm, state, x):
    features = solution.make_features(config, c_in, batch_norm=batch_norm).double()
    features.load_state_dict(state)
    return features.eval()(x).detach()


@pytest.mark.builds_on("test_the_layers_and_their_shapes")
@pytest.mark.parametrize("batch_norm", [False, True], ids=["plain", "batch_norm"])
@pytest.mark.parametrize("config", CONFIGS, ids=told)
def test_the_features_match_torch(learner, draw, config, batch_norm):
    state, x = random_state(draw, feature_shapes(config, 3, batch_norm)), draw.normal(2, 3, 9, 10)
    expected = features_by_torch(config, state, x, batch_norm)
    actual = learner.run(run_features, config, 3, batch_norm, state, x)
    assert_matches(actual, expected, "the features", terms=500)


def network_shapes(config, c_in, pool, hidden, classes, batch_norm):
    shapes = {f"features.{name}": shape for name, shape in feature_shapes(config, c_in, batch_norm).items()}
    channels = [entry for entry in [c_in, *config] if entry != "M"][-1]
    sizes = [channels * pool[0] * pool[1], hidden, hidden, classes]
    for place, (inside, outside) in zip((0, 3, 6), itertools.pairwise(sizes), strict=True):
        shapes |= {f"classifier.{place}.weight": [outside, inside], f"classifier.{place}.bias": [outside]}
    return dict(sorted(shapes.items()))


def a_network(draw):
    config = draw.choice(CONFIGS)
    sizes = {"c_in": draw.integer(1, 4), "pool": (2, 3), "hidden": draw.integer(6, 12), "classes": draw.integer(3, 6)}
    return config, {**sizes, "batch_norm": draw.choice([False, True])}


def network_of(solution, config, options):
    network = solution.VGG(config, **options)
    shapes = {name: list(value.shape) for name, value in sorted(network.state_dict().items())}
    rates = [float(layer.p) for layer in network.modules() if type(layer).__name__ == "Dropout"]
    return shapes, [type(layer).__name__ for layer in network.classifier], rates


CLASSIFIER = ["Linear", "ReLU", "Dropout", "Linear", "ReLU", "Dropout", "Linear"]
WHAT = ("the state_dict's shapes", "the classifier's layers", "the rates of dropout")


@pytest.mark.builds_on("test_the_layers_and_their_shapes")
def test_the_parts_of_the_network(learner, draw):
    for rate in (0.25, None):
        config, options = a_network(draw)
        asked = options if rate is None else {**options, "dropout": rate}
        expected = network_shapes(config, **options), CLASSIFIER, [0.5 if rate is None else rate] * 2
        assert_matches(learner.run(network_of, config, asked), expected, WHAT)


def network_by_torch(config, state, x, pool, batch_norm):
    x = F.adaptive_avg_pool2d(features_by_torch(config, state, x, batch_norm, "features."), pool).flatten(1)
    for place in (0, 3, 6):
        x = F.linear(x, state[f"classifier.{place}.weight"], state[f"classifier.{place}.bias"])
        x = F.relu(x) if place < 6 else x
    return x


def run_network(solution, config, options, state, x):
    network = solution.VGG(config, **options).double()
    network.load_state_dict(state)
    return network.eval()(x).detach()


@pytest.mark.builds_on("test_the_parts_of_the_network", "test_the_features_match_torch")
@pytest.mark.parametrize("size", [(16, 24), (17, 8)], ids=["16 by 24", "17 by 8"])
def test_the_network_matches_torch(learner, draw, size):
    config, options = a_network(draw)
    state, x = random_state(draw, network_shapes(config, **options)), draw.normal(2, options["c_in"], *size)
    expected = network_by_torch(config, state, x, options["pool"], options["batch_norm"])
    assert_matches(learner.run(run_network, config, options, state, x), expected, "the logits", terms=5000)
    assert_inputs_unchanged(learner)


def first_weights(solution):
    options = {"c_in": 20, "pool": (2, 1), "hidden": 150, "classes": 20, "batch_norm": True}
    network = solution.VGG([90, "M", 40], **options)
    return {name: value.detach() for name, value in network.named_parameters()}


@pytest.mark.builds_on("test_the_parts_of_the_network")
def test_the_first_weights(learner):
    result = learner.run(first_weights)
    flat = {name: value for name, value in result.items() if name.endswith("bias") or value.dim() == 1}
    expected = {
        name: torch.zeros_like(value) if name.endswith("bias") else torch.ones_like(value)
        for name, value in flat.items()
    }
    assert_matches(flat, expected, "the first biases, and the scales of batch norm")
    spreads = {
        "features.0.weight": (2 / (90 * 9)) ** 0.5,
        "features.4.weight": (2 / (40 * 9)) ** 0.5,
        "classifier.0.weight": 0.01,
        "classifier.3.weight": 0.01,
        "classifier.6.weight": 0.01,
    }
    for name, std in spreads.items():
        actual = result[name].double().std()
        assert_matches(actual, torch.tensor(std, dtype=torch.float64), f"the standard deviation of {name}", rtol=0.1)

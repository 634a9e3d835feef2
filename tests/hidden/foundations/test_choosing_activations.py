"""Choices are asked over many random cases, with the reason in the message; layers are collapsed against torch's."""

import math
from itertools import pairwise

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, strided

FUNCTIONS = {
    "relu": torch.relu,
    "leaky_relu": lambda z: F.leaky_relu(z, 0.01),
    "elu": F.elu,
    "softplus": F.softplus,
    "gelu": F.gelu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
}
NAMES = list(FUNCTIONS)
# Who meets a demand, and why the others don't.
DEMANDS = {
    "negative outputs": (
        {"leaky_relu", "elu", "gelu", "tanh"},
        "relu, softplus and sigmoid are never below 0; gelu dips to −0.17",
    ),
    "bounded": ({"tanh", "sigmoid"}, "only tanh and sigmoid stay between two numbers, all others grow without end"),
    "positive slope": (
        {"leaky_relu", "elu", "softplus", "tanh", "sigmoid"},
        "relu's slope is 0 left of 0; gelu falls left of −0.75; the others rise everywhere, however slowly",
    ),
    "smooth": (
        {"elu", "softplus", "gelu", "tanh", "sigmoid"},
        "relu and leaky_relu have a kink at 0; elu, with alpha = 1, has slope 1 on both sides of it",
    ),
    "monotonic": (
        {"relu", "leaky_relu", "elu", "softplus", "tanh", "sigmoid"},
        "gelu falls between −∞ and −0.75; relu is flat there, but never falls",
    ),
    "unit slope": (
        {"relu", "leaky_relu", "elu", "softplus", "gelu"},
        "tanh and sigmoid flatten out for large z; the slope of all others tends to 1",
    ),
    "zero at zero": (
        {"relu", "leaky_relu", "elu", "gelu", "tanh"},
        "softplus(0) = log 2 and sigmoid(0) = ½; the others are 0 there",
    ),
    "exact zeros": ({"relu"}, "only relu is exactly 0 for a whole range of z; the others only come close to it"),
}


@pytest.mark.parametrize("count", [1, 2, 5])
def test_linear_layers_collapse_to_one(learner, draw, count):
    sizes = [4, 7, 3, 6, 2, 5][: count + 1]
    weights = [draw.normal(m, n) for n, m in pairwise(sizes)]
    biases = [draw.normal(m) for m in sizes[1:]]
    matrix, shift = torch.eye(4, dtype=torch.float64), torch.zeros(1, 4, dtype=torch.float64)
    for weight, bias in zip(weights, biases, strict=True):
        matrix, shift = F.linear(matrix, weight), F.linear(shift, weight, bias)
    actual = learner.collapse([strided(weight) for weight in weights], biases)
    assert_matches(actual, (matrix.T, shift[0]), ("weight", "bias"), terms=100)
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("first, second", [((3, 2), (2, 4)), ((1, 3), (4, 1)), ((5, 3), (1, 1))])
def test_convolutions_collapse_to_one(learner, draw, first, second):
    first, second = draw.normal(*first), draw.normal(*second)
    expected = F.conv_transpose2d(first[None, None], second[None, None])[0, 0]
    actual = learner.collapse_kernels(strided(first), strided(second))
    assert_matches(actual, expected, "the kernel", terms=12)
    assert_inputs_unchanged(learner)
    image = draw.normal(1, 1, 9, 8)
    twice = F.conv2d(F.conv2d(image, first[None, None]), second[None, None])
    assert_matches(F.conv2d(image, actual[None, None]), twice, "the image", terms=150)


@pytest.mark.parametrize("n, m, samples", [(4, 9, 30), (3, 12, 7), (2, 5, 1)])
def test_dead_units(learner, draw, n, m, samples):
    x, weight, bias = draw.normal(samples, n), draw.normal(m, n), draw.normal(m)
    bias[1], bias[3] = -50.0, 60.0  # one certainly dead, one certainly alive
    dead = (torch.relu(F.linear(x, weight, bias)) == 0).all(dim=0)
    assert_matches(learner.dead_units(weight, bias, x), dead, "the units that are dead")
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_dead_units")
def test_a_unit_that_is_exactly_zero_is_dead_too(learner, draw):
    """With weights of whole numbers; the first sample lies on the boundary, the others beyond."""
    weight, bias = torch.tensor([[1.0, 2.0], [1.0, 2.0]]).double(), torch.tensor([-3.0, -2.0]).double()
    x = torch.tensor([[1.0, 1.0], [-1.0, 0.0], [0.0, -4.0]]).double()
    assert_matches(learner.dead_units(weight, bias, x), torch.tensor([True, False]), "the units that are dead")


def slopes(z):
    """The root mean square, and the mean, of each activation's slopes."""
    sizes, means = {}, {}
    for name, f in FUNCTIONS.items():
        leaf = z.clone().requires_grad_()
        f(leaf).sum().backward()
        sizes[name], means[name] = leaf.grad.square().mean().sqrt().item(), leaf.grad.mean().item()
    return sizes, means


def places(draw, tricky):
    """Pre-activations, candidates with a clear winner, and their sizes; `tricky` where the mean slope would mislead."""
    while True:
        mean, std = float(draw.uniform(low=-4, high=4)), float(draw.uniform(low=0.1, high=3))
        z = mean + draw.normal(3, 4, std=std)
        names = [NAMES[number] for number in draw.permutation(7)[:4].tolist()]
        sizes, means = slopes(z)
        best, second = sorted(names, key=sizes.__getitem__, reverse=True)[:2]
        misleads = max(names, key=means.__getitem__) != best
        if sizes[second] < 0.97 * sizes[best] and (misleads or not tricky):
            return (z, names), best, {name: sizes[name] for name in names}


def asked(solution, function, cases):
    return [getattr(solution, function)(*case) for case in cases]


def check_answers(learner, function, cases, expected, reasons):
    """All cases in one go; the first wrong answer is explained."""
    answers = learner.run(asked, function, cases)
    assert isinstance(answers, list), f"{function} has to answer every time it is asked."
    for case, answer, right, reason in zip(cases, answers, expected, reasons, strict=True):
        is_right = type(answer) is type(right) and answer == right
        told = ", ".join(map(repr, case))
        assert is_right, f"{function}({told}) is {right!r}: {reason}. You answered {answer!r}."


def test_which_activation_passes_most_of_the_gradient(learner, draw):
    drawn = [places(draw, number % 4 == 0) for number in range(24)]
    reasons = []
    for _, _, sizes in drawn:
        told = ", ".join(f"{name} {size:.3g}" for name, size in sizes.items())
        reasons.append(f"the root mean square slopes there are {told}")
    check_answers(learner, "passes_most", [case for case, _, _ in drawn], [best for _, best, _ in drawn], reasons)


@pytest.mark.parametrize("demand", list(DEMANDS))
def test_who_meets_a_demand(learner, draw, demand):
    those, reason = DEMANDS[demand]
    cases = [(NAMES[number], demand) for number in draw.permutation(7).tolist()]
    expected = [name in those for name, _ in cases]
    check_answers(learner, "suits", cases, expected, [reason] * 7)


def demands(draw):
    """Two or three of them."""
    keys = list(DEMANDS)
    return [keys[number] for number in draw.permutation(8)[: draw.integer(2, 4)].tolist()]


@pytest.mark.builds_on("test_who_meets_a_demand")
def test_the_first_that_meets_all_demands(learner, draw):
    cases, expected, reasons = [([],), (["bounded", "unit slope"],)], ["relu", None], ["relu is the first of all", ""]
    reasons[1] = "what is bounded flattens out"
    for _ in range(40):
        wanted = demands(draw)
        those = [name for name in NAMES if all(name in DEMANDS[demand][0] for demand in wanted)]
        cases.append((wanted,))
        expected.append(those[0] if those else None)
        reasons.append(f"of all seven, {', '.join(those) if those else 'none'} meet all of them")
    check_answers(learner, "choose", cases, expected, reasons)


def test_an_unknown_demand_is_refused(learner):
    assert_raises(ValueError, learner.suits, "relu", "cheap")
    assert_raises(ValueError, learner.suits, "swish", "smooth")


INF = math.inf
NUMBERS = {
    (-INF, INF): ("identity", "the target may be any number, and so has to be the output"),
    (0.0, INF): ("softplus", "the target is positive without a limit; relu would have no gradient where it is 0"),
    (0.0, 1.0): ("sigmoid", "the target lies between 0 and 1"),
    (-1.0, 1.0): ("tanh", "the target lies between −1 and 1"),
}


def a_task(draw):
    """A task, the output it needs, and why."""
    target = draw.choice(["class", "yes or no", "number"])
    if target == "number":
        low, high = draw.choice(list(NUMBERS))
        return ({"target": target, "low": low, "high": high, "outputs": draw.integer(1, 9)}, *NUMBERS[low, high])
    logits = draw.choice([True, False])
    task = {"target": target, "outputs": draw.integer(2, 12), "loss takes logits": logits}
    if logits:
        return task, "identity", "the loss applies softmax or sigmoid itself, once is enough"
    if target == "class":
        return task, "softmax", "exactly one class is right, so the probabilities have to add up to 1"
    return task, "sigmoid", "each answer is a probability of its own, and several may be yes"


def test_the_output_layer_follows_from_the_task(learner, draw):
    tasks = [a_task(draw) for _ in range(50)]
    check_answers(
        learner,
        "output_layer",
        [(task,) for task, _, _ in tasks],
        [right for _, right, _ in tasks],
        [reason for _, _, reason in tasks],
    )

"""Rates are multiplied down from the head, schedules are played step by step."""

import pytest
import torch

from tutor.testkit import assert_matches


def rates_of(parts, lr, decay):
    rates = [lr]
    while len(rates) < parts:
        rates.insert(0, rates[0] * decay)
    return torch.tensor(rates, dtype=torch.float64)


def as_tensor(rates):
    """A list of numbers as a tensor, or what else it was."""
    usual = isinstance(rates, list | tuple) and all(type(rate) in (int, float) for rate in rates)
    return torch.tensor(rates, dtype=torch.float64) if usual else rates


@pytest.mark.parametrize("parts", [1, 2, 5, 8])
def test_the_rates_fall_from_the_head_down(learner, draw, parts):
    lr, decay = float(draw.uniform(low=0.01, high=1)), float(draw.uniform(low=0.2, high=0.9))
    actual = as_tensor(learner.layer_rates(parts, lr, decay))
    assert_matches(actual, rates_of(parts, lr, decay), "the rates", relative=True)


@pytest.mark.builds_on("test_the_rates_fall_from_the_head_down")
def test_a_decay_of_zero_leaves_only_the_head(learner):
    assert_matches(as_tensor(learner.layer_rates(3, 0.1, 0.0)), rates_of(3, 0.1, 0.0), "the rates")
    assert_matches(as_tensor(learner.layer_rates(4, 0.1, 1.0)), rates_of(4, 0.1, 1.0), "the rates")


def build(kinds):
    """A network whose children are of the given kinds; only those with a capital letter have parameters."""
    nn = torch.nn
    makers = {
        "C": lambda: nn.Conv2d(2, 2, 3),
        "B": lambda: nn.Sequential(nn.Conv2d(2, 2, 1, bias=False), nn.BatchNorm2d(2), nn.ReLU()),
        "L": lambda: nn.Linear(3, 4),
        "r": nn.ReLU,
        "d": nn.Dropout,
        "p": lambda: nn.Sequential(nn.MaxPool2d(2), nn.Flatten()),
    }
    return nn.Sequential(*[makers[kind]() for kind in kinds])


def of_groups(solution, kinds, lr, decay):
    net = build(kinds)
    names = {id(p): name for name, p in net.named_parameters()}
    groups = solution.parameter_groups(net, lr, decay)
    return [[names.get(id(p), "a copy") for p in group["params"]] for group in groups], [
        float(group["lr"]) for group in groups
    ]


@pytest.mark.builds_on("test_the_rates_fall_from_the_head_down")
@pytest.mark.parametrize("kinds", ["CL", "CrBrpL", "BdBrCBpdL", "L", "rCdrL"])
def test_the_groups_of_a_network(learner, draw, kinds):
    lr, decay = float(draw.uniform(low=0.01, high=1)), float(draw.uniform(low=0.2, high=0.9))
    parts = [i for i, kind in enumerate(kinds) if kind.isupper()]
    names = [[name for name, _ in build(kinds).named_parameters() if name.startswith(f"{i}.")] for i in parts]
    result = learner.run(of_groups, kinds, lr, decay)
    usual = isinstance(result, tuple) and len(result) == 2
    actual = (result[0], as_tensor(result[1])) if usual else result
    assert_matches(actual, (names, rates_of(len(parts), lr, decay)), ("the parameters of the groups", "the rates"))


@pytest.mark.parametrize("parts, every", [(4, 1), (5, 3), (3, 2), (3, 0)])
def test_parts_thaw_from_the_top(learner, parts, every):
    epoch, expected = 0, []
    for _ in range(parts):
        expected.insert(0, epoch)
        epoch += every
    actual = [learner.thaw_epoch(part, parts, every) for part in range(parts)]
    assert_matches(tuple(actual), tuple(expected), [f"the epoch of part {part}" for part in range(parts)])


def played(rates, steps, steps_per_epoch, every, warmup):
    """The rates of all steps, by a count of the steps that each part has learned."""
    learned, rows = [0] * len(rates), []
    for step in range(steps):
        epoch, row = step // steps_per_epoch, []
        for part, rate in enumerate(rates):
            if epoch < every * (len(rates) - 1 - part):
                row.append(0.0)
                continue
            learned[part] += 1
            row.append(rate if learned[part] >= warmup else rate * learned[part] / warmup)
        rows.append(row)
    return torch.tensor(rows, dtype=torch.float64)


def check_schedule(learner, draw, parts, steps_per_epoch, every, warmup):
    rates = draw.uniform(parts, low=0.1, high=1).tolist()
    steps = (parts * every + 1) * steps_per_epoch + warmup
    parameters = {"steps_per_epoch": steps_per_epoch, "every": every, "warmup": warmup}
    actual = [as_tensor(learner.rates_at(step, rates, **parameters)) for step in range(steps)]
    usual = all(isinstance(row, torch.Tensor) and row.shape == (parts,) for row in actual)
    expected = played(rates, steps, **parameters)
    assert_matches(torch.stack(actual) if usual else actual[0], expected if usual else expected[0], "the rates")


def test_without_thawing_and_warm_up_all_rates_are_full(learner, draw):
    check_schedule(learner, draw, 3, 4, 0, 0)


@pytest.mark.builds_on("test_without_thawing_and_warm_up_all_rates_are_full")
@pytest.mark.parametrize("steps_per_epoch, every", [(1, 1), (3, 1), (2, 3)])
def test_what_is_frozen_has_a_rate_of_zero(learner, draw, steps_per_epoch, every):
    check_schedule(learner, draw, 3, steps_per_epoch, every, 0)


@pytest.mark.builds_on("test_without_thawing_and_warm_up_all_rates_are_full")
@pytest.mark.parametrize("warmup", [1, 4, 7])
def test_the_warm_up_of_all_parts_together(learner, draw, warmup):
    check_schedule(learner, draw, 3, 5, 0, warmup)


@pytest.mark.builds_on("test_what_is_frozen_has_a_rate_of_zero", "test_the_warm_up_of_all_parts_together")
@pytest.mark.parametrize("steps_per_epoch, every, warmup", [(4, 1, 3), (2, 2, 6), (3, 1, 8)])
def test_each_part_has_a_warm_up_of_its_own(learner, draw, steps_per_epoch, every, warmup):
    check_schedule(learner, draw, 4, steps_per_epoch, every, warmup)

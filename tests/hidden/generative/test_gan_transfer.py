"""State dicts value by value, frozen networks by what trains and what keeps still, settings over random trials."""

import math
import statistics

import pytest
import torch
import torch.nn as nn

from tutor.testkit import assert_inputs_unchanged, assert_matches


def right_state(source, target):
    state, missed = {}, []
    for name, own in target.items():
        new, old = own.clone(), source.get(name)
        fits = old is not None and old.dim() == own.dim() and old.shape[1:] == own.shape[1:]
        if fits and own.dim():
            new[: len(old)] = old[: len(own)].to(own.dtype)
        elif fits:
            new = old.clone()
        else:
            missed.append(name)
        state[name] = new
    return state, missed


def test_values_of_equal_shape_are_taken_over(learner, draw):
    shapes = {"0.weight": (4, 3), "0.bias": (4,), "2.weight": (2, 4, 3, 3)}
    source, target = ({name: draw.normal(*shape) for name, shape in shapes.items()} for _ in range(2))
    assert_matches(learner.take_over(source, target), (source, []), ("the state", "names left out"))


def test_what_does_not_fit_stays(learner, draw):
    source = {"a": draw.normal(3, 4), "b": draw.normal(5), "gone": draw.normal(2), "d": draw.normal(3, 4)}
    target = {"a": draw.normal(3, 5), "b": draw.normal(5), "new": draw.normal(4), "d": draw.normal(3, 4, 1)}
    expected = right_state(source, target)
    assert_matches(learner.take_over(source, target), expected, ("the state", "names left out"))
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize(("old", "new"), [(3, 5), (6, 2)])
def test_more_or_fewer_classes(learner, draw, old, new):
    source = {"embedding.weight": draw.normal(old, 4), "head.bias": draw.normal(old), "x": draw.normal(2)}
    target = {"embedding.weight": draw.normal(new, 4), "head.bias": draw.normal(new), "x": draw.normal(2)}
    expected = right_state(source, target)
    assert_matches(learner.take_over(source, target), expected, ("the state", "names left out"))


def changed_later(solution, source, target):
    """What the new state holds after both of the old ones were overwritten."""
    state, _ = solution.take_over(source, target)
    for values in (source, target):
        for value in values.values():
            value.zero_()
    return state


@pytest.mark.builds_on("test_values_of_equal_shape_are_taken_over", "test_what_does_not_fit_stays")
def test_the_new_state_has_memory_of_its_own(learner, draw):
    source, target = {"a": draw.normal(3, 4), "n": torch.tensor(7)}, {"a": draw.normal(3, 4), "b": draw.normal(2)}
    expected = right_state(source, target)[0]
    got = learner.run(changed_later, source, target)
    assert_matches(got, expected, "the state, after source and target were set to zero")


@pytest.mark.builds_on("test_values_of_equal_shape_are_taken_over")
def test_dtypes_are_the_target_s(learner, draw):
    source = {"a": draw.normal(3), "steps": torch.tensor(7)}
    target = {"a": draw.normal(3).float(), "steps": torch.tensor(0)}
    expected = {"a": source["a"].float(), "steps": torch.tensor(7)}, []
    assert_matches(learner.take_over(source, target), expected, ("the state", "names left out"))


def frozen(solution, layers):
    net = nn.Sequential(
        nn.Linear(3, 4),
        nn.LeakyReLU(0.2),
        nn.Sequential(nn.Linear(4, 5), nn.BatchNorm1d(5)),
        nn.Dropout(0.5),
        nn.Linear(5, 2),
        nn.BatchNorm1d(2),
        nn.Linear(2, 1),
    )
    net[0].requires_grad_(False)  # left so by somebody
    net[6].eval()
    names = solution.freeze_discriminator(net, layers)
    return names, [parameter.requires_grad for parameter in net.parameters()], [child.training for child in net]


ORDER = ["0.weight", "0.bias", "2.0.weight", "2.0.bias", "2.1.weight", "2.1.bias", "4.weight", "4.bias"]
ORDER += ["5.weight", "5.bias", "6.weight", "6.bias"]
OWN = [0, 2, 4, 5, 6]  # children with parameters


@pytest.mark.parametrize("layers", [0, 1, 2, 3, 4, 5])
def test_the_lower_layers_are_frozen(learner, layers):
    last = OWN[layers - 1] if layers else -1
    trained = [name for name in ORDER if int(name[0]) > last]
    modes = [k > last and k != 6 for k in range(7)]
    expected = trained, [name in trained for name in ORDER], modes
    names = ("names of what is trained", "requires_grad of every parameter", "training mode of every child")
    assert_matches(learner.run(frozen, layers), expected, names)


def test_how_long_an_average_remembers(learner, draw):
    for beta in (0.5, 0.9, 0.99, 0.999, *draw.uniform(6, low=0.05, high=0.995).tolist()):
        for share in draw.uniform(3, low=0.003, high=0.9).tolist():
            k = 1
            while beta**k > share:
                k += 1
            got = learner.memory(beta, share)
            said = f"memory({beta:.4f}, {share:.4f}) is {got!r}: {beta:.4f}^k is at most {share:.4f} from k = {k} on."
            assert got == k, said


def grouped(solution, lr, ratio):
    torch.manual_seed(0)
    generator, discriminator = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 2)), nn.Sequential(nn.Linear(2, 3))
    generator[0].weight.requires_grad_(False)
    groups = solution.optimiser_groups(generator, discriminator, lr, ratio)
    found = [([p.detach().clone() for p in group["params"]], group["lr"], tuple(group["betas"])) for group in groups]
    trained = ([p for p in net.parameters() if p.requires_grad] for net in (generator, discriminator))
    return found, [[p.detach().clone() for p in own] for own in trained]


def test_two_time_scales(learner, draw):
    lr, ratio = float(draw.uniform(low=1e-4, high=1e-3)), float(draw.uniform(low=2.0, high=5.0))
    result = learner.run(grouped, lr, ratio)
    own = result[1] if isinstance(result, tuple) and len(result) == 2 else [None, None]
    expected = [(own[0], lr, (0.5, 0.999)), (own[1], ratio * lr, (0.5, 0.999))]
    assert_matches(result, (expected, own), ("(params, lr, betas) of each group", "the networks"))


def right_setting(trials, runs):
    scores = {}
    for name, score in trials:
        scores.setdefault(name, []).append(math.inf if math.isnan(score) else score)
    ranked = [(statistics.median(v), max(v), k, name) for k, (name, v) in enumerate(scores.items()) if len(v) >= runs]
    return min(ranked)[3] if ranked and min(ranked)[0] < math.inf else None


def settings(solution, cases):
    return [solution.best_setting(trials, runs) for trials, runs in cases]


def test_settings_are_compared_by_their_medians(learner, draw):
    cases = []
    for _ in range(40):
        trials = []
        for name in "abcd":
            for _ in range(draw.integer(1, 7)):
                score = 10.0 * draw.integer(1, 8) + (300.0 if draw.integer(0, 4) == 0 else 0.0)
                trials.append((name, float("nan") if draw.integer(0, 6) == 0 else score))
        order = draw.permutation(len(trials)).tolist()
        cases.append(([trials[k] for k in order], draw.integer(1, 5)))
    cases.append(([("a", float("nan")), ("a", float("nan"))], 1))
    cases.append(([("a", 1.0)], 2))
    got = learner.run(settings, cases)
    answers = got if isinstance(got, list) else []
    assert len(answers) == len(cases), f"best_setting was asked {len(cases)} times; {got!r} came back."
    for (trials, runs), answer in zip(cases, answers, strict=True):
        expected = right_setting(trials, runs)
        assert answer == expected, f"best_setting({trials}, {runs}) is {answer!r}, and it should be {expected!r}."

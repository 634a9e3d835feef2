"""The definitions, once more, by looking back over whole curves; curves as trainings make them, with noise and ties."""

import math

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches


def curves(draw, epochs, scale=1.0):
    """Training, validation and test loss of a run: down, and then the last two up again, with noise and some ties."""
    t = torch.arange(epochs, dtype=torch.float64)
    turn, speed = draw.integer(epochs // 4, 3 * epochs // 4 + 1), float(draw.uniform(low=0.05, high=0.3))
    train = 0.2 + 2 * (-speed * t).exp()
    rise = float(draw.uniform(low=0.005, high=0.03)) * (t - turn).clamp(min=0)
    val, test = (0.3 + train + rise + draw.normal(epochs, std=0.03).abs() for _ in range(2))
    train = train + draw.normal(epochs, std=0.01).abs()
    val = (val * 50).round() / 50  # so that values come twice
    return [(scale * curve).tolist() for curve in (train, val, test)]


def gl(val):
    return [100 * (val[t] / min(val[: t + 1]) - 1) for t in range(len(val))]


def p(train, strip):
    strips = [train[t + 1 - strip : t + 1] if t + 1 >= strip else None for t in range(len(train))]
    return [math.inf if s is None else 1000 * (math.fsum(s) / (strip * min(s)) - 1) for s in strips]


def smooth(val, share):
    """The same average as a sum: each value with its weight."""
    out = []
    for t in range(len(val)):
        weights = [share**t] + [(1 - share) * share ** (t - k) for k in range(1, t + 1)]
        out.append(sum(w * v for w, v in zip(weights, val[: t + 1], strict=True)))
    return out


def stops(train, val, rule, t):
    """Whether the rule says stop at epoch t, from the curves up to t alone."""
    if rule["kind"] == "GL":
        return gl(val)[t] > rule["alpha"]
    if rule["kind"] == "PQ":
        loss, moved = gl(val)[t], p(train, rule["strip"])[t]
        return loss > 0 if moved == 0 else loss / moved > rule["alpha"]
    if rule["kind"] == "UP":
        ends = [val[k] for k in range(rule["strip"] - 1, t + 1, rule["strip"])][-rule["strips"] - 1 :]
        at_end = (t + 1) % rule["strip"] == 0 and len(ends) == rule["strips"] + 1
        return at_end and all(ends[k] < ends[k + 1] for k in range(rule["strips"]))
    values = smooth(val, rule["smoothing"])
    values = [-value for value in values] if rule["mode"] == "max" else values
    better = [k for k in range(t + 1) if all(values[k] < before for before in values[:k])]
    return t - better[-1] >= rule["patience"]


def first_stop(train, val, rule):
    return next((t for t in range(len(val)) if stops(train[: t + 1], val[: t + 1], rule, t)), None)


def told(rule):
    return ", ".join(f"{key} {value}" for key, value in rule.items())


def ask(learner, questions):
    """All are asked, so that they can be told from every mistake; the first wrong answer is shown."""
    answers = [learner.stop_at(*question) for question in questions]
    for (train, val, rule), answer in zip(questions, answers, strict=True):
        shown = ", ".join(f"{value:.4g}" for value in val)
        name = f"stop_at for {told(rule)} and the validation curve {shown}"
        assert_matches(answer, first_stop(train, val, rule), name)
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("epochs", [1, 17, 40])
def test_the_generalisation_loss(learner, draw, epochs):
    _, val, _ = curves(draw, epochs, scale=float(draw.uniform(low=0.1, high=10.0)))
    assert_matches(learner.generalisation_loss(val), gl(val), "GL", terms=epochs)
    assert_inputs_unchanged(learner)


def assert_infinite(values, name):
    assert all(value == math.inf for value in values), f"{name} has to be infinite; yours is {values}."


@pytest.mark.parametrize("strip", [2, 5, 9])
def test_the_progress(learner, draw, strip):
    train = (draw.uniform(23) + 0.5).tolist()
    result = learner.progress(train, strip)
    is_list = isinstance(result, list) and len(result) == 23
    assert is_list, "progress has to return a list with one number for each epoch."
    early = strip - 1
    assert_infinite(result[:early], f"P before the first strip of {strip} is full")
    assert_matches(result[early:], p(train, strip)[early:], f"P from epoch {early} on, for strips of {strip}", terms=50)


@pytest.mark.builds_on("test_the_progress")
def test_a_training_shorter_than_a_strip_is_all_progress(learner, draw):
    train = (draw.uniform(4) + 0.5).tolist()
    result = learner.progress(train, 6)
    assert isinstance(result, list) and len(result) == 4, (
        "progress has to return a list with one number for each epoch."
    )
    assert_infinite(result, "P before the first strip of 6 is full")


@pytest.mark.builds_on("test_the_generalisation_loss")
def test_stopping_by_generalisation_loss(learner, draw):
    questions = []
    for _ in range(25):
        train, val, _ = curves(draw, draw.integer(10, 40))
        questions.append((train, val, {"kind": "GL", "alpha": float(draw.uniform(low=0.5, high=25.0))}))
    exact = [8.0, 9.0, 10.0, 9.0, 10.5]  # 12.5 % above the lowest is not above 12.5 %
    questions += [(exact, exact, {"kind": "GL", "alpha": alpha}) for alpha in (12.5, 25.0, 12.0, 40.0, 0.0)]
    ask(learner, questions)


@pytest.mark.builds_on("test_stopping_by_generalisation_loss", "test_the_progress")
def test_stopping_by_generalisation_loss_over_progress(learner, draw):
    questions = []
    for _ in range(25):
        train, val, _ = curves(draw, draw.integer(15, 40))
        rule = {"kind": "PQ", "alpha": float(draw.uniform(low=0.05, high=0.8)), "strip": draw.integer(2, 7)}
        questions.append((train, val, rule))
    # GL 62.5 over P 125 is exactly 0.5.
    train, val = [9.0, 9.0, 9.0, 10.0, 8.0], [9.0, 8.5, 8.0, 8.0, 13.0]
    questions += [(train, val, {"kind": "PQ", "alpha": alpha, "strip": 2}) for alpha in (0.5, 0.4, 0.6)]
    ask(learner, questions)


@pytest.mark.builds_on("test_stopping_by_generalisation_loss_over_progress")
def test_a_training_loss_that_stands_still(learner, draw):
    low, high = 2.0, 2.0 + float(draw.uniform(low=0.001, high=1.0))
    flat = [0.5] * 6
    rule = {"kind": "PQ", "alpha": 1e9, "strip": 3}
    ask(learner, [(flat, [low, low, low, low, high, low], rule), (flat, [high, high, high, low, low, low], rule)])


def test_stopping_after_strips_that_end_higher(learner, draw):
    questions = []
    for _ in range(30):
        train, val, _ = curves(draw, draw.integer(10, 60))
        questions.append((train, val, {"kind": "UP", "strips": draw.integer(1, 5), "strip": draw.integer(2, 6)}))
    for strips in (1, 2, 3):  # equal ends, and rises that are interrupted
        val = draw.integers(3, 6, 60).double().tolist()
        questions.append((val, val, {"kind": "UP", "strips": strips, "strip": 2}))
    ask(learner, questions)


@pytest.mark.parametrize("mode", ["min", "max"])
def test_patience_without_smoothing(learner, draw, mode):
    questions = []
    for k in range(25):
        train, val, _ = curves(draw, draw.integer(10, 40))
        if mode == "max":  # a metric that rises, and falls again; every second one below zero
            val = [-value + 5 * (k % 2) for value in val]
        rule = {"kind": "patience", "patience": draw.integer(1, 6), "mode": mode, "smoothing": 0.0}
        questions.append((train, val, rule))
    ask(learner, questions)


@pytest.mark.builds_on("test_patience_without_smoothing")
@pytest.mark.parametrize("mode", ["min", "max"])
def test_patience_with_smoothing(learner, draw, mode):
    questions = []
    for _ in range(25):
        train, _, val = curves(draw, draw.integer(10, 40))
        val = [-value for value in val] if mode == "max" else val
        share = float(draw.uniform(low=0.3, high=0.9))
        rule = {"kind": "patience", "patience": draw.integer(1, 6), "mode": mode, "smoothing": share}
        questions.append((train, val, rule))
    ask(learner, questions)


def judged(runs, rule):
    losses, times = [], []
    for train, val, test in runs:
        stop = first_stop(train, val, rule)
        seen = val if stop is None else val[: stop + 1]
        kept, best = seen.index(min(seen)), val.index(min(val))
        losses.append(test[kept] / test[best])
        times.append(len(seen) / len(val))
    return sum(losses) / len(runs), sum(times) / len(runs)


RULES = [
    {"kind": "GL", "alpha": 3.0},
    {"kind": "PQ", "alpha": 0.2, "strip": 5},
    {"kind": "UP", "strips": 2, "strip": 3},
    {"kind": "patience", "patience": 1, "mode": "min", "smoothing": 0.0},
    {"kind": "patience", "patience": 4, "mode": "min", "smoothing": 0.4},
]


@pytest.mark.builds_on("test_stopping_by_generalisation_loss_over_progress", "test_patience_with_smoothing")
@pytest.mark.parametrize("rule", RULES, ids=told)
def test_what_a_rule_costs_and_saves(learner, draw, rule):
    runs = [tuple(curves(draw, draw.integer(12, 40), scale=draw.integer(1, 9))) for _ in range(8)]
    assert_matches(learner.judge(runs, rule), judged(runs, rule), ("the loss", "the time"), terms=50)


@pytest.mark.builds_on("test_what_a_rule_costs_and_saves")
def test_a_rule_that_never_stops_costs_and_saves_nothing(learner, draw):
    runs = [tuple(curves(draw, draw.integer(12, 30))) for _ in range(3)]
    assert_matches(learner.judge(runs, {"kind": "GL", "alpha": 1e6}), (1.0, 1.0), ("the loss", "the time"))


def chosen(rules, allowed):
    ranked = sorted(range(len(rules)), key=lambda k: (rules[k][1], rules[k][0], k))
    enough = [k for k in ranked if rules[k][0] <= 1 + allowed]
    return enough[0] if enough else sorted(range(len(rules)), key=lambda k: (rules[k][0], rules[k][1], k))[0]


def test_the_cheapest_rule_that_is_good_enough(learner, draw):
    questions = []
    for k in range(60):
        count = draw.integer(1, 8)
        # In eighths and quarters, so that losses and times come twice and are exactly what is allowed.
        losses = (1 + draw.integers(0, 5, count).double() / 8).tolist()
        times = (draw.integers(1, 5, count).double() / 4).tolist()
        allowed = 0.0 if k % 5 == 4 else draw.integer(0, 5) / 8
        questions.append((list(zip(losses, times, strict=True)), allowed))
    questions.append(([(1.5, 0.2), (1.25, 0.9), (1.25, 0.4), (1.25, 0.4)], 0.125))
    answers = [learner.choose_rule(*question) for question in questions]
    for (rules, allowed), answer in zip(questions, answers, strict=True):
        assert_matches(answer, chosen(rules, allowed), f"choose_rule({rules}, {allowed})")


def right_metric(task):
    if task["use"] == "number":
        return "mse", "min", "a measurement is judged by its squared error"
    if task["use"] == "probability":
        return "cross_entropy", "min", "the probabilities themselves are used"
    rarest = min(task["shares"])
    if rarest * task["validation"] < 30:
        return (
            "cross_entropy",
            "min",
            f"only {rarest * task['validation']:.1f} samples of the rarest class are expected",
        )
    if task["use"] == "ranking":
        return "auc", "max", "only the order of the scores counts"
    if rarest < 0.1:
        return "f1", "max", f"the rarest class has a share of {rarest}, and accuracy hardly notices it"
    return "accuracy", "max", "no class is rare, and right or wrong is what counts"


def a_task(draw):
    use = draw.choice(["number", "probability", "ranking", "ranking", "decision", "decision", "decision", "decision"])
    if use == "number":
        return {"use": use, "shares": [], "validation": draw.integer(20, 3000)}
    percent = draw.choice([1, 2, 5, 8, 9, 10, 11, 20, 30])
    shares = [percent, 100 - percent]
    if use != "ranking" and draw.integer(0, 2) and percent < 30:
        shares = [35, 65 - percent, percent]
    order = draw.permutation(len(shares)).tolist()
    shares = [shares[k] / 100 for k in order]
    # Around and far from 30 samples of the rarest, never within rounding of it.
    expected = draw.choice([10, 20, 28, 32, 40, 100, 300])
    return {"use": use, "shares": shares, "validation": round(expected * 100 / percent) + draw.choice([0, 1])}


def test_the_metric_to_watch(learner, draw):
    tasks = [a_task(draw) for _ in range(80)]
    answers = [learner.metric_to_watch(task) for task in tasks]
    for task, answer in zip(tasks, answers, strict=True):
        metric, mode, why = right_metric(task)
        name = f"metric_to_watch({task})"
        is_pair = isinstance(answer, tuple | list) and len(answer) == 2
        assert is_pair, f"{name} has to return two strings, the metric and its direction."
        assert tuple(answer) == (metric, mode), f"{name}: yours {tuple(answer)}, expected {(metric, mode)}, for {why}."

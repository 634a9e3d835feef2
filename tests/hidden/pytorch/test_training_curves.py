"""Logs are used in the worker; ticks against exact fractions, coordinates against a loop."""

import math
from fractions import Fraction

import pytest
import torch

from tutor.testkit import assert_matches

NAN, INF = math.nan, math.inf


def used(solution, entries, names):
    log = solution.Log()
    for step, scalars in entries:
        log.add(step, **scalars)
    return [log.curve(name) for name in names]


def some_entries(draw, steps=12, every=4):
    """A loss at each step, a rate at most, an accuracy after each epoch, some in calls of their own."""
    entries = []
    for k in range(steps):
        step = 3 * k + draw.integer(0, 3)
        entries.append((step, {"loss": float(draw.uniform())}))
        if draw.integer(0, 4):
            entries.append((step, {"rate": float(draw.uniform())}))
        if k % every == every - 1:
            extra = {"accuracy": float(draw.uniform()), "held_out": float(draw.uniform())}
            entries.append((step + draw.integer(0, 2), extra))
    return entries


def curves_of(entries):
    found = {}
    for step, scalars in entries:
        for name, value in scalars.items():
            found.setdefault(name, ([], []))
            found[name][0].append(step)
            found[name][1].append(float(value))
    return found


@pytest.mark.parametrize("every", [2, 4, 5])
def test_curves_of_scalars_that_come_at_different_steps(learner, draw, every):
    entries = some_entries(draw, every=every)
    right = curves_of(entries)
    got = learner.run(used, entries, list(right))
    assert_matches(got, list(right.values()), f"(steps, values) of {', '.join(right)}")


def twice(solution, value, later):
    """What becomes of a second value at the same step, and at an earlier one, and what is there afterwards."""
    log = solution.Log()
    log.add(4, loss=value)
    said = []
    for step, scalars in ((4, {"other": 1.0, "loss": later}), (3, {"loss": later}), (3, {"accuracy": later})):
        try:
            log.add(step, **scalars)
            said.append("noted")
        except ValueError:
            said.append("ValueError")
    try:
        log.curve("other")
        said.append("other is there")
    except KeyError:
        said.append("KeyError")
    return said, log.curve("loss"), log.curve("accuracy")


@pytest.mark.builds_on("test_curves_of_scalars_that_come_at_different_steps")
def test_a_step_that_was_there_already(learner, draw):
    value, later = float(draw.uniform()), float(draw.uniform())
    said = ["ValueError", "ValueError", "noted", "KeyError"]
    expected = (said, ([4], [value]), ([3], [later]))
    names = ("what became of a second value, an earlier one, another name, and what the first call had besides",)
    assert_matches(learner.run(twice, value, later), expected, (*names, "curve of loss", "curve of accuracy"))


def written(solution, entries):
    log = solution.Log()
    for step, scalars in entries:
        log.add(step, **scalars)
    return log.to_csv()


def csv(entries):
    curves = {name: dict(zip(*curve, strict=True)) for name, curve in curves_of(entries).items()}
    lines = [",".join(["step", *curves])]
    for step in sorted({step for curve in curves.values() for step in curve}):
        lines.append(",".join([str(step), *(repr(c[step]) if step in c else "" for c in curves.values())]))
    return "\n".join(lines) + "\n"


def check_text(got, right):
    lines = got.split("\n") if isinstance(got, str) else []
    for k, (mine, theirs) in enumerate(zip(lines, right.split("\n"), strict=False)):
        assert_matches(mine, theirs, f"line {k + 1}")
    assert_matches(got, right, "the text")


@pytest.mark.builds_on("test_curves_of_scalars_that_come_at_different_steps")
@pytest.mark.parametrize("every", [3, 4])
def test_the_log_as_text(learner, draw, every):
    entries = some_entries(draw, every=every)
    check_text(learner.run(written, entries), csv(entries))


@pytest.mark.builds_on("test_the_log_as_text")
def test_values_that_are_no_floats_and_steps_of_one_name_between_those_of_another(learner, draw):
    first = [(2, {"b": draw.integer(1, 9)}), (10, {"b": -INF}), (100, {"b": NAN})]
    entries = [*first, (1, {"a": INF, "c": 0.1 + 0.2}), (9, {"a": 1e-30})]
    check_text(learner.run(written, entries), csv(entries))


@pytest.mark.builds_on("test_the_log_as_text")
def test_an_empty_log(learner):
    check_text(learner.run(written, []), "step\n")


def read(solution, text, names):
    log = solution.from_csv(text)
    curves = [log.curve(name) for name in names]
    again = log.to_csv()
    log.add(1000, **{names[-1]: 7})
    return again, curves, log.curve(names[-1])[0][-1]


def is_curve(value):
    return isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], list)


def without_nan(curves):
    return [(steps, [value if value == value else "nan" for value in values]) for steps, values in curves]


@pytest.mark.builds_on("test_the_log_as_text")
def test_a_log_that_was_written_is_read_again(learner, draw):
    entries = some_entries(draw)
    entries += [(200, {"loss": NAN, "rate": INF}), (201, {"loss": 5.0})]
    right = curves_of(entries)
    got = learner.run(read, csv(entries), list(right))
    names = ("the text written again", "the curves", "the last step after another one was added")
    if isinstance(got, tuple) and isinstance(got[1], list) and all(map(is_curve, got[1])):
        got = (got[0], without_nan(got[1]), got[2])
    assert_matches(got, (csv(entries), without_nan(right.values()), 1000), names)


def band_of(runs):
    found = ([], [], [], [])
    for step in range(max(map(len, runs))):
        here = torch.tensor([run[step] for run in runs if len(run) > step and run[step] == run[step]])
        some = len(here) > 0
        for part, value in zip(
            found[:3], (here.double().mean(), *(torch.aminmax(here) if some else (NAN, NAN))), strict=True
        ):
            part.append(float(value))
        found[3].append(len(here))
    return found


def check_band(learner, runs):
    mean, low, high, count = band_of(runs)
    tensors = tuple(torch.tensor(part, dtype=torch.float64).nan_to_num(-1000.0) for part in (mean, low, high))
    got = learner.band(runs)
    if isinstance(got, tuple) and all(isinstance(part, list) for part in got[:3]):
        assert all(isinstance(v, float) for part in got[:3] for v in part), "mean, low and high have to be floats."
        parts = [torch.tensor(part, dtype=torch.float64).nan_to_num(-1000.0) for part in got[:3]]
        got = (*parts, *got[3:])
    assert_matches(got, (*tensors, count), ("mean (-1000 is NaN)", "low", "high", "count"), terms=20)


@pytest.mark.parametrize(("runs", "steps"), [(3, 5), (5, 4), (2, 9)])
def test_a_band_around_runs(learner, draw, runs, steps):
    check_band(learner, draw.uniform(runs, steps, low=0.5, high=2.0).float().double().tolist())


@pytest.mark.builds_on("test_a_band_around_runs")
def test_runs_that_ended_early(learner, draw):
    runs = draw.uniform(4, 9, low=0.5, high=2.0).float().double().tolist()
    check_band(learner, [run[:length] for run, length in zip(runs, (6, 9, 0, 3), strict=True)])


@pytest.mark.builds_on("test_runs_that_ended_early")
def test_runs_with_gaps(learner, draw):
    runs = draw.uniform(3, 8, low=0.5, high=2.0).float().double().tolist()
    runs[0][2] = runs[1][2] = runs[1][5] = runs[0][6] = runs[1][6] = runs[2][6] = NAN
    check_band(learner, runs)


def exact_ticks(low, high, most):
    power, edge = -12, Fraction(1, 10**9)
    low, high = Fraction(low), Fraction(high)
    while True:
        for digit in (1, 2, 5):
            step = digit * Fraction(10) ** power
            first, last = math.ceil(low / step - edge), math.floor(high / step + edge)
            if last - first < most:
                return [float(k * step) for k in range(first, last + 1)]
        power += 1


def is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


def check_ticks(learner, low, high, most, right, **options):
    name = f"the ticks from {low:.6g} to {high:.6g}, at most {most},"
    got = learner.ticks(low, high, most, **options)
    if isinstance(got, list):
        wrong = [value for value in got if not is_number(value)]
        assert not wrong, f"T{name[1:]} have to be numbers; among yours is {wrong[0]!r}."
    listed = torch.tensor(got, dtype=torch.float64) if isinstance(got, list) else got
    assert_matches(listed, torch.tensor(right, dtype=torch.float64), name)


@pytest.mark.parametrize("size", [1e-4, 0.05, 1.0, 30.0, 7e5])
def test_ticks_in_steps_of_1_2_and_5(learner, draw, size):
    for most in (2, 4, 7, 12):
        low = float(draw.uniform(low=-2.0, high=2.0)) * size
        high = low + float(draw.uniform(low=0.5, high=6.0)) * size
        check_ticks(learner, low, high, most, exact_ticks(low, high, most))


@pytest.mark.builds_on("test_ticks_in_steps_of_1_2_and_5")
def test_ticks_on_the_edges(learner, draw):
    for low, high in ((0.1, 0.3), (0.0, 0.7), (-0.6, 0.3), (0.3, 1.2), (0.0, 5.0), (-3.0, 0.0)):
        for most in (4, 11):
            check_ticks(learner, low, high, most, exact_ticks(low, high, most))


@pytest.mark.builds_on("test_ticks_in_steps_of_1_2_and_5")
def test_powers_of_ten(learner, draw):
    for most in (2, 3, 5, 9):
        first, width = draw.integer(-12, 5), draw.integer(1, 14)
        low, high = 10.0 ** (first - 0.3), 10.0 ** (first + width + 0.4)
        inside, every = range(first, first + width + 1), 1
        while sum(k % every == 0 for k in inside) > most:
            every += 1
        check_ticks(learner, low, high, most, [10.0**k for k in inside if k % every == 0], log=True)


@pytest.mark.builds_on("test_powers_of_ten")
def test_powers_of_ten_on_the_edges_and_none(learner):
    check_ticks(learner, 0.001, 1000.0, 9, [10.0**k for k in range(-3, 4)], log=True)
    check_ticks(learner, 2.0, 9.0, 4, [], log=True)


def points_of(steps, values, box, limits, log=False):
    left, top, right, bottom = box
    x_low, x_high, y_low, y_high = limits
    pieces = [[]]
    for step, value in zip(steps, values, strict=True):
        if value != value or abs(value) == INF or (log and value <= 0):
            pieces.append([])
        elif x_low <= step <= x_high:
            value = min(max(value, y_low), y_high)
            share = math.log(value / y_low) / math.log(y_high / y_low) if log else (value - y_low) / (y_high - y_low)
            pieces[-1].append(
                (left + (right - left) * (step - x_low) / (x_high - x_low), bottom - (bottom - top) * share)
            )
    return [piece for piece in pieces if piece]


def is_point(value):
    return isinstance(value, tuple) and len(value) == 2 and all(map(is_number, value))


def check_points(learner, draw, values, limits=None, log=False):
    steps, step = [], draw.integer(0, 4)
    for _ in values:
        steps.append(step)
        step += draw.integer(1, 4)
    box = tuple(draw.uniform(4).mul(40).add(torch.tensor([10.0, 20.0, 300.0, 190.0])).tolist())
    limits = limits or (-1.0, step + 1.0, 0.25, 2.5)
    right = points_of(steps, values, box, limits, log)
    got = learner.to_points(steps, values, box, limits, log=log)
    lengths = [len(piece) if isinstance(piece, list) else piece for piece in got] if isinstance(got, list) else got
    assert_matches(lengths, [len(piece) for piece in right], "the number of points in each piece")
    wrong = [point for piece in got for point in piece if not is_point(point)]
    assert not wrong, f"A point is a tuple of two numbers, x and y; among yours is {wrong[0]!r:.100}."
    flat = [torch.tensor(piece, dtype=torch.float64) for piece in got]
    assert_matches(flat, [torch.tensor(piece, dtype=torch.float64) for piece in right], "the points (x, y)", terms=9)


def values_of(draw, count, low=0.4, high=2.2):
    return draw.uniform(count, low=low, high=high).tolist()


@pytest.mark.parametrize("count", [2, 7, 12])
def test_where_a_curve_is_drawn(learner, draw, count):
    check_points(learner, draw, values_of(draw, count))


@pytest.mark.builds_on("test_where_a_curve_is_drawn")
def test_a_logarithmic_axis(learner, draw):
    check_points(learner, draw, values_of(draw, 9), log=True)


@pytest.mark.builds_on("test_where_a_curve_is_drawn")
def test_the_curve_is_broken_where_there_is_no_number(learner, draw):
    values = values_of(draw, 14)
    values[0] = values[4] = values[5] = values[13] = NAN
    values[8], values[10] = INF, -INF
    check_points(learner, draw, values)


@pytest.mark.builds_on("test_a_logarithmic_axis", "test_the_curve_is_broken_where_there_is_no_number")
def test_zero_and_less_have_no_logarithm(learner, draw):
    values = values_of(draw, 9)
    values[3], values[6] = 0.0, -0.7
    check_points(learner, draw, values, log=True)
    check_points(learner, draw, values)


@pytest.mark.builds_on("test_where_a_curve_is_drawn")
def test_values_beyond_the_limits_are_drawn_at_the_edge(learner, draw):
    values = values_of(draw, 12, low=-1.0, high=4.0)
    values[2], values[5] = 3.7, -0.9
    check_points(learner, draw, values)


@pytest.mark.builds_on("test_where_a_curve_is_drawn")
def test_steps_beyond_the_limits_are_left_out(learner, draw):
    check_points(learner, draw, values_of(draw, 15), limits=(4.5, 12.5, 0.25, 2.5))


@pytest.mark.builds_on("test_where_a_curve_is_drawn")
def test_nothing_to_draw(learner, draw):
    check_points(learner, draw, [])


@pytest.mark.builds_on(
    "test_a_logarithmic_axis", "test_runs_that_ended_early", "test_powers_of_ten_on_the_edges_and_none"
)
def test_a_picture_of_three_seeds(learner, draw, album):
    noise = draw.normal(3, 60, std=0.15).exp()
    runs = (noise * (0.02 + 2 * 0.92 ** torch.arange(60.0))).tolist()
    runs[1] = runs[1][:35]
    mean, low, high, _ = learner.band(runs)
    box, limits = (40.0, 10.0, 560.0, 300.0), (0.0, 59.0, 0.01, 4.0)
    drawn = [learner.to_points(list(range(60)), line, box, limits, log=True) for line in (mean, low, high)]
    right = [points_of(list(range(60)), line, box, limits, log=True) for line in (mean, low, high)]
    flat = [[torch.tensor(piece) for piece in pieces] for pieces in drawn]
    assert_matches(flat, [[torch.tensor(piece) for piece in pieces] for pieces in right], "the curves")
    with album.figure("curves", "The mean of three seeds, and their band; one ended early") as axes:
        (centre,), (below,), (above,) = drawn
        axes.fill_between([x for x, _ in below], [y for _, y in below], [y for _, y in above], alpha=0.3)
        axes.plot([x for x, _ in centre], [y for _, y in centre])
        for value in learner.ticks(0.01, 4.0, 5, log=True):
            (((_, y),),) = points_of([0], [value], box, limits, log=True)
            axes.axhline(y, color="0.8", zorder=0)
            axes.text(36, y, f"{value:g}", ha="right", va="center")
        axes.set_ylim(310, 0)
        axes.set_axis_off()

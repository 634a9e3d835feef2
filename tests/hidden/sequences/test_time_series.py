"""The pieces exactly; then a curve of two waves that no one has seen, whose next values have to be foretold."""

import math

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches

WIDTH, TRAINING, HELD_OUT = 32, 500, 132


def curve(draw):
    """Two waves and a little noise, somewhere far from 0."""
    t = torch.arange(TRAINING + HELD_OUT, dtype=torch.float64)
    slow, fast = draw.uniform(1, low=32.0, high=44.0), draw.uniform(1, low=10.0, high=14.0)
    phases = draw.uniform(2, high=2 * math.pi)
    wave = torch.sin(2 * math.pi * t / slow + phases[0]) + 0.6 * torch.sin(2 * math.pi * t / fast + phases[1])
    level, size = draw.uniform(1, low=100.0, high=200.0), draw.uniform(1, low=5.0, high=20.0)
    return (level + size * (wave + draw.normal(len(t), std=0.03))).float()


@pytest.mark.parametrize(("t", "width"), [(7, 3), (10, 1), (6, 5), (40, 12)])
def test_windows_and_what_comes_next(learner, draw, t, width):
    series = draw.normal(t, dtype=torch.float32)
    x = torch.stack([series[k : k + width] for k in range(t - width)])
    assert_matches(learner.windows(series, width), (x, series[width:]), ("x", "y"))


def continued(solution, history, steps, weights):
    def predict(x):
        shape = tuple(x.shape)
        if shape != tuple(history.shape):
            raise ValueError(f"predict() got windows of shape {shape}; they have to stay {tuple(history.shape)}")
        return x @ weights

    return solution.roll_out(predict, history, steps)


@pytest.mark.parametrize(("n", "width", "steps"), [(1, 3, 4), (4, 2, 7), (3, 5, 1)])
def test_each_prediction_becomes_part_of_the_next_window(learner, draw, n, width, steps):
    history, weights = draw.normal(n, width), draw.normal(width, std=0.6)
    values = history
    for _ in range(steps):
        values = torch.cat([values, (values[:, -width:] @ weights)[:, None]], dim=1)
    assert_matches(
        learner.run(continued, history, steps, weights), values[:, width:], "the values that follow", terms=40
    )
    assert_inputs_unchanged(learner)


def scaled(solution, x, seed):
    """The same weights in three forecasters: for a series as it is, for one that is shifted, and for a larger one."""
    found = []
    for mean, std in ((0.0, 1.0), (50.0, 1.0), (50.0, 8.0)):
        torch.manual_seed(seed)
        model = solution.Forecaster(mean, std, 6)
        found.append(model(x * std + mean))
    return tuple(found)


def is_forecast(value):
    return isinstance(value, torch.Tensor) and value.shape == (5,)


def test_a_forecaster_standardises_and_back(learner, draw):
    x = draw.normal(5, 7, dtype=torch.float32)
    result = learner.run(scaled, x, draw.integer(0, 1000))
    first = result[0].detach() if isinstance(result, tuple) and is_forecast(result[0]) else torch.zeros(5)
    names = ("for mean 0 and std 1", "for mean 50", "for mean 50 and std 8")
    assert_matches(result, (first, first + 50, first * 8 + 50), names, terms=4000)
    assert first.std() > 1e-4, "Five windows that differ get the same forecast: it doesn't depend on the window."


def train_and_forecast(solution, series, width, training, seed):
    torch.manual_seed(seed + 1)
    model, losses = solution.train(series[:training], width, seed=seed)
    x, _ = solution.windows(series[training - width :], width)
    with torch.no_grad():
        ahead = model(x)
    starts = [training, training + 30, training + 60]
    history = torch.stack([series[start - width : start] for start in starts])
    return [float(loss) for loss in losses], ahead, solution.roll_out(model, history, 24)


@pytest.mark.builds_on(
    "test_windows_and_what_comes_next",
    "test_each_prediction_becomes_part_of_the_next_window",
    "test_a_forecaster_standardises_and_back",
)
def test_it_goes_on_with_a_curve(learner, draw, album):
    series = curve(draw)
    result = learner.run(train_and_forecast, series, WIDTH, TRAINING, draw.integer(0, 1000))
    losses = result[0] if isinstance(result, tuple) and result and isinstance(result[0], list) else []
    blank = ([0.0] * len(losses), torch.zeros(HELD_OUT), torch.zeros(3, 24))
    names = ("the losses", "the next values", "the values rolled out")
    assert_matches(tuple(map(emptied, result)) if isinstance(result, tuple) else result, blank, names)
    assert losses, "train() returned no losses: append one at every step."
    held_out = series[TRAINING:]
    ahead = error(result[1] - held_out) / error(series[TRAINING - 1 : -1] - held_out)
    starts = [0, 30, 60]
    truth = torch.stack([held_out[start : start + 24] for start in starts])
    still = torch.stack([series[TRAINING + start - 1].expand(24) for start in starts])
    rolled = error(result[2] - truth) / error(still - truth)
    show(album, series, starts, result[2], losses)
    assert ahead <= 0.35, (
        f"One step ahead the error is {ahead:.0%} of what 'tomorrow is like today' makes; it takes 35 %. "
        f"The loss went from {losses[0]:.3g} to {losses[-1]:.3g} in {len(losses)} steps."
    )
    assert rolled <= 0.5, (
        f"24 steps on, the error is {rolled:.0%} of what 'it stays as it is' makes; it takes 50 %. One step ahead it "
        f"is {ahead:.0%}: errors add up when predictions are fed back, so the single step has to be better."
    )


def error(difference):
    return difference.double().square().mean().sqrt().item()


def emptied(value):
    if isinstance(value, torch.Tensor):
        return torch.zeros_like(value)
    return [0.0 for _ in value] if isinstance(value, list) else value


def show(album, series, starts, rolled, losses):
    with album.figure("time_series", "24 values that follow, from three starts", 9, 3.6) as axes:
        axes.plot(
            range(TRAINING - 60, len(series)), series[TRAINING - 60 :], color="0.6", linewidth=1, label="the curve"
        )
        for start, values in zip(starts, rolled, strict=True):
            axes.plot(range(TRAINING + start, TRAINING + start + 24), values, color="tab:orange", linewidth=2)
        axes.axvline(TRAINING, color="0.3", linestyle=":", linewidth=1)
        axes.legend()
    with album.figure("time_series_loss", "The loss while it learned", 6, 3.2) as axes:
        axes.plot([loss if 0 < loss < 1e6 else float("nan") for loss in losses], linewidth=1)
        axes.set_yscale("log")
        axes.set_xlabel("step")

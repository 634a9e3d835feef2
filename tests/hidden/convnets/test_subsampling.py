"""Subsampling against torch's pooling and convolution on rows that torch has wrapped around; frequencies by its FFT."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, assert_raises, strided

KINDS = ("stride", "max", "average", "triangle")
SIZES = [((2, 12), 2), ((3, 15), 3), ((2, 20), 4), ((1, 10), 5)]


def by_torch(x, factor, kind):
    rows = x[:, None]
    if kind == "stride":
        return x[:, ::factor]
    if kind == "max":
        return F.max_pool1d(rows, factor)[:, 0]
    if kind == "average":
        return F.avg_pool1d(rows, factor)[:, 0]
    rising = torch.arange(1, factor + 1, dtype=x.dtype)
    weights = torch.cat([rising, rising[:-1].flip(0)])
    wrapped = F.pad(rows, (factor - 1, factor - 1), mode="circular")
    return F.conv1d(wrapped, (weights / weights.sum())[None, None], stride=factor)[:, 0]


def told(value):
    return f"{value[0]} by {value[1]}" if isinstance(value, tuple) else str(value)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape, factor", SIZES, ids=told)
def test_a_row_becomes_shorter(learner, draw, shape, factor, kind):
    x = draw.normal(*shape) - 1
    assert_matches(learner.subsample(x, factor, kind), by_torch(x, factor, kind), "the output", terms=9)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_a_row_becomes_shorter")
@pytest.mark.parametrize("kind", KINDS)
def test_a_factor_of_1_changes_nothing(learner, draw, kind):
    x = draw.normal(2, 7)
    assert_matches(learner.subsample(x, 1, kind), x, "the output")


@pytest.mark.builds_on("test_a_row_becomes_shorter")
@pytest.mark.parametrize("kind", KINDS)
def test_float32_and_other_layouts(learner, draw, kind):
    x = draw.normal(3, 8, dtype=torch.float32)
    assert_matches(learner.subsample(strided(x), 2, kind), by_torch(x, 2, kind), "the output", terms=3)


@pytest.mark.builds_on("test_a_row_becomes_shorter")
@pytest.mark.parametrize("kind", KINDS)
def test_how_much_a_shift_changes_what_is_left(learner, draw, kind):
    for (shape, factor), shift in zip(SIZES, (1, 2, 3, 1), strict=True):
        x = draw.normal(*shape) + 0.5
        before, after = by_torch(x, factor, kind), by_torch(torch.roll(x, shift, dims=1), factor, kind)
        expected = float((after - before).norm() / before.norm())
        assert_matches(learner.shift_error(x, factor, kind, shift), expected, "the change", terms=40)
        assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_how_much_a_shift_changes_what_is_left")
@pytest.mark.parametrize("kind", KINDS)
def test_a_shift_around_the_whole_row_changes_nothing(learner, draw, kind):
    x = draw.normal(2, 12)
    assert_matches(learner.shift_error(x, 3, kind, 12), 0.0, "the change")


def test_what_frequency_a_wave_seems_to_have(learner, draw):
    questions = {(0, 12, 3), (6, 12, 3), (4, 12, 3), (8, 16, 2), (7, 15, 3)}
    while len(questions) < 40:
        factor, kept = draw.integer(2, 6), draw.integer(3, 15)
        questions.add((draw.integer(0, factor * kept // 2 + 1), factor * kept, factor))
    questions = sorted(questions)
    answers = [learner.alias(*question) for question in questions]
    for (frequency, length, factor), answer in zip(questions, answers, strict=True):
        at = torch.arange(length, dtype=torch.float64)
        wave = torch.cos(2 * torch.pi * frequency * at / length)
        expected = int(torch.fft.rfft(wave[::factor]).abs().argmax())
        assert_matches(answer, expected, f"alias(frequency={frequency}, length={length}, factor={factor})")


@pytest.mark.parametrize("kind", ["stride", "average", "triangle"])
def test_how_much_of_a_wave_is_left(learner, draw, kind):
    questions = []
    for factor in (2, 3, 4, 5):
        length = factor * draw.integer(4, 9)
        questions += [(draw.integer(1, length // 2 + 1), length, factor) for _ in range(5)]
    answers = [learner.gain(*question, kind) for question in questions]
    for (frequency, length, factor), answer in zip(questions, answers, strict=True):
        dots = torch.eye(length, dtype=torch.float64)  # what each input element gives to output 0
        response = by_torch(dots, factor, kind)[:, 0]
        expected = float(torch.fft.rfft(response).abs()[frequency])
        assert_matches(answer, expected, f"gain({frequency}, length={length}, factor={factor}, {kind!r})", terms=9)


@pytest.mark.builds_on("test_how_much_of_a_wave_is_left")
def test_a_constant_passes_whole(learner, draw):
    for kind in ("stride", "average", "triangle"):
        assert_matches(learner.gain(0, 12, draw.integer(2, 5), kind), 1.0, f"the gain of a constant by {kind!r}")


def test_a_maximum_has_no_gain(learner):
    learner.gain(3, 12, 2, "average")
    assert_raises(ValueError, learner.gain, 3, 12, 2, "max")

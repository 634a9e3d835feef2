"""Against torch's own LSTM on packed sequences in float64."""

import pytest
import torch
from torch.nn.utils.rnn import pack_padded_sequence

from tutor.testkit import assert_inputs_unchanged, assert_matches

SIZES = [(3, 5, 2, 4), (4, 7, 3, 2), (2, 3, 5, 3)]  # N, T, D, H


def weights(draw, d, h):
    std = 2 * (d + h) ** -0.5
    return draw.normal(d, 4 * h, std=std), draw.normal(h, 4 * h, std=std), draw.normal(4 * h, std=0.5)


def lengths_of(draw, n, t):
    """Two that differ at least, one of them the longest there can be."""
    lengths = draw.integers(1, t, n)
    lengths[draw.integer(0, n)] = t
    return lengths


def case(draw, n, t, d, h):
    return draw.normal(n, t, d), lengths_of(draw, n, t), weights(draw, d, h), weights(draw, d, h)


def by_torch(x, lengths, *directions):
    """States (N, T, directions · H), and what each direction ends with (N, directions · H)."""
    n, t, _ = x.shape
    h = directions[0][1].shape[0]
    flat = [w for x_, h_, b in directions for w in (x_.T, h_.T, b, torch.zeros_like(b))]
    packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    zeros = torch.zeros(len(directions), n, h, dtype=x.dtype)
    out, last, _ = torch.lstm(
        packed.data, packed.batch_sizes, (zeros, zeros), flat, True, 1, 0.0, False, len(directions) == 2
    )
    states = torch.zeros(n, t, out.shape[1], dtype=x.dtype)
    place = 0
    for step, size in enumerate(packed.batch_sizes.tolist()):
        states[packed.sorted_indices[:size], step] = out[place : place + size]
        place += size
    return states, last[:, packed.unsorted_indices].transpose(0, 1).flatten(1)


@pytest.mark.parametrize("sizes", SIZES)
def test_sequences_are_reversed_within_their_lengths(learner, draw, sizes):
    x, lengths, _, _ = case(draw, *sizes)
    expected = x.clone()
    for row, length in zip(expected, lengths.tolist(), strict=True):
        row[:length] = row[:length].flip(0)
    assert_matches(learner.reverse_sequences(x, lengths), expected, "reversed x")


@pytest.mark.parametrize("sizes", SIZES)
def test_one_direction_matches_torch(learner, draw, sizes):
    x, lengths, forwards, _ = case(draw, *sizes)
    assert_matches(learner.lstm(x, lengths, forwards), by_torch(x, lengths, forwards)[0], "states", terms=60)


@pytest.mark.parametrize("sizes", SIZES)
def test_both_directions_match_torch(learner, draw, sizes):
    x, lengths, forwards, backwards = case(draw, *sizes)
    expected = by_torch(x, lengths, forwards, backwards)[0]
    assert_matches(learner.bidirectional_lstm(x, lengths, forwards, backwards), expected, "states", terms=60)


@pytest.mark.parametrize("sizes", SIZES)
def test_the_summary_is_what_each_direction_ends_with(learner, draw, sizes):
    x, lengths, forwards, backwards = case(draw, *sizes)
    states, expected = by_torch(x, lengths, forwards, backwards)
    assert_matches(learner.summary(states, lengths), expected, "the summary")


@pytest.mark.builds_on("test_both_directions_match_torch")
def test_what_pads_a_sequence_changes_nothing(learner, draw):
    x, lengths, forwards, backwards = case(draw, 4, 6, 3, 2)
    padding = torch.arange(6) >= lengths[:, None]
    x[padding] = 1e6
    expected = by_torch(x, lengths, forwards, backwards)[0]
    assert_matches(learner.bidirectional_lstm(x, lengths, forwards, backwards), expected, "states", terms=60)


@pytest.mark.builds_on("test_both_directions_match_torch", "test_the_summary_is_what_each_direction_ends_with")
@pytest.mark.parametrize("t", [1, 4])
def test_sequences_of_one_length_and_of_one_step(learner, draw, t):
    x, forwards, backwards = draw.normal(3, t, 2), weights(draw, 2, 3), weights(draw, 2, 3)
    lengths = torch.full((3,), t)
    states, ends = by_torch(x, lengths, forwards, backwards)
    assert_matches(learner.bidirectional_lstm(x, lengths, forwards, backwards), states, "states", terms=60)
    assert_matches(learner.summary(states, lengths), ends, "the summary")


@pytest.mark.builds_on("test_both_directions_match_torch")
def test_inputs_stay_as_they_are(learner, draw):
    x, lengths, forwards, backwards = case(draw, 3, 4, 2, 3)
    learner.reverse_sequences(x, lengths)
    assert_inputs_unchanged(learner)
    learner.lstm(x, lengths, forwards)
    assert_inputs_unchanged(learner)
    states = learner.bidirectional_lstm(x, lengths, forwards, backwards)
    assert_inputs_unchanged(learner)
    learner.summary(states, lengths)
    assert_inputs_unchanged(learner)

"""Results beside a plain reference, then the cost of a call as torch's dispatcher counts it."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import (
    assert_inputs_unchanged,
    assert_largest,
    assert_matches,
    assert_moved,
    assert_operations,
    assert_waits,
    cost_of,
)


@pytest.mark.parametrize("sizes", [(5, 5, 2), (3, 7), (4, 1, 6, 2)])
def test_the_metrics_of_an_epoch_without_waiting(learner, draw, sizes):
    logits, targets = [draw.normal(n, 3) for n in sizes], [draw.integers(0, 3, n) for n in sizes]
    everything, right = torch.cat(logits), torch.cat(targets)
    expected = torch.stack([F.cross_entropy(everything, right), (everything.argmax(1) == right).double().mean()])
    assert_matches(learner.epoch_metrics(logits, targets), expected, "(loss, accuracy)", terms=40)
    assert_waits(cost_of(learner, "epoch_metrics", logits, targets), 0)


@pytest.mark.parametrize("n, steps, features, hidden", [(2, 30, 3, 4), (3, 41, 5, 2)])
def test_a_recurrent_layer_in_three_operations_a_step(learner, draw, n, steps, features, hidden):
    x = draw.normal(n, steps, features)
    weight_x, weight_h = draw.normal(hidden, features), draw.normal(hidden, hidden, std=0.5)
    h, states = torch.zeros(n, hidden, dtype=torch.float64), []
    for t in range(steps):
        h = torch.tanh(F.linear(x[:, t], weight_x) + F.linear(h, weight_h))
        states.append(h)
    actual = learner.unroll(x, weight_x, weight_h)
    assert_matches(actual, torch.stack(states, 1), "the states", terms=1000)
    assert_inputs_unchanged(learner)
    assert_operations(cost_of(learner, "unroll", x, weight_x, weight_h), 3 * steps + 10)


@pytest.mark.parametrize("count", [12, 25])
def test_rows_are_collected_with_one_copy(learner, draw, count):
    chunks = [draw.normal(draw.integer(3, 8), 4) for _ in range(count)]
    expected = torch.cat(chunks)
    assert_matches(learner.collect(chunks), expected, "the rows")
    assert_moved(cost_of(learner, "collect", chunks), 4 * expected.numel() * 8)


@pytest.mark.parametrize("n, m, count", [(60, 50, 4), (80, 45, 5)])
def test_the_matrix_is_read_once_for_all_vectors(learner, draw, n, m, count):
    matrix, vectors = draw.normal(n, m), [draw.normal(n) for _ in range(count)]
    expected = torch.stack([(matrix * vector.unsqueeze(1)).sum(0) for vector in vectors])
    assert_matches(learner.project(matrix, vectors), expected, "the projections", terms=n)
    assert_moved(cost_of(learner, "project", matrix, vectors), 3 * n * m * 8)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_rows_are_looked_up_without_a_matrix_of_zeros_and_ones(learner, draw, dtype):
    table, ids, padding = draw.normal(70, 3, dtype=dtype), draw.integers(0, 70, 40), draw.integer(0, 70)
    ids[draw.permutation(40)[:6]] = padding
    expected = table[ids] * (ids != padding).unsqueeze(1)
    assert_matches(learner.lookup(table, ids, padding), expected, "the rows")
    assert_inputs_unchanged(learner)
    cost = cost_of(learner, "lookup", table, ids, padding)
    assert_largest(cost, expected.numel() * expected.element_size(), "Read the rows where they are.")
    assert_waits(cost, 0)


@pytest.mark.parametrize("n, features", [(30, 4), (21, 6)])
def test_only_the_scores_that_are_wanted_are_computed(learner, draw, n, features):
    queries, keys = draw.normal(n, features), draw.normal(n, features)
    expected = torch.stack([query.dot(key) for query, key in zip(queries, keys, strict=True)])
    assert_matches(learner.own_scores(queries, keys), expected, "the scores", terms=features)
    cost, enough = cost_of(learner, "own_scores", queries, keys), 2 * n * features + n
    assert cost.flops <= enough, (
        f"{cost.flops:,} floating-point operations where {enough:,} would do ({cost.named()}): "
        "most of what you compute isn't in the result."
    )

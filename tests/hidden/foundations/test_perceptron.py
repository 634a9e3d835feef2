"""The learning rule followed step by step; data that a line separates has to be learnt, XOR can't be."""

import pytest
import torch

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided


def separable(draw, n, d, margin=0.3):
    """Points with labels −1 and 1 on both sides of a hyperplane, none closer to it than the margin."""
    normal, offset = draw.normal(d), draw.normal(1).item() * 0.5
    normal = normal / normal.norm()
    x = draw.normal(4 * n, d, std=2)
    distance = x @ normal + offset
    keep = distance.abs() > margin
    x, y = x[keep][:n], torch.sign(distance[keep][:n])
    x[0], y[0] = -x[1] - 2 * offset * normal, -y[1]  # both labels occur
    return x, y


def follow(x, y, epochs, lr):
    """Rosenblatt's rule, in plain steps: the weights, the bias, and the mistakes of each pass."""
    w, b, mistakes = torch.zeros(x.shape[1], dtype=x.dtype), 0.0, []
    for _ in range(epochs):
        wrong = 0
        for point, label in zip(x, y, strict=True):
            if label * (w @ point + b) <= 0:
                w, b = w + lr * label * point, b + lr * label.item()
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, b, mistakes


@pytest.mark.parametrize("shape", [(5, 3), (1, 2), (4, 6)])
def test_scores_and_predictions(learner, draw, shape):
    x, w, b = draw.normal(*shape), draw.normal(shape[1]), draw.normal(1).item()
    expected = torch.where(x @ w + b > 0, 1.0, -1.0).double()
    assert_matches(learner.predict(x, w, b), expected, "the predictions")


@pytest.mark.builds_on("test_scores_and_predictions")
def test_a_score_of_zero_is_a_no(learner):
    x = torch.tensor([[1.0, 2.0], [2.0, 1.0], [3.0, 3.0]], dtype=torch.float64)
    w = torch.tensor([1.0, -1.0], dtype=torch.float64)
    assert_matches(learner.predict(x, w, 0.0), torch.tensor([-1.0, 1.0, -1.0]).double(), "the predictions")


@pytest.mark.builds_on("test_scores_and_predictions")
@pytest.mark.parametrize("n, d", [(12, 2), (20, 5)])
def test_one_pass_over_the_data(learner, draw, n, d):
    x, y = draw.normal(n, d), torch.where(draw.uniform(n) < 0.5, -1.0, 1.0).double()
    assert_matches(learner.fit(x, y, epochs=1), follow(x, y, 1, 1.0), ("weights", "bias", "mistakes"))


@pytest.mark.parametrize("lr", [0.5, 2.0])
def test_several_passes_and_another_learning_rate(learner, draw, lr):
    x, y = draw.normal(9, 3), torch.where(draw.uniform(9) < 0.5, -1.0, 1.0).double()
    assert_matches(learner.fit(x, y, epochs=4, lr=lr), follow(x, y, 4, lr), ("weights", "bias", "mistakes"))


@pytest.mark.builds_on("test_one_pass_over_the_data")
@pytest.mark.parametrize("d", [2, 4])
def test_what_a_line_separates_is_learnt_and_then_it_stops(learner, draw, d):
    x, y = separable(draw, 15, d)
    assert_matches(learner.fit(x, y, epochs=2000), follow(x, y, 2000, 1.0), ("weights", "bias", "mistakes"))


@pytest.mark.builds_on("test_one_pass_over_the_data")
def test_without_a_bias_this_could_not_be_learnt(learner, draw):
    x = torch.cat([draw.uniform(6, 1, low=2, high=3), draw.uniform(6, 1, low=4, high=5)])
    y = torch.cat([-torch.ones(6), torch.ones(6)]).double()
    order = draw.permutation(12)
    expected = follow(x[order], y[order], 500, 1.0)
    assert_matches(learner.fit(x[order], y[order], epochs=500), expected, ("weights", "bias", "mistakes"))


@pytest.mark.builds_on("test_one_pass_over_the_data")
def test_xor_is_never_learnt(learner):
    x = torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]], dtype=torch.float64)
    y = torch.tensor([-1.0, 1, 1, -1], dtype=torch.float64)
    assert_matches(learner.fit(x, y, epochs=30), follow(x, y, 30, 1.0), ("weights", "bias", "mistakes"))


@pytest.mark.builds_on("test_one_pass_over_the_data")
def test_a_bound_on_the_number_of_mistakes(learner, draw):
    """Novikoff: at most (R/γ)², with R the longest (x, 1) and γ the margin of a separating (w, b) of length 1."""
    x, w, b = draw.normal(8, 3), draw.normal(3), draw.normal(1).item()
    y = torch.where(x @ w + b > 0, 1.0, -1.0).double()
    longer = torch.cat([x, torch.ones(8, 1, dtype=torch.float64)], 1)
    both = torch.cat([w, torch.tensor([b], dtype=torch.float64)])
    margin = (y * (longer @ both)).min() / both.norm()
    expected = ((longer.norm(dim=1).max() / margin) ** 2).item()
    assert_matches(learner.mistake_bound(x, y, w, b), expected, "the bound", rtol=1e-9)


@pytest.mark.builds_on("test_one_pass_over_the_data")
def test_other_layouts_and_inputs_left_as_they_were(learner, draw):
    x, y = separable(draw, 10, 3)
    assert_matches(learner.fit(strided(x), strided(y), epochs=3), follow(x, y, 3, 1.0), ("weights", "bias", "mistakes"))
    assert_inputs_unchanged(learner)

"""Gates by their truth tables, the rules against the same on data with a column of ones, and autograd."""

import itertools

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, reference, strided

CORNERS = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], dtype=torch.float64)
TABLES = [list(table) for table in itertools.product((0, 1), repeat=4)]
IMPOSSIBLE = [[0, 1, 1, 0], [1, 0, 0, 1]]


@pytest.mark.parametrize("table", [t for t in TABLES if t not in IMPOSSIBLE], ids=lambda t: "".join(map(str, t)))
def test_a_gate_that_a_neuron_can_compute(learner, table):
    result = learner.gate(table)
    right = isinstance(result, tuple | list) and len(result) == 2
    assert_matches(blank(result) if right else result, (torch.zeros(2, dtype=torch.float64), 0.0), ("w", "b"))
    for corner, wanted, z in zip(CORNERS.tolist(), table, (CORNERS @ result[0] + result[1]).tolist(), strict=True):
        far_enough = "at least 0.1" if wanted else "at most −0.1"
        assert (z if wanted else -z) > 0.0999, (
            f"For the table {table}, the output for {tuple(corner)} is to be {wanted}, so w · x + b has to be "
            f"{far_enough} there; it is {z:.4g}."
        )


def blank(result):
    """What came back, with zeros for its numbers."""
    w, b = result
    w = torch.zeros_like(w) if isinstance(w, torch.Tensor) else w
    return w, 0.0 if isinstance(b, int | float) and not isinstance(b, bool) else b


@pytest.mark.parametrize("table", IMPOSSIBLE, ids=lambda t: "".join(map(str, t)))
def test_a_gate_that_no_neuron_can_compute(learner, table):
    assert_matches(learner.gate(table), None, f"the answer for the table {table}")


def cloud(draw, n, d, noise=0.6):
    """Points with labels that a line separates, but for a few."""
    x = draw.normal(n, d) * 2 + draw.normal(d)
    y = torch.sign(x @ draw.normal(d) + draw.normal(1) + noise * draw.normal(n))
    return x, y


def averaged(x, y, epochs):
    points, state, total = F.pad(x, (0, 1), value=1.0), x.new_zeros(x.shape[1] + 1), 0
    for point, label in list(zip(points, y, strict=True)) * epochs:
        if label * (point * state).sum() <= 0:
            state = state + label * point
        total = total + state
    mean = total / (epochs * len(x))
    return mean[:-1], mean[-1].item()


@pytest.mark.parametrize("n, d, epochs", [(9, 3, 2), (14, 2, 3), (11, 4, 6)])
def test_the_averaged_perceptron(learner, draw, n, d, epochs):
    x, y = cloud(draw, n, d)
    assert_matches(learner.averaged_fit(strided(x), y, epochs), averaged(x, y, epochs), ("w", "b"), terms=100)
    assert_inputs_unchanged(learner)


def with_margin(x, y, epochs, margin):
    points, state, updates = F.pad(x, (0, 1), value=1.0), x.new_zeros(x.shape[1] + 1), 0
    for _ in range(epochs):
        before = updates
        for point, label in zip(points, y, strict=True):
            if label * (point * state).sum() <= margin:
                state, updates = state + label * point, updates + 1
        if updates == before:
            break
    return state[:-1], state[-1].item(), updates


MARGIN = ("w", "b", "the number of points it has learned from")


@pytest.mark.parametrize("n, d, epochs", [(9, 3, 1), (14, 2, 3), (11, 4, 6)])
def test_the_perceptron_with_a_margin(learner, draw, n, d, epochs):
    (x, y), margin = cloud(draw, n, d), float(draw.uniform(low=0.5, high=6.0))
    expected = with_margin(x, y, epochs, margin)
    assert_matches(learner.margin_fit(strided(x), y, epochs, margin), expected, MARGIN, terms=100)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_perceptron_with_a_margin")
def test_it_stops_when_all_points_are_clear(learner, draw):
    x, y = cloud(draw, 12, 3, noise=0.0)
    x = x + 0.5 * y[:, None]
    expected = with_margin(x, y, 3000, 1.0)
    assert_matches(learner.margin_fit(x, y, 3000, 1.0), expected, MARGIN, terms=10000)


@pytest.mark.builds_on("test_the_perceptron_with_a_margin")
def test_just_on_the_margin_is_not_enough(learner, draw):
    """Whole numbers, so that y · (w · x + b) is exactly 3 at the second point."""
    x = torch.tensor([[1.0, 1.0], [2.0, 0.0], [3.0, 2.0]], dtype=torch.float64)
    y = torch.ones(3, dtype=torch.float64)
    expected = with_margin(x, y, 1, 3.0)
    assert_matches(learner.margin_fit(x, y, 1, 3.0), expected, MARGIN)


def for_classes(x, labels, classes, epochs):
    points, state = F.pad(x, (0, 1), value=1.0), x.new_zeros(classes, x.shape[1] + 1)
    for point, right in list(zip(points, labels.tolist(), strict=True)) * epochs:
        scores = (state * point).sum(1).tolist()
        predicted = scores.index(max(scores))
        change = x.new_zeros(classes, 1)
        change[right] += 1
        change[predicted] -= 1
        state = state + change * point
    return state[:, :-1], state[:, -1]


@pytest.mark.parametrize("n, d, classes, epochs", [(9, 3, 4, 1), (13, 2, 3, 4), (20, 4, 5, 3)])
def test_several_classes(learner, draw, n, d, classes, epochs):
    x = draw.normal(n, d) * 2
    labels = (x @ draw.normal(d, classes) + 0.5 * draw.normal(n, classes)).argmax(1)
    labels[0] = classes - 1  # at the start all scores are equal, and class 0 is predicted
    expected = for_classes(x, labels, classes, epochs)
    result = learner.multiclass_fit(strided(x), labels, classes, epochs)
    assert_matches(result, expected, ("the weights", "the biases"), terms=100)
    assert_inputs_unchanged(learner)


def with_autograd(loss_of, x, y, w, b):
    function = reference(loss_of, w, torch.tensor(b, dtype=torch.float64), x, y)
    grad_w, grad_b, _, _ = function.gradients(torch.tensor(1.0, dtype=torch.float64))
    return function.output.item(), grad_w, grad_b.item()


@pytest.mark.parametrize("n, d", [(7, 3), (4, 5), (1, 2)])
def test_a_step_of_adaline(learner, draw, n, d):
    (x, y), w, b = cloud(draw, n, d), draw.normal(d), float(draw.normal())
    lr = float(draw.uniform(low=0.05, high=0.5))
    _, grad_w, grad_b = with_autograd(lambda w, b, x, y: F.mse_loss(x @ w + b, y) / 2, x, y, w, b)
    result = learner.adaline_step(strided(x), y, w, b, lr)
    assert_matches(result, (w - lr * grad_w, b - lr * grad_b), ("w", "b"), terms=50)
    assert_inputs_unchanged(learner)


@pytest.mark.parametrize("n, d", [(7, 3), (4, 5), (1, 2)])
def test_the_gradients_of_a_neuron_with_a_sigmoid(learner, draw, n, d):
    x, w, b = draw.normal(n, d), draw.normal(d), float(draw.normal())
    y = draw.integers(0, 2, n).double()
    expected = with_autograd(lambda w, b, x, y: F.mse_loss(torch.sigmoid(x @ w + b), y) / 2, x, y, w, b)
    result = learner.sigmoid_neuron_gradients(strided(x), y, w, b)
    assert_matches(result, expected, ("the loss", "the gradient for w", "the gradient for b"), terms=50)
    assert_inputs_unchanged(learner)

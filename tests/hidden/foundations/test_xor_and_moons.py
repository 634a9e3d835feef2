"""The pieces against torch, the chosen weights at the corners, and two trainings with fresh points for the verdict."""

import itertools
import math

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches

COLOURS = ("tab:orange", "tab:blue")
CORNERS = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], dtype=torch.float64)


def params_of(draw, sizes):
    return [(draw.normal(o, i), draw.normal(o)) for i, o in itertools.pairwise(sizes)]


def torch_forward(params, x):
    for weight, bias in params[:-1]:
        x = torch.tanh(F.linear(x, weight, bias))
    return F.linear(x, *params[-1])[:, 0]


SIZES = [[3, 1], [2, 5, 1], [4, 6, 3, 1]]


@pytest.mark.parametrize("sizes", SIZES)
def test_forward_matches_torch(learner, draw, sizes):
    params, x = params_of(draw, sizes), draw.normal(7, sizes[0])
    assert_matches(learner.forward(params, x), torch_forward(params, x), "the logits", terms=50)
    assert_inputs_unchanged(learner)


def test_chosen_weights_compute_xor(learner, draw):
    result = learner.xor_weights()
    shapes = [(torch.zeros(2, 2), torch.zeros(2)), (torch.zeros(1, 2), torch.zeros(1))]
    shapes = [(w.double(), b.double()) for w, b in shapes]
    assert_matches(blank(result), shapes, "the parameters")
    signs = torch.tensor([-1.0, 1.0, 1.0, -1.0], dtype=torch.float64)
    for corner, logit, sign in zip(CORNERS.tolist(), torch_forward(result, CORNERS).tolist(), signs, strict=True):
        wanted = "at least 1" if sign > 0 else "at most −1"
        assert logit * sign >= 1, f"At {tuple(corner)} your network's logit is {logit:.3f}; it has to be {wanted}."
    near = (CORNERS[:, None] + draw.uniform(4, 50, 2, low=-0.1, high=0.1)).reshape(-1, 2)
    wrong = near[torch_forward(result, near) * signs.repeat_interleave(50) <= 0]
    assert not len(wrong), (
        f"Near {[round(number, 2) for number in wrong[0].tolist()]} the logit has the wrong sign, but the right one "
        "at the corner itself. Leave more room between the lines and the corners."
    )


def blank(value):
    """What came back, its elements set to zero where shape and dtype can be compared at all."""
    if isinstance(value, torch.Tensor):
        return torch.zeros_like(value)
    if isinstance(value, tuple | list):
        return type(value)(map(blank, value))
    return value


@pytest.mark.builds_on("test_forward_matches_torch")
@pytest.mark.parametrize("sizes", SIZES)
def test_loss_and_gradients_match_autograd(learner, draw, sizes):
    params, x, y = params_of(draw, sizes), draw.normal(9, sizes[0]), draw.integers(0, 2, 9).double()
    leaves = [(w.clone().requires_grad_(), b.clone().requires_grad_()) for w, b in params]
    loss = F.binary_cross_entropy_with_logits(torch_forward(leaves, x), y)
    grads = torch.autograd.grad(loss, [leaf for pair in leaves for leaf in pair])
    expected = (loss.detach(), list(zip(grads[::2], grads[1::2], strict=True)))
    result = learner.loss_and_gradients(params, x, y)
    assert_matches(result, expected, ("the loss", "the gradients"), terms=200)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_loss_and_gradients_match_autograd")
def test_large_logits_do_not_overflow(learner, draw):
    params = [(draw.normal(1, 3, std=3000.0), draw.normal(1))]
    x = draw.normal(6, 3)
    y = (torch_forward(params, x) < 0).double()  # all of them wrong
    expected = F.binary_cross_entropy_with_logits(torch_forward(params, x), y)
    result = learner.loss_and_gradients(params, x, y)
    loss = result[0] if isinstance(result, tuple) and result else result
    assert_matches(loss, expected, "the loss", terms=100)


@pytest.mark.builds_on("test_forward_matches_torch")
def test_predict_asks_for_the_sign_of_the_logit(learner, draw):
    params, x = params_of(draw, [2, 5, 1]), draw.normal(40, 2)
    middle = torch_forward(params, x).sort().values[19:21].mean()
    params[-1] = (params[-1][0], params[-1][1] - middle)  # half of them above 0
    expected = (torch_forward(params, x) > 0).double()
    assert_matches(learner.predict(params, x), expected, "the classes")


def xor_points(draw, n):
    """Clouds around the corners of a square around 0."""
    corners = draw.integers(0, 4, n)
    points = 2 * CORNERS[corners] - 1 + draw.normal(n, 2, std=0.2)
    return points.clamp(-3, 3), ((corners == 1) | (corners == 2)).double()


def moons(draw, n, turn):
    """Two half circles that interlock, each a little off; `turn` rotates both."""
    angle, y = draw.uniform(n, high=math.pi), draw.integers(0, 2, n).double()
    x = torch.where(y == 0, torch.cos(angle) - 0.5, 0.5 - torch.cos(angle))
    z = torch.where(y == 0, torch.sin(angle) - 0.25, 0.25 - torch.sin(angle))
    points = torch.stack([x, z], 1) + draw.normal(n, 2, std=0.09)
    c, s = math.cos(turn), math.sin(turn)
    return (points @ torch.tensor([[c, s], [-s, c]], dtype=torch.float64)).clamp(-3, 3), y


def train_and_predict(solution, x, y, held_out, grid, seed):
    """The losses on the way, and the classes of points that the training has not seen."""
    params, losses = solution.train(x, y, seed=seed)
    return [float(loss) for loss in losses], solution.predict(params, held_out), solution.predict(params, grid)


def check_training(learner, draw, album, name, points, wanted):
    x, y = points(200)
    held_out, right = points(400)
    line = torch.linspace(-2.2, 2.2, 140, dtype=torch.float64)
    grid = torch.cartesian_prod(line, line)
    result = learner.run(train_and_predict, x, y, held_out, grid, draw.integer(0, 1000))
    losses = result[0] if isinstance(result, tuple) and result else []
    shapes = ([0] * len(losses), torch.zeros_like(right), torch.zeros(len(grid), dtype=torch.float64))
    blanked = ([0] * len(losses), *map(blank, result[1:])) if isinstance(result, tuple) else result
    assert_matches(blanked, shapes, ("the losses", "the classes of held-out points", "the classes of the grid"))
    assert losses, "The list of losses is empty; it takes the loss after every step, or every few."
    accuracy = (result[1] == right).double().mean().item()
    show(album, name, x, y, line, result[2], accuracy)
    assert accuracy >= wanted, (
        f"{accuracy:.1%} of {len(right)} held-out points are right; it takes {wanted:.0%}. "
        f"The loss went from {losses[0]:.3f} to {losses[-1]:.3f} in {len(losses)} steps."
    )


def show(album, name, x, y, line, classes, accuracy):
    with album.figure(name, f"{accuracy:.1%} of held-out points right", 6, 5.6) as axes:
        axes.contourf(line, line, classes.reshape(len(line), -1).T, [-0.5, 0.5, 1.5], colors=COLOURS, alpha=0.3)
        axes.scatter(
            x[:, 0], x[:, 1], c=[COLOURS[int(k)] for k in y.tolist()], s=14, edgecolors="white", linewidths=0.5
        )
        axes.set_aspect("equal")


@pytest.mark.builds_on("test_loss_and_gradients_match_autograd", "test_predict_asks_for_the_sign_of_the_logit")
def test_xor_is_learned(learner, draw, album):
    check_training(learner, draw, album, "xor", lambda n: xor_points(draw, n), 0.97)


@pytest.mark.builds_on("test_xor_is_learned")
def test_two_moons_are_told_apart(learner, draw, album):
    turn = float(draw.uniform(high=2 * math.pi))
    check_training(learner, draw, album, "moons", lambda n: moons(draw, n, turn), 0.97)


def train_twice(solution, x, y, grid, seed):
    (first, _), (second, _) = solution.train(x, y, seed=seed), solution.train(x, y, seed=seed)
    return solution.forward(first, grid), solution.forward(second, grid)


@pytest.mark.builds_on("test_two_moons_are_told_apart")
def test_the_same_seed_trains_the_same_network(learner, draw):
    x, y = xor_points(draw, 20)
    result = learner.run(train_twice, x, y, draw.normal(6, 2), 3)
    first = result[0] if isinstance(result, tuple) and result else None
    assert_matches(result, (first, first), ("the first run's logits", "the second run's logits"))

"""The pieces against torch, then the whole: points on three arms, and fresh ones of the same arms for the verdict."""

import itertools
import math

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches

ARMS = 3
COLOURS = ("tab:orange", "tab:blue", "tab:green")


def spirals(draw, per_arm, turn):
    """Points along three arms that start at the centre, each a little off; `turn` rotates all of them."""
    radius = draw.uniform(ARMS, per_arm, low=0.08, high=1.0)
    arm = torch.arange(ARMS).unsqueeze(1).expand(ARMS, per_arm)
    angle = turn + 2 * math.pi * arm / ARMS + 4.5 * radius + draw.normal(ARMS, per_arm, std=0.12)
    points = torch.stack([radius * torch.cos(angle), radius * torch.sin(angle)], dim=-1)
    order = draw.permutation(ARMS * per_arm)
    return points.reshape(-1, 2)[order], arm.reshape(-1)[order]


def params_of(draw, sizes):
    return [(draw.normal(o, i), draw.normal(o)) for i, o in itertools.pairwise(sizes)]


def torch_forward(params, x):
    for weight, bias in params[:-1]:
        x = F.relu(F.linear(x, weight, bias))
    return F.linear(x, *params[-1])


def test_parameters_have_the_right_shapes_and_spread(learner, draw):
    sizes = [50, 400, 30, 300]
    result = learner.init_params(sizes, seed=draw.integer(0, 1000))
    spread = [torch.tensor((2 / fan_in) ** 0.5, dtype=torch.float64) for fan_in in sizes[:-1]]
    shapes = [
        (torch.zeros(o, i, dtype=torch.float64), torch.zeros(o, dtype=torch.float64))
        for i, o in itertools.pairwise(sizes)
    ]
    assert_matches(shape_only(result, shapes), shapes, "the parameters")
    for number, ((weight, bias), std) in enumerate(zip(result, spread, strict=True)):
        assert_matches(bias, torch.zeros_like(bias), f"the bias of layer {number}")
        assert_matches(weight.std(), std, f"the standard deviation of the weights of layer {number}", rtol=0.05)
        assert_matches(weight.mean() / std + 1, torch.ones_like(std), f"1 + mean / std of layer {number}", rtol=0.08)


@pytest.mark.builds_on("test_parameters_have_the_right_shapes_and_spread")
def test_weights_are_normally_distributed(learner, draw):
    [(weight, _)] = learner.init_params([100, 100], seed=draw.integer(0, 1000))
    far = (weight.abs() > 2 * (2 / 100) ** 0.5).double().mean().item()
    assert 0.03 < far < 0.06, (
        f"{far:.1%} of the weights are further than two standard deviations from 0; of normally distributed numbers "
        "4.6 % are. Uniform numbers have no such tails."
    )


@pytest.mark.builds_on("test_parameters_have_the_right_shapes_and_spread")
def test_layers_do_not_share_their_random_numbers(learner, draw):
    (first, _), (second, _) = learner.init_params([6, 6, 6], seed=draw.integer(0, 1000))
    assert not torch.equal(first, second), (
        "Two layers of the same size have the same weights: seed the generator once, before the first layer."
    )


def shape_only(actual, shapes):
    """What came back, its elements set to zero where shape and dtype can be compared at all."""
    if isinstance(actual, torch.Tensor):
        return torch.zeros_like(actual)
    if isinstance(actual, tuple | list):
        return type(actual)(shape_only(item, None) for item in actual)
    return actual


@pytest.mark.builds_on("test_parameters_have_the_right_shapes_and_spread")
def test_a_seed_gives_the_same_parameters_and_another_seed_others(learner, draw):
    seed = draw.integer(0, 1000)
    first, again = learner.init_params([2, 7, 3], seed=seed), learner.init_params([2, 7, 3], seed=seed)
    assert_matches(again, first, "the parameters of the same seed")
    other = learner.init_params([2, 7, 3], seed=seed + 1)
    assert not torch.equal(other[0][0], first[0][0]), "Two seeds gave the same weights: seed the generator with `seed`."


SIZES = [[2, 3], [2, 5, 3], [4, 6, 7, 2], [3, 6, 5, 4, 2], [1, 4, 1, 3]]


@pytest.mark.parametrize("sizes", SIZES)
def test_forward_matches_torch(learner, draw, sizes):
    params, x = params_of(draw, sizes), draw.normal(5, sizes[0])
    assert_matches(learner.forward(params, x), torch_forward(params, x), "the logits", terms=50)


def check_gradients(learner, params, x, y):
    leaves = [(w.clone().requires_grad_(), b.clone().requires_grad_()) for w, b in params]
    loss = F.cross_entropy(torch_forward(leaves, x), y)
    grads = torch.autograd.grad(loss, [leaf for pair in leaves for leaf in pair])
    expected = (loss.detach(), list(zip(grads[::2], grads[1::2], strict=True)))
    result = learner.loss_and_gradients(params, x, y)
    assert_matches(result, expected, ("the loss", "the gradients"), terms=100)


@pytest.mark.builds_on("test_forward_matches_torch")
@pytest.mark.parametrize("sizes", SIZES)
def test_loss_and_gradients_match_autograd(learner, draw, sizes):
    check_gradients(learner, params_of(draw, sizes), draw.normal(7, sizes[0]), draw.integers(0, sizes[-1], 7))
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_loss_and_gradients_match_autograd")
def test_large_logits_overflow_neither_in_the_loss_nor_in_the_gradients(learner, draw):
    params = [(draw.normal(3, 2, std=2000.0), draw.normal(3))]
    check_gradients(learner, params, draw.normal(6, 2), draw.integers(0, 3, 6))


@pytest.mark.builds_on("test_loss_and_gradients_match_autograd")
def test_a_relu_at_exactly_zero_passes_nothing(learner, draw):
    params = [(weight, torch.zeros_like(bias)) for weight, bias in params_of(draw, [2, 5, 4, 3])]
    x, y = draw.normal(4, 2), draw.integers(0, 3, 4)
    x[1:3] = 0.0
    check_gradients(learner, params, x, y)


@pytest.mark.builds_on("test_loss_and_gradients_match_autograd")
def test_one_sample_and_a_batch_in_which_classes_are_missing(learner, draw):
    check_gradients(learner, params_of(draw, [2, 5, 3]), draw.normal(1, 2), draw.integers(0, 3, 1))
    check_gradients(learner, params_of(draw, [2, 5, 3]), draw.normal(4, 2), torch.zeros(4, dtype=torch.int64))


@pytest.mark.builds_on("test_forward_matches_torch")
def test_predict_takes_the_largest_logit(learner, draw):
    params, x = params_of(draw, [2, 5, 3]), draw.normal(20, 2)
    assert_matches(learner.predict(params, x), torch_forward(params, x).argmax(1), "the classes")


def train_and_predict(solution, x, y, held_out, grid, seed):
    """The losses on the way, and the classes of points that the training has not seen."""
    params, losses = solution.train(x, y, seed=seed)
    classes = solution.predict(params, held_out), solution.predict(params, grid)
    return [float(loss) for loss in losses], *classes


@pytest.mark.builds_on("test_loss_and_gradients_match_autograd", "test_predict_takes_the_largest_logit")
def test_the_arms_of_the_spiral_are_told_apart(learner, draw, album):
    turn = float(draw.uniform(high=2 * math.pi))
    x, y = spirals(draw, 120, turn)
    held_out, right = spirals(draw, 200, turn)
    line = torch.linspace(-1.3, 1.3, 160, dtype=torch.float64)
    grid = torch.cartesian_prod(line, line)
    result = learner.run(train_and_predict, x, y, held_out, grid, draw.integer(0, 1000))
    losses = result[0] if isinstance(result, tuple) and result else []
    assert not isinstance(losses, list) or losses, "`train` returned no losses: it has to keep the loss of its steps."
    shapes = (losses, torch.zeros(len(held_out), dtype=torch.int64), torch.zeros(len(grid), dtype=torch.int64))
    assert_matches(
        tuple(map(blank, result)) if isinstance(result, tuple) else result,
        tuple(map(blank, shapes)),
        ("the losses", "the classes of held-out points", "the classes of the grid"),
    )
    accuracy = (result[1] == right).double().mean().item()
    show(album, x, y, line, result[2], accuracy)
    show_losses(album, losses)
    assert accuracy >= 0.95, (
        f"{accuracy:.1%} of {len(right)} held-out points are right; it takes 95 %. "
        f"The loss went from {losses[0]:.3f} to {losses[-1]:.3f} in {len(losses)} steps.{advice(losses)}"
    )


def advice(losses):
    if losses[-1] < 0.2:
        return " So it knows its own points well: is anything done to x in `train` that isn't done in `predict`?"
    return ""


def blank(value):
    return torch.zeros_like(value) if isinstance(value, torch.Tensor) else 0


def show(album, x, y, line, classes, accuracy):
    with album.figure("train_spirals", f"{accuracy:.1%} of held-out points right", 6, 5.6) as axes:
        axes.contourf(line, line, classes.reshape(len(line), -1).T, [-0.5, 0.5, 1.5, 2.5], colors=COLOURS, alpha=0.3)
        axes.scatter(
            x[:, 0], x[:, 1], c=[COLOURS[label] for label in y.tolist()], s=14, edgecolors="white", linewidths=0.5
        )
        axes.set_aspect("equal")


def show_losses(album, losses):
    finite = [loss if 0 < loss < 1e6 else float("nan") for loss in losses]  # a run that diverges leaves a gap
    with album.figure("train_spirals_loss", "The loss while it learned", 6, 3.2) as axes:
        axes.plot(finite, linewidth=1)
        axes.set_yscale("log")
        axes.set_xlabel("step")
        axes.grid(alpha=0.3)


@pytest.mark.builds_on("test_the_arms_of_the_spiral_are_told_apart")
def test_train_returns_parameters_as_they_are_described_and_losses_that_fall(learner, draw):
    x, y = spirals(draw, 8, 0.0)
    result = learner.train(x, y, seed=draw.integer(0, 1000))
    assert_inputs_unchanged(learner)
    is_pair = isinstance(result, tuple | list) and len(result) == 2
    params, losses = result if is_pair else (result, [])
    assert is_pair and is_network(params), (
        "`train` has to return (params, losses), params as `init_params` makes them: a list of pairs (weight, bias), "
        "weight of shape (out_features, in_features), from 2 features to 3 classes."
    )
    losses = [float(loss) for loss in losses]
    assert len(losses) > 1 and losses[-1] < losses[0], (
        f"The losses that `train` returned don't fall: {losses[:1]} at first, {losses[-1:]} at last."
    )


def is_network(params):
    """Whether these are the layers of a network from the plane to the arms, each fitting the one before."""
    if not isinstance(params, list | tuple) or not all(isinstance(p, tuple | list) and len(p) == 2 for p in params):
        return False
    tensors = [tensor for pair in params for tensor in pair]
    if not all(isinstance(tensor, torch.Tensor) and tensor.dtype == torch.float64 for tensor in tensors):
        return False
    if not all(weight.dim() == 2 and bias.shape == weight.shape[:1] for weight, bias in params):
        return False
    widths = [2, *(len(weight) for weight, _ in params)]
    return widths[-1] == ARMS and all(w.shape[1] == width for (w, _), width in zip(params, widths, strict=False))


def train_then_predict_with(solution, x, y, params, points, seed):
    trained, _ = solution.train(x, y, seed=seed)
    return trained, solution.predict(trained, points), solution.predict(params, points)


@pytest.mark.builds_on("test_train_returns_parameters_as_they_are_described_and_losses_that_fall")
def test_predict_goes_by_its_parameters_and_nothing_else(learner, draw):
    (x, y), points, other = spirals(draw, 8, 0.0), draw.normal(60, 2), params_of(draw, [2, 5, 3])
    trained, mine, with_other = learner.run(train_then_predict_with, x, y, other, points, draw.integer(0, 1000))
    assert_matches(mine, torch_forward(trained, points).argmax(1), "the classes by the trained parameters")
    assert_matches(with_other, torch_forward(other, points).argmax(1), "the classes by other parameters")


def train_twice(solution, x, y, grid, seeds):
    return tuple(solution.forward(solution.train(x, y, seed=seed)[0], grid) for seed in seeds)


@pytest.mark.builds_on("test_the_arms_of_the_spiral_are_told_apart")
def test_the_same_seed_trains_the_same_network(learner, draw):
    x, y = spirals(draw, 8, 0.0)
    result = learner.run(train_twice, x, y, draw.normal(6, 2), (3, 3))
    first = result[0] if isinstance(result, tuple) and result else None
    assert_matches(result, (first, first), ("the first run's logits", "the second run's logits"))


@pytest.mark.builds_on("test_the_same_seed_trains_the_same_network")
def test_another_seed_trains_another_network(learner, draw):
    x, y = spirals(draw, 8, 0.0)
    first, second = learner.run(train_twice, x, y, draw.normal(6, 2), (3, 4))
    assert not torch.equal(first, second), "Two seeds trained the same network: pass `seed` on to `init_params`."

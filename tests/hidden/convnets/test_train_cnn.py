"""The pieces against torch, then the whole: digits drawn by code, and fresh ones for the verdict."""

import pytest
import torch
import torch.nn.functional as F
from torch.optim.sgd import sgd

from tutor.testkit import assert_inputs_unchanged, assert_matches, glyphs


def digits(draw, count):
    """Images of 20 × 20 and what is on them: each turned, slanted, scaled and moved a little, and noisy."""
    single, y = torch.float32, draw.integers(0, 10, count)
    canvas = F.pad(F.interpolate(glyphs()[y][:, None], size=(14, 10), mode="bilinear"), (5, 5, 3, 3))
    turn, slant = (draw.uniform(count, low=-0.25, high=0.25, dtype=single) for _ in range(2))
    size = draw.uniform(count, low=0.85, high=1.15, dtype=single)
    right, down = (draw.uniform(count, low=-0.25, high=0.25, dtype=single) for _ in range(2))
    first = torch.stack([size * turn.cos(), slant - turn.sin(), right], dim=1)
    second = torch.stack([turn.sin(), size * turn.cos(), down], dim=1)
    grid = F.affine_grid(torch.stack([first, second], dim=1), [count, 1, 20, 20], align_corners=False)
    ink = draw.uniform(count, 1, 1, 1, low=0.7, high=1.2, dtype=single)
    x = F.grid_sample(canvas, grid, align_corners=False) * ink
    return x + draw.normal(count, 1, 20, 20, std=0.2, dtype=single), y


@pytest.mark.parametrize("rate", [0.25, 0.6])
def test_channel_dropout_drops_whole_maps(learner, draw, rate):
    x, drawn = draw.normal(4, 5, 3, 2), draw.uniform(4, 5)
    kept = (drawn >= rate).double()[:, :, None, None]
    assert_matches(learner.channel_dropout(x, drawn, rate), x * kept / (1 - rate), "the output")
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_channel_dropout_drops_whole_maps")
def test_a_rate_of_zero_drops_nothing(learner, draw):
    x, drawn = draw.normal(2, 5, 3, 4), draw.uniform(2, 5)
    drawn[0, 0] = 0.0
    assert_matches(learner.channel_dropout(x, drawn, 0.0), x, "the output")


def by_torch(params, grads, velocities, *, lr, momentum, weight_decay):
    params, velocities = [p.clone() for p in params], [v.clone() for v in velocities]
    if momentum == 0.0:  # torch leaves the velocities as they are then; with zeros any momentum does the same
        momentum, velocities = 0.5, [torch.zeros_like(v) for v in velocities]
    fixed = {"foreach": False, "dampening": 0, "nesterov": False, "maximize": False}
    for p, g, v in zip(params, grads, velocities, strict=True):
        decay = weight_decay if p.dim() > 1 else 0.0
        sgd([p], [g.clone()], [v], weight_decay=decay, momentum=momentum, lr=lr, **fixed)
    return params, velocities


@pytest.mark.parametrize(
    "momentum, weight_decay",
    [(0.0, 0.0), (0.9, 0.0), (0.0, 0.3), (0.8, 0.2)],
    ids=["plain", "momentum", "decay", "both"],
)
def test_a_step_matches_torch(learner, draw, momentum, weight_decay):
    shapes = [(4, 2, 3, 2), (4,), (5, 3), (5,)]
    params, grads, velocities = ([draw.normal(*shape) for shape in shapes] for _ in range(3))
    options = {"lr": float(draw.uniform(low=0.1, high=0.7)), "momentum": momentum, "weight_decay": weight_decay}
    expected = by_torch(params, grads, velocities, **options)
    actual = learner.sgd_step(params, grads, velocities, **options)
    assert_matches(actual, expected, ("the parameters", "the velocities"))
    assert_inputs_unchanged(learner)


SHAPES = {
    "conv1.weight": [8, 1, 3, 3],
    "conv1.bias": [8],
    "conv2.weight": [16, 8, 3, 3],
    "conv2.bias": [16],
    "fc.weight": [10, 400],
    "fc.bias": [10],
}


def shapes_of(solution):
    return {name: list(value.shape) for name, value in solution.SmallCNN().state_dict().items()}


def test_the_names_and_shapes_of_the_parameters(learner):
    assert_matches(learner.run(shapes_of), SHAPES, "the state_dict's shapes")


def a_state(draw):
    spread = {name: (2 / (shape[0] * 4)) ** 0.5 for name, shape in SHAPES.items()}
    return {name: draw.normal(*shape, std=spread[name], dtype=torch.float64) for name, shape in SHAPES.items()}


def maps_by_torch(state, x):
    first = F.relu(F.conv2d(x, state["conv1.weight"], state["conv1.bias"], padding=1))
    second = F.relu(F.conv2d(F.max_pool2d(first, 2), state["conv2.weight"], state["conv2.bias"], padding=1))
    return first, second


def logits_by_torch(state, x):
    return F.linear(F.max_pool2d(maps_by_torch(state, x)[1], 2).flatten(1), state["fc.weight"], state["fc.bias"])


def load(solution, state):
    model = solution.SmallCNN().double()
    model.load_state_dict(state)
    return model


def run_model(solution, state, x):
    model = load(solution, state).eval()
    first, second = model.maps(x)
    return first.detach(), second.detach(), model(x).detach()


@pytest.mark.builds_on("test_the_names_and_shapes_of_the_parameters")
def test_the_network_matches_torch(learner, draw):
    state, x = a_state(draw), draw.normal(3, 1, 20, 20)
    expected = *maps_by_torch(state, x), logits_by_torch(state, x)
    names = ("the first maps", "the second maps", "the logits")
    assert_matches(learner.run(run_model, state, x), expected, names, terms=500)
    assert_inputs_unchanged(learner)


def in_training(solution, state, x, count):
    model = load(solution, state).train()
    many = x.expand(count, 1, 20, 20)
    return model(many).detach()


@pytest.mark.builds_on("test_the_network_matches_torch", "test_channel_dropout_drops_whole_maps")
def test_in_training_maps_are_dropped_at_random_and_the_mean_stays(learner, draw):
    state, x = a_state(draw), draw.normal(1, 1, 20, 20)
    logits = learner.run(in_training, state, x, 3000)
    assert_matches(torch.zeros_like(logits), torch.zeros(3000, 10, dtype=torch.float64), "the logits")
    pooled = F.max_pool2d(maps_by_torch(state, x)[1], 2)[0].flatten(1)  # (16, 25)
    parts = torch.einsum("cp,kcp->kc", pooled, state["fc.weight"].reshape(10, 16, 25))
    # Each of the 16 maps is there with probability 3/4 and then counts 4/3, so a part has the variance part² / 3.
    spread = (parts**2).sum(dim=1).div(3).sqrt()
    assert_matches(logits.std(dim=0), spread, "the standard deviation of the logits over 3000 passes", rtol=0.15)
    away = (logits.mean(dim=0) - logits_by_torch(state, x)[0]).abs() / spread
    assert away.max() < 0.12, (
        f"The mean of the logits over 3000 training passes is {away.max():.2f} standard deviations off what evaluation "
        "gives: what is kept has to be divided by 1 − rate, and nothing may be dropped in evaluation."
    )


def predict_from(solution, state, x):
    model = load(solution, state).train()
    return solution.predict(model, x)


@pytest.mark.builds_on("test_the_network_matches_torch")
def test_predictions_are_made_without_dropout(learner, draw):
    state, x = a_state(draw), draw.normal(300, 1, 20, 20)
    assert_matches(learner.run(predict_from, state, x), logits_by_torch(state, x).argmax(dim=1), "the classes")


def train_and_predict(solution, x, y, held_out, seed):
    """The losses, the classes of held-out images, and what there is to look at."""
    model, losses = solution.train(x, y, seed=seed)
    classes = solution.predict(model, held_out)
    first, second = model.eval().maps(held_out[:1])
    return [float(loss) for loss in losses], classes, model.conv1.weight.detach(), first.detach(), second.detach()


@pytest.mark.builds_on(
    "test_the_network_matches_torch", "test_a_step_matches_torch", "test_predictions_are_made_without_dropout"
)
def test_the_digits_are_told_apart(learner, draw, album):
    x, y = digits(draw, 900)
    held_out, right = digits(draw, 500)
    losses, classes, filters, first, second = learner.run(train_and_predict, x, y, held_out, draw.integer(0, 1000))
    blank = torch.zeros_like(classes) if isinstance(classes, torch.Tensor) else classes
    assert_matches(blank, torch.zeros(500, dtype=torch.int64), "the classes of held-out images")
    assert len(losses) >= 10, f"The list of losses has {len(losses)} entries; at least 10 are asked for."
    accuracy = (classes == right).double().mean().item()
    show(album, held_out, right, classes, filters, first, second)
    show_losses(album, losses)
    assert accuracy >= 0.85, (
        f"{accuracy:.1%} of 500 held-out digits are right; it takes 85 %. The loss went from {losses[0]:.3f} to "
        f"{losses[-1]:.3f}. An untrained network starts near log 10 = 2.303."
    )


def tiles(images, columns):
    """Images of equal size, each scaled to 0 … 1, side by side with a gap."""
    images = images - images.amin(dim=(1, 2), keepdim=True)
    images = F.pad(images / images.amax(dim=(1, 2), keepdim=True).clamp(min=1e-9), (1, 1, 1, 1), value=0.5)
    rows = [torch.cat(list(row), dim=1) for row in images.split(columns)]
    return torch.cat(rows, dim=0)


def show(album, images, right, classes, filters, first, second):
    for name, title, picture in (
        ("train_cnn_filters", "What the first layer looks for: its eight filters", tiles(filters[:, 0], 4)),
        ("train_cnn_maps", f"What it finds in a {int(right[0])}", tiles(first[0], 4)),
        ("train_cnn_deep_maps", "What the second layer makes of it", tiles(second[0], 8)),
    ):
        with album.figure(name, title, 6, 3.6) as axes:
            axes.imshow(picture, cmap="gray")
            axes.set_axis_off()
    wrong = (classes != right).nonzero()[:16, 0]
    if len(wrong) == 16:
        told = ", ".join(f"{int(right[n])} taken for {int(classes[n])}" for n in wrong[:4])
        with album.figure("train_cnn_wrong", f"Mistaken: {told}, …", 7, 2.4) as axes:
            axes.imshow(tiles(images[wrong, 0], 8), cmap="gray")
            axes.set_axis_off()


def show_losses(album, losses):
    finite = [loss if 0 < loss < 1e6 else float("nan") for loss in losses]
    with album.figure("train_cnn_loss", "The loss while it learned", 6, 3.2) as axes:
        axes.plot(finite, linewidth=1)
        axes.set_xlabel("step")
        axes.grid(alpha=0.3)


def train_twice(solution, x, y, seeds):
    found = []
    for seed in seeds:
        torch.rand(3)  # whatever was drawn before must not matter
        found.append(solution.train(x, y, seed=seed)[0].fc.weight.detach())
    return found


@pytest.mark.builds_on("test_the_digits_are_told_apart")
def test_the_same_seed_trains_the_same_network(learner, draw):
    x, y = digits(draw, 50)
    first, again, other = learner.run(train_twice, x, y, [3, 3, 4])
    assert_matches(again, first, "fc.weight of the second run with the same seed")
    assert not torch.equal(other, first), "Two seeds gave the same network: seed torch's generator with `seed`."

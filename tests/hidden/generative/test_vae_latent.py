"""The pieces against autograd, then the whole: discs of any size and place, held-out ones and random codes."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches

SIDE = 12
NAMES = ("in", "mean", "log_var", "up", "out")


def discs(draw, n):
    """Soft-edged discs on the middle line, of any size, anywhere from left to right."""
    radius, centre = draw.uniform(n, 1, 1, low=1.5, high=4.5), draw.uniform(n, 1, 1, low=3.0, high=8.0)
    line = torch.arange(SIDE, dtype=torch.float64)
    distance = ((line - centre) ** 2 + (line[:, None] - (SIDE - 1) / 2) ** 2).sqrt()
    return torch.sigmoid(3 * (radius - distance)).reshape(n, -1)


def shapes(pixels, hidden, latent):
    sizes = {"in": (hidden, pixels), "mean": (latent, hidden), "log_var": (latent, hidden)}
    return sizes | {"up": (hidden, latent), "out": (pixels, hidden)}


def params_of(draw, pixels=6, hidden=5, latent=3, std=0.5):
    params = {}
    for name, (out, inside) in shapes(pixels, hidden, latent).items():
        params[f"w_{name}"], params[f"b_{name}"] = draw.normal(out, inside, std=std), draw.normal(out, std=std)
    return params


def torch_encode(params, x):
    hidden = F.relu(F.linear(x, params["w_in"], params["b_in"]))
    return tuple(F.linear(hidden, params[f"w_{name}"], params[f"b_{name}"]) for name in ("mean", "log_var"))


def torch_decode(params, z):
    return F.linear(F.relu(F.linear(z, params["w_up"], params["b_up"])), params["w_out"], params["b_out"])


def torch_loss(params, x, noise):
    mean, log_var = torch_encode(params, x)
    logits = torch_decode(params, mean + noise * log_var.exp().sqrt())
    bce = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(1)
    return (bce + 0.5 * (mean**2 + log_var.exp() - 1 - log_var).sum(1)).mean()


def test_parameters_have_the_right_shapes_and_spread(learner, draw):
    result = learner.init_params(300, 200, 40, seed=draw.integer(0, 1000))
    expected = {}
    for name, (out, inside) in shapes(300, 200, 40).items():
        expected[f"w_{name}"] = torch.zeros(out, inside, dtype=torch.float64)
        expected[f"b_{name}"] = torch.zeros(out, dtype=torch.float64)
    assert_matches(blank(result), expected, "the parameters")
    for name, (out, inside) in shapes(300, 200, 40).items():
        zeros, std = torch.zeros(out, dtype=torch.float64), torch.tensor(inside**-0.5, dtype=torch.float64)
        assert_matches(result[f"b_{name}"], zeros, f"b_{name}")
        weight = result[f"w_{name}"]
        assert_matches(weight.std(), std, f"the standard deviation of w_{name}", rtol=0.05)
        assert_matches(weight.mean() / std + 1, torch.ones_like(std), f"1 + mean / std of w_{name}", rtol=0.08)


def blank(value):
    if isinstance(value, dict):
        return {key: blank(item) for key, item in value.items()}
    return torch.zeros_like(value) if isinstance(value, torch.Tensor) else 0


@pytest.mark.builds_on("test_parameters_have_the_right_shapes_and_spread")
def test_a_seed_gives_the_same_parameters_and_another_seed_others(learner, draw):
    seed = draw.integer(0, 1000)
    first = learner.init_params(6, 5, 3, seed=seed)
    assert_matches(learner.init_params(6, 5, 3, seed=seed), first, "the parameters of the same seed")
    other = learner.init_params(6, 5, 3, seed=seed + 1)
    assert not torch.equal(other["w_in"], first["w_in"]), "Two seeds gave the same weights: seed a generator with it."


@pytest.mark.parametrize("n", [4, 7])
def test_the_encoder(learner, draw, n):
    params, x = params_of(draw), draw.uniform(n, 6)
    assert_matches(learner.encode(params, x), torch_encode(params, x), ("the mean", "log_var"), terms=50)


@pytest.mark.parametrize("n", [4, 7])
def test_the_decoder(learner, draw, n):
    params, z = params_of(draw), draw.normal(n, 3)
    assert_matches(learner.decode(params, z), torch_decode(params, z), "the logits", terms=50)


@pytest.mark.builds_on("test_the_encoder", "test_the_decoder")
@pytest.mark.parametrize("sizes", [(4, 6, 5, 3), (7, 9, 8, 2), (1, 5, 4, 3)])
def test_the_loss_and_its_gradients_match_autograd(learner, draw, sizes):
    n, pixels, hidden, latent = sizes
    params, x, noise = params_of(draw, pixels, hidden, latent), draw.uniform(n, pixels), draw.normal(n, latent)
    leaves = {name: value.clone().requires_grad_() for name, value in params.items()}
    loss = torch_loss(leaves, x, noise)
    grads = torch.autograd.grad(loss, list(leaves.values()))
    expected = (loss.detach(), dict(zip(leaves, grads, strict=True)))
    actual = learner.loss_and_gradients(params, x, noise)
    assert_matches(actual, expected, ("the loss", "the gradients"), terms=400)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_loss_and_its_gradients_match_autograd")
def test_large_logits_do_not_overflow(learner, draw):
    params, x, noise = params_of(draw), draw.uniform(5, 6), draw.normal(5, 3)
    params["b_out"] = draw.uniform(6, low=800, high=950) * torch.tensor([1, -1, 1, -1, 1, -1])
    actual = learner.loss_and_gradients(params, x, noise)
    loss = actual[0] if isinstance(actual, tuple) and actual else actual
    assert_matches(loss, torch_loss(params, x, noise), "the loss", terms=400)


def train_and_use(solution, x, held_out, noise, codes, seed):
    """The losses, the clouds of held-out images, their reconstructions' logits, and those of other codes."""
    params, losses = solution.train(x, seed=seed)
    mean, log_var = solution.encode(params, held_out)
    logits = solution.decode(params, mean + (log_var / 2).exp() * noise)
    return [float(loss) for loss in losses], mean, log_var, logits, solution.decode(params, codes)


GRID = 9


def cases(draw):
    """Training images, held-out ones, noise for them, and codes: a grid and random ones."""
    line = torch.distributions.Normal(0.0, 1.0).icdf(torch.linspace(0.03, 0.97, GRID, dtype=torch.float64))
    codes = torch.cat([torch.cartesian_prod(line, line), draw.normal(200, 2)])
    return discs(draw, 512), discs(draw, 256), draw.normal(256, 2), codes


@pytest.mark.builds_on("test_the_loss_and_its_gradients_match_autograd")
def test_two_numbers_are_enough_for_a_disc(learner, draw, album):
    x, held_out, noise, codes = cases(draw)
    result = learner.run(train_and_use, x, held_out, noise, codes, draw.integer(0, 1000))
    names = ("the losses", "the means", "the log-variances", "the logits", "the logits of random codes")
    two, many = torch.zeros(len(held_out), 2).double(), torch.zeros(len(codes), SIDE * SIDE).double()
    losses = result[0] if isinstance(result, tuple) and result else []
    shape_only = tuple(map(blank, result)) if isinstance(result, tuple) else result
    assert_matches(shape_only, (0, two, two, blank(held_out), many), names)
    losses, mean, log_var, logits, decoded = result
    show(album, torch.sigmoid(decoded[: GRID * GRID]), losses)

    kl = 0.5 * (mean**2 + log_var.exp() - 1 - log_var).sum(1).mean()
    loss = F.binary_cross_entropy_with_logits(logits, held_out, reduction="none").sum(1).mean() + kl
    constant = F.binary_cross_entropy(x.mean(0).expand_as(held_out), held_out, reduction="none").sum(1).mean()
    perfect = F.binary_cross_entropy(held_out, held_out, reduction="none").sum(1).mean()
    enough = (perfect + 0.3 * (constant - perfect)).item()
    assert loss.item() <= enough, (
        f"The loss on held-out discs is {loss:.1f} (of which {kl:.1f} are divergence); at most {enough:.1f} is wanted. "
        f"One picture for all has {constant:.1f}, and below {perfect:.1f} no model gets, for edges are grey. "
        f"In training it went from {losses[0]:.1f} to {losses[-1]:.1f} in {len(losses)} steps."
    )
    nearest = torch.cdist(torch.sigmoid(decoded[GRID * GRID :]), x).min(1).values.mean().item()
    assert nearest <= 0.7, (
        f"Pictures of random codes are {nearest:.2f} from the nearest disc (discs from one another: about 3); "
        "at most 0.70 is wanted. The codes of discs have to fill what N(0, 1) draws: is the divergence in the loss?"
    )


def show(album, pictures, losses):
    rows = pictures.reshape(GRID, GRID, SIDE, SIDE).permute(0, 2, 1, 3).reshape(GRID * SIDE, GRID * SIDE)
    with album.figure("vae_latent", "What the decoder draws for each code", 5.6, 5.8) as axes:
        axes.imshow(rows, cmap="magma", vmin=0, vmax=1)
        axes.set_xlabel("second number of the code")
        axes.set_ylabel("first number of the code")
        axes.set_xticks([])
        axes.set_yticks([])
    finite = [loss if 0 < loss < 1e6 else float("nan") for loss in losses]  # a run that diverges leaves a gap
    with album.figure("vae_latent_loss", "The loss while it learned", 6, 3.2) as axes:
        axes.plot(finite, linewidth=1)
        axes.set_yscale("log")
        axes.set_xlabel("step")
        axes.grid(alpha=0.3)


def train_twice(solution, x, seed):
    (first, _), (second, _) = solution.train(x, seed=seed), solution.train(x, seed=seed)
    return first["w_out"], second["w_out"]


@pytest.mark.builds_on("test_two_numbers_are_enough_for_a_disc")
def test_the_same_seed_trains_the_same_network(learner, draw):
    result = learner.run(train_twice, discs(draw, 6), draw.integer(0, 1000))
    first = result[0] if isinstance(result, tuple) and result else None
    assert_matches(result, (first, first), ("w_out after the first run", "w_out after the second run"))

"""Small networks with batch norm, built in the worker; the reference searches step for step on copies of its own."""

import pytest
import torch
import torch.nn as nn
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided

Z, SHAPE = 2, (2, 3, 4)
SHAPES = [((6, 5), (6, 3)), ((4, 2, 3, 5), (4, 7)), ((3, 4), (3, 2, 5, 2)), ((1, 3, 2), (1, 4))]


def by_formula(x, made, features_x, features_made, share):
    residual = F.l1_loss(made, x, reduction="none").flatten(1).sum(1)
    return (1 - share) * residual + share * F.l1_loss(features_made, features_x, reduction="none").flatten(1).sum(1)


@pytest.mark.parametrize("share", [0.1, 0.7])
@pytest.mark.parametrize("shape, features", SHAPES)
def test_each_samples_loss(learner, draw, shape, features, share):
    inputs = draw.normal(*shape), draw.normal(*shape), draw.normal(*features), draw.normal(*features), share
    assert_matches(learner.anogan_loss(*inputs), by_formula(*inputs), "the losses", terms=50)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_each_samples_loss")
@pytest.mark.parametrize("share", [0.0, 1.0])
def test_the_loss_of_one_kind_alone(learner, draw, share):
    inputs = draw.normal(5, 4), draw.normal(5, 4), draw.normal(5, 3), draw.normal(5, 3), share
    assert_matches(learner.anogan_loss(*inputs), by_formula(*inputs), "the losses", terms=20)


@pytest.mark.builds_on("test_each_samples_loss")
def test_the_loss_in_float32_and_other_layouts(learner, draw):
    single = torch.float32
    x, made = draw.normal(5, 2, 4, dtype=single), draw.normal(5, 2, 4, dtype=single)
    mine, its = draw.normal(5, 3, dtype=single), draw.normal(5, 3, dtype=single)
    actual = learner.anogan_loss(strided(x), strided(made), strided(mine), strided(its), 0.25)
    assert_matches(actual, by_formula(x, made, mine, its, 0.25), "the losses", terms=20)


def loss_gradients(solution, x, made, mine, its, share, g):
    made, its = made.clone().requires_grad_(), its.clone().requires_grad_()
    (solution.anogan_loss(x, made, mine, its, share) * g).sum().backward()
    return made.grad, its.grad


class Reference:
    """The same by torch, on networks that it may spoil."""

    def anogan_loss(self, *args):
        return by_formula(*args)

    def invert(self, generator, features, x, z, *, steps, lr, share, bound):
        def loss_at(z):
            made = generator(z)
            return by_formula(x, made, features(x), features(made), share)

        for _ in range(steps):
            z = z.clone().requires_grad_()
            slope = torch.autograd.grad(loss_at(z).sum(), z)[0]
            z = torch.clip(z.detach() - lr * slope, -bound, bound)
        return z, loss_at(z).detach()

    def best_of(self, generator, features, x, starts, **options):
        found = [self.invert(generator, features, x, start.repeat(len(x), 1), **options) for start in starts]
        picked = [min(((loss[i], z[i]) for z, loss in found), key=lambda pair: pair[0].item()) for i in range(len(x))]
        return torch.stack([z for _, z in picked]), torch.stack([loss for loss, _ in picked])


@pytest.mark.builds_on("test_each_samples_loss")
def test_the_loss_passes_gradients_to_what_was_made(learner, draw):
    inputs = draw.normal(4, 2, 3), draw.normal(4, 2, 3), draw.normal(4, 5), draw.normal(4, 5), 0.3, draw.normal(4)
    names = ("gradient of made", "gradient of features_made")
    assert_matches(learner.run(loss_gradients, *inputs), loss_gradients(Reference(), *inputs), names)


def skeletons():
    generator = nn.Sequential(nn.Linear(Z, 5), nn.BatchNorm1d(5), nn.Tanh(), nn.Linear(5, 24), nn.Unflatten(1, SHAPE))
    features = nn.Sequential(nn.Conv2d(2, 3, 2), nn.BatchNorm2d(3), nn.LeakyReLU(0.2))
    encoder = nn.Sequential(nn.Flatten(), nn.Linear(24, 4, bias=False), nn.BatchNorm1d(4), nn.Tanh(), nn.Linear(4, Z))
    return {"generator": generator, "features": features, "encoder": encoder}


def weights_of(draw):
    """Drawn parameters and statistics, by network and name, and gradients left from a step before."""

    def value(name, like):
        if name.endswith("running_var"):
            return draw.uniform(*like.shape, low=0.5, high=2.0)
        return draw.normal(*like.shape) if like.is_floating_point() else like

    nets = skeletons()
    states = {kind: {name: value(name, like) for name, like in net.state_dict().items()} for kind, net in nets.items()}
    old = {kind: {name: draw.normal(*p.shape) for name, p in net.named_parameters()} for kind, net in nets.items()}
    return states, old


def build(kind, weights, left):
    """In training mode but for one batch norm; one parameter is frozen; gradients left over where `left`."""
    net = skeletons()[kind].double()
    net.load_state_dict(weights[0][kind])
    for name, parameter in net.named_parameters():
        parameter.grad = weights[1][kind][name].clone() if left else None
    if kind == "generator":
        net[1].eval()
        net[0].bias.requires_grad_(False)
    return net


def state_of(net):
    """All that must not change."""
    parameters = dict(net.named_parameters())
    return {
        "values": {name: value.detach().clone() for name, value in net.state_dict().items()},
        "gradients": {name: None if p.grad is None else p.grad.clone() for name, p in parameters.items()},
        "requires_grad": [p.requires_grad for p in parameters.values()],
        "training": [module.training for module in net.modules()],
    }


NAMES = ("the noise", "the losses", "the generator afterwards", "the features' network afterwards")
OPTIONS = {"steps": 4, "lr": 0.01, "share": 0.2, "bound": 50.0}


def run_search(solution, name, weights, left, x, z, options):
    generator, features = build("generator", weights, left), build("features", weights, left)
    noise, losses = getattr(solution, name)(generator, features, x, z, **options)
    return noise, losses, state_of(generator), state_of(features)


def right_search(name, weights, left, x, z, options):
    nets = [build(kind, weights, False).eval() for kind in ("generator", "features")]
    noise, losses = getattr(Reference(), name)(*nets, x, z, **options)
    return noise, losses, *(state_of(build(kind, weights, left)) for kind in ("generator", "features"))


def check(learner, draw, name, n=5, starts=None, left=True, **options):
    """The noise begins within ±1."""
    z = draw.uniform(starts or n, Z, low=-1.0, high=1.0)
    inputs = name, weights_of(draw), left, draw.normal(n, *SHAPE), z, OPTIONS | options
    assert_matches(learner.run(run_search, *inputs), right_search(*inputs), NAMES, terms=2000)


@pytest.mark.builds_on("test_each_samples_loss")
def test_no_steps_give_the_loss_where_the_search_begins(learner, draw):
    check(learner, draw, "invert", steps=0)


@pytest.mark.builds_on("test_no_steps_give_the_loss_where_the_search_begins")
@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_one_step_down_from_the_start(learner, draw, share):
    check(learner, draw, "invert", steps=1, share=share)


@pytest.mark.builds_on("test_one_step_down_from_the_start")
@pytest.mark.parametrize("steps, lr, n", [(3, 0.02, 4), (12, 0.005, 6)])
def test_many_steps(learner, draw, steps, lr, n):
    check(learner, draw, "invert", n=n, steps=steps, lr=lr)


@pytest.mark.builds_on("test_one_step_down_from_the_start")
def test_networks_that_have_no_gradients_get_none(learner, draw):
    check(learner, draw, "invert", left=False)


@pytest.mark.builds_on("test_many_steps")
@pytest.mark.parametrize("bound, lr", [(1.0, 0.05), (1.3, 0.2)])
def test_the_noise_is_cut_off_after_every_step(learner, draw, bound, lr):
    check(learner, draw, "invert", bound=bound, lr=lr, steps=6)


def one_at_a_time(solution, weights, x, z, options):
    """Each sample as a batch of its own."""
    generator, features = build("generator", weights, False), build("features", weights, False)
    found = [solution.invert(generator, features, x[i : i + 1], z[i : i + 1], **options) for i in range(len(x))]
    return torch.cat([noise for noise, _ in found]), torch.cat([losses for _, losses in found])


@pytest.mark.builds_on("test_one_step_down_from_the_start")
def test_a_samples_result_does_not_depend_on_its_batch(learner, draw):
    weights, x, z = weights_of(draw), draw.normal(4, *SHAPE), draw.uniform(4, Z, low=-1.0, high=1.0)
    expected = right_search("invert", weights, False, x, z, OPTIONS)[:2]
    actual = learner.run(one_at_a_time, weights, x, z, OPTIONS)
    assert_matches(actual, expected, ("the noise of each sample alone", "the loss of each sample alone"), terms=2000)


def inputs_after(solution, name, weights, x, z, options):
    """Whether results hang on a graph, and the inputs afterwards."""
    generator, features = build("generator", weights, False), build("features", weights, False)
    noise, losses = getattr(solution, name)(generator, features, x, z, **options)
    return [noise.requires_grad, losses.requires_grad, x.requires_grad, z.requires_grad], x, z


@pytest.mark.builds_on("test_one_step_down_from_the_start", "test_each_sample_keeps_its_own_best_start")
@pytest.mark.parametrize("name", ["invert", "best_of"])
def test_results_have_no_graph_and_inputs_are_left_as_they_were(learner, draw, name):
    x, z = draw.normal(4, *SHAPE), draw.uniform(4, Z, low=-1.0, high=1.0)
    actual = learner.run(inputs_after, name, weights_of(draw), x.clone(), z.clone(), OPTIONS)
    names = ("requires_grad of noise, losses, x and z", "x", "z")
    assert_matches(actual, ([False] * 4, x, z), names)


@pytest.mark.builds_on("test_many_steps")
@pytest.mark.parametrize("n, starts", [(6, 4), (5, 3), (3, 6), (1, 3)])
def test_each_sample_keeps_its_own_best_start(learner, draw, n, starts):
    check(learner, draw, "best_of", n=n, starts=starts, steps=5, lr=0.02)


@pytest.mark.builds_on("test_each_sample_keeps_its_own_best_start")
def test_one_start_is_the_search_from_there(learner, draw):
    check(learner, draw, "best_of", n=4, starts=1)


def run_encoder_loss(solution, weights, left, x, weight):
    """The encoder has no gradients before, the others may have."""
    encoder = build("encoder", weights, False)
    generator, features = build("generator", weights, left), build("features", weights, left)
    loss = solution.encoder_loss(encoder, generator, features, x, weight)
    loss.backward()
    return loss.detach(), state_of(encoder), state_of(generator), state_of(features)


def right_encoder_loss(weights, left, x, weight):
    encoder = build("encoder", weights, False)
    generator, features = (build(kind, weights, False).eval() for kind in ("generator", "features"))
    made = generator(encoder(x))
    loss = F.mse_loss(made, x) + weight * F.mse_loss(features(made), features(x))
    loss.backward()
    return (
        loss.detach(),
        state_of(encoder),
        *(state_of(build(kind, weights, left)) for kind in ("generator", "features")),
    )


@pytest.mark.parametrize("n, weight, left", [(5, 0.0, True), (4, 0.7, True), (6, 2.0, False)])
def test_the_loss_of_an_encoder_moves_the_encoder_alone(learner, draw, n, weight, left):
    inputs = weights_of(draw), left, draw.normal(n, *SHAPE), weight
    names = ("the loss", "the encoder afterwards", *NAMES[2:])
    assert_matches(learner.run(run_encoder_loss, *inputs), right_encoder_loss(*inputs), names, terms=2000)

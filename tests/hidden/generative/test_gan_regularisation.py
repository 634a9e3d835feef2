"""Torch's layers, softshrink, SGD and solve are the references; networks are built in the worker."""

import pytest
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.optim.sgd import sgd

from tutor.testkit import assert_inputs_unchanged, assert_matches, strided


@pytest.mark.parametrize("n, k, m", [(7, 5, 9), (4, 6, 3), (1, 2, 1)])
def test_the_share_that_was_learned_by_heart(learner, draw, n, k, m):
    train, held_out, fake = draw.normal(n) + 4, draw.normal(k) + 1, draw.normal(m) - 4
    expected = ((train.mean() - held_out.mean()) / (train.mean() - fake.mean())).item()
    assert_matches(learner.overfitting_share(train, held_out, fake), expected, "the share", terms=20)


@pytest.mark.builds_on("test_the_share_that_was_learned_by_heart")
@pytest.mark.parametrize("shift", [9.0, -9.0])
def test_a_share_outside_of_0_and_1_is_not_clamped(learner, draw, shift):
    train, held_out, fake = draw.normal(6) + 3, draw.normal(5) + shift, draw.normal(4) - 3
    expected = ((train.mean() - held_out.mean()) / (train.mean() - fake.mean())).item()
    assert_matches(learner.overfitting_share(train, held_out, fake), expected, "the share", terms=20)


@pytest.mark.builds_on("test_the_share_that_was_learned_by_heart")
def test_who_tells_nothing_apart_has_learned_nothing_by_heart(learner, draw):
    train, held_out, fake = draw.normal(6) - 3, draw.normal(5), draw.normal(4) + 3
    assert_matches(learner.overfitting_share(train, held_out, fake), 0.0, "the share where fakes score higher")
    same = torch.full((3,), 1.5, dtype=torch.float64)
    assert_matches(learner.overfitting_share(same, held_out, same), 0.0, "the share where both score the same")


SIZES = [(3, 5, 1), (2, 6, 4, 1), (4, 3, 7, 5, 1)]


def layers_of(draw, sizes, dtype=torch.float64, std=1.0):
    pairs = zip(sizes[1:], sizes[:-1], strict=True)
    return [(draw.normal(o, i, dtype=dtype, std=std), draw.normal(o, dtype=dtype, std=std)) for o, i in pairs]


def masks_of(draw, n, sizes, p):
    return [draw.uniform(n, h) >= p for h in sizes[1:-1]]


def by_torch(x, layers, masks, p, slope=0.2):
    """The masks as what torch's dropout multiplies with: 0 or 1/(1 − p)."""
    for i, (weight, bias) in enumerate(layers):
        x = F.linear(x, weight, bias)
        if i < len(layers) - 1:
            factor = 1.0 if masks is None else masks[i].to(x.dtype) / (1 - p)
            x = F.leaky_relu(x, slope) * factor
    return x


@pytest.mark.parametrize("sizes", SIZES)
def test_the_scores_in_evaluation(learner, draw, sizes):
    x, layers = draw.normal(6, sizes[0]), layers_of(draw, sizes)
    actual = learner.discriminator_forward(x, layers, None, p=0.4)
    assert_matches(actual, by_torch(x, layers, None, 0.4), "the scores", terms=300)


@pytest.mark.builds_on("test_the_scores_in_evaluation")
@pytest.mark.parametrize("p", [0.3, 0.5, 0.8])
@pytest.mark.parametrize("sizes", SIZES)
def test_the_scores_with_dropout(learner, draw, sizes, p):
    x, layers, masks = draw.normal(8, sizes[0]), layers_of(draw, sizes), masks_of(draw, 8, sizes, p)
    actual = learner.discriminator_forward(x, layers, masks, p=p)
    assert_matches(actual, by_torch(x, layers, masks, p), "the scores", terms=300)
    assert_inputs_unchanged(learner)


@pytest.mark.builds_on("test_the_scores_with_dropout")
@pytest.mark.parametrize("slope", [0.01, 0.5])
def test_another_slope(learner, draw, slope):
    x, layers, masks = draw.normal(5, 3), layers_of(draw, (3, 4, 2, 1)), masks_of(draw, 5, (3, 4, 2, 1), 0.25)
    actual = learner.discriminator_forward(x, layers, masks, p=0.25, slope=slope)
    assert_matches(actual, by_torch(x, layers, masks, 0.25, slope), "the scores", terms=300)


@pytest.mark.builds_on("test_the_scores_with_dropout")
def test_a_discriminator_without_a_hidden_layer_has_nothing_to_drop(learner, draw):
    x, layers = draw.normal(5, 4), layers_of(draw, (4, 1))
    actual = learner.discriminator_forward(x, layers, [], p=0.5)
    assert_matches(actual, by_torch(x, layers, [], 0.5), "the scores", terms=50)


@pytest.mark.builds_on("test_the_scores_with_dropout")
def test_p_zero_drops_nothing_and_scales_nothing(learner, draw):
    x, layers, masks = draw.normal(5, 3), layers_of(draw, (3, 6, 1)), masks_of(draw, 5, (3, 6, 1), 0.0)
    actual = learner.discriminator_forward(x, layers, masks, p=0.0)
    assert_matches(actual, by_torch(x, layers, None, 0.0), "the scores", terms=300)


@pytest.mark.builds_on("test_the_scores_with_dropout")
def test_float32_and_other_layouts(learner, draw):
    single, sizes = torch.float32, (3, 6, 4, 1)
    x, layers, masks = draw.normal(5, 3, dtype=single), layers_of(draw, sizes, single), masks_of(draw, 5, sizes, 0.5)
    turned = [(strided(weight), strided(bias)) for weight, bias in layers]
    actual = learner.discriminator_forward(strided(x), turned, [strided(mask) for mask in masks], p=0.5)
    assert_matches(actual, by_torch(x, layers, masks, 0.5), "the scores", terms=300)


def score_gradients(solution, x, layers, masks, p, g):
    x, layers = (
        x.clone().requires_grad_(),
        [(w.clone().requires_grad_(), b.clone().requires_grad_()) for w, b in layers],
    )
    (solution.discriminator_forward(x, layers, masks, p=p) * g).sum().backward()
    return x.grad, [(w.grad, b.grad) for w, b in layers]


class Reference:
    """The same by torch."""

    def discriminator_forward(self, x, layers, masks, *, p):
        return by_torch(x, layers, masks, p)

    def discriminator_loss(self, real, fake, layers, masks_real, masks_fake, *, p, smooth):
        scores = by_torch(real, layers, masks_real, p), by_torch(fake.detach(), layers, masks_fake, p)
        targets = torch.full_like(scores[0], 1 - smooth), torch.zeros_like(scores[1])
        return sum(F.binary_cross_entropy_with_logits(s, t) for s, t in zip(scores, targets, strict=True))


@pytest.mark.builds_on("test_the_scores_with_dropout")
def test_gradients_reach_the_samples_and_the_layers(learner, draw):
    sizes = (3, 5, 4, 1)
    inputs = draw.normal(6, 3), layers_of(draw, sizes), masks_of(draw, 6, sizes, 0.4), 0.4, draw.normal(6, 1)
    names = ("gradient of the samples", "gradients of the layers")
    assert_matches(learner.run(score_gradients, *inputs), score_gradients(Reference(), *inputs), names, terms=500)


def loss_and_gradients(solution, real, maker, layers, masks_real, masks_fake, p, smooth):
    maker = maker.clone().requires_grad_()
    layers = [(w.clone().requires_grad_(), b.clone().requires_grad_()) for w, b in layers]
    fake = torch.tanh(maker)
    loss = solution.discriminator_loss(real, fake, layers, masks_real, masks_fake, p=p, smooth=smooth)
    loss.backward()
    return loss.detach(), [(w.grad, b.grad) for w, b in layers], maker.grad is None


NAMES = ("the loss", "gradients of the layers", "no gradient for what made the samples")


def check_loss(learner, draw, n, m, p, smooth, sizes=(3, 6, 4, 1)):
    layers = layers_of(draw, sizes, std=0.4)  # scores well below 20, where torch's softplus becomes a straight line
    inputs = draw.normal(n, sizes[0]), draw.normal(m, sizes[0]), layers
    inputs += masks_of(draw, n, sizes, p), masks_of(draw, m, sizes, p), p, smooth
    expected = loss_and_gradients(Reference(), *inputs)
    assert_matches(learner.run(loss_and_gradients, *inputs), expected, NAMES, terms=500)


@pytest.mark.builds_on("test_the_scores_with_dropout")
@pytest.mark.parametrize("n, m, p", [(6, 6, 0.0), (7, 4, 0.4), (3, 8, 0.6)])
def test_the_loss_without_smoothing(learner, draw, n, m, p):
    check_loss(learner, draw, n, m, p, 0.0)


@pytest.mark.builds_on("test_the_loss_without_smoothing")
def test_real_and_generated_samples_have_masks_of_their_own(learner, draw):
    check_loss(learner, draw, 8, 8, 0.5, 0.0)


@pytest.mark.builds_on("test_the_loss_without_smoothing")
@pytest.mark.parametrize("smooth", [0.1, 0.3])
def test_the_targets_of_real_samples_alone_are_smoothed(learner, draw, smooth):
    check_loss(learner, draw, 5, 7, 0.3, smooth)


def loss_alone(solution, *args, **options):
    return solution.discriminator_loss(*args, **options).detach()


@pytest.mark.builds_on("test_the_targets_of_real_samples_alone_are_smoothed")
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_loss_of_scores_of_a_thousand_is_finite(learner, draw, sign):
    one = torch.ones(1, 1, dtype=torch.float64), torch.zeros(1, dtype=torch.float64)
    real, fake = sign * (draw.uniform(4, 1) + 1000), sign * (draw.uniform(3, 1) + 1200)
    inputs = real, fake, [one], [], []
    expected = loss_alone(Reference(), *inputs, p=0.5, smooth=0.2)
    assert_matches(learner.run(loss_alone, *inputs, p=0.5, smooth=0.2), expected, "the loss")


def networks():
    generator = nn.Sequential(nn.Embedding(4, 3), nn.Linear(3, 6), nn.BatchNorm1d(6), nn.Tanh(), nn.Linear(6, 2))
    image = nn.Sequential(nn.Conv2d(3, 4, 3), nn.GroupNorm(2, 4), nn.LeakyReLU(0.2), nn.Conv2d(4, 5, 3, bias=False))
    up = nn.ModuleList([nn.ConvTranspose2d(2, 3, 2), nn.Conv1d(2, 2, 3), nn.LayerNorm((2, 3))])
    discriminator = nn.ModuleDict({"labels": nn.Embedding(4, 5), "image": image, "up": up, "norm": nn.BatchNorm2d(5)})
    discriminator["deep"] = nn.Sequential(nn.Sequential(nn.Linear(5, 4), nn.PReLU()), nn.Linear(4, 1))
    discriminator.register_parameter("plane", nn.Parameter(torch.zeros(2, 3)))
    discriminator["volume"] = nn.ModuleList(
        [nn.Conv3d(1, 2, 1), nn.ConvTranspose1d(1, 2, 1), nn.ConvTranspose3d(1, 2, 1)]
    )
    return generator, discriminator


def grouped(solution, l2, frozen):
    """Names in place of parameters."""
    nets = networks()
    names = {}
    for word, net in zip(("generator", "discriminator"), nets, strict=True):
        for name, parameter in net.named_parameters():
            names[id(parameter)] = f"{word}.{name}"
            parameter.requires_grad_(not any(f"{word}.{name}".startswith(begin) for begin in frozen))
    groups = solution.decay_groups(*nets, l2)
    return [{**g, "params": [names.get(id(p), "something else") for p in g["params"]]} for g in groups]


def right_groups(l2, frozen):
    matrices = ["image.0", "image.3", "up.0", "up.1", "deep.0.0", "deep.1", "volume.0", "volume.1", "volume.2"]
    decayed, others = [], []
    for word, net in zip(("generator", "discriminator"), networks(), strict=True):
        for name, _ in net.named_parameters():
            if not any(f"{word}.{name}".startswith(begin) for begin in frozen):
                is_matrix = word == "discriminator" and name in [f"{m}.weight" for m in matrices]
                (decayed if is_matrix else others).append(f"{word}.{name}")
    return [{"params": decayed, "weight_decay": l2}, {"params": others, "weight_decay": 0.0}]


def check_groups(learner, l2, frozen):
    first, second = right_groups(l2, frozen)
    actual = learner.run(grouped, l2, frozen)
    assert isinstance(actual, list) and len(actual) == 2, (
        f"decay_groups has to return a list of two dicts, not {actual}"
    )
    for mine, right, which in ((actual[0], first, "decayed"), (actual[1], second, "other")):
        keys = sorted(mine)
        assert keys == ["params", "weight_decay"], f"a group's keys are params and weight_decay; yours has {keys}"
        extra = [name for name in mine["params"] if name not in right["params"]]
        missing = [name for name in right["params"] if name not in mine["params"]]
        told = "; ".join(
            f"{word} {', '.join(names)}" for word, names in (("not there:", missing), ("too many:", extra)) if names
        )
        assert not told, f"The parameters of the {which} group are not the right ones; {told}."
        assert_matches(mine["params"], right["params"], f"the order of the {which} group")
        assert_matches(mine["weight_decay"], right["weight_decay"], f"weight_decay of the {which} group")


@pytest.mark.parametrize("l2", [0.01, 0.3])
def test_the_discriminators_matrices_and_kernels_are_decayed(learner, draw, l2):
    check_groups(learner, l2, [])


@pytest.mark.builds_on("test_the_discriminators_matrices_and_kernels_are_decayed")
def test_what_is_frozen_is_in_no_group(learner, draw):
    check_groups(learner, 0.02, ["generator.1.weight", "discriminator.image", "discriminator.plane"])


def stepped(solution, values, grads, lr, l1, l2):
    params = [nn.Parameter(value.clone()) for value in values]
    given = [None if g is None else g.clone() for g in grads]
    solution.elastic_step(list(params), given, lr=lr, l1=l1, l2=l2)
    leaves = [p.requires_grad and p.is_leaf for p in params]
    return [p.detach().clone() for p in params], given, leaves


def right_step(values, grads, lr, l1, l2):
    out = []
    for w, g in zip(values, grads, strict=True):
        if g is None:
            out.append(w.clone())
            continue
        moved = w.clone()
        options = {
            "weight_decay": l2,
            "momentum": 0.0,
            "lr": lr,
            "dampening": 0.0,
            "nesterov": False,
            "maximize": False,
        }
        sgd([moved], [g], [None], **options)
        out.append(F.softshrink(moved, lr * l1))
    return out, grads, [True] * len(values)


STEP = ("the parameters", "the given gradients", "whether the parameters still require gradients")


def check_step(learner, draw, lr, l1, l2, shapes=((4, 3), (5,), (2, 3, 2)), without=(), dtype=torch.float64):
    values = [draw.normal(*shape, dtype=dtype) for shape in shapes]
    grads = [None if i in without else draw.like(value) for i, value in enumerate(values)]
    inputs = values, grads, lr, l1, l2
    assert_matches(learner.run(stepped, *inputs), right_step(*inputs), STEP)


@pytest.mark.parametrize("lr, l2", [(0.1, 0.0), (0.3, 0.4), (0.5, 1.3)])
def test_the_step_with_l2(learner, draw, lr, l2):
    check_step(learner, draw, lr, 0.0, l2)


@pytest.mark.builds_on("test_the_step_with_l2")
@pytest.mark.parametrize("lr, l1", [(0.3, 1.5), (0.5, 0.7), (2.0, 0.3)])
def test_the_step_with_l1(learner, draw, lr, l1):
    check_step(learner, draw, lr, l1, 0.0, shapes=((6, 5), (9,)))


@pytest.mark.builds_on("test_the_step_with_l1")
@pytest.mark.parametrize("lr, l1, l2", [(0.3, 1.5, 0.8), (0.6, 0.5, 1.2)])
def test_l1_and_l2_together(learner, draw, lr, l1, l2):
    check_step(learner, draw, lr, l1, l2)


def zeros_after(solution, values, grads, lr, l1, l2):
    return [(p == 0).tolist() for p in stepped(solution, values, grads, lr, l1, l2)[0]]


@pytest.mark.builds_on("test_the_step_with_l1")
def test_small_weights_become_exactly_zero(learner, draw):
    values, grads = [draw.uniform(40, low=-1.0, high=1.0)], [0.1 * draw.normal(40)]
    inputs = values, grads, 0.5, 0.9, 0.1
    expected = [(p == 0).tolist() for p in right_step(*inputs)[0]]
    assert_matches(learner.run(zeros_after, *inputs), expected, "which weights are exactly zero")


@pytest.mark.builds_on("test_the_step_with_l2")
def test_a_parameter_without_a_gradient_is_left_alone(learner, draw):
    check_step(learner, draw, 0.3, 0.8, 0.5, without=(1,))


@pytest.mark.builds_on("test_the_step_with_l1")
def test_the_step_in_float32(learner, draw):
    check_step(learner, draw, 0.25, 0.5, 0.5, dtype=torch.float32)


def at_rest(data, l2_d, l2_g):
    """Both gradients are zero: l2_d ψ + θ = x and l2_g θ − ψ = 0."""
    slopes = torch.tensor([[l2_d, 1.0], [-1.0, l2_g]], dtype=data.dtype)
    return tuple(torch.linalg.solve(slopes, torch.stack([data, torch.zeros_like(data)])))


@pytest.mark.parametrize("d, l2_d, l2_g", [(3, 0.5, 0.25), (2, 0.1, 2.0), (5, 3.0, 0.7)])
def test_the_equilibrium_of_two_players_with_penalties(learner, draw, d, l2_d, l2_g):
    data = draw.normal(d) + 2
    assert_matches(learner.equilibrium(data, l2_d, l2_g), at_rest(data, l2_d, l2_g), ("ψ", "θ"), terms=10)
    assert_inputs_unchanged(learner)


def both(solution, data, l2_d, l2_g):
    return torch.stack(list(solution.equilibrium(data, l2_d, l2_g)))


@pytest.mark.builds_on("test_the_equilibrium_of_two_players_with_penalties")
@pytest.mark.parametrize("l2_d, l2_g", [(0.6, 0.0), (0.0, 0.6), (0.0, 0.0)])
def test_where_one_player_or_none_has_a_penalty(learner, draw, l2_d, l2_g):
    data = draw.normal(4) + 2
    expected = torch.stack(at_rest(data, l2_d, l2_g))
    assert_matches(learner.run(both, data, l2_d, l2_g), expected, "ψ and θ", terms=10)

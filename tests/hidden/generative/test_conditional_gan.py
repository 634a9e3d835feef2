"""Networks by their weights and outputs, the loss by its terms and gradients, obedience by counting."""

import pytest
import torch
import torch.nn as nn
from torch.nn import functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches


def made(solution, name, sizes, x, labels, seed):
    torch.manual_seed(seed)
    net = getattr(solution, name)(*sizes)
    return {key: value.detach().clone() for key, value in net.state_dict().items()}, net(x, labels).detach()


def plain(name, sizes):
    if name == "Generator":
        noise, classes, size, hidden, channels, side = sizes
        embedding = nn.Embedding(classes, size)
        layers = [nn.Linear(noise + size, hidden), nn.ReLU(), nn.Linear(hidden, channels * side * side), nn.Tanh()]
    else:
        classes, channels, side, hidden = sizes
        embedding = nn.Embedding(classes, side * side)
        layers = [nn.Conv2d(channels + 1, hidden, 3, padding=1), nn.LeakyReLU(0.2), nn.Flatten()]
        layers.append(nn.Linear(hidden * side * side, 1))
    return nn.ModuleDict({"embedding": embedding, "net": nn.Sequential(*layers)})


def check_network(learner, draw, name, sizes, x, classes):
    labels = draw.integers(0, classes, len(x))
    result = learner.run(made, name, sizes, x, labels, draw.integer(0, 1000))
    ours = plain(name, sizes)
    state = result[0] if isinstance(result, tuple) and isinstance(result[0], dict) else {}
    wanted = {key: torch.zeros_like(value) for key, value in ours.state_dict().items()}
    blank = {key: torch.zeros_like(value) for key, value in state.items()}
    assert_matches(blank, wanted, "the parameters, their names and shapes")
    ours.load_state_dict(state)
    embedded = ours["embedding"](labels)
    if name == "Generator":
        channels, side = sizes[4:]
        expected = ours["net"](torch.cat([x, embedded], 1)).reshape(-1, channels, side, side)
    else:
        side = x.shape[2]
        expected = ours["net"](torch.cat([x, embedded.reshape(-1, 1, side, side)], 1))
    assert_matches(result[1], expected.detach(), "the output", terms=100)


@pytest.mark.parametrize("sizes", [(3, 4, 5, 6, 2, 3), (2, 3, 4, 7, 1, 4), (5, 2, 3, 4, 3, 2)])
def test_the_generator(learner, draw, sizes):
    check_network(learner, draw, "Generator", sizes, draw.normal(6, sizes[0], dtype=torch.float32), sizes[1])


@pytest.mark.parametrize("sizes", [(4, 2, 3, 5), (3, 1, 4, 2), (2, 3, 5, 4)])
def test_the_discriminator(learner, draw, sizes):
    images = draw.normal(6, sizes[1], sizes[2], sizes[2], dtype=torch.float32)
    check_network(learner, draw, "Discriminator", sizes, images, sizes[0])


def judge(weight, table):
    """A discriminator made of two tensors: score = tanh(image · weight) · (table row of the label · image)."""
    judge = nn.Module()
    judge.weight, judge.table = nn.Parameter(weight.clone()), nn.Parameter(table.clone())

    def forward(images, labels):
        flat = images.flatten(1)
        return torch.tanh(flat @ judge.weight)[:, None] + (judge.table[labels] * flat).sum(1, keepdim=True)

    judge.forward = forward
    return judge


def loss_and_gradients(solution, weight, table, real, labels, maker, fake_labels, wrong):
    net, maker = judge(weight, table), maker.clone().requires_grad_()
    loss = solution.discriminator_loss(net, real, labels, torch.tanh(maker), fake_labels, wrong)
    loss.backward()
    return loss.detach(), net.weight.grad, net.table.grad, maker.grad is None


def right_loss(weight, table, real, labels, maker, fake_labels, wrong):
    net = judge(weight, table)
    loss = F.softplus(-net(real, labels)).mean() + 0.5 * F.softplus(net(torch.tanh(maker), fake_labels)).mean()
    loss = loss + 0.5 * F.softplus(net(real, wrong)).mean()
    return loss.detach(), *torch.autograd.grad(loss, [net.weight, net.table]), True


@pytest.mark.parametrize(("n", "m", "classes"), [(5, 5, 3), (4, 7, 4), (6, 3, 2)])
def test_the_loss_asks_whether_image_and_label_go_together(learner, draw, n, m, classes):
    real, maker = draw.normal(n, 2, 2, 2), draw.normal(m, 2, 2, 2)
    labels, fake_labels = draw.integers(0, classes, n), draw.integers(0, classes, m)
    wrong = (labels + 1) % classes
    inputs = (draw.normal(8), draw.normal(classes, 8), real, labels, maker, fake_labels, wrong)
    names = (
        "the loss",
        "gradient of a weight",
        "gradient of the labels' table",
        "no gradient for what made the images",
    )
    assert_matches(learner.run(loss_and_gradients, *inputs), right_loss(*inputs), names, terms=100)


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_wrong_labels_are_never_right(learner, draw, classes):
    labels, offsets = draw.integers(0, classes, 40), draw.integers(0, classes - 1, 40)
    assert_matches(learner.wrong_labels(labels, offsets, classes), (labels + 1 + offsets) % classes, "the labels")


def fine_tuned(solution, weight, new, z, labels):
    torch.manual_seed(0)
    generator = nn.Module()
    generator.first = nn.Linear(3, 2).double()
    generator.embedding = nn.Embedding(*weight.shape).double()
    generator.embedding.weight.data.copy_(weight)
    generator.last = nn.Linear(2, 2).double()
    mask, trained = solution.fine_tune(generator, new)
    out = generator.embedding(labels).sum()
    out.backward()
    gradient = (generator.embedding.weight.grad * mask).clone()
    flags = [bool(p.requires_grad) for p in [*generator.first.parameters(), *generator.last.parameters()]]
    return generator.embedding.weight.detach().clone(), mask.detach(), trained, flags, gradient


@pytest.mark.parametrize(("old", "new"), [(4, 2), (3, 5), (2, 1)])
def test_new_classes_and_nothing_else_are_learned(learner, draw, old, new):
    weight = draw.normal(old, 6)
    labels = draw.integers(0, old + new, 12)
    expected = torch.cat([weight, weight.mean(0).expand(new, 6)])
    mask = (torch.arange(old + new) >= old).double()[:, None].expand(-1, 6)
    gradient = torch.bincount(labels, minlength=old + new).double()[:, None] * mask
    names = (
        "the new embedding",
        "the mask",
        "names of what is trained",
        "requires_grad of all else",
        "the masked gradient",
    )
    got = learner.run(fine_tuned, weight, new, draw.normal(2), labels)
    assert_matches(got, (expected, mask, ["embedding.weight"], [False] * 4, gradient), names, terms=10)


@pytest.mark.parametrize(("n", "classes"), [(30, 4), (12, 3)])
def test_obedience_by_class(learner, draw, n, classes):
    asked = draw.integers(0, classes, n)
    asked[:classes] = torch.arange(classes)
    logits = draw.normal(n, classes) + 1.5 * F.one_hot(asked, classes)
    right = (logits.argmax(1) == asked).double()
    shares = torch.stack([right[asked == c].mean() for c in range(classes)])
    assert_matches(learner.obedience(logits, asked, classes), (right.mean().item(), shares), ("share", "by class"))
    assert_inputs_unchanged(learner)


def unasked(solution, logits, asked, classes):
    share, shares = solution.obedience(logits, asked, classes)
    return share, torch.isnan(shares).tolist(), torch.nan_to_num(shares, 9.0)


@pytest.mark.builds_on("test_obedience_by_class")
def test_a_class_that_nobody_asked_for(learner, draw):
    asked = 2 * draw.integers(0, 2, 20)
    asked[:2] = torch.tensor([0, 2])
    logits = draw.normal(20, 4) + F.one_hot(asked, 4)
    right = (logits.argmax(1) == asked).double()
    shares = [right[asked == c].mean().item() if c in (0, 2) else 9.0 for c in range(4)]
    expected = right.mean().item(), [False, True, False, True], torch.tensor(shares, dtype=torch.float64)
    assert_matches(learner.run(unasked, logits, asked, 4), expected, ("share", "which are NaN", "shares, 9 for NaN"))


def pair_of_networks(first, second, third):
    """A generator of one convolution that counts its calls, and a discriminator of two that scores patches."""
    generator, calls = nn.Module(), []
    generator.weight = nn.Parameter(first.clone())

    def forward(source):
        calls.append(1)
        return torch.tanh(F.conv2d(source, generator.weight, padding="same"))

    generator.forward = forward
    discriminator = nn.Sequential(nn.Conv2d(*second.shape[1::-1], 2), nn.LeakyReLU(0.2), nn.Conv2d(len(second), 1, 2))
    discriminator.to(first.dtype)
    for layer, kernel in ((discriminator[0], second), (discriminator[2], third)):
        layer.weight, layer.bias = nn.Parameter(kernel.clone()), None
    return generator, discriminator, calls


def pix2pix(solution, kernels, source, target, options):
    """Both losses, what each gives to whom (of the second one D's part doesn't matter), and the calls of G."""
    generator, discriminator, calls = pair_of_networks(*kernels)
    loss_d, loss_g = solution.pix2pix_losses(generator, discriminator, source, target, **options)
    loss_d.backward(retain_graph=True)
    untouched = generator.weight.grad is None
    grads = [p.grad.clone() for p in discriminator.parameters()]
    loss_g.backward()
    return loss_d.detach(), loss_g.detach(), grads, untouched, generator.weight.grad, len(calls)


def right_pix2pix(kernels, source, target, options):
    generator, discriminator, _ = pair_of_networks(*kernels)
    made = generator(source)
    on_target, on_made = (discriminator(torch.hstack([source, image])) for image in (target, made))
    loss_d = (F.softplus(-on_target).mean() + F.softplus(on_made).mean()) / 2
    loss_g = F.softplus(-on_made).mean() + options.get("weight", 100.0) * F.l1_loss(made, target)
    grads = list(torch.autograd.grad(loss_d, list(discriminator.parameters()), retain_graph=True))
    return loss_d.detach(), loss_g.detach(), grads, True, torch.autograd.grad(loss_g, generator.weight)[0], 1


@pytest.mark.parametrize(("n", "c_source", "c_target", "weight"), [(3, 1, 2, 0.5), (2, 3, 1, 2.0), (4, 2, 3, 0.0)])
def test_an_image_as_the_condition(learner, draw, n, c_source, c_target, weight):
    check_pix2pix(learner, draw, n, c_source, c_target, {"weight": weight})


@pytest.mark.builds_on("test_an_image_as_the_condition")
def test_the_distance_to_the_target_weighs_100_unless_told_otherwise(learner, draw):
    check_pix2pix(learner, draw, 3, 2, 1, {})


def check_pix2pix(learner, draw, n, c_source, c_target, options):
    size = 5, 4
    kernels = (
        draw.normal(c_target, c_source, 3, 3, std=0.5),
        draw.normal(3, c_source + c_target, 2, 2, std=0.5),
        draw.normal(1, 3, 2, 2, std=0.5),
    )
    inputs = kernels, draw.normal(n, c_source, *size), draw.uniform(n, c_target, *size, low=-1.0), options
    names = (
        "the discriminator's loss",
        "the generator's loss",
        "the discriminator's gradients from its loss",
        "no gradient for the generator from the discriminator's loss",
        "the generator's gradient from its loss",
        "how often the generator is called",
    )
    assert_matches(learner.run(pix2pix, *inputs), right_pix2pix(*inputs), names, terms=1000)

"""The losses by their formulas and gradients, for small networks; the pool step by step."""

import pytest
import torch

from tutor.testkit import assert_matches

TERMS = ("adversarial", "cycle", "identity", "total")
NETS = ("to_b", "to_a", "judge_a", "judge_b")


def nets_of(weights):
    """Generators x → tanh(W x), discriminators x → two scores per image."""

    class Net(torch.nn.Module):
        def __init__(self, weight, squash):
            super().__init__()
            self.weight, self.squash = torch.nn.Parameter(weight.clone()), squash

        def forward(self, x):
            y = x.flatten(1) @ self.weight
            return torch.tanh(y).reshape(x.shape) if self.squash else y

    return [Net(weight, number < 2) for number, weight in enumerate(weights)]


def weights(draw, d):
    return [draw.normal(d, d), draw.normal(d, d), draw.normal(d, 2), draw.normal(d, 2)]


def terms_and_gradients(solution, parts, a, b, options):
    nets = nets_of(parts)
    losses = solution.generator_loss(*nets, a, b, **options)
    losses["total"].backward()
    values = {name: value.detach() for name, value in losses.items()}
    return values, *(net.weight.grad for net in nets[:2])


def right_terms(parts, a, b, cycle=10.0, identity=5.0):
    to_b, to_a, judge_a, judge_b = nets_of(parts)
    losses = {
        "adversarial": (judge_b(to_b(a)) - 1).square().mean() + (judge_a(to_a(b)) - 1).square().mean(),
        "cycle": (to_a(to_b(a)) - a).abs().mean() + (to_b(to_a(b)) - b).abs().mean(),
        "identity": (to_b(b) - b).abs().mean() + (to_a(a) - a).abs().mean(),
    }
    losses["total"] = losses["adversarial"] + cycle * losses["cycle"] + identity * losses["identity"]
    gradients = torch.autograd.grad(losses["total"], [to_b.weight, to_a.weight])
    return {name: value.detach() for name, value in losses.items()}, *gradients


@pytest.mark.parametrize(("n", "m"), [(4, 4), (3, 5), (6, 2)])
def test_the_generators_losses(learner, draw, n, m):
    parts, a, b = weights(draw, 6), draw.normal(n, 1, 2, 3), draw.normal(m, 1, 2, 3)
    names = ("the losses", "gradient of the total for to_b", "gradient of the total for to_a")
    got = learner.run(terms_and_gradients, parts, a, b, {})
    assert_matches(got, right_terms(parts, a, b), names, terms=200)


@pytest.mark.parametrize("options", [{"cycle": 3.0}, {"identity": 0.0}, {"cycle": 0.5, "identity": 2.0}])
def test_the_weights_of_the_losses(learner, draw, options):
    parts, a, b = weights(draw, 6), draw.normal(3, 1, 2, 3), draw.normal(4, 1, 2, 3)
    names = ("the losses", "gradient of the total for to_b", "gradient of the total for to_a")
    got = learner.run(terms_and_gradients, parts, a, b, options)
    assert_matches(got, right_terms(parts, a, b, **options), names, terms=200)


def still_trainable(solution, parts, a, b):
    nets = nets_of(parts)
    solution.generator_loss(*nets, a, b)
    return [name for name, net in zip(NETS, nets, strict=True) if net.weight.requires_grad and net.training]


@pytest.mark.builds_on("test_the_generators_losses")
def test_all_four_networks_can_be_trained_afterwards(learner, draw):
    parts, a, b = weights(draw, 6), draw.normal(3, 1, 2, 3), draw.normal(4, 1, 2, 3)
    got = learner.run(still_trainable, parts, a, b)
    assert_matches(got, list(NETS), "what can be trained after generator_loss")


def judged(solution, weight, real, maker):
    judge, maker = nets_of([weight] * 3)[2], maker.clone().requires_grad_()
    loss = solution.discriminator_loss(judge, real, torch.tanh(maker))
    loss.backward()
    return loss.detach(), judge.weight.grad, ["judge"] + ["what made the fakes"] * (maker.grad is not None)


@pytest.mark.parametrize(("n", "m"), [(4, 4), (3, 6)])
def test_a_discriminator_s_loss(learner, draw, n, m):
    weight, real, maker = draw.normal(6, 2), draw.normal(n, 1, 2, 3), draw.normal(m, 1, 2, 3)
    leaf = weight.clone().requires_grad_()
    scores = [images.flatten(1) @ leaf for images in (real, torch.tanh(maker))]
    loss = 0.5 * ((scores[0] - 1).square().mean() + scores[1].square().mean())
    expected = loss.detach(), torch.autograd.grad(loss, leaf)[0], ["judge"]
    names = ("the loss", "gradient of the discriminator", "the list of who got a gradient")
    assert_matches(learner.run(judged, weight, real, maker), expected, names, terms=50)


def exchanged(solution, size, rounds):
    pool = solution.Pool(size)
    out = []
    for images, swaps, places in rounds:
        leaf = images.clone().requires_grad_()
        given = leaf * 1.0
        got = pool.exchange(given, swaps, places)
        out.append((got.detach().clone(), bool(got.requires_grad)))
        with torch.no_grad():
            given.zero_()  # what was given in may be overwritten afterwards
            if not got.requires_grad:
                got.zero_()  # and so may what came back
    return [images for images, _ in out], [graph for _, graph in out]


def right_exchange(size, rounds):
    """What has to come back, each image as (exchange, number in it), and why."""
    kept, out = [], []
    for number, (_, swaps, places) in enumerate(rounds):
        back = []
        for i, (swap, place) in enumerate(zip(swaps, places, strict=True)):
            new = number, i
            if len(kept) < size:
                kept.append(new)
                back.append((new, f"the pool holds {len(kept) - 1} of {size}, so it is put in and comes back itself"))
            elif size and swap:
                old, kept[place] = kept[place], new
                back.append((old, f"the pool is full, swaps[{i}] is True, and that one lies at places[{i}] = {place}"))
            else:
                back.append((new, "the pool is full, and it isn't swapped" if size else "the pool keeps nothing"))
        out.append(back)
    return out


def said(which):
    return f"image {which[1]} of exchange {which[0]}"


def name_of(image, rounds):
    """Which of those that were given in an image is."""
    found = [(r, i) for r, (images, *_) in enumerate(rounds) for i in range(len(images)) if images[i].equal(image)]
    if found:
        return said(found[0])
    return "all zeros, as what was given in and what came back are overwritten" if not image.any() else "none of them"


def rounds_of(draw, count, n, size):
    """Of the coins only three are fixed, so that every case comes up: no, yes, and yes as soon as the pool is full."""
    coins = [draw.integer(0, 2) == 1 for _ in range(n * count)]
    for k, coin in {0: False, 1: True, size: True}.items():
        coins[k] = coin
    return [
        (draw.normal(n, 2, 3), coins[i * n : (i + 1) * n], [draw.integer(0, max(size, 1)) for _ in range(n)])
        for i in range(count)
    ]


@pytest.mark.parametrize(("size", "n", "count"), [(4, 3, 6), (5, 1, 14), (3, 7, 4), (0, 3, 3)])
def test_old_images_come_back(learner, draw, size, n, count):
    rounds = rounds_of(draw, count, n, size)
    right = right_exchange(size, rounds)
    images = [torch.stack([rounds[r][0][i] for (r, i), _ in back]) for back in right]
    got = learner.run(exchanged, size, rounds)
    answers = got[0] if isinstance(got, tuple) and isinstance(got[0], list) else []
    for number, (answer, expected, back) in enumerate(zip(answers, images, right, strict=False)):
        if answer.shape == expected.shape and answer.dtype == expected.dtype:
            for i, (which, why) in enumerate(back):
                assert answer[i].equal(expected[i]), (
                    f"For image {i} of exchange {number}, {said(which)} has to come back: {why}. "
                    f"Yours is {name_of(answer[i], rounds)}. (Both count from 0; size {size}.)"
                )
    names = ("what comes back", "requires_grad of what comes back")
    assert_matches(got, (images, [False] * count), names)


def fields(solution, stacks):
    return [solution.patch_field(layers) for layers in stacks]


def test_how_much_one_score_sees(learner, draw):
    stacks = [[(4, 2), (4, 2), (4, 2), (4, 1), (4, 1)], [(3, 1)], [(1, 1), (5, 3)]]
    for _ in range(15):
        stacks.append([(draw.integer(1, 6), draw.integer(1, 4)) for _ in range(draw.integer(1, 6))])
    got = learner.run(fields, stacks)
    answers = got if isinstance(got, list) else []
    assert len(answers) == len(stacks), f"patch_field was asked {len(stacks)} times; {got!r} came back."
    for layers, answer in zip(stacks, answers, strict=True):
        span = {0}
        for kernel, stride in reversed(layers):
            span = {place * stride + k for place in span for k in range(kernel)}
        expected = max(span) - min(span) + 1
        assert answer == expected, f"patch_field({layers}) is {answer!r}, and it should be {expected}."

"""What each function should do, written with autograd.grad, which adds up nothing and keeps no .grad."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_inputs_unchanged, assert_matches

Z, H, D = 2, 5, 6


def state_of(draw, inputs, outputs, norm=False):
    state = {
        "0.weight": draw.normal(H, inputs),
        "0.bias": draw.normal(H),
        "2.weight": draw.normal(outputs, H),
        "2.bias": draw.normal(outputs),
    }
    if norm:
        state |= {"3.weight": draw.normal(outputs), "3.bias": draw.normal(outputs)}
        state |= {"3.running_mean": draw.normal(outputs), "3.running_var": draw.uniform(outputs, low=0.5, high=2.0)}
        state |= {"3.num_batches_tracked": torch.tensor(7)}
    return state


def network(state, old=None):
    """Linear, tanh, linear, perhaps a batch normalisation; with gradients of an earlier step on the parameters."""
    hidden, inputs = state["0.weight"].shape
    layers = [torch.nn.Linear(inputs, hidden), torch.nn.Tanh(), torch.nn.Linear(hidden, len(state["2.bias"]))]
    if "3.weight" in state:
        layers.append(torch.nn.BatchNorm1d(len(state["2.bias"])))
    net = torch.nn.Sequential(*layers).double()
    net.load_state_dict(state)
    for parameter in net.parameters():
        parameter.grad = None if old is None else torch.full_like(parameter, old)
    return net


def descent(net, lr):
    """Plain gradient descent with the two methods of an optimizer."""

    class Descent:
        def step(self):
            with torch.no_grad():
                for parameter in net.parameters():
                    if parameter.grad is not None:
                        parameter -= lr * parameter.grad

        def zero_grad(self):
            net.zero_grad()

    return Descent()


def values(net):
    return [parameter.detach().clone() for parameter in net.parameters()]


def grads(net):
    return [None if parameter.grad is None else parameter.grad.clone() for parameter in net.parameters()]


def learning(net):
    return [parameter.requires_grad for parameter in net.parameters()]


def descended(net, loss, lr):
    """The loss, and the parameters after one step."""
    parameters = list(net.parameters())
    found = torch.autograd.grad(loss, parameters)
    moved = [(p - lr * g).detach() for p, g in zip(parameters, found, strict=True)]
    return loss.item(), moved


# --- the discriminator's step ---


def discriminator_moves(solution, g, d, old, real, noises, lr):
    generator, discriminator = network(g, old), network(d, old)
    optimizer = descent(discriminator, lr)
    losses = [solution.discriminator_step(generator, discriminator, optimizer, real, noise) for noise in noises]
    return losses, values(discriminator), values(generator), grads(generator), learning(generator)


@pytest.mark.parametrize(("n", "m", "old", "steps"), [(4, 6, None, 1), (5, 3, 0.7, 1), (3, 4, None, 3)])
def test_the_discriminators_step_leaves_the_generator_alone(learner, draw, n, m, old, steps):
    g, d, lr = state_of(draw, Z, D), state_of(draw, D, 1), 0.1
    real, noises = draw.normal(n, D), [draw.normal(m, Z) for _ in range(steps)]
    generator, discriminator, losses = network(g, old), network(d), []
    for noise in noises:
        fake = generator(noise).detach()
        loss = F.softplus(-discriminator(real)).mean() + F.softplus(discriminator(fake)).mean()
        now, moved = descended(discriminator, loss, lr)
        losses.append(now)
        for parameter, value in zip(discriminator.parameters(), moved, strict=True):
            parameter.data = value
    expected = losses, values(discriminator), values(generator), grads(generator), [True] * 4
    names = (
        "the losses",
        "the discriminator's parameters",
        "the generator's parameters",
        "the generator's .grad",
        "requires_grad of the generator's parameters",
    )
    actual = learner.run(discriminator_moves, g, d, old, real, noises, lr)
    assert_matches(actual, expected, names, terms=100)


# --- the generator's step ---


def generator_moves(solution, g, d, old, noise, lr):
    generator, discriminator = network(g, old), network(d, old)
    loss = solution.generator_step(generator, discriminator, descent(generator, lr), noise)
    return loss, values(generator), values(discriminator), grads(discriminator), learning(discriminator)


def check_generator(learner, draw, m, old, shift):
    g, d, noise, lr = state_of(draw, Z, D), state_of(draw, D, 1), draw.normal(m, Z), 0.1
    d["2.bias"] += shift
    generator, discriminator = network(g), network(d, old)
    loss, moved = descended(generator, F.softplus(-discriminator(generator(noise))).mean(), lr)
    expected = loss, moved, values(discriminator), grads(discriminator), [True] * 4
    names = (
        "the loss",
        "the generator's parameters",
        "the discriminator's parameters",
        "the discriminator's .grad",
        "requires_grad of the discriminator's parameters",
    )
    assert_matches(learner.run(generator_moves, g, d, old, noise, lr), expected, names, terms=100)


@pytest.mark.parametrize(("m", "old"), [(6, None), (4, 0.7)])
def test_the_generators_step_lowers_the_non_saturating_loss(learner, draw, m, old):
    check_generator(learner, draw, m, old, 0.0)


@pytest.mark.builds_on("test_the_generators_step_lowers_the_non_saturating_loss")
def test_the_generator_still_learns_from_a_judge_that_sees_through_it(learner, draw):
    check_generator(learner, draw, 5, None, -30.0)


# --- what goes in ---


@pytest.mark.parametrize("shape", [(2, 3, 4, 5), (7, 1, 6, 3)])
def test_pictures_fill_the_range_of_a_tanh(learner, draw, shape):
    images = draw.integers(0, 256, *shape).to(torch.uint8)
    images.view(-1)[:3] = torch.tensor([0, 255, 200], dtype=torch.uint8)
    expected = (images.double() * 2 / 255 - 1).float()
    assert_matches(learner.prepare(images), expected, "the pictures")
    assert_inputs_unchanged(learner)


# --- the judge's loss ---


def judged(solution, real, fake, upstream):
    real, fake = real.clone().requires_grad_(), fake.clone().requires_grad_()
    loss = solution.judge_loss(real, fake)
    if isinstance(loss, torch.Tensor) and loss.requires_grad:
        (loss * upstream).sum().backward()
    found = [torch.zeros_like(scores) if scores.grad is None else scores.grad for scores in (real, fake)]
    return loss.detach() if isinstance(loss, torch.Tensor) else loss, found


def check_judge(learner, real, fake, upstream):
    a, b = real.clone().requires_grad_(), fake.clone().requires_grad_()
    loss = -F.logsigmoid(a).mean() - F.logsigmoid(-b).mean()
    expected = loss.detach(), list(torch.autograd.grad(loss * upstream, [a, b]))
    names = ("the loss", "the gradients for real and fake scores")
    assert_matches(learner.run(judged, real, fake, upstream), expected, names, terms=20)


@pytest.mark.parametrize(("n", "m"), [(5, 5), (4, 7), (6, 1)])
def test_the_judges_loss_is_taken_of_scores(learner, draw, n, m):
    check_judge(learner, draw.normal(n, 1), draw.normal(m, 1), draw.uniform(low=0.5, high=2.0))


@pytest.mark.builds_on("test_the_judges_loss_is_taken_of_scores")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_scores_far_from_zero(learner, draw, dtype):
    signs = (-1) ** torch.arange(6)[:, None]
    real, fake = (draw.uniform(6, 1, low=200, high=900, dtype=dtype) * signs for _ in range(2))
    check_judge(learner, real, fake, draw.uniform(low=0.5, high=2.0, dtype=dtype))


# --- the best generator ---


def trained(solution, state, moves, scores):
    """Each round adds a number to all that the generator has; the scores are given."""
    net, asked = network(state), []

    def round_of(move):
        def run():
            with torch.no_grad():
                for value in net.state_dict().values():
                    value += move

        return run

    def score(generator):
        asked.append(generator is net)
        return scores[len(asked) - 1]

    best = solution.best_generator(net, [round_of(move) for move in moves], score)
    last = {name: value.clone() for name, value in net.state_dict().items()}
    with torch.no_grad():
        for value in net.state_dict().values():
            value.zero_()  # whatever happens to the generator later
    best = {name: value.detach().clone() for name, value in best.items()} if isinstance(best, dict) else best
    return best, last, asked


@pytest.mark.parametrize(("count", "place"), [(5, 1), (4, 0), (6, 3), (3, 2)])
@pytest.mark.parametrize("norm", [False, True])
def test_the_best_generator_is_remembered(learner, draw, count, place, norm):
    state = state_of(draw, Z, D, norm)
    moves = [draw.integer(1, 9) for _ in range(count)]
    scores = draw.uniform(count, low=1.0, high=3.0).tolist()
    scores[place] = 0.5
    if place < count - 1:
        scores[-1] = 0.5  # as good, but later
    after = [{name: value + sum(moves[: k + 1]) for name, value in state.items()} for k in range(count)]
    names = ("the best state", "the generator's state after the last round", "what `score` was called with")
    actual = learner.run(trained, state, moves, scores)
    assert_matches(actual, (after[place], after[-1], [True] * count), names)


# --- the instrument ---


def spread(images):
    return ((images - images.mean(0)) ** 2).mean()


def word_for(real_scores, fake_scores, real, made):
    """The rules; None where a number is too near to a limit."""
    if any(not tensor.isfinite().all() for tensor in (real_scores, fake_scores, real, made)):
        return "broken"
    a, b = real_scores.sigmoid().mean(), fake_scores.sigmoid().mean()
    ratio, apart = spread(made) / spread(real), (made.mean(0) - real.mean(0)).square().mean() / spread(real)
    limits = [(a, 0.9), (b, 0.1), (ratio, 0.25), ((a - b).abs(), 0.1), (apart, 0.5)]
    if any(abs(value - limit) < 0.02 for value, limit in limits):
        return None
    if a > 0.9 and b < 0.1:
        return "discriminator won"
    if ratio < 0.25:
        return "collapsed"
    return "blind" if abs(a - b) < 0.1 and apart > 0.5 else "balanced"


def a_game(draw, centre_real, centre_fake, size, offset, scale):
    """Scores around two centres, real pictures, and made ones of another size of differences, moved by an offset."""
    n, m = draw.integer(30, 40), draw.integer(20, 30)
    shape = draw.integer(1, 3), draw.integer(3, 5), draw.integer(5, 7)
    base = draw.normal(1, *shape)
    real = scale * (base + draw.normal(n, *shape))
    made = scale * (base + offset * torch.sign(draw.normal(1, *shape)) + size * draw.normal(m, *shape))
    return draw.normal(n, 1) * 0.5 + centre_real, draw.normal(m, 1) * 0.5 + centre_fake, real, made


# The centres of real and made scores, the size of the made pictures' differences, the offset of their mean.
KINDS = {
    "balanced": [
        (0.3, 0.1, 1.0, 0.2),
        (1.5, -1.5, 0.8, 1.2),
        (3.5, -1.0, 0.9, 1.0),
        (1.0, -3.5, 1.2, 0.9),
        (-1.0, 1.0, 1.0, 1.1),
        (4.0, 4.0, 1.0, 0.1),
        (0.2, 0.1, 0.7, 0.55),
    ],
    "discriminator won": [(4.0, -4.0, 1.0, 0.2), (5.0, -4.0, 0.2, 1.5), (6.0, -5.0, 0.9, 1.2)],
    "collapsed": [(0.3, 0.1, 0.2, 0.2), (1.5, -1.5, 0.3, 1.2), (0.0, 0.1, 0.1, 1.3), (4.0, -1.0, 0.4, 0.5)],
    "blind": [(0.2, 0.1, 1.0, 1.1), (0.1, 0.3, 0.8, 1.4), (4.0, 4.1, 1.2, 1.0), (-4.0, -4.0, 0.7, 1.2)],
}


def games_of(draw, word, spoil=None, options=None):
    """A game for each option and two contrasts of the pictures, each far enough from every limit."""
    games = []
    for option in options or KINDS[word]:
        for scale in (0.3, 2.5):
            game = None
            while game is None or word_for(*game) != word:
                game = a_game(draw, *option, scale)
                if spoil is not None:
                    spoil(game)
            games.append(game)
    return games


def far_out(value):
    """Two of the real scores are enormous: the mean of the shares is not the share of the mean."""

    def spoil(game):
        game[0][:2] = value

    return spoil


def broken_by(draw, number, value):
    """One number of one of the four tensors."""

    def spoil(game):
        game[number].view(-1)[draw.integer(0, game[number].numel())] = value

    return spoil


def outliers(draw):
    return {
        "blind": games_of(draw, "blind", far_out(-400.0), [(1.0, 0.9, 1.0, 1.2)]),
        "balanced": games_of(draw, "balanced", far_out(400.0), [(-1.0, -6.0, 1.0, 0.2)]),
    }


def broken(draw):
    games = []
    for number in range(4):
        for value in (float("nan"), float("inf"), -float("inf")):
            options = [draw.choice([(0.3, 0.1, 1.0, 0.2), (5.0, -5.0, 1.0, 0.2), (0.3, 0.1, 0.1, 0.2)])]
            games += games_of(draw, "broken", broken_by(draw, number, value), options)
    return games


@pytest.mark.parametrize("word", list(KINDS))
def test_one_word_for_a_game(learner, draw, word):
    for game in games_of(draw, word):
        assert_matches(learner.diagnose(*game), word, "the word")


@pytest.mark.builds_on("test_one_word_for_a_game")
@pytest.mark.parametrize("word", ["blind", "balanced"])
def test_a_few_scores_far_out_do_not_decide(learner, draw, word):
    for game in outliers(draw)[word]:
        assert_matches(learner.diagnose(*game), word, "the word")


@pytest.mark.builds_on("test_one_word_for_a_game")
def test_a_game_that_is_broken(learner, draw):
    for game in broken(draw):
        assert_matches(learner.diagnose(*game), "broken", "the word")
    assert_inputs_unchanged(learner)


def words(solution, games):
    return [solution.diagnose(*game) for game in games]


def test_many_games_one_after_the_other(learner, draw):
    sets = [games_of(draw, word) for word in KINDS] + list(outliers(draw).values()) + [broken(draw)]
    games = [game for some in sets for game in some]
    expected = [word_for(*game) for game in games]
    assert_matches(learner.run(words, games), expected, "the list of words")

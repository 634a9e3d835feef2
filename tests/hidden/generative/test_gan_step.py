"""Small networks built in the worker; the reference asks autograd for one network's gradients at a time."""

import pytest
import torch
import torch.nn.functional as F

from tutor.testkit import assert_matches

Z, H, D = 2, 5, 3


def weights_of(draw, inputs, outputs, norm):
    """Parameters by their names in `build`, and the gradients that an earlier step has left on them."""
    shapes = {"0.weight": (H, inputs), "3.weight": (outputs, H), "3.bias": (outputs,)}
    shapes |= {"1.weight": (H,), "1.bias": (H,)} if norm else {"0.bias": (H,)}
    return {name: draw.normal(*shape) for name, shape in shapes.items()}


def build(weights, old):
    """Linear, batch norm (where there are weights for it), tanh, linear; `old` gradients on the parameters."""
    hidden, inputs = weights["0.weight"].shape
    middle = torch.nn.BatchNorm1d(hidden) if "1.weight" in weights else torch.nn.Identity()
    first = torch.nn.Linear(inputs, hidden, bias="0.bias" in weights)
    net = torch.nn.Sequential(first, middle, torch.nn.Tanh(), torch.nn.Linear(hidden, len(weights["3.bias"])))
    net = net.to(weights["0.weight"].dtype)
    net.load_state_dict(weights, strict=False)
    for name, parameter in net.named_parameters():
        if old:
            parameter.grad = old[name].clone()
    return net


def state_of(net):
    """All that a step may change: parameters and buffers, gradients, and what learns."""
    parameters = dict(net.named_parameters())
    values = {name: value.detach().clone() for name, value in net.state_dict().items()}
    grads = {name: None if p.grad is None else p.grad.clone() for name, p in parameters.items()}
    return {"values": values, "grads": grads, "learns": [p.requires_grad for p in parameters.values()]}


def run_discriminator_step(solution, g, d, old, real, noise, lr):
    generator, discriminator = build(g, old and old[0]), build(d, old and old[1])
    loss = solution.discriminator_step(generator, discriminator, real, noise, lr=lr)
    return loss, state_of(discriminator), state_of(generator)


def run_generator_step(solution, g, d, old, noise, lr):
    generator, discriminator = build(g, old and old[0]), build(d, old and old[1])
    loss = solution.generator_step(generator, discriminator, noise, lr=lr)
    return loss, state_of(generator), state_of(discriminator)


def run_train_steps(solution, g, d, reals, noises, lr_d, lr_g):
    """Several rounds in a row, as a training loop does them."""
    generator, discriminator = build(g, None), build(d, None)
    losses = []
    for real, noise in zip(reals, noises, strict=True):
        losses.append(solution.train_step(generator, discriminator, real, noise, lr_d=lr_d, lr_g=lr_g))
    return losses, state_of(generator), state_of(discriminator)


class Reference:
    """The same steps by torch.autograd.grad."""

    def discriminator_step(self, generator, discriminator, real, noise, *, lr):
        with torch.no_grad():
            fake = generator(noise)
        loss = F.softplus(-discriminator(real)).mean()
        return self._descend(discriminator, loss + F.softplus(discriminator(fake)).mean(), lr)

    def generator_step(self, generator, discriminator, noise, *, lr):
        return self._descend(generator, F.softplus(-discriminator(generator(noise))).mean(), lr)

    def train_step(self, generator, discriminator, real, noises, *, lr_d, lr_g):
        losses = [self.discriminator_step(generator, discriminator, real, noise, lr=lr_d) for noise in noises[:-1]]
        return losses, self.generator_step(generator, discriminator, noises[-1], lr=lr_g)

    def _descend(self, network, loss, lr):
        parameters = list(network.parameters())
        for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
            parameter.grad = gradient
            parameter.data -= lr * gradient
        return loss.item()


def networks(draw, norm="", old=False):
    """The generator's and the discriminator's weights, and gradients left over from a step before.

    With batch norm in the discriminator ("d" in `norm`) the generator's last bias has no gradient: not for its step.
    """
    pair = weights_of(draw, Z, D, "g" in norm), weights_of(draw, D, 1, "d" in norm)
    return *pair, [{name: draw.like(value) for name, value in weights.items()} for weights in pair] if old else None


def check_discriminator(learner, draw, n=6, m=4, **options):
    inputs = *networks(draw, **options), draw.normal(n, D), draw.normal(m, Z), 0.3
    names = ("the loss", "the discriminator", "the generator")
    expected = run_discriminator_step(Reference(), *inputs)
    assert_matches(learner.run(run_discriminator_step, *inputs), expected, names, terms=50)


def check_generator(learner, draw, m=4, **options):
    inputs = *networks(draw, **options), draw.normal(m, Z), 0.3
    names = ("the loss", "the generator", "the discriminator")
    assert_matches(learner.run(run_generator_step, *inputs), run_generator_step(Reference(), *inputs), names, terms=50)


@pytest.mark.parametrize("n, m", [(6, 4), (3, 7), (1, 1)])
def test_the_discriminators_step_moves_the_discriminator_alone(learner, draw, n, m):
    check_discriminator(learner, draw, n, m)


@pytest.mark.parametrize("m", [4, 7, 1])
def test_the_generators_step_moves_the_generator_alone(learner, draw, m):
    check_generator(learner, draw, m)


@pytest.mark.builds_on("test_the_discriminators_step_moves_the_discriminator_alone")
def test_gradients_of_earlier_steps_have_no_part_in_the_discriminators(learner, draw):
    check_discriminator(learner, draw, old=True)


@pytest.mark.builds_on("test_the_generators_step_moves_the_generator_alone")
def test_gradients_of_earlier_steps_have_no_part_in_the_generators(learner, draw):
    check_generator(learner, draw, old=True)


@pytest.mark.builds_on("test_the_discriminators_step_moves_the_discriminator_alone")
def test_real_and_generated_samples_are_batches_of_their_own_for_batch_norm(learner, draw):
    check_discriminator(learner, draw, norm="gd")


@pytest.mark.builds_on("test_the_generators_step_moves_the_generator_alone")
def test_the_generators_step_with_batch_norm(learner, draw):
    check_generator(learner, draw, norm="g")


def check_rounds(learner, draw, rounds, steps, norm="", lr_d=0.2, lr_g=0.5):
    g, d, _ = networks(draw, norm)
    reals = [draw.normal(6, D) for _ in range(rounds)]
    noises = [[draw.normal(4, Z) for _ in range(steps + 1)] for _ in range(rounds)]
    inputs = g, d, reals, noises, lr_d, lr_g
    names = ("the losses of each round", "the generator", "the discriminator")
    assert_matches(learner.run(run_train_steps, *inputs), run_train_steps(Reference(), *inputs), names, terms=200)


@pytest.mark.builds_on(
    "test_the_discriminators_step_moves_the_discriminator_alone", "test_the_generators_step_moves_the_generator_alone"
)
@pytest.mark.parametrize("steps", [1, 3])
def test_a_round_is_the_discriminators_steps_and_then_the_generators(learner, draw, steps):
    check_rounds(learner, draw, 1, steps)


@pytest.mark.builds_on("test_a_round_is_the_discriminators_steps_and_then_the_generators")
def test_three_rounds_in_a_row(learner, draw):
    check_rounds(learner, draw, 3, 2, norm="g")


def states_after_both_steps(solution, g, d, real, noise, lr):
    """Without the losses: as Python floats, they would be compared to more digits than float32 has."""
    generator, discriminator = build(g, None), build(d, None)
    solution.discriminator_step(generator, discriminator, real, noise, lr=lr)
    solution.generator_step(generator, discriminator, noise, lr=lr)
    return state_of(generator), state_of(discriminator)


@pytest.mark.builds_on(
    "test_the_discriminators_step_moves_the_discriminator_alone", "test_the_generators_step_moves_the_generator_alone"
)
def test_float32_stays_float32(learner, draw):
    g, d, _ = networks(draw)
    g, d = ({name: value.float() for name, value in weights.items()} for weights in (g, d))
    inputs = g, d, draw.normal(6, D, dtype=torch.float32), draw.normal(4, Z, dtype=torch.float32), 0.3
    expected = states_after_both_steps(Reference(), *inputs)
    actual = learner.run(states_after_both_steps, *inputs)
    assert_matches(actual, expected, ("the generator", "the discriminator"), terms=200)

"""Find the bug: five functions of a GAN's training program that run and are wrong; and an instrument to write.

Read the lesson first (`tutor lesson find_the_bug_gan`); `tutor hint` helps when you are stuck. The docstrings of the
first five say what they should do. Each has one fault; mend it, a line or two is enough. `diagnose` is yours to write.
"""

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# `generator(noise)` makes pictures; `discriminator(pictures)` gives scores of shape (N, 1), without a sigmoid. An
# optimizer has `step()` and `zero_grad()`, for the parameters of one network: the one whose step it is.


def discriminator_step(
    generator: nn.Module, discriminator: nn.Module, optimizer: Any, real: Tensor, noise: Tensor
) -> float:
    """One step of the discriminator, which lowers mean softplus(−D(real)) + mean softplus(D(G(noise))).

    The generator only delivers: its parameters and their `.grad` (a tensor, or None) are what they were before.

    Args:
        generator, discriminator: the networks. Gradients that the discriminator may have from before don't count.
        optimizer: for the discriminator's parameters.
        real: real pictures.
        noise: for the generator.

    Returns:
        The loss before the step.
    """
    optimizer.zero_grad()
    fake = generator(noise)
    loss = F.softplus(-discriminator(real)).mean() + F.softplus(discriminator(fake)).mean()
    loss.backward()
    optimizer.step()
    return loss.item()


def generator_step(generator: nn.Module, discriminator: nn.Module, optimizer: Any, noise: Tensor) -> float:
    """One step of the generator, which lowers mean −log σ(D(G(noise))), the non-saturating loss.

    The discriminator only judges: its parameters and their `.grad` (a tensor, or None) are what they were before.

    Args:
        generator, discriminator: the networks. Gradients that the generator may have from before don't count.
        optimizer: for the generator's parameters.
        noise: for the generator.

    Returns:
        The loss before the step.
    """
    optimizer.zero_grad()
    scores = discriminator(generator(noise))
    loss = -F.binary_cross_entropy_with_logits(scores, torch.zeros_like(scores))
    parameters = list(generator.parameters())
    for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
        parameter.grad = gradient
    optimizer.step()
    return loss.item()


def prepare(images: Tensor) -> Tensor:
    """Real pictures in the range of the generator's tanh: 0 becomes −1, 255 becomes 1, evenly in between.

    Args:
        images: uint8, any shape. They must not be changed.

    Returns:
        float32, in the same shape.
    """
    return (2 * images / 255 - 1).float()


def judge_loss(real_scores: Tensor, fake_scores: Tensor) -> Tensor:
    """What a discriminator lowers: mean −log σ(real) + mean −log(1 − σ(fake)), two means of their own.

    Args:
        real_scores: shape (N, 1), float32 or float64, without a sigmoid, of any magnitude up to 1000.
        fake_scores: shape (M, 1); M need not be N.

    Returns:
        A 0-dimensional tensor with a graph.
    """
    real, fake = torch.sigmoid(real_scores), torch.sigmoid(fake_scores)
    loss = F.binary_cross_entropy_with_logits(real, torch.ones_like(real))
    return loss + F.binary_cross_entropy_with_logits(fake, torch.zeros_like(fake))


def best_generator(
    generator: nn.Module, rounds: list[Callable[[], None]], score: Callable[[nn.Module], float]
) -> dict[str, Tensor]:
    """Train, and remember the generator as it was at its best.

    Args:
        generator: is trained in place by the rounds. Afterwards it is as the last round has left it.
        rounds: functions without arguments; each is called once, in order, and trains the generator a bit.
        score: how bad a generator is, as a number; it is called once after each round.

    Returns:
        The state (what `state_dict()` has, parameters and buffers, by their names) with the lowest score, the first
        one of several. Whatever happens to the generator later, it stays as it was.
    """
    lowest, state = float("inf"), {}
    for train_round in rounds:
        train_round()
        now = score(generator)
        if now < lowest:
            lowest, state = now, generator.state_dict()
    return state


def diagnose(real_scores: Tensor, fake_scores: Tensor, real: Tensor, made: Tensor) -> str:
    """A look at a GAN that is being trained, in one word.

    With spread(x) the variance of each number of the picture over the samples (the mean of the squared differences to
    the mean picture), averaged over all numbers. The first that fits, in this order:

        "broken"               there is a NaN or an infinity in any of the four tensors
        "discriminator won"    mean σ(real_scores) > 0.9 and mean σ(fake_scores) < 0.1
        "collapsed"            spread(made) < ¼ · spread(real)
        "blind"                |mean σ(real_scores) − mean σ(fake_scores)| < 0.1, but the mean picture of made and that
                               of real are far apart: their mean squared difference is > ½ · spread(real)
        "balanced"             anything else

    Args:
        real_scores, fake_scores: the discriminator's scores of both, shapes (N, 1) and (M, 1), without a sigmoid.
        real, made: the pictures, shapes (N, C, H, W) and (M, C, H, W).

    Returns:
        One of the five words, as they stand above.
    """
    raise NotImplementedError

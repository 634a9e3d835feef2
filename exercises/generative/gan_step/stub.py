"""One training step of a GAN: first the discriminator, then the generator.

Read the lesson first (`tutor lesson gan_step`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor, nn

# In all functions: `generator(noise)` makes samples from noise of shape (M, Z); `discriminator(samples)` gives scores
# of shape (M, 1), without a sigmoid. Both may hold batch normalisation; whether they are in training mode is the
# caller's affair, don't change it. Every step is plain gradient descent, θ ← θ − lr · ∂loss/∂θ, in place, for all
# parameters of the network whose turn it is. `.grad` of a parameter may hold a gradient of an earlier step, which has
# no part in this one.


def discriminator_step(
    generator: nn.Module, discriminator: nn.Module, real: Tensor, noise: Tensor, *, lr: float
) -> float:
    """One step of the discriminator, which lowers mean(softplus(−D(real))) + mean(softplus(D(G(noise)))).

    D sees the real samples first, then the generated ones, in two calls. Afterwards `.grad` of D's parameters holds the
    gradient of this loss and nothing else. The generator only delivers: neither its parameters nor their `.grad`
    (a tensor, or None) change.

    Args:
        generator, discriminator: see above.
        real: real samples, shape (N, ...).
        noise: what to make the generated samples from, shape (M, Z); M need not be N.
        lr: the step size.

    Returns:
        The loss, as it was before the step.
    """
    raise NotImplementedError


def generator_step(generator: nn.Module, discriminator: nn.Module, noise: Tensor, *, lr: float) -> float:
    """One step of the generator, which lowers mean(softplus(−D(G(noise)))), the non-saturating loss.

    Afterwards `.grad` of G's parameters holds the gradient of this loss and nothing else. The discriminator only
    judges: its parameters, their `.grad` (a tensor, or None) and their `requires_grad` are what they were before.

    Args:
        generator, discriminator: see above.
        noise: shape (M, Z).
        lr: the step size.

    Returns:
        The loss, as it was before the step.
    """
    raise NotImplementedError


def train_step(
    generator: nn.Module,
    discriminator: nn.Module,
    real: Tensor,
    noises: list[Tensor],
    *,
    lr_d: float,
    lr_g: float,
) -> tuple[list[float], float]:
    """len(noises) − 1 steps of the discriminator, all on the same real batch, then one of the generator.

    Args:
        generator, discriminator: see above.
        real: the real batch, shape (N, ...).
        noises: fresh noise for every step, in the order of use; the last one is the generator's. At least two.
        lr_d, lr_g: the step sizes of discriminator and generator.

    Returns:
        The discriminator's losses, one for each of its steps, and the generator's loss.
    """
    raise NotImplementedError

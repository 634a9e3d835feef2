"""Five losses of generative adversarial networks, for both players, with their gradients.

Read the lesson first (`tutor lesson gan_losses`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor

# In all functions: kind is "minimax", "non_saturating", "least_squares", "hinge" or "wasserstein". Scores are what
# the discriminator returns, without a sigmoid; shape (N,) for N real samples, (M,) for M generated ones, float32 or
# float64, of any magnitude up to 1000. Every loss is a mean over its samples. Inputs must not be changed.


def discriminator_loss(real: Tensor, fake: Tensor, kind: str) -> Tensor:
    """What the discriminator minimises, by kind:

        minimax, non_saturating     −log σ(real) − log(1 − σ(fake))
        least_squares               ½ (real − 1)² + ½ fake²
        hinge                       max(0, 1 − real) + max(0, 1 + fake)
        wasserstein                 fake − real

    Args:
        real: scores of the real samples, shape (N,).
        fake: scores of the generated samples, shape (M,); M need not be N.
        kind: see above.

    Returns:
        A 0-dimensional tensor: the mean of the real term over the real samples, plus that of the fake term over the
        fake ones.
    """
    raise NotImplementedError


def generator_loss(fake: Tensor, kind: str) -> Tensor:
    """What the generator minimises, by kind:

        minimax                     log(1 − σ(fake))
        non_saturating              −log σ(fake)
        least_squares               ½ (fake − 1)²
        hinge, wasserstein          −fake

    Args:
        fake: scores of the generated samples, shape (M,).
        kind: see above.

    Returns:
        A 0-dimensional tensor, the mean over the samples.
    """
    raise NotImplementedError


def discriminator_gradients(real: Tensor, fake: Tensor, kind: str) -> tuple[Tensor, Tensor]:
    """∂(discriminator_loss)/∂real, shape (N,), and ∂(discriminator_loss)/∂fake, shape (M,).

    A hinge has slope 0 at its corner.
    """
    raise NotImplementedError


def generator_gradient(fake: Tensor, kind: str) -> Tensor:
    """∂(generator_loss)/∂fake, shape (M,)."""
    raise NotImplementedError

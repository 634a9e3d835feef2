"""Capstone: a GAN that covers all eight clusters of a ring.

Read the lesson first (`tutor lesson gan_ring`); `tutor hint` helps when you are stuck. You may add any helpers: the
steps of your `gan_step`, your losses and your Adam belong into this file.
"""

from torch import Tensor, nn


def r1_penalty(discriminator: nn.Module, real: Tensor, weight: float) -> Tensor:
    """weight / 2 times the mean over the samples of ‖∂D(x)/∂x‖², at the real samples.

    Args:
        discriminator: maps samples (N, D) to scores (N, 1), each from its own sample alone.
        real: shape (N, D). It must not be changed, and neither must its requires_grad.
        weight: γ.

    Returns:
        A 0-dimensional tensor that still hangs on the graph: its gradients for D's parameters are what it is for. The
        call itself must leave the `.grad` of D's parameters alone.
    """
    raise NotImplementedError


def update_average(average: nn.Module, generator: nn.Module, decay: float) -> None:
    """Move the parameters of `average` towards the generator's, in place: ā ← decay · ā + (1 − decay) · θ.

    Args:
        average: a module of the generator's structure. Its parameters may require gradients; they get none.
        generator: stays as it is.
        decay: from 0 to 1.
    """
    raise NotImplementedError


def train(x: Tensor, *, seed: int) -> tuple[nn.Module, list[tuple[float, float]]]:
    """Train a GAN on these points. Networks, losses, optimisers and the number of steps are yours to choose.

    Args:
        x: points in the plane, shape (N, 2), float32: eight round clusters of standard deviation 0.15, whose centres
            stand evenly on the circle of radius 2 around 0. N is 2000.
        seed: all that is random must come from it: the same seed gives the same generator.

    Returns:
        The generator, a module that you need in `sample` only, and the losses of discriminator and generator after
        every step (or every few): a list of (loss_d, loss_g), floats. It may take 60 seconds at most; a good one takes
        three.
    """
    raise NotImplementedError


def sample(generator: nn.Module, n: int, *, seed: int) -> Tensor:
    """New points from the generator.

    Args:
        generator: as from `train`.
        n: how many.
        seed: the same seed gives the same points, another one others.

    Returns:
        Shape (n, 2), float32, with no graph attached (requires_grad is False).
    """
    raise NotImplementedError

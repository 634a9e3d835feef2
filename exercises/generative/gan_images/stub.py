"""Capstone: a DCGAN learns to draw, from noise alone.

Read the lesson first (`tutor lesson gan_images`); `tutor hint` helps when you are stuck. You may add any helpers and
classes: the networks of your `dcgan`, the steps of your `gan_step` and the penalty of your `gan_ring` belong into this
file. No function changes the tensors that it gets.
"""

from torch import Tensor, nn


def update_average(average: nn.Module, generator: nn.Module, decay: float) -> None:
    """Move `average` towards a generator that may hold batch normalisation, in place.

    Parameters: ā ← decay · ā + (1 − decay) · θ. Buffers (running statistics, and the count of batches, which is a whole
    number) aren't averaged but taken over as they are: they are averages already.

    Args:
        average: a module of the generator's structure. Its parameters may require gradients; they get none.
        generator: stays as it is, and shares no memory with `average`.
        decay: from 0 to 1.
    """
    raise NotImplementedError


def nearest_real(samples: Tensor, real: Tensor) -> tuple[Tensor, Tensor]:
    """For each sample the training picture that it is nearest to: has the generator only learned by heart?

    Args:
        samples: shape (M, C, H, W), float32 or float64.
        real: shape (N, C, H, W), in the same dtype.

    Returns:
        The distances to the nearest, shape (M,): the root of the mean squared difference over all C · H · W numbers. A
        distance of a thousandth has to be as exact as one of 1, since copies are what it looks for. And which it is,
        shape (M,), int64: its index in `real`.
    """
    raise NotImplementedError


def sheet(images: Tensor, columns: int, padding: int, value: float) -> Tensor:
    """A contact sheet: pictures in rows, from left to right and from top to bottom, with a frame around each.

    Args:
        images: shape (N, C, H, W), N ≥ 1.
        columns: how many in a row; the last row may have fewer, and the sheet has this many even if N is less.
        padding: width of the frame in pixels, ≥ 0. Neighbours share it, and it goes around the sheet as well.
        value: of the frame's pixels, and of all where no picture is.

    Returns:
        Shape (C, rows · (H + padding) + padding, columns · (W + padding) + padding), in the dtype of `images`.
    """
    raise NotImplementedError


def train(images: Tensor, *, seed: int) -> tuple[nn.Module, list[tuple[float, float]]]:
    """Train a GAN on these pictures. Losses, optimisers, penalties and the number of steps are yours to choose.

    Args:
        images: shape (N, 1, 16, 16), float32, from −1 (black) to 1 (white): on each one white disc with a soft edge,
            radius and centre different each time. N is 1024.
        seed: all that is random must come from it: the same seed gives the same generator.

    Returns:
        The generator, whose pictures grow in at least two layers nn.ConvTranspose2d; and the losses of discriminator
        and generator after every step (or every few): a list of (loss_d, loss_g), floats. It may take 90 seconds at
        most; a good one takes less than ten.
    """
    raise NotImplementedError


def sample(generator: nn.Module, n: int, *, seed: int) -> Tensor:
    """New pictures. Each depends on its own noise only: batch normalisation, if there is any, in evaluation mode.

    Args:
        generator: as from `train`. Its parameters and buffers stay what they are.
        n: how many.
        seed: the same seed gives the same pictures, another one others.

    Returns:
        Shape (n, 1, 16, 16), float32, from −1 to 1, with no graph attached (requires_grad is False).
    """
    raise NotImplementedError

"""A GAN that makes what it is told to: labels in both networks, the losses, whether it obeys; then images for labels.

Read the lesson first (`tutor lesson conditional_gan`); `tutor hint` helps when you are stuck.
"""

import torch.nn as nn
from torch import Tensor


class Generator(nn.Module):
    """Noise and a label to an image.

    Submodules, made in this order: `embedding`, nn.Embedding(classes, size); `net`, an nn.Sequential of
    nn.Linear(noise + size, hidden), nn.ReLU(), nn.Linear(hidden, channels · side · side), nn.Tanh().
    """

    def __init__(self, noise: int, classes: int, size: int, hidden: int, channels: int, side: int) -> None:
        """
        Args:
            noise: length of the noise vector.
            classes: how many labels there are.
            size: of a label's embedding.
            hidden: units of the hidden layer.
            channels, side: of the images.
        """
        raise NotImplementedError

    def forward(self, z: Tensor, labels: Tensor) -> Tensor:
        """
        Args:
            z: shape (N, noise).
            labels: shape (N,), int64.

        Returns:
            Images, shape (N, channels, side, side): the net's output for [z, the label's embedding].
        """
        raise NotImplementedError


class Discriminator(nn.Module):
    """An image and a label to a score.

    Submodules, made in this order: `embedding`, nn.Embedding(classes, side · side); `net`, an nn.Sequential of
    nn.Conv2d(channels + 1, hidden, 3, padding=1), nn.LeakyReLU(0.2), nn.Flatten(),
    nn.Linear(hidden · side · side, 1).
    """

    def __init__(self, classes: int, channels: int, side: int, hidden: int) -> None:
        """Arguments as for `Generator`; hidden: channels of the convolution's output."""
        raise NotImplementedError

    def forward(self, images: Tensor, labels: Tensor) -> Tensor:
        """
        Args:
            images: shape (N, channels, side, side).
            labels: shape (N,), int64.

        Returns:
            Scores, shape (N, 1), without a sigmoid. The label's embedding, seen as one more channel of the image,
            comes behind the others.
        """
        raise NotImplementedError


def discriminator_loss(
    discriminator: nn.Module, real: Tensor, labels: Tensor, fake: Tensor, fake_labels: Tensor, wrong: Tensor
) -> Tensor:
    """The loss of a discriminator that has to see whether image *and* label go together.

    mean softplus(−D(real, labels)) + ½ · mean softplus(D(fake, fake_labels)) + ½ · mean softplus(D(real, wrong))

    Args:
        discriminator: called as D(images, labels).
        real, labels: real images and their right labels, N of them.
        fake, fake_labels: made images and the labels they were made for. No gradient may reach what made them.
        wrong: for each real image a label that isn't its own.

    Returns:
        A 0-dimensional tensor with a graph.
    """
    raise NotImplementedError


def wrong_labels(labels: Tensor, offsets: Tensor, classes: int) -> Tensor:
    """For each label another one; each of the others equally likely.

    Args:
        labels: shape (N,), int64, 0 … classes − 1.
        offsets: random whole numbers, shape (N,), uniform from 0 to classes − 2.
        classes: at least 2.

    Returns:
        (label + 1 + offset) modulo classes, shape (N,).
    """
    raise NotImplementedError


def fine_tune(generator: nn.Module, new_classes: int) -> tuple[Tensor, list[str]]:
    """Teach a trained generator more classes: its embedding gets more rows, and only the embedding is trained.

    In place: `generator.embedding` becomes an nn.Embedding with the old rows first, and then, for each new class, the
    mean of the old rows. All parameters but the embedding's are frozen.

    Args:
        generator: has a submodule `embedding`.
        new_classes: how many classes are added.

    Returns:
        A mask for the gradient of the new embedding's weight: ones in the rows of new classes, zeros in the old ones,
        in its shape and dtype; and the names of the parameters that are still trained.
    """
    raise NotImplementedError


def obedience(logits: Tensor, asked: Tensor, classes: int) -> tuple[float, Tensor]:
    """How often a classifier, trained on real images, sees in a made image what was asked for.

    Args:
        logits: the classifier's, for N made images, shape (N, classes).
        asked: the labels they were made for, shape (N,), int64.
        classes: how many there are; some may not have been asked for.

    Returns:
        The share of all images that obey, a Python float; and the share for each class, shape (classes,), float64: NaN
        for a class that was not asked for.
    """
    raise NotImplementedError


def pix2pix_losses(
    generator: nn.Module, discriminator: nn.Module, source: Tensor, target: Tensor, weight: float = 100.0
) -> tuple[Tensor, Tensor]:
    """Both losses of image-to-image translation, where the condition is an image (a sketch, say), and not a label.

    The generator is called once, as G(source); the discriminator as D(pair), where a pair is a source and an image as
    one tensor, the source's channels first. With ŷ = G(source):

        the discriminator's   ½ · mean softplus(−D(source, target)) + ½ · mean softplus(D(source, ŷ))
        the generator's       mean softplus(−D(source, ŷ)) + weight · mean |ŷ − target|

    Args:
        generator: maps sources to images in the shape of `target`.
        discriminator: maps pairs, shape (N, C_source + C_target, H, W), to scores without a sigmoid, one or several for
            each pair: the means are over all of them.
        source: shape (N, C_source, H, W).
        target: the images that belong to the sources, shape (N, C_target, H, W).
        weight: of the distance to the target.

    Returns:
        The discriminator's loss, from which no gradient reaches the generator, and the generator's, from which one
        does, through both of its terms. 0-dimensional tensors with graphs.
    """
    raise NotImplementedError

"""Translating between two kinds of images that nobody has paired: there, back again, and the same as before.

Read the lesson first (`tutor lesson cyclegan_losses`); `tutor hint` helps when you are stuck.

`to_b` and `to_a` are the two generators: to_b makes a B out of an A, to_a an A out of a B. `judge_a` and `judge_b` are
the discriminators: they give scores of any shape, high for real A, or B.
"""

from torch import Tensor, nn


def generator_loss(
    to_b: nn.Module,
    to_a: nn.Module,
    judge_a: nn.Module,
    judge_b: nn.Module,
    a: Tensor,
    b: Tensor,
    *,
    cycle: float = 10.0,
    identity: float = 5.0,
) -> dict[str, Tensor]:
    """What both generators lower together. The networks stay as they are; those that can be trained still can.

    Args:
        to_b, to_a, judge_a, judge_b: see above.
        a, b: real images of both kinds, in the same shape per image; their numbers may differ.
        cycle, identity: weights.

    Returns:
        0-dimensional tensors, each a mean over all elements:
        "adversarial": mean (judge_b(to_b(a)) − 1)² + mean (judge_a(to_a(b)) − 1)², least squares;
        "cycle": mean |to_a(to_b(a)) − a| + mean |to_b(to_a(b)) − b|;
        "identity": mean |to_b(b) − b| + mean |to_a(a) − a|;
        "total": adversarial + cycle · "cycle" + identity · "identity", with its graph.
    """
    raise NotImplementedError


def discriminator_loss(judge: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
    """½ · (mean (judge(real) − 1)² + mean judge(fake)²), without a gradient for what made the fakes.

    Args:
        judge: one of the discriminators.
        real, fake: images; their numbers may differ.

    Returns:
        A 0-dimensional tensor with a graph.
    """
    raise NotImplementedError


class Pool:
    """The last made images, so that a discriminator doesn't forget what the generator did a while ago."""

    def __init__(self, size: int) -> None:
        """
        Args:
            size: how many images it keeps; 0 for a pool that keeps nothing and gives back what it gets.
        """
        raise NotImplementedError

    def exchange(self, images: Tensor, swaps: list[bool], places: list[int]) -> Tensor:
        """Give the discriminator made images, new and old.

        Image by image, in order: while the pool isn't full, the image is put in at its end, and is also returned.
        When it is full: if swaps[i] is true, the image at places[i] of the pool is returned, and the new one takes its
        place; otherwise the new one is returned, and isn't kept.

        Args:
            images: shape (N, …); they may have a graph.
            swaps: N booleans, for image i at index i, whether or not the pool is full then.
            places: N indices, from 0 to size − 1.

        Returns:
            Shape (N, …), without a graph, in the order of the images. It, the pool and `images` share no memory: each
            may be overwritten afterwards without a change to the others.
        """
        raise NotImplementedError


def patch_field(layers: list[tuple[int, int]]) -> int:
    """How many pixels in a row one score of a convolutional discriminator sees (PatchGAN's "70 × 70").

    Args:
        layers: (kernel size, stride) of each convolution, from the image to the score; at least one.

    Returns:
        The side of the square of pixels, padding left aside.
    """
    raise NotImplementedError

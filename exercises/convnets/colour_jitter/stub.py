"""Brightness, contrast, saturation and noise, as torchvision defines them.

Read the lesson first (`tutor lesson colour_jitter`); `tutor hint` helps when you are stuck.

Images have the shape (..., 3, H, W): any axes before (a batch, or none), then red, green and blue, with values from 0
to 1, float32 or float64. Every result has the shape and dtype of the image unless said otherwise, and is clamped to
[0, 1]. Inputs must not be changed.
"""

import torch
from torch import Tensor


def grayscale(image: Tensor) -> Tensor:
    """How bright a pixel looks: 0.2989 · red + 0.587 · green + 0.114 · blue.

    Args:
        image: shape (..., 3, H, W).

    Returns:
        Shape (..., 1, H, W). (The weights add up to 0.9999: that is how torchvision has them.)
    """
    raise NotImplementedError


def adjust_brightness(image: Tensor, factor: float) -> Tensor:
    """factor · image: between the image (1) and black (0), or brighter than the image (above 1).

    Raises:
        ValueError: if the factor is negative.
    """
    raise NotImplementedError


def adjust_contrast(image: Tensor, factor: float) -> Tensor:
    """factor · image + (1 − factor) · m: between the image (1) and an even grey (0), or beyond the image.

    m is one number for each image: the mean of its `grayscale` over all pixels, the same for all three channels.

    Raises:
        ValueError: if the factor is negative.
    """
    raise NotImplementedError


def adjust_saturation(image: Tensor, factor: float) -> Tensor:
    """factor · image + (1 − factor) · grayscale(image), pixel by pixel: between the image (1) and its black-and-white
    version (0), or beyond the image.

    Raises:
        ValueError: if the factor is negative.
    """
    raise NotImplementedError


def gaussian_noise(image: Tensor, sigma: float, *, generator: torch.Generator) -> Tensor:
    """The image with `sigma` times normally distributed numbers added, a number of its own for every element.

    Args:
        image: shape (..., 3, H, W).
        sigma: the standard deviation of the noise, at least 0.
        generator: the numbers are `torch.randn` of the image's shape and dtype from here, in one call; nothing else is
            drawn.
    """
    raise NotImplementedError


def colour_jitter(
    image: Tensor, *, brightness: float, contrast: float, saturation: float, generator: torch.Generator
) -> Tensor:
    """The three adjustments, one after the other, in random order and with random factors.

    From `generator` are drawn, in this order: `torch.randperm(3)`, the order of the adjustments, in which 0 stands
    for brightness, 1 for contrast and 2 for saturation; then `torch.rand(3)`, from which the factors of brightness,
    contrast and saturation come: u gives low + (high − low) · u, where low = max(0, 1 − strength) and
    high = 1 + strength.
    Every adjustment works on the clamped result of the one before.

    Args:
        image: shape (3, H, W).
        brightness, contrast, saturation: the strengths, at least 0. All three are always applied.
        generator: as above.
    """
    raise NotImplementedError

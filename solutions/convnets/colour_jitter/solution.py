"""All three adjustments are one blend with something else."""

import torch
from torch import Tensor


def _blend(image: Tensor, other: Tensor | float, factor: float) -> Tensor:
    if factor < 0:
        raise ValueError(f"the factor has to be at least 0, not {factor}")
    return (factor * image + (1 - factor) * other).clamp(0, 1)


def grayscale(image: Tensor) -> Tensor:
    """See the stub."""
    red, green, blue = image.unbind(dim=-3)
    return (0.2989 * red + 0.587 * green + 0.114 * blue).unsqueeze(-3)


def adjust_brightness(image: Tensor, factor: float) -> Tensor:
    """See the stub."""
    return _blend(image, 0.0, factor)


def adjust_contrast(image: Tensor, factor: float) -> Tensor:
    """See the stub."""
    mean = grayscale(image).mean(dim=(-3, -2, -1), keepdim=True)
    return _blend(image, mean, factor)


def adjust_saturation(image: Tensor, factor: float) -> Tensor:
    """See the stub."""
    return _blend(image, grayscale(image), factor)


def gaussian_noise(image: Tensor, sigma: float, *, generator: torch.Generator) -> Tensor:
    """See the stub."""
    noise = torch.randn(image.shape, generator=generator, dtype=image.dtype)
    return (image + sigma * noise).clamp(0, 1)


def colour_jitter(
    image: Tensor, *, brightness: float, contrast: float, saturation: float, generator: torch.Generator
) -> Tensor:
    """See the stub."""
    order = torch.randperm(3, generator=generator).tolist()
    uniform = torch.rand(3, generator=generator).tolist()
    factors = []
    for strength, u in zip((brightness, contrast, saturation), uniform, strict=True):
        low, high = max(0.0, 1 - strength), 1 + strength
        factors.append(low + (high - low) * u)
    adjust = (adjust_brightness, adjust_contrast, adjust_saturation)
    for which in order:
        image = adjust[which](image, factors[which])
    return image

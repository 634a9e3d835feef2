"""In numpy, with every adjustment as a step away from what factor 0 gives."""

import numpy as np
import torch
from torch import Tensor

LOOKS = np.array([0.2989, 0.587, 0.114])


def grayscale(image: Tensor) -> Tensor:
    """See the stub."""
    values = np.moveaxis(image.numpy(), -3, -1)
    return torch.from_numpy((values @ LOOKS.astype(values.dtype))[..., None, :, :])


def _from(base: np.ndarray, image: Tensor, factor: float) -> Tensor:
    if not factor >= 0:
        raise ValueError("negative")
    values = image.numpy()
    moved = base + (values - base) * factor
    return torch.from_numpy(np.minimum(np.maximum(moved, 0), 1).astype(values.dtype))


def adjust_brightness(image: Tensor, factor: float) -> Tensor:
    """See the stub."""
    return _from(np.zeros_like(image.numpy()), image, factor)


def adjust_contrast(image: Tensor, factor: float) -> Tensor:
    """See the stub."""
    grey = grayscale(image).numpy()
    return _from(grey.mean(axis=(-1, -2, -3), keepdims=True), image, factor)


def adjust_saturation(image: Tensor, factor: float) -> Tensor:
    """See the stub."""
    return _from(grayscale(image).numpy(), image, factor)


def gaussian_noise(image: Tensor, sigma: float, *, generator: torch.Generator) -> Tensor:
    """See the stub."""
    noise = torch.randn(*image.shape, generator=generator, dtype=image.dtype)
    return torch.clip(noise * sigma + image, min=0, max=1)


def colour_jitter(
    image: Tensor, *, brightness: float, contrast: float, saturation: float, generator: torch.Generator
) -> Tensor:
    """See the stub."""
    order = torch.randperm(3, generator=generator)
    u = torch.rand(3, generator=generator).numpy().astype(float)
    strength = np.array([brightness, contrast, saturation])
    low = np.maximum(0, 1 - strength)
    factors = low * (1 - u) + (1 + strength) * u
    for which in order:
        function = [adjust_brightness, adjust_contrast, adjust_saturation][int(which)]
        image = function(image, float(factors[which]))
    return image

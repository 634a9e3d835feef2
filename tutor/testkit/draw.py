"""Random inputs, seeded afresh at each check and for each test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import torch

T = TypeVar("T")


class Draw:
    """A test's own source of random inputs. `generator` is torch's, for what has no method here.

    Args:
        device: where the tensors are made; another one draws other numbers.
    """

    def __init__(self, seed: int, device: str = "cpu") -> None:
        self.device = device
        self.generator = torch.Generator(device).manual_seed(seed)

    def normal(self, *shape: int, dtype: torch.dtype = torch.float64, std: float = 1.0) -> torch.Tensor:
        """Normally distributed, mean 0."""
        return (torch.randn(shape, generator=self.generator, dtype=torch.float64, device=self.device) * std).to(dtype)

    def uniform(
        self, *shape: int, low: float = 0.0, high: float = 1.0, dtype: torch.dtype = torch.float64
    ) -> torch.Tensor:
        """Uniform in [low, high)."""
        unit = torch.rand(shape, generator=self.generator, dtype=torch.float64, device=self.device)
        return (low + (high - low) * unit).to(dtype)

    def integers(self, low: int, high: int, *shape: int) -> torch.Tensor:
        """Integers in [low, high), int64."""
        return torch.randint(low, high, shape, generator=self.generator, device=self.device)

    def like(self, tensor: torch.Tensor) -> torch.Tensor:
        """Normally distributed in the shape and dtype of `tensor`: an upstream gradient for it."""
        return self.normal(*tensor.shape, dtype=tensor.dtype)

    def permutation(self, n: int) -> torch.Tensor:
        """0 … n-1 in random order."""
        return torch.randperm(n, generator=self.generator, device=self.device)

    def integer(self, low: int, high: int) -> int:
        """One integer in [low, high)."""
        return int(self.integers(low, high, 1))

    def choice(self, options: Sequence[T]) -> T:
        """One of `options`."""
        return options[self.integer(0, len(options))]


def strided(tensor: torch.Tensor) -> torch.Tensor:
    """The same values, laid out non-contiguously: every axis in reverse order, with gaps between the elements."""
    axes = tuple(range(tensor.dim() - 1, -1, -1))
    turned = tensor.permute(axes).contiguous()
    spaced = torch.stack([turned, torch.full_like(turned, 77)], dim=-1)
    return spaced[..., 0].permute(axes)

"""Devices: choosing one, moving batches and modules to it, loading onto it, and finding what stayed behind."""

import io
from typing import Any

import torch
from torch import Tensor, nn


def choose_device(wanted: str, found: dict[str, int]) -> str:
    counts = {**found, "cpu": 1}
    if wanted == "auto":
        wanted = next(kind for kind in ("cuda", "mps", "cpu") if counts.get(kind, 0))
    kind, _, index = wanted.partition(":")
    number = int(index or 0)
    if number >= counts.get(kind, 0):
        raise ValueError(f"there is no {wanted} here")
    return f"cuda:{number}" if kind == "cuda" else kind


def move(batch: Any, device: str, dtype: torch.dtype | None = None) -> Any:
    if isinstance(batch, Tensor):
        return batch.to(device, dtype if batch.is_floating_point() else None)
    if isinstance(batch, dict):
        return {key: move(value, device, dtype) for key, value in batch.items()}
    if isinstance(batch, tuple | list):
        return type(batch)(move(value, device, dtype) for value in batch)
    return batch


class Positions(nn.Module):
    mean: Tensor
    std: Tensor
    rates: Tensor

    def __init__(self, mean: Tensor, std: Tensor) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones_like(mean))
        self.register_buffer("mean", mean.clone())
        self.register_buffer("std", std.clone())
        self.register_buffer("rates", 0.5 ** torch.arange(len(mean), dtype=mean.dtype), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        place = torch.arange(x.shape[1], device=x.device, dtype=x.dtype)
        return self.gain * (x - self.mean) / self.std + place[:, None] * self.rates


def load_onto(data: bytes, device: str) -> dict[str, Any]:
    return torch.load(io.BytesIO(data), map_location=device, weights_only=True)


def find_strays(net: nn.Module, device: str) -> list[str]:
    wanted = torch.device(device)
    strays = []
    for path, module in net.named_modules():
        plain = [(name, value) for name, value in vars(module).items() if isinstance(value, Tensor)]
        own = [*module.named_parameters(recurse=False), *module.named_buffers(recurse=False), *plain]
        strays += [f"{path}.{name}".removeprefix(".") for name, tensor in own if tensor.device != wanted]
    return sorted(strays)

"""A table of all devices to choose from, a registry of leaf types to move, and the names in state for the strays."""

import io
from typing import Any

import torch
from torch import Tensor, nn


def choose_device(wanted: str, found: dict[str, int]) -> str:
    there = [f"cuda:{number}" for number in range(found.get("cuda", 0))]
    there += ["mps"] * (found.get("mps", 0) > 0) + ["cpu"]
    if wanted == "auto":
        return there[0]
    full = {"cuda": "cuda:0", "cpu:0": "cpu", "mps:0": "mps"}.get(wanted, wanted)
    if full not in there:
        raise ValueError(f"{wanted}? This machine has {', '.join(there)}.")
    return full


def move(batch: Any, device: str, dtype: torch.dtype | None = None) -> Any:
    match batch:
        case Tensor() if batch.is_floating_point() and dtype is not None:
            return batch.to(device=device, dtype=dtype)
        case Tensor():
            return batch.to(device)
        case dict():
            return dict(zip(batch, move(list(batch.values()), device, dtype), strict=True))
        case list():
            return [move(value, device, dtype) for value in batch]
        case tuple():
            return tuple(move(list(batch), device, dtype))
    return batch


class Positions(nn.Module):
    def __init__(self, mean: Tensor, std: Tensor) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(mean.shape, dtype=mean.dtype))
        for name, value in {"mean": mean, "std": std}.items():
            self.register_buffer(name, value.detach().clone())
        halves = [2.0**-number for number in range(mean.numel())]
        self.register_buffer("rates", mean.new_tensor(halves), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        ones = torch.ones_like(x[0, :, :1])
        return torch.addcmul((ones.cumsum(0) - 1) * self.rates, self.gain, (x - self.mean) / self.std)


def load_onto(data: bytes, device: str) -> dict[str, Any]:
    state = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    return move(state, device)


def find_strays(net: nn.Module, device: str) -> list[str]:
    known = dict(net.named_parameters(remove_duplicate=False)) | dict(net.named_buffers(remove_duplicate=False))
    for path, module in net.named_modules():
        prefix = f"{path}." if path else ""
        known |= {prefix + name: value for name, value in module.__dict__.items() if isinstance(value, Tensor)}
    return sorted(name for name, tensor in known.items() if str(tensor.device) != device)

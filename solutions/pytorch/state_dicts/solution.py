"""A file holds data only: the config from which the network is built again, and its tensors by name."""

import io
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn


def save(net: nn.Module, config: dict[str, Any]) -> bytes:
    """See the stub."""
    state = {name: value.detach().clone() for name, value in net.state_dict().items()}
    file = io.BytesIO()
    torch.save({"config": config, "state": state}, file)
    return file.getvalue()


def load(data: bytes, build: Callable[[dict[str, Any]], nn.Module]) -> nn.Module:
    """See the stub."""
    saved = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    net = build(saved["config"])
    net.load_state_dict(saved["state"])
    return net.eval()


def compare(net: nn.Module, state: dict[str, Tensor]) -> tuple[list[str], list[str], list[str]]:
    """See the stub."""
    own = net.state_dict()
    missing = sorted(own.keys() - state.keys())
    unexpected = sorted(state.keys() - own.keys())
    mismatched = sorted(name for name in own.keys() & state.keys() if own[name].shape != state[name].shape)
    return missing, unexpected, mismatched


def rename(state: dict[str, Tensor], rules: list[tuple[str, str]]) -> dict[str, Tensor]:
    """See the stub."""
    renamed: dict[str, Tensor] = {}
    for name, value in state.items():
        new = name
        for old_prefix, new_prefix in rules:
            if name.startswith(old_prefix):
                new = new_prefix + name[len(old_prefix) :]
                break
        if new in renamed:
            raise ValueError(f"two tensors would be called {new!r}")
        renamed[new] = value
    return renamed


def load_partial(net: nn.Module, state: dict[str, Tensor]) -> list[str]:
    """See the stub."""
    own = net.state_dict()
    fitting = {name: value for name, value in state.items() if name in own and own[name].shape == value.shape}
    net.load_state_dict(fitting, strict=False)
    return sorted(own.keys() - fitting.keys())


def is_safe(data: bytes) -> bool:
    """See the stub."""
    try:
        torch.load(io.BytesIO(data), weights_only=True)
    except Exception:
        return False
    return True

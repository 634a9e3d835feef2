"""What timing needs to know of a device: how to wait for it, how to empty its cache, how fast it can be."""

from __future__ import annotations

import hashlib
import time
from functools import cache
from typing import Any

import numpy as np
import torch

COPY = 1 << 28  # bytes of the copy that measures bandwidth on a GPU
SIDE = 4096  # of the matrices whose product measures the arithmetic rate on a GPU


def is_cuda(device: str) -> bool:
    return device.startswith("cuda")


def synchronise(device: str) -> None:
    """Wait for everything on the device, on whatever stream."""
    if is_cuda(device):
        torch.cuda.synchronize(device)


def _event() -> Any:
    return torch.cuda.Event(enable_timing=True)  # type: ignore[no-untyped-call]


class Timed:
    """Around a batch of work: the seconds between two events on a GPU's stream; None on a CPU."""

    def __init__(self, device: str) -> None:
        self.seconds: float | None = None
        self._events: list[Any] = [_event() for _ in range(2)] if is_cuda(device) else []

    def __enter__(self) -> Timed:
        if self._events:
            self._events[0].record()
        return self

    def __exit__(self, *_: object) -> None:
        if self._events:
            self._events[1].record()
            self._events[1].synchronize()
            self.seconds = self._events[0].elapsed_time(self._events[1]) / 1000


class Peak:
    """Around a call: the most bytes of a GPU that were taken at once, beyond those before it; 0 on a CPU."""

    def __init__(self, device: str) -> None:
        self.bytes, self._device, self._before = 0, device, 0

    def __enter__(self) -> Peak:
        if is_cuda(self._device):
            torch.cuda.reset_peak_memory_stats(self._device)
            self._before = torch.cuda.memory_allocated(self._device)
        return self

    def __exit__(self, *_: object) -> None:
        if is_cuda(self._device):
            self.bytes = torch.cuda.max_memory_allocated(self._device) - self._before


def flush_cache(device: str) -> None:
    """Write over a GPU's L2 cache, so that no call finds its inputs there; a CPU's cache is left alone."""
    if is_cuda(device):
        _scratch(device).zero_()


@cache
def _scratch(device: str) -> torch.Tensor:
    size = 2 * getattr(torch.cuda.get_device_properties(device), "L2_cache_size", 64 << 20)
    return torch.empty(size, dtype=torch.int8, device=device)


def digest(value: Any) -> str:
    """A fingerprint of every tensor and number in a result."""
    found = hashlib.blake2b(digest_size=16)
    _feed(found, value)
    return found.hexdigest()


def _feed(found: Any, value: Any) -> None:
    if isinstance(value, torch.Tensor):
        plain = value.detach().to("cpu").contiguous()
        found.update(f"{plain.dtype}{tuple(plain.shape)}".encode())
        found.update(plain.reshape(-1).view(torch.uint8).numpy().data)
    elif isinstance(value, np.ndarray):
        _feed(found, torch.from_numpy(np.ascontiguousarray(value)))
    elif isinstance(value, list | tuple):
        for item in value:
            _feed(found, item)
    elif isinstance(value, dict):
        for key, item in value.items():
            _feed(found, str(key))
            _feed(found, item)
    else:
        found.update(repr(value).encode())


def roof(device: str) -> dict[str, Any]:
    """The device's name, and the bytes and float32 operations a second that it reaches in a large copy and product."""
    scale = 1 if is_cuda(device) else 16
    source = torch.empty(COPY // scale, dtype=torch.int8, device=device)
    target = torch.empty_like(source)
    side = SIDE // scale
    a = torch.randn(side, side, device=device)
    return describe(device) | {
        "bandwidth": 2 * source.numel() / _seconds(lambda: target.copy_(source), device),
        "rate": 2 * side**3 / _seconds(lambda: a @ a, device),
    }


def _seconds(work: Any, device: str, calls: int = 10) -> float:
    """The best of some runs."""
    best = float("inf")
    for _ in range(calls):
        synchronise(device)
        start = time.perf_counter()
        work()
        synchronise(device)
        best = min(best, time.perf_counter() - start)
    return best


def describe(device: str) -> dict[str, str]:
    """The device's name and driver, and torch's version: only like is compared with like."""
    if is_cuda(device):
        name = torch.cuda.get_device_name(device)
        driver = str(getattr(torch._C, "_cuda_getDriverVersion", lambda: "")())
    else:
        name, driver = _processor(), ""
    return {"name": name, "driver": driver, "torch": torch.__version__}


def _processor() -> str:
    import platform

    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as info:
            names = [line.partition(":")[2].strip() for line in info if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or platform.machine()

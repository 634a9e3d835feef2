"""What timing needs to know of a device: how to wait for it, how to empty its cache, how fast it can be."""

from __future__ import annotations

import hashlib
import time
from functools import cache
from typing import Any

import numpy as np
import torch

COPY = 1 << 29  # bytes of the copy that measures bandwidth on a GPU
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
    """Around each of several calls: the time between two events on a GPU's stream; nothing on a CPU."""

    def __init__(self, device: str) -> None:
        self._on_gpu = is_cuda(device)
        self._events: list[tuple[Any, Any]] = []

    def __enter__(self) -> Timed:
        if self._on_gpu:
            self._events.append((_event(), _event()))
            self._events[-1][0].record()
        return self

    def __exit__(self, *_: object) -> None:
        if self._on_gpu:
            self._events[-1][1].record()

    @property
    def seconds(self) -> float | None:
        """Of all the calls together, once the device has been waited for; None on a CPU."""
        if not self._on_gpu:
            return None
        return float(sum(start.elapsed_time(end) for start, end in self._events)) / 1000


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


def digest(value: Any, device: str) -> str:
    """A fingerprint of every tensor and number in a result that was made on this device."""
    found = hashlib.blake2b(digest_size=16)
    _feed(found, value, is_cuda(device))
    return found.hexdigest()


def _feed(found: Any, value: Any, mixed: bool) -> None:
    if isinstance(value, torch.Tensor):
        plain = value.detach().contiguous().reshape(-1)
        found.update(f"{plain.dtype}{tuple(value.shape)}".encode())
        found.update(str(mix(plain)).encode() if mixed else plain.cpu().view(torch.uint8).numpy().data)
    elif isinstance(value, np.ndarray):
        _feed(found, torch.from_numpy(np.ascontiguousarray(value)), mixed)
    elif isinstance(value, list | tuple):
        for item in value:
            _feed(found, item, mixed)
    elif isinstance(value, dict):
        for key, item in value.items():
            _feed(found, str(key), mixed)
            _feed(found, item, mixed)
    else:
        found.update(repr(value).encode())


def mix(flat: torch.Tensor) -> int:
    """A number from every bit of a tensor and its place, the same on every device.

    Computed where the tensor is: fetching it, to hash it, would take a hundred times as long as most calls. The
    mixing is splitmix64's (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
    """
    words = {1: torch.uint8, 2: torch.int16, 4: torch.int32, 8: torch.int64}[flat.element_size()]
    bits = flat.view(words).to(torch.int64, copy=True)
    bits ^= torch.arange(1, len(flat) + 1, device=flat.device) * -0x61C8864680B583EB
    for shift, factor in ((30, -0x40A7B892E31B1A47), (27, -0x6B2FB644ECCEEE15)):
        bits ^= bits >> shift
        bits *= factor
    return int((bits ^ (bits >> 31)).sum())


def roof(device: str, dtype: torch.dtype) -> dict[str, Any]:
    """The device's name, and the bytes and operations a second that it reaches in a large copy and product.

    Args:
        dtype: of the product's matrices.
    """
    scale = 1 if is_cuda(device) else 16
    source = torch.empty(COPY // scale, dtype=torch.int8, device=device)
    target = torch.empty_like(source)
    side = SIDE // scale
    a = torch.randn(side, side, device=device).to(dtype)
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

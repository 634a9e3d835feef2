"""One distribution at a time, in plain Python."""

import math

import torch
from torch import Tensor


def kl_divergence(log_p: Tensor, log_q: Tensor, reduction: str = "batchmean") -> Tensor:
    """See the stub."""
    if reduction not in ("none", "sum", "batchmean"):
        raise ValueError(reduction)
    numbers = torch.tensor([_kl(p, q) for p, q in _rows(log_p, log_q)], dtype=torch.float64)
    if reduction == "none":
        return numbers.reshape(log_p.shape[:-1]).to(log_p.dtype)
    total = numbers.sum() if reduction == "sum" else numbers.sum() / len(log_p)
    return total.to(log_p.dtype)


def kl_divergence_backward(
    grad_output: Tensor, log_p: Tensor, log_q: Tensor, reduction: str = "batchmean"
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    if reduction not in ("none", "sum", "batchmean"):
        raise ValueError(reduction)
    upstream = grad_output.expand(log_p.shape[:-1]).flatten().tolist()
    share = len(log_p) if reduction == "batchmean" else 1
    left, right = [], []
    for g, (p, q) in zip(upstream, _rows(log_p, log_q), strict=True):
        left.append(
            [0.0 if a == -math.inf else g / share * math.exp(a) * (a - b + 1) for a, b in zip(p, q, strict=True)]
        )
        right.append([-g / share * math.exp(a) for a in p])
    return _like(left, log_p), _like(right, log_p)


def kl_from_logits(log_p: Tensor, logits: Tensor, direction: str) -> Tensor:
    """See the stub."""
    if direction not in ("forward", "reverse"):
        raise ValueError(direction)
    numbers = []
    for p, z in _rows(log_p, logits):
        q = _log_softmax(z)
        numbers.append(_kl(p, q) if direction == "forward" else _kl(q, p))
    return torch.tensor(numbers, dtype=log_p.dtype).reshape(log_p.shape[:-1])


def kl_from_logits_backward(grad_output: Tensor, log_p: Tensor, logits: Tensor, direction: str) -> Tensor:
    """See the stub."""
    if direction not in ("forward", "reverse"):
        raise ValueError(direction)
    rows = []
    for g, (p, z) in zip(grad_output.flatten().tolist(), _rows(log_p, logits), strict=True):
        q = _log_softmax(z)
        if direction == "forward":
            rows.append([g * (math.exp(b) - math.exp(a)) for a, b in zip(p, q, strict=True)])
        else:
            rows.append([g * math.exp(b) * (b - a - _kl(q, p)) for a, b in zip(p, q, strict=True)])
    return _like(rows, log_p)


def jensen_shannon(log_p: Tensor, log_q: Tensor) -> Tensor:
    """See the stub."""
    numbers = []
    for p, q in _rows(log_p, log_q):
        m = [_log_mean(a, b) for a, b in zip(p, q, strict=True)]
        numbers.append(0.5 * _kl(p, m) + 0.5 * _kl(q, m))
    return torch.tensor(numbers, dtype=log_p.dtype).reshape(log_p.shape[:-1])


def _kl(p: list[float], q: list[float]) -> float:
    return sum(math.exp(a) * (a - b) for a, b in zip(p, q, strict=True) if a != -math.inf)


def _log_softmax(z: list[float]) -> list[float]:
    top = max(z)
    log_sum = math.log(sum(math.exp(number - top) for number in z))
    return [number - top - log_sum for number in z]


def _log_mean(a: float, b: float) -> float:
    top = max(a, b)
    return top if top == -math.inf else top + math.log((math.exp(a - top) + math.exp(b - top)) / 2)


def _rows(left: Tensor, right: Tensor) -> list[tuple[list[float], list[float]]]:
    size = left.shape[-1]
    return list(zip(left.reshape(-1, size).tolist(), right.reshape(-1, size).tolist(), strict=True))


def _like(rows: list[list[float]], tensor: Tensor) -> Tensor:
    return torch.tensor(rows, dtype=tensor.dtype).reshape(tensor.shape)

"""One formula each, after the boundaries."""

import math


def step_decay(step: int, *, lr: float, every: int, factor: float) -> float:
    """See the stub."""
    return lr * factor ** (step // every)


def cosine(step: int, *, lr: float, total: int, lr_min: float = 0.0) -> float:
    """See the stub."""
    if step >= total:
        return lr_min
    share = (1 + math.cos(math.pi * step / total)) / 2
    return lr_min + (lr - lr_min) * share


def warmup_cosine(step: int, *, lr: float, warmup: int, total: int, lr_min: float = 0.0) -> float:
    """See the stub."""
    if step < warmup:
        return lr * (step + 1) / (warmup + 1)
    return cosine(step - warmup, lr=lr, total=total - warmup, lr_min=lr_min)

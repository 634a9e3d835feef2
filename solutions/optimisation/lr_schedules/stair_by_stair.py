"""A loop for the stairs, a squared cosine of half the angle, and numpy's interpolation for the line."""

import numpy as np


def step_decay(step: int, *, lr: float, every: int, factor: float) -> float:
    """See the stub."""
    for _ in range(every, step + 1, every):
        lr *= factor
    return lr


def cosine(step: int, *, lr: float, total: int, lr_min: float = 0.0) -> float:
    """See the stub."""
    progress = 1.0 if step >= total else step / total
    return float(lr_min + (lr - lr_min) * np.cos(np.pi / 2 * progress) ** 2)


def warmup_cosine(step: int, *, lr: float, warmup: int, total: int, lr_min: float = 0.0) -> float:
    """See the stub."""
    if step >= warmup:
        return cosine(step - warmup, lr=lr, total=total - warmup, lr_min=lr_min)
    return float(np.interp(step, [-1, warmup], [0.0, lr]))

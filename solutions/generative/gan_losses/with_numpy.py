"""numpy, case by case; the logistic losses by logaddexp."""

import numpy as np
import torch
from torch import Tensor


def _tensor(values, like: Tensor) -> Tensor:
    return torch.as_tensor(np.asarray(values), dtype=like.dtype)


def discriminator_loss(real: Tensor, fake: Tensor, kind: str) -> Tensor:
    """See the stub."""
    r, f = real.numpy(), fake.numpy()
    if kind in ("minimax", "non_saturating"):
        loss = np.logaddexp(0, -r).mean() + np.logaddexp(0, f).mean()
    elif kind == "least_squares":
        loss = (np.square(r - 1).mean() + np.square(f).mean()) / 2
    elif kind == "hinge":
        loss = np.maximum(1 - r, 0).mean() + np.maximum(1 + f, 0).mean()
    else:
        loss = f.mean() - r.mean()
    return _tensor(loss, real)


def generator_loss(fake: Tensor, kind: str) -> Tensor:
    """See the stub."""
    f = fake.numpy()
    if kind == "minimax":
        return _tensor(-np.logaddexp(0, f).mean(), fake)
    if kind == "non_saturating":
        return _tensor(np.logaddexp(0, -f).mean(), fake)
    return _tensor(np.square(f - 1).mean() / 2 if kind == "least_squares" else -f.mean(), fake)


def discriminator_gradients(real: Tensor, fake: Tensor, kind: str) -> tuple[Tensor, Tensor]:
    """See the stub."""
    r, f = real.numpy(), fake.numpy()
    if kind in ("minimax", "non_saturating"):
        slopes = -np.exp(-np.logaddexp(0, r)), np.exp(-np.logaddexp(0, -f))
    elif kind == "least_squares":
        slopes = r - 1, f
    elif kind == "hinge":
        slopes = np.where(r < 1, -1.0, 0.0), np.where(f > -1, 1.0, 0.0)
    else:
        slopes = -np.ones_like(r), np.ones_like(f)
    return _tensor(slopes[0] / len(r), real), _tensor(slopes[1] / len(f), fake)


def generator_gradient(fake: Tensor, kind: str) -> Tensor:
    """See the stub."""
    f = fake.numpy()
    slopes = {
        "minimax": -np.exp(-np.logaddexp(0, -f)),
        "non_saturating": -np.exp(-np.logaddexp(0, f)),
        "least_squares": f - 1,
    }
    return _tensor(slopes.get(kind, -np.ones_like(f)) / len(f), fake)

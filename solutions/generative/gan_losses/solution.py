"""Each loss and its slope as a function of one score, in a table; the mean comes last."""

import torch
from torch import Tensor


def _softplus(z: Tensor) -> Tensor:
    return z.clamp(min=0) + torch.log1p(torch.exp(-z.abs()))


def _sigmoid(z: Tensor) -> Tensor:
    small = torch.exp(-z.abs())
    return torch.where(z >= 0, torch.ones_like(z), small) / (1 + small)


# For a real and for a fake score: what the discriminator pays, and its slope.
_REAL = {
    "minimax": (lambda s: _softplus(-s), lambda s: -_sigmoid(-s)),
    "non_saturating": (lambda s: _softplus(-s), lambda s: -_sigmoid(-s)),
    "least_squares": (lambda s: 0.5 * (s - 1) ** 2, lambda s: s - 1),
    "hinge": (lambda s: (1 - s).clamp(min=0), lambda s: -(s < 1).to(s.dtype)),
    "wasserstein": (lambda s: -s, lambda s: -torch.ones_like(s)),
}
_FAKE = {
    "minimax": (_softplus, _sigmoid),
    "non_saturating": (_softplus, _sigmoid),
    "least_squares": (lambda s: 0.5 * s**2, lambda s: s),
    "hinge": (lambda s: (1 + s).clamp(min=0), lambda s: (s > -1).to(s.dtype)),
    "wasserstein": (lambda s: s, lambda s: torch.ones_like(s)),
}
# What the generator pays for a fake score, and its slope.
_FOOLED = {
    "minimax": (lambda s: -_softplus(s), lambda s: -_sigmoid(s)),
    "non_saturating": (lambda s: _softplus(-s), lambda s: -_sigmoid(-s)),
    "least_squares": (lambda s: 0.5 * (s - 1) ** 2, lambda s: s - 1),
    "hinge": (lambda s: -s, lambda s: -torch.ones_like(s)),
    "wasserstein": (lambda s: -s, lambda s: -torch.ones_like(s)),
}


def discriminator_loss(real: Tensor, fake: Tensor, kind: str) -> Tensor:
    """See the stub."""
    return _REAL[kind][0](real).mean() + _FAKE[kind][0](fake).mean()


def generator_loss(fake: Tensor, kind: str) -> Tensor:
    """See the stub."""
    return _FOOLED[kind][0](fake).mean()


def discriminator_gradients(real: Tensor, fake: Tensor, kind: str) -> tuple[Tensor, Tensor]:
    """See the stub."""
    return _REAL[kind][1](real) / len(real), _FAKE[kind][1](fake) / len(fake)


def generator_gradient(fake: Tensor, kind: str) -> Tensor:
    """See the stub."""
    return _FOOLED[kind][1](fake) / len(fake)

"""Works on frozen copies of the networks, with all starts as one large batch, and backward on the noise."""

import copy

import torch
from torch import Tensor, nn


def _copy(network: nn.Module) -> nn.Module:
    return copy.deepcopy(network).eval().requires_grad_(False)


def anogan_loss(x: Tensor, made: Tensor, features_x: Tensor, features_made: Tensor, share: float) -> Tensor:
    """See the stub."""
    first = [(a - b).abs().sum() for a, b in zip(x, made, strict=True)]
    second = [(a - b).abs().sum() for a, b in zip(features_x, features_made, strict=True)]
    return torch.stack([(1 - share) * a + share * b for a, b in zip(first, second, strict=True)])


def invert(
    generator: nn.Module,
    features: nn.Module,
    x: Tensor,
    z: Tensor,
    *,
    steps: int,
    lr: float,
    share: float,
    bound: float,
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    generator, features = _copy(generator), _copy(features)
    z = z.clone().detach().requires_grad_()
    for step in range(steps + 1):
        made = generator(z)
        losses = anogan_loss(x, made, features(x), features(made), share)
        if step < steps:
            z.grad = None
            losses.sum().backward()
            with torch.no_grad():
                z -= lr * z.grad
                z.clamp_(min=-bound, max=bound)
    return z.detach(), losses.detach()


def best_of(
    generator: nn.Module,
    features: nn.Module,
    x: Tensor,
    starts: Tensor,
    *,
    steps: int,
    lr: float,
    share: float,
    bound: float,
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    count, n = len(starts), len(x)
    many = x.repeat(count, *[1] * (x.dim() - 1))
    z, losses = invert(
        generator, features, many, starts.repeat_interleave(n, dim=0), steps=steps, lr=lr, share=share, bound=bound
    )
    lowest = losses.reshape(count, n).min(dim=0)
    return torch.stack([z[start * n + i] for i, start in enumerate(lowest.indices.tolist())]), lowest.values


def encoder_loss(encoder: nn.Module, generator: nn.Module, features: nn.Module, x: Tensor, weight: float) -> Tensor:
    """See the stub."""
    generator, features = _copy(generator), _copy(features)
    made = generator(encoder(x))
    return (x - made).square().mean() + weight * (features(x) - features(made)).square().mean()

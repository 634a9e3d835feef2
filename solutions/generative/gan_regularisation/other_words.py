"""Masks as factors, groups by walking through the modules, thresholding by cases, the equilibrium by a linear solve."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def overfitting_share(train: Tensor, held_out: Tensor, fake: Tensor) -> float:
    """See the stub."""
    seen = train.mean() - fake.mean()
    if seen <= 0:
        return 0.0
    return float((train.mean() - held_out.mean()) / seen)


def discriminator_forward(
    x: Tensor,
    layers: list[tuple[Tensor, Tensor]],
    masks: list[Tensor] | None,
    *,
    p: float,
    slope: float = 0.2,
) -> Tensor:
    """See the stub."""
    hidden = x
    for number, (weight, bias) in enumerate(layers):
        hidden = F.linear(hidden, weight, bias)
        if number == len(layers) - 1:
            break
        if masks is not None:  # in front of the activation, which makes no difference
            hidden = hidden * masks[number].to(hidden.dtype) / (1 - p)
        hidden = F.leaky_relu(hidden, slope)
    return hidden


def discriminator_loss(
    real: Tensor,
    fake: Tensor,
    layers: list[tuple[Tensor, Tensor]],
    masks_real: list[Tensor],
    masks_fake: list[Tensor],
    *,
    p: float,
    smooth: float,
) -> Tensor:
    """See the stub."""
    total = 0.0
    for samples, masks, target in ((real, masks_real, 1 - smooth), (fake.detach(), masks_fake, 0.0)):
        scores = discriminator_forward(samples, layers, masks, p=p)
        total = total + F.binary_cross_entropy_with_logits(scores, torch.full_like(scores, target))
    return total


def decay_groups(generator: nn.Module, discriminator: nn.Module, l2: float) -> list[dict]:
    """See the stub."""
    decayed, rest = [], [p for p in generator.parameters() if p.requires_grad]
    for module in discriminator.modules():
        for name, parameter in module.named_parameters(recurse=False):
            kind = type(module).__name__
            if parameter.requires_grad:
                wanted = name == "weight" and (kind == "Linear" or kind.startswith("Conv"))
                (decayed if wanted else rest).append(parameter)
    return [{"params": decayed, "weight_decay": l2}, {"params": rest, "weight_decay": 0.0}]


def elastic_step(params: list[nn.Parameter], grads: list[Tensor | None], *, lr: float, l1: float, l2: float) -> None:
    """See the stub."""
    limit = lr * l1
    for w, g in zip(params, grads, strict=True):
        if g is not None:
            u = (1 - lr * l2) * w.data - lr * g
            down, up = (u - limit) * (u > limit), (u + limit) * (u < -limit)
            w.data = down + up


def equilibrium(data: Tensor, l2_d: float, l2_g: float) -> tuple[Tensor, Tensor]:
    """See the stub."""
    slopes = torch.tensor([[l2_d, 1.0], [-1.0, l2_g]], dtype=data.dtype)
    rest = torch.linalg.solve(slopes, torch.stack([data, torch.zeros_like(data)]))
    return rest[0], rest[1]

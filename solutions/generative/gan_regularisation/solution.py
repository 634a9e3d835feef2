"""Masks by torch.where, groups by the kind of module, soft thresholding by sign and size."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

DECAYED = (
    nn.Linear,
    nn.Conv1d,
    nn.Conv2d,
    nn.Conv3d,
    nn.ConvTranspose1d,
    nn.ConvTranspose2d,
    nn.ConvTranspose3d,
)


def overfitting_share(train: Tensor, held_out: Tensor, fake: Tensor) -> float:
    """See the stub."""
    top, new, bottom = train.mean().item(), held_out.mean().item(), fake.mean().item()
    return (top - new) / (top - bottom) if top > bottom else 0.0


def discriminator_forward(
    x: Tensor,
    layers: list[tuple[Tensor, Tensor]],
    masks: list[Tensor] | None,
    *,
    p: float,
    slope: float = 0.2,
) -> Tensor:
    """See the stub."""
    for i, (weight, bias) in enumerate(layers[:-1]):
        x = x @ weight.T + bias
        x = torch.where(x > 0, x, slope * x)
        if masks is not None:
            x = torch.where(masks[i], x / (1 - p), torch.zeros_like(x))
    weight, bias = layers[-1]
    return x @ weight.T + bias


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
    real_scores = discriminator_forward(real, layers, masks_real, p=p)
    fake_scores = discriminator_forward(fake.detach(), layers, masks_fake, p=p)
    on_real = (1 - smooth) * F.softplus(-real_scores) + smooth * F.softplus(real_scores)
    return on_real.mean() + F.softplus(fake_scores).mean()


def decay_groups(generator: nn.Module, discriminator: nn.Module, l2: float) -> list[dict]:
    """See the stub."""
    decayed = {id(module.weight) for module in discriminator.modules() if isinstance(module, DECAYED)}
    own = [p for p in discriminator.parameters() if p.requires_grad]
    others = [p for p in generator.parameters() if p.requires_grad] + [p for p in own if id(p) not in decayed]
    return [
        {"params": [p for p in own if id(p) in decayed], "weight_decay": l2},
        {"params": others, "weight_decay": 0.0},
    ]


def elastic_step(params: list[nn.Parameter], grads: list[Tensor | None], *, lr: float, l1: float, l2: float) -> None:
    """See the stub."""
    with torch.no_grad():
        for w, g in zip(params, grads, strict=True):
            if g is None:
                continue
            u = w - lr * (g + l2 * w)
            w.copy_(u.sign() * (u.abs() - lr * l1).clamp(min=0))


def equilibrium(data: Tensor, l2_d: float, l2_g: float) -> tuple[Tensor, Tensor]:
    """See the stub."""
    theta = data / (1 + l2_d * l2_g)
    return l2_g * theta, theta

"""What must not learn takes part with detached parameters, or as a copy; pairs of candidates one by one."""

import copy
import itertools

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def _scores(judge: nn.Module, images: Tensor) -> Tensor:
    fixed = {name: parameter.detach() for name, parameter in judge.named_parameters()}
    return torch.func.functional_call(judge, fixed, (images,)).flatten()


def guess_errors(candidates: Tensor, weights: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    guess = torch.einsum("k,kchw->chw", weights, candidates)
    blurred, sharp = torch.zeros_like(weights[0]), torch.zeros_like(weights[0])
    for weight, truth in zip(weights, candidates, strict=True):
        blurred = blurred + weight * torch.mean((guess - truth) ** 2)
    pairs = list(zip(weights, candidates, strict=True))
    for (p, truth), (q, drawn) in itertools.product(pairs, pairs):
        sharp = sharp + p * q * torch.mean((drawn - truth) ** 2)
    return guess, blurred, sharp


def content_loss(features: nn.Module, made: Tensor, target: Tensor) -> Tensor:
    """See the stub."""
    fixed = copy.deepcopy(features).eval()
    for parameter in fixed.parameters():
        parameter.requires_grad_(False)
    with torch.no_grad():
        wanted = fixed(target)
    return F.mse_loss(fixed(made), wanted)


def generator_loss(
    generator: nn.Module,
    judge: nn.Module,
    features: nn.Module,
    low: Tensor,
    high: Tensor,
    *,
    pixel: float = 1e-2,
    content: float = 1.0,
    adversarial: float = 5e-3,
) -> dict[str, Tensor]:
    """See the stub."""
    made = generator(low)
    near = F.l1_loss(made, high)
    alike = content_loss(features, made, high)
    fooled = -F.logsigmoid(_scores(judge, made)).mean()
    total = torch.stack([pixel * near, content * alike, adversarial * fooled]).sum()
    return {"pixel": near, "content": alike, "adversarial": fooled, "total": total}


def relativistic_losses(real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    cross = F.binary_cross_entropy_with_logits
    r, f = real - torch.mean(fake), fake - torch.mean(real)
    ones = [torch.ones_like(scores) for scores in (r, f)]
    zeros = [torch.zeros_like(scores) for scores in (r, f)]
    return cross(r, ones[0]) + cross(f, zeros[1]), cross(r, zeros[0]) + cross(f, ones[1])


def inpainting_generator_loss(
    output: Tensor, image: Tensor, mask: Tensor, judge: nn.Module, *, adversarial: float = 1e-3
) -> dict[str, Tensor]:
    """See the stub."""
    hole = (1 - mask).expand(output.shape)
    whole = image + hole * (output - image)
    count = hole.sum()
    pixel = (hole * (output - image)).abs().sum() / count if count > 0 else 0 * output.sum()
    fooled = F.softplus(-_scores(judge, whole)).mean()
    return {"pixel": pixel, "adversarial": fooled, "total": pixel + adversarial * fooled}

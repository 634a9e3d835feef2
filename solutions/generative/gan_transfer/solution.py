import math
import statistics

import torch.nn as nn
from torch import Tensor


def take_over(source: dict[str, Tensor], target: dict[str, Tensor]) -> tuple[dict[str, Tensor], list[str]]:
    state, untouched = {}, []
    for name, own in target.items():
        new = own.detach().clone()
        old = source.get(name)
        if old is not None and old.shape == own.shape:
            new.copy_(old)
        elif old is not None and old.dim() == own.dim() > 0 and old.shape[1:] == own.shape[1:]:
            rows = min(len(old), len(own))
            new[:rows] = old[:rows]
        else:
            untouched.append(name)
        state[name] = new
    return state, untouched


def freeze_discriminator(discriminator: nn.Sequential, layers: int) -> list[str]:
    discriminator.requires_grad_(True)
    left = layers
    for child in discriminator.children():
        if left == 0:
            break
        child.requires_grad_(False)
        child.eval()
        left -= any(True for _ in child.parameters())
    return [name for name, parameter in discriminator.named_parameters() if parameter.requires_grad]


def memory(beta: float, share: float) -> int:
    return max(1, math.ceil(math.log(share) / math.log(beta)))


def optimiser_groups(generator: nn.Module, discriminator: nn.Module, lr: float, ratio: float) -> list[dict]:
    rates = (generator, lr), (discriminator, ratio * lr)
    return [
        {"params": [p for p in net.parameters() if p.requires_grad], "lr": rate, "betas": (0.5, 0.999)}
        for net, rate in rates
    ]


def best_setting(trials: list[tuple[str, float]], runs: int) -> str | None:
    scores: dict[str, list[float]] = {}
    for name, score in trials:
        scores.setdefault(name, []).append(math.inf if math.isnan(score) else score)
    ranked = {name: (statistics.median(values), max(values)) for name, values in scores.items() if len(values) >= runs}
    best = min(ranked, key=lambda name: ranked[name], default=None)
    return best if best is not None and ranked[best][0] < math.inf else None

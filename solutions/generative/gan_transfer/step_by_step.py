import torch
import torch.nn as nn
from torch import Tensor


def take_over(source: dict[str, Tensor], target: dict[str, Tensor]) -> tuple[dict[str, Tensor], list[str]]:
    out = {}
    for name in target:
        out[name] = torch.empty_like(target[name]).copy_(target[name])
    missed = []
    for name, value in out.items():
        given = source.get(name)
        if given is None or given.shape[1:] != value.shape[1:] or given.dim() != value.dim():
            missed.append(name)
        elif value.dim() == 0:
            value.fill_(given.item())
        else:
            common = min(given.shape[0], value.shape[0])
            value[:common].copy_(given[:common])
    return out, missed


def freeze_discriminator(discriminator: nn.Sequential, layers: int) -> list[str]:
    children = list(discriminator.children())
    with_parameters = [k for k, child in enumerate(children) if len(list(child.parameters()))]
    end = with_parameters[layers - 1] + 1 if layers else 0
    trained = []
    for k, (name, child) in enumerate(discriminator.named_children()):
        for inner, parameter in child.named_parameters():
            parameter.requires_grad = k >= end
            if k >= end:
                trained.append(f"{name}.{inner}")
        if k < end:
            child.train(False)
    return trained


def memory(beta: float, share: float) -> int:
    k, left = 1, beta
    while left > share:
        k, left = k + 1, left * beta
    return k


def optimiser_groups(generator: nn.Module, discriminator: nn.Module, lr: float, ratio: float) -> list[dict]:
    groups = []
    for net, rate in [(generator, lr), (discriminator, lr * ratio)]:
        trained = list(filter(lambda parameter: parameter.requires_grad, net.parameters()))
        groups.append(dict(params=trained, lr=rate, betas=(0.5, 0.999)))
    return groups


def best_setting(trials: list[tuple[str, float]], runs: int) -> str | None:
    names = list(dict.fromkeys(name for name, _ in trials))
    found = None
    for name in names:
        values = sorted(score if score == score else float("inf") for key, score in trials if key == name)
        if len(values) < runs:
            continue
        half = len(values) // 2
        middle = values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2
        if found is None or (middle, values[-1]) < found[:2]:
            found = middle, values[-1], name
    return found[2] if found and found[0] < float("inf") else None

"""Blocks by slices, samples by loops, the stages one by one."""

import torch
from torch import Tensor


def double(images: Tensor) -> Tensor:
    n, c, h, w = images.shape
    return images[:, :, :, None, :, None].expand(n, c, h, 2, w, 2).reshape(n, c, 2 * h, 2 * w)


def _blocks(images: Tensor) -> Tensor:
    """The sum over every 2 × 2 block."""
    rows = images[:, :, ::2] + images[:, :, 1::2]
    return rows[:, :, :, ::2] + rows[:, :, :, 1::2]


def halve(images: Tensor) -> Tensor:
    return _blocks(images) / 4


def fade(old: Tensor, new: Tensor, alpha: float) -> Tensor:
    return torch.lerp(double(old), new, alpha)


def fade_backward(grad_output: Tensor, alpha: float) -> tuple[Tensor, Tensor]:
    return _blocks(grad_output * (1 - alpha)), grad_output * alpha


def stage(images_seen: int, fading: int, stable: int, start: int, final: int) -> tuple[int, float]:
    side, begin = start, stable
    while side < final and images_seen >= begin:
        side, into = 2 * side, images_seen - begin
        begin += fading + stable
        if images_seen < begin:
            return side, min(into / fading, 1.0)
    return side, 1.0


def pixel_norm(x: Tensor, eps: float = 1e-8) -> Tensor:
    return x * (x.square().sum(1, keepdim=True) / x.shape[1] + eps).rsqrt()


def pixel_norm_backward(grad_output: Tensor, x: Tensor, eps: float = 1e-8) -> Tensor:
    r = (x.square().mean(1, keepdim=True) + eps).rsqrt()
    y = x * r
    return r * (grad_output - y * (grad_output * y).sum(1, keepdim=True) / x.shape[1])


def minibatch_stddev(x: Tensor, eps: float = 1e-8) -> Tensor:
    centred = x - x.mean(0)
    spread = (centred.square().sum(0) / len(x) + eps).sqrt().mean()
    return torch.cat([x, torch.ones_like(x[:, :1]) * spread], 1)


def minibatch_features(x: Tensor, weight: Tensor) -> Tensor:
    m = (x @ weight.flatten(1)).reshape(len(x), *weight.shape[1:])
    rows = []
    for i in range(len(x)):
        others = [torch.exp(-(m[i] - m[j]).abs().sum(1)) for j in range(len(x)) if j != i]
        rows.append(torch.stack(others).sum(0) if others else torch.zeros_like(m[i, :, 0]))
    return torch.cat([x, torch.stack(rows)], 1)

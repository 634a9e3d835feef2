import torch
import torch.nn as nn
from torch import Tensor


def _gradient(net: nn.Module, images: Tensor, classes: Tensor) -> Tensor:
    leaf = images.detach().clone().requires_grad_()
    chosen = net(leaf).gather(1, classes[:, None])
    (gradient,) = torch.autograd.grad(chosen.sum(), leaf)
    return gradient


def saliency(net: nn.Module, images: Tensor, classes: Tensor) -> Tensor:
    return _gradient(net, images, classes).abs().amax(dim=1)


def integrated_gradients(net: nn.Module, images: Tensor, baseline: Tensor, classes: Tensor, steps: int) -> Tensor:
    way = images - baseline
    total = torch.zeros_like(images)
    for k in range(steps):
        total += _gradient(net, baseline + (k + 0.5) / steps * way, classes)
    return way * total / steps


@torch.no_grad()
def occlusion(net: nn.Module, image: Tensor, label: int, size: int, stride: int, value: float) -> Tensor:
    height, width = image.shape[1:]
    rows, columns = range(0, height - size + 1, stride), range(0, width - size + 1, stride)
    covered = []
    for top in rows:
        for left in columns:
            copy = image.clone()
            copy[:, top : top + size, left : left + size] = value
            covered.append(copy)
    probabilities = torch.softmax(net(torch.stack([image, *covered])), dim=1)[:, label]
    return (probabilities[0] - probabilities[1:]).reshape(len(rows), len(columns))


def image_grid(images: Tensor, mean: Tensor, std: Tensor, columns: int, padding: int) -> Tensor:
    n, c, h, w = images.shape
    shown = (images * std[:, None, None] + mean[:, None, None]).clamp(0, 1)
    rows = (n + columns - 1) // columns
    out = images.new_ones(c, rows * (h + padding) + padding, columns * (w + padding) + padding)
    for number, image in enumerate(shown):
        top = padding + number // columns * (h + padding)
        left = padding + number % columns * (w + padding)
        out[:, top : top + h, left : left + w] = image
    return out

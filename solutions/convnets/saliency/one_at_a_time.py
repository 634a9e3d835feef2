"""One image, one place and one pass at a time; the grid by padding and concatenating."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor


def _slopes(net: nn.Module, image: Tensor, label: int) -> Tensor:
    leaf = image.detach()[None].clone()
    leaf.requires_grad = True
    return torch.autograd.grad(net(leaf)[0, label], leaf)[0][0]


def saliency(net: nn.Module, images: Tensor, classes: Tensor) -> Tensor:
    maps = [_slopes(net, image, label).abs().max(0).values for image, label in zip(images, classes, strict=True)]
    return torch.stack(maps)


def integrated_gradients(net: nn.Module, images: Tensor, baseline: Tensor, classes: Tensor, steps: int) -> Tensor:
    shares = (torch.arange(1, steps + 1, dtype=images.dtype) - 0.5) / steps
    found = []
    for image, label in zip(images, classes, strict=True):
        places = [torch.lerp(baseline, image, share.item()) for share in shares]
        mean = torch.stack([_slopes(net, place, label) for place in places]).mean(0)
        found.append(mean * (image - baseline))
    return torch.stack(found)


def occlusion(net: nn.Module, image: Tensor, label: int, size: int, stride: int, value: float) -> Tensor:
    with torch.no_grad():
        whole = net(image[None]).softmax(1)[0, label]
        rows = []
        for top in range(0, image.shape[1] - size + 1, stride):
            row = []
            for left in range(0, image.shape[2] - size + 1, stride):
                mask = torch.zeros(image.shape[1:], dtype=torch.bool)
                mask[top : top + size, left : left + size] = True
                row.append(whole - net(image.masked_fill(mask, value)[None]).softmax(1)[0, label])
            rows.append(torch.stack(row))
        return torch.stack(rows)


def image_grid(images: Tensor, mean: Tensor, std: Tensor, columns: int, padding: int) -> Tensor:
    shown = torch.clamp(images * std.reshape(-1, 1, 1) + mean.reshape(-1, 1, 1), 0, 1)
    while len(shown) % columns:
        shown = torch.cat([shown, torch.ones_like(shown[:1])])
    tiles = F.pad(shown, (padding, 0, padding, 0), value=1.0)
    rows = [torch.cat(list(tiles[k : k + columns]), dim=2) for k in range(0, len(tiles), columns)]
    return F.pad(torch.cat(rows, dim=1), (0, padding, 0, padding), value=1.0)

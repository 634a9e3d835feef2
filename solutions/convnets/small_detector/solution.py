"""Tensors throughout; roi_align by grid_sample; four convolutions, He's weights, Adam."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

LIMIT = math.log(1000 / 16)


def _middles(height: int, width: int, stride: int) -> tuple[Tensor, Tensor]:
    x = (torch.arange(width, dtype=torch.float64) + 0.5) * stride
    y = (torch.arange(height, dtype=torch.float64) + 0.5) * stride
    return x.expand(height, width), y[:, None].expand(height, width)


def targets(boxes: Tensor, labels: Tensor, height: int, width: int, stride: int, unit: float) -> tuple[Tensor, Tensor]:
    """See the stub."""
    x, y = _middles(height, width, stride)
    classes = torch.full((height, width), -1)
    offsets = torch.zeros(4, height, width, dtype=boxes.dtype)
    for x1, y1, x2, y2 in boxes.tolist():
        classes[(x > x1) & (x < x2) & (y > y1) & (y < y2)] = -2
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    for number in areas.argsort(descending=True).tolist():
        x1, y1, x2, y2 = boxes[number].tolist()
        column, row = int((x1 + x2) / 2 // stride), int((y1 + y2) / 2 // stride)
        shift_x = ((x1 + x2) / 2 - x[row, column]) / unit
        shift_y = ((y1 + y2) / 2 - y[row, column]) / unit
        classes[row, column] = labels[number]
        offsets[:, row, column] = torch.tensor(
            [shift_x, shift_y, math.log((x2 - x1) / unit), math.log((y2 - y1) / unit)], dtype=boxes.dtype
        )
    return classes, offsets


def detection_loss(
    logits: Tensor,
    offsets: Tensor,
    classes: Tensor,
    target_offsets: Tensor,
    *,
    alpha: float = 0.25,
    gamma: float = 2.0,
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    positive = classes >= 0
    count = positive.sum().clamp(min=1)
    yes = (classes[:, None] == torch.arange(logits.shape[1])[:, None, None]).to(logits.dtype)
    loss = F.binary_cross_entropy_with_logits(logits, yes, reduction="none")
    right = torch.sigmoid(torch.where(yes > 0, logits, -logits))
    weight = (alpha * yes + (1 - alpha) * (1 - yes)) * (1 - right) ** gamma
    used = (classes != -2)[:, None]
    focal = (weight * loss * used).sum() / count
    far = (offsets - target_offsets).abs()
    smooth = torch.where(far < 1, far**2 / 2, far - 0.5)
    return focal, (smooth * positive[:, None]).sum() / count


def _box_iou(a: Tensor, b: Tensor) -> Tensor:
    low, high = torch.maximum(a[:, None, :2], b[None, :, :2]), torch.minimum(a[:, None, 2:], b[None, :, 2:])
    both = (high - low).clamp(min=0).prod(-1)
    return both / ((a[:, 2:] - a[:, :2]).prod(-1)[:, None] + (b[:, 2:] - b[:, :2]).prod(-1) - both)


def detect(
    logits: Tensor, offsets: Tensor, stride: int, unit: float, *, keep: float, overlap: float
) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    x, y = (middle.to(offsets.dtype) for middle in _middles(*logits.shape[1:], stride))
    middle = torch.stack([x, y]) + offsets[:2] * unit
    half = unit * offsets[2:].clamp(max=LIMIT).exp() / 2
    boxes = torch.cat([middle - half, middle + half]).flatten(1).T
    scores, labels = torch.sigmoid(logits).flatten(1).max(dim=0)
    order = scores.argsort(descending=True)
    order = order[scores[order] >= keep]
    boxes, scores, labels = boxes[order], scores[order], labels[order]
    clash = (_box_iou(boxes, boxes) > overlap) & (labels[:, None] == labels)
    kept: list[int] = []
    for number in range(len(boxes)):
        if not clash[number, kept].any():
            kept.append(number)
    return boxes[kept], scores[kept], labels[kept]


def roi_align(features: Tensor, boxes: Tensor, rows: int, columns: int, stride: int) -> Tensor:
    """See the stub."""
    height, width = features.shape[1:]
    across = (torch.arange(columns, dtype=features.dtype) + 0.5) / columns
    down = (torch.arange(rows, dtype=features.dtype) + 0.5) / rows
    x = boxes[:, :1] + across * (boxes[:, 2:3] - boxes[:, :1])
    y = boxes[:, 1:2] + down * (boxes[:, 3:] - boxes[:, 1:2])
    x, y = 2 * x / (width * stride) - 1, 2 * y / (height * stride) - 1
    n = len(boxes)
    grid = torch.stack([x[:, None].expand(n, rows, columns), y[:, :, None].expand(n, rows, columns)], dim=-1)
    return F.grid_sample(
        features.expand(n, *features.shape), grid, mode="bilinear", padding_mode="border", align_corners=False
    )


def train(images: Tensor, boxes: list[Tensor], labels: list[Tensor], *, seed: int) -> tuple[nn.Module, list[float]]:
    """See the stub."""
    torch.manual_seed(seed)
    layers: list[nn.Module] = []
    for c_in, c_out, stride in ((1, 12, 2), (12, 24, 2), (24, 24, 1), (24, 24, 1)):
        layers += [nn.Conv2d(c_in, c_out, 3, stride=stride, padding=1), nn.ReLU()]
    net = nn.Sequential(*layers, nn.Conv2d(24, 2 + 4, 1))
    for layer in net:
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight)
            nn.init.zeros_(layer.bias)
    with torch.no_grad():
        net[-1].weight.mul_(0.1)
        net[-1].bias[:2] = -math.log(0.99 / 0.01)
    known = [targets(*pair, 8, 8, 4, 8.0) for pair in zip(boxes, labels, strict=True)]
    classes, aims = (torch.stack(parts) for parts in zip(*known, strict=True))
    steps = 300
    optimizer = torch.optim.Adam(net.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1e-2, total_steps=steps)
    losses = []
    for _ in range(steps):
        batch = torch.randint(len(images), (16,))
        output = net(images[batch])
        focal, smooth = detection_loss(output[:, :2], output[:, 2:], classes[batch], aims[batch])
        optimizer.zero_grad()
        (focal + smooth).backward()
        optimizer.step()
        schedule.step()
        losses.append((focal + smooth).item())
    return net, losses

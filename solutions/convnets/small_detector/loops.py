"""Cell by cell and box by box; bilinear weights by hand; a network with batch norm, and a rate that falls in steps."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional


def targets(boxes: Tensor, labels: Tensor, height: int, width: int, stride: int, unit: float) -> tuple[Tensor, Tensor]:
    """See the stub."""
    classes = torch.empty(height, width, dtype=torch.int64)
    offsets = boxes.new_zeros(4, height, width)
    centres, sizes = (boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 2:] - boxes[:, :2]
    for row in range(height):
        for column in range(width):
            middle = boxes.new_tensor([(column + 0.5) * stride, (row + 0.5) * stride])
            own = ((centres - middle).abs() < stride / 2).all(dim=1).nonzero().flatten()
            if len(own) > 0:
                best = own[sizes[own].prod(dim=1).argmin()]
                classes[row, column] = labels[best]
                offsets[:2, row, column] = (centres[best] - middle) / unit
                offsets[2:, row, column] = (sizes[best] / unit).log()
            elif bool(((boxes[:, :2] < middle) & (middle < boxes[:, 2:])).all(dim=1).any()):
                classes[row, column] = -2
            else:
                classes[row, column] = -1
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
    z = logits.movedim(1, -1)[classes != -2]
    known = classes[classes != -2]
    positive = known >= 0
    right = torch.zeros_like(z)
    right[positive, known[positive]] = 1.0
    sign = 2 * right - 1
    weight = alpha * right + (1 - alpha) * (1 - right)
    focal = -(weight * functional.sigmoid(-sign * z) ** gamma * functional.logsigmoid(sign * z)).sum()
    here = classes >= 0
    near, far = offsets.movedim(1, -1)[here], target_offsets.movedim(1, -1)[here]
    count = max(1, len(near))
    return focal / count, functional.smooth_l1_loss(near, far, reduction="sum") / count


def _overlap(a: list[float], b: list[float]) -> float:
    w, h = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if w <= 0 or h <= 0:
        return 0.0
    return w * h / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - w * h)


def detect(
    logits: Tensor, offsets: Tensor, stride: int, unit: float, *, keep: float, overlap: float
) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    candidates = []
    for row in range(logits.shape[1]):
        for column in range(logits.shape[2]):
            score, label = logits[:, row, column].sigmoid().max(dim=0)
            if score < keep:
                continue
            t_x, t_y, t_w, t_h = offsets[:, row, column].tolist()
            x, y = (column + 0.5) * stride + t_x * unit, (row + 0.5) * stride + t_y * unit
            w, h = (unit * min(math.exp(min(t, 50.0)), 62.5) for t in (t_w, t_h))
            candidates.append((score.item(), label.item(), [x - w / 2, y - h / 2, x + w / 2, y + h / 2]))
    kept = []
    for candidate in sorted(candidates, key=lambda c: -c[0]):
        if all(other[1] != candidate[1] or _overlap(other[2], candidate[2]) <= overlap for other in kept):
            kept.append(candidate)
    boxes = torch.tensor([box for _, _, box in kept], dtype=offsets.dtype).reshape(-1, 4)
    scores = torch.tensor([score for score, _, _ in kept], dtype=logits.dtype)
    return boxes, scores, torch.tensor([label for _, label, _ in kept], dtype=torch.int64)


def roi_align(features: Tensor, boxes: Tensor, rows: int, columns: int, stride: int) -> Tensor:
    """See the stub."""
    height, width = features.shape[1:]
    out = features.new_zeros(len(boxes), len(features), rows, columns)
    for number, (x1, y1, x2, y2) in enumerate(boxes.tolist()):
        for row in range(rows):
            for column in range(columns):
                x = (x1 + (column + 0.5) * (x2 - x1) / columns) / stride - 0.5
                y = (y1 + (row + 0.5) * (y2 - y1) / rows) / stride - 0.5
                x, y = min(max(x, 0.0), width - 1.0), min(max(y, 0.0), height - 1.0)
                left, top = min(int(x), max(width - 2, 0)), min(int(y), max(height - 2, 0))
                right, bottom = min(left + 1, width - 1), min(top + 1, height - 1)
                a, b = x - left, y - top
                above = (1 - a) * features[:, top, left] + a * features[:, top, right]
                below = (1 - a) * features[:, bottom, left] + a * features[:, bottom, right]
                out[number, :, row, column] = (1 - b) * above + b * below
    return out


class _Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential()
        c_in = 1
        for c_out, stride in ((8, 1), (16, 2), (24, 2), (32, 1)):
            self.body.append(nn.Conv2d(c_in, c_out, 3, stride, 1, bias=False))
            self.body.append(nn.BatchNorm2d(c_out))
            self.body.append(nn.ReLU())
            c_in = c_out
        self.what, self.where = nn.Conv2d(32, 2, 3, padding=1), nn.Conv2d(32, 4, 3, padding=1)
        nn.init.constant_(self.what.bias, -4.0)

    def forward(self, x: Tensor) -> Tensor:
        x = self.body(x)
        return torch.cat([self.what(x), self.where(x)], dim=1)


def train(images: Tensor, boxes: list[Tensor], labels: list[Tensor], *, seed: int) -> tuple[nn.Module, list[float]]:
    """See the stub."""
    torch.manual_seed(seed)
    net = _Net()
    known = [targets(b, c, 8, 8, 4, 8.0) for b, c in zip(boxes, labels, strict=True)]
    classes, aims = torch.stack([c for c, _ in known]), torch.stack([o for _, o in known])
    optimizer = torch.optim.Adam(net.parameters(), lr=8e-3)
    losses = []
    for epoch in range(18):
        if epoch in (12, 16):
            optimizer.param_groups[0]["lr"] /= 5
        for batch in torch.randperm(len(images)).split(16):
            out = net(images[batch])
            loss = sum(detection_loss(out[:, :2], out[:, 2:], classes[batch], aims[batch]))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(float(loss))
    return net, losses

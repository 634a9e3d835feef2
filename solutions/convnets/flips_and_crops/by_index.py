"""Every pixel of the result asks where it comes from; the boxes one by one."""

import torch
from torch import Tensor


def flip(image: Tensor, boxes: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    width = image.shape[2]
    columns = [width - 1 - column for column in range(width)]
    turned = boxes.clone()
    for row, box in enumerate(boxes):
        turned[row, 0], turned[row, 2] = width - box[2], width - box[0]
    return image[:, :, columns], turned


def _window(image: Tensor, top: int, left: int, height: int, width: int) -> Tensor:
    """Rows and columns that may lie outside the image, where there is nothing."""
    out = torch.zeros(image.shape[0], height, width, dtype=image.dtype)
    for row in range(height):
        for column in range(width):
            y, x = top + row, left + column
            if 0 <= y < image.shape[1] and 0 <= x < image.shape[2]:
                out[:, row, column] = image[:, y, x]
    return out


def crop(
    image: Tensor,
    boxes: Tensor,
    *,
    top: int,
    left: int,
    height: int,
    width: int,
    padding: int = 0,
    min_visible: float = 0.0,
) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    top, left = top - padding, left - padding
    rows, kept = [], []
    for number, (x1, y1, x2, y2) in enumerate(boxes.tolist()):
        low_x, high_x = max(x1, left), min(x2, left + width)
        low_y, high_y = max(y1, top), min(y2, top + height)
        if high_x <= low_x or high_y <= low_y:
            continue
        if (high_x - low_x) * (high_y - low_y) / ((x2 - x1) * (y2 - y1)) >= min_visible:
            rows.append([low_x - left, low_y - top, high_x - left, high_y - top])
            kept.append(number)
    left_over = torch.tensor(rows, dtype=boxes.dtype).reshape(-1, 4)
    return _window(image, top, left, height, width), left_over, torch.tensor(kept, dtype=torch.int64)


def augment(images: Tensor, *, padding: int, generator: torch.Generator) -> Tensor:
    """See the stub."""
    n, _, height, width = images.shape
    coins = torch.rand(n, generator=generator).tolist()
    tops = torch.randint(2 * padding + 1, (n,), generator=generator).tolist()
    lefts = torch.randint(2 * padding + 1, (n,), generator=generator).tolist()
    out = torch.empty_like(images)
    for i, (coin, top, left) in enumerate(zip(coins, tops, lefts, strict=True)):
        image = images[i].flip(2) if coin < 0.5 else images[i]
        out[i] = _window(image, top - padding, left - padding, height, width)
    return out

"""Map by map, window by window, in numpy."""

import numpy as np
import torch
from torch import Tensor


def global_avgpool(x: Tensor) -> Tensor:
    """See the stub."""
    return x.flatten(2).sum(2) / (x.shape[2] * x.shape[3])


def global_avgpool_backward(grad_output: Tensor, x: Tensor) -> Tensor:
    """See the stub."""
    return torch.ones_like(x) * grad_output[..., None, None] / x[0, 0].numel()


def global_maxpool(x: Tensor) -> Tensor:
    """See the stub."""
    return adaptive_maxpool2d(x, (1, 1))[:, :, 0, 0]


def global_maxpool_backward(grad_output: Tensor, x: Tensor) -> Tensor:
    """See the stub."""
    return adaptive_maxpool2d_backward(grad_output[:, :, None, None], x)


def _bounds(size: int, count: int) -> list[tuple[int, int]]:
    return [(int(np.floor(i * size / count)), int(np.ceil((i + 1) * size / count))) for i in range(count)]


def adaptive_maxpool2d(x: Tensor, output_size: tuple[int, int]) -> Tensor:
    """See the stub."""
    image = x.numpy()
    rows, columns = _bounds(x.shape[2], output_size[0]), _bounds(x.shape[3], output_size[1])
    cells = [[image[:, :, a:b, c:d].max(axis=(2, 3)) for c, d in columns] for a, b in rows]
    return torch.from_numpy(np.array(cells).transpose(2, 3, 0, 1).copy())


def adaptive_maxpool2d_backward(grad_output: Tensor, x: Tensor) -> Tensor:
    """See the stub."""
    image, upstream, grad = x.numpy(), grad_output.numpy(), np.zeros(x.shape, dtype=x.numpy().dtype)
    columns = _bounds(x.shape[3], upstream.shape[3])
    for p, (a, b) in enumerate(_bounds(x.shape[2], upstream.shape[2])):
        for q, (c, d) in enumerate(columns):
            for n, channel in np.ndindex(*x.shape[:2]):
                i, j = divmod(int(image[n, channel, a:b, c:d].argmax()), d - c)
                grad[n, channel, a + i, c + j] += upstream[n, channel, p, q]
    return torch.from_numpy(grad)


def class_activation(features: Tensor, weight: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    pooled = global_avgpool(features)
    maps = (weight @ features.flatten(2)).reshape(len(features), len(weight), *features.shape[2:])
    return pooled @ weight.T + bias, maps

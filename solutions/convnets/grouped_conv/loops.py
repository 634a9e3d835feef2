"""Windows by unfold, channels as numbers, everything else in loops."""

import torch
import torch.nn.functional as F
from torch import Tensor


def pointwise(x: Tensor, weight: Tensor) -> Tensor:
    """See the stub."""
    n, _, height, width = x.shape
    return (weight @ x.reshape(n, x.shape[1], -1)).reshape(n, -1, height, width)


def pointwise_backward(grad_output: Tensor, x: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    flat = grad_output.flatten(2)
    return (weight.T @ flat).reshape(x.shape), (flat @ x.flatten(2).transpose(1, 2)).sum(0)


def _windows(x: Tensor, kernel: torch.Size, stride: tuple[int, int], padding: tuple[int, int]) -> Tensor:
    padded = F.pad(x, (padding[1], padding[1], padding[0], padding[0]))
    return padded.unfold(2, kernel[0], stride[0]).unfold(3, kernel[1], stride[1])


def depthwise(
    x: Tensor, weight: Tensor, *, stride: tuple[int, int] = (1, 1), padding: tuple[int, int] = (0, 0)
) -> Tensor:
    """See the stub."""
    windows = _windows(x, weight.shape[2:], stride, padding)
    multiplier = len(weight) // x.shape[1]
    maps = [(windows[:, o // multiplier] * weight[o, 0]).sum(dim=(-1, -2)) for o in range(len(weight))]
    return torch.stack(maps, dim=1)


def depthwise_backward(
    grad_output: Tensor,
    x: Tensor,
    weight: Tensor,
    *,
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int] = (0, 0),
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    windows = _windows(x, weight.shape[2:], stride, padding)
    multiplier, (height, width) = len(weight) // x.shape[1], x.shape[2:]
    grad_x, grad_weight = torch.zeros_like(x), torch.zeros_like(weight)
    for o in range(len(weight)):
        c = o // multiplier
        grad_weight[o, 0] = torch.einsum("nhw,nhwij->ij", grad_output[:, o], windows[:, c])
        for p in range(grad_output.shape[2]):
            for q in range(grad_output.shape[3]):
                for i in range(weight.shape[2]):
                    for j in range(weight.shape[3]):
                        y, z = p * stride[0] + i - padding[0], q * stride[1] + j - padding[1]
                        if 0 <= y < height and 0 <= z < width:
                            grad_x[:, c, y, z] += grad_output[:, o, p, q] * weight[o, 0, i, j]
    return grad_x, grad_weight


def dense_kernel(weight: Tensor, groups: int) -> Tensor:
    """See the stub."""
    blocks = weight.chunk(groups)
    rows = []
    for number, block in enumerate(blocks):
        nothing = torch.zeros_like(block)
        rows.append(torch.cat([block if other == number else nothing for other in range(groups)], dim=1))
    return torch.cat(rows)


def channel_shuffle(x: Tensor, groups: int) -> Tensor:
    """See the stub."""
    each = x.shape[1] // groups
    return x[:, [g * each + j for j in range(each) for g in range(groups)]]


def channel_shuffle_backward(grad_output: Tensor, groups: int) -> Tensor:
    """See the stub."""
    each = grad_output.shape[1] // groups
    order = torch.tensor([g * each + j for j in range(each) for g in range(groups)])
    return torch.zeros_like(grad_output).index_copy(1, order, grad_output)


def conv_costs(
    c_in: int, c_out: int, kernel: tuple[int, int], out_size: tuple[int, int], *, groups: int = 1
) -> tuple[int, int]:
    """See the stub."""
    if c_in % groups or c_out % groups:
        raise ValueError("groups has to divide both numbers of channels")
    weights = c_in * c_out * kernel[0] * kernel[1] // groups
    return weights, weights * out_size[0] * out_size[1]


def separable_costs(
    c_in: int, c_out: int, kernel: tuple[int, int], out_size: tuple[int, int], *, multiplier: int = 1
) -> tuple[int, int]:
    """See the stub."""
    weights = c_in * multiplier * (kernel[0] * kernel[1] + c_out)
    return weights, weights * out_size[0] * out_size[1]

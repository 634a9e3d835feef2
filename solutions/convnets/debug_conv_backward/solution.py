"""The five backward passes, repaired."""

import torch
from torch import Tensor


def relative_error(actual: Tensor, expected: Tensor) -> float:
    """See the stub."""
    largest = float(torch.maximum(actual.abs().max(), expected.abs().max()))
    return float((actual - expected).abs().max()) / largest if largest else 0.0


def locate(errors: list[float]) -> int:
    """See the stub."""
    wrong = [layer for layer, error in enumerate(errors) if not error <= 1e-6]
    return max(wrong, default=-1)


def relu_conv_backward(grad_output: Tensor, x: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    hidden = x.clamp(min=0)
    rows, columns = grad_output.shape[2:]
    grad_hidden, grad_weight = torch.zeros_like(x), torch.zeros_like(weight)
    for i in range(weight.shape[2]):
        for j in range(weight.shape[3]):
            window = (..., slice(i, i + rows), slice(j, j + columns))
            grad_weight[:, :, i, j] = torch.einsum("nopq,ncpq->oc", grad_output, hidden[window])
            grad_hidden[window] += torch.einsum("nopq,oc->ncpq", grad_output, weight[:, :, i, j])
    return grad_hidden * (x > 0), grad_weight


def strided_conv_backward(
    grad_output: Tensor, x: Tensor, weight: Tensor, *, stride: int, padding: int
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    n, channels, height, width = x.shape
    rows, columns = grad_output.shape[2:]
    padded = x.new_zeros(n, channels, height + 2 * padding, width + 2 * padding)
    padded[..., padding : padding + height, padding : padding + width] = x
    grad_padded, grad_weight = torch.zeros_like(padded), torch.zeros_like(weight)
    for i in range(weight.shape[2]):
        for j in range(weight.shape[3]):
            down = slice(i, i + (rows - 1) * stride + 1, stride)
            across = slice(j, j + (columns - 1) * stride + 1, stride)
            grad_weight[:, :, i, j] = torch.einsum("nopq,ncpq->oc", grad_output, padded[..., down, across])
            grad_padded[..., down, across] += torch.einsum("nopq,oc->ncpq", grad_output, weight[:, :, i, j])
    return grad_padded[..., padding : padding + height, padding : padding + width].clone(), grad_weight


def _conv(x: Tensor, weight: Tensor) -> Tensor:
    """A convolution with stride 1 and without padding; there is nothing to repair here."""
    windows = x.unfold(2, weight.shape[2], 1).unfold(3, weight.shape[3], 1)
    return torch.einsum("ncpqij,ocij->nopq", windows, weight)


def _conv_backward(grad_output: Tensor, x: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """The gradients of `_conv` for x and weight; there is nothing to repair here."""
    windows = x.unfold(2, weight.shape[2], 1).unfold(3, weight.shape[3], 1)
    grad_weight = torch.einsum("nopq,ncpqij->ocij", grad_output, windows)
    reach = (weight.shape[3] - 1, weight.shape[3] - 1, weight.shape[2] - 1, weight.shape[2] - 1)
    wide = torch.nn.functional.pad(grad_output, reach)
    return _conv(wide, weight.flip(-1, -2).transpose(0, 1)), grad_weight


def conv_pool_backward(grad_output: Tensor, x: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    maps = _conv(x, weight)
    grad_maps = torch.zeros_like(maps)
    rows, columns = grad_output.shape[2:]
    for p in range(rows):
        for q in range(columns):
            window = maps[:, :, 2 * p : 2 * p + 2, 2 * q : 2 * q + 2].flatten(2)
            largest = window.argmax(dim=2)
            for place in range(4):
                i, j = place // 2, place % 2
                grad_maps[:, :, 2 * p + i, 2 * q + j] = grad_output[:, :, p, q] * (largest == place)
    return _conv_backward(grad_maps, x, weight)


def conv_mean_loss_backward(x: Tensor, weight: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    maps = _conv(x, weight)
    n, _, rows, columns = maps.shape
    logits = maps.mean(dim=(2, 3))
    grad_logits = torch.softmax(logits, dim=1)
    grad_logits[torch.arange(n), targets] -= 1
    grad_logits /= n
    grad_maps = (grad_logits / (rows * columns))[:, :, None, None].expand(maps.shape)
    return _conv_backward(grad_maps, x, weight)


def two_convs_backward(grad_output: Tensor, x: Tensor, first: Tensor, second: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    before = _conv(x, first)
    hidden = before.clamp(min=0)
    grad_hidden, grad_second = _conv_backward(grad_output, hidden, second)
    grad_before = grad_hidden * (hidden > 0)
    grad_x, grad_first = _conv_backward(grad_before, x, first)
    return grad_x, grad_first, grad_second

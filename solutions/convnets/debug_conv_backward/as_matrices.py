"""Each convolution as a product of matrices, by unfold and fold; the pooling's maxima by their indices."""

import torch
import torch.nn.functional as F
from torch import Tensor


def relative_error(actual: Tensor, expected: Tensor) -> float:
    """See the stub."""
    largest = max(actual.abs().max().item(), expected.abs().max().item())
    return 0.0 if largest == 0 else (actual - expected).abs().max().item() / largest


def locate(errors: list[float]) -> int:
    """See the stub."""
    for layer in reversed(range(len(errors))):
        if errors[layer] != errors[layer] or errors[layer] > 1e-6:
            return layer
    return -1


def _conv(x: Tensor, weight: Tensor) -> Tensor:
    """A convolution with stride 1 and without padding."""
    kernel = weight.shape[2:]
    out = weight.flatten(1) @ F.unfold(x, kernel)
    return out.unflatten(2, (x.shape[2] - kernel[0] + 1, x.shape[3] - kernel[1] + 1))


def _conv_backward(
    grad_output: Tensor, x: Tensor, weight: Tensor, stride: int = 1, padding: int = 0
) -> tuple[Tensor, Tensor]:
    """Of a convolution with any stride and padding: the transposed matrix, and the columns folded back."""
    columns = F.unfold(x, weight.shape[2:], padding=padding, stride=stride)
    grad_rows = grad_output.flatten(2)
    grad_columns = weight.flatten(1).T @ grad_rows
    grad_weight = (grad_rows @ columns.mT).sum(dim=0).reshape(weight.shape)
    return F.fold(grad_columns, x.shape[2:], weight.shape[2:], padding=padding, stride=stride), grad_weight


def relu_conv_backward(grad_output: Tensor, x: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    grad_hidden, grad_weight = _conv_backward(grad_output, F.relu(x), weight)
    return torch.where(x > 0, grad_hidden, 0), grad_weight


def strided_conv_backward(
    grad_output: Tensor, x: Tensor, weight: Tensor, *, stride: int, padding: int
) -> tuple[Tensor, Tensor]:
    """See the stub."""
    return _conv_backward(grad_output, x, weight, stride, padding)


def conv_pool_backward(grad_output: Tensor, x: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    maps = _conv(x, weight)
    _, places = F.max_pool2d(maps, 2, return_indices=True)
    grad_maps = torch.zeros_like(maps).flatten(2)
    grad_maps.scatter_(2, places.flatten(2), grad_output.flatten(2))
    return _conv_backward(grad_maps.reshape(maps.shape), x, weight)


def conv_mean_loss_backward(x: Tensor, weight: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    maps = _conv(x, weight)
    n, classes, rows, columns = maps.shape
    logits = maps.sum(dim=(2, 3)) / (rows * columns)
    grad_logits = (torch.softmax(logits, dim=1) - F.one_hot(targets, classes)) / n
    share = torch.full_like(maps, 1 / (rows * columns))
    return _conv_backward(share * grad_logits[:, :, None, None], x, weight)


def two_convs_backward(grad_output: Tensor, x: Tensor, first: Tensor, second: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    hidden = F.relu(_conv(x, first))
    grad_hidden, grad_second = _conv_backward(grad_output, hidden, second)
    grad_x, grad_first = _conv_backward(torch.where(hidden > 0, grad_hidden, 0), x, first)
    return grad_x, grad_first, grad_second

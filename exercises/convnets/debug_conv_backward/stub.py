"""Five backward passes that run, return the right shapes, and are wrong. Find the faults.

Read the lesson first (`tutor lesson debug_conv_backward`); `tutor hint` helps when you are stuck. Write the first two
functions; in the five others change as little as you can: each has two faults, conv_pool_backward one. All gradients
have the shapes and the dtype of what they belong to, and no input may be changed. Autograd is for your own checks, not
for the answer.
"""

import torch
from torch import Tensor


def relative_error(actual: Tensor, expected: Tensor) -> float:
    """How wrong a gradient is, whatever its size.

    Args:
        actual: the gradient to be judged.
        expected: the right one, of the same shape.

    Returns:
        The largest |actual − expected| of all elements, divided by the largest |actual| or |expected| of all elements,
        whichever is larger. 0.0 if all elements of both are 0.
    """
    raise NotImplementedError


def locate(errors: list[float]) -> int:
    """Which layer's backward pass has the fault.

    A gradient passes through a chain of layers from the last to the first. Every layer behind the faulty one, seen
    from the loss, gets a wrong gradient and passes on a wrong one.

    Args:
        errors: for each layer, from the first to the last, the relative error of the gradient for its *input*. An
            error above 1e-6 counts as wrong; so does NaN, which is neither above nor below anything.

    Returns:
        The number of the faulty layer, from 0; if there are several, of the one that is nearest to the loss. −1 if
        nothing is wrong.
    """
    raise NotImplementedError


def relu_conv_backward(grad_output: Tensor, x: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """The gradients of conv2d(relu(x), weight), with stride 1 and no padding.

    Args:
        grad_output: ∂L/∂output, shape (N, C_out, H − K_h + 1, W − K_w + 1).
        x: shape (N, C_in, H, W). Where it is 0, the slope of the ReLU is 0.
        weight: shape (C_out, C_in, K_h, K_w).

    Returns:
        grad_x and grad_weight.
    """
    rows, columns = grad_output.shape[2:]
    grad_hidden, grad_weight = torch.zeros_like(x), torch.zeros_like(weight)
    for i in range(weight.shape[2]):
        for j in range(weight.shape[3]):
            window = (..., slice(i, i + rows), slice(j, j + columns))
            grad_weight[:, :, i, j] = torch.einsum("nopq,ncpq->oc", grad_output, x[window])
            grad_hidden[window] += torch.einsum("nopq,oc->ncpq", grad_output, weight[:, :, i, j])
    return grad_hidden * (grad_hidden > 0), grad_weight


def strided_conv_backward(
    grad_output: Tensor, x: Tensor, weight: Tensor, *, stride: int, padding: int
) -> tuple[Tensor, Tensor]:
    """The gradients of conv2d(x, weight), with a stride and a padding that are the same in both directions.

    Args:
        grad_output: ∂L/∂output, shape (N, C_out, H_out, W_out).
        x: shape (N, C_in, H, W).
        weight: shape (C_out, C_in, K_h, K_w).
        stride, padding: of the convolution.

    Returns:
        grad_x and grad_weight.
    """
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
            grad_padded[..., down, across] = torch.einsum("nopq,oc->ncpq", grad_output, weight[:, :, i, j])
    return grad_padded[..., :height, :width].clone(), grad_weight


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
    """The gradients of max_pool2d(conv2d(x, weight), 2): windows of 2 × 2, side by side; a last odd row is left out.

    Args:
        grad_output: ∂L/∂output, shape (N, C_out, H_out, W_out).
        x: shape (N, C_in, H, W).
        weight: shape (C_out, C_in, K_h, K_w).

    Returns:
        grad_x and grad_weight.
    """
    maps = _conv(x, weight)
    grad_maps = torch.zeros_like(maps)
    rows, columns = grad_output.shape[2:]
    for p in range(rows):
        for q in range(columns):
            window = maps[:, :, 2 * p : 2 * p + 2, 2 * q : 2 * q + 2].flatten(2)
            largest = window.argmax(dim=2)
            for place in range(4):
                i, j = place % 2, place // 2
                grad_maps[:, :, 2 * p + i, 2 * q + j] = grad_output[:, :, p, q] * (largest == place)
    return _conv_backward(grad_maps, x, weight)


def conv_mean_loss_backward(x: Tensor, weight: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """The gradients of cross_entropy(conv2d(x, weight).mean(dim=(2, 3)), targets), the mean over the samples.

    Args:
        x: shape (N, C_in, H, W).
        weight: shape (classes, C_in, K_h, K_w): one map for each class, and its mean is the logit.
        targets: the right classes, shape (N,), int64.

    Returns:
        grad_x and grad_weight.
    """
    maps = _conv(x, weight)
    n, _, rows, columns = x.shape
    logits = maps.mean(dim=(2, 3))
    grad_logits = torch.softmax(logits, dim=0)
    grad_logits[torch.arange(n), targets] -= 1
    grad_logits /= n
    grad_maps = (grad_logits / (rows * columns))[:, :, None, None].expand(maps.shape)
    return _conv_backward(grad_maps, x, weight)


def two_convs_backward(grad_output: Tensor, x: Tensor, first: Tensor, second: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The gradients of conv2d(relu(conv2d(x, first)), second), with stride 1 and no padding.

    Args:
        grad_output: ∂L/∂output.
        x: shape (N, C, H, W).
        first: shape (C, C, K_h, K_w).
        second: shape (C_out, C, K_h, K_w).

    Returns:
        grad_x, grad_first and grad_second.
    """
    before = _conv(x, first)
    hidden = before.clamp(min=0)
    grad_hidden, grad_second = _conv_backward(grad_output, before, second)
    grad_before = grad_hidden * (hidden >= 0)
    grad_x, grad_first = _conv_backward(grad_before, x, first)
    return grad_x, grad_first, grad_second

"""Tap by tap for the convolutions, window by window for the pools: each layer's backward pass stands beside it."""

from typing import Any

import torch
from torch import Tensor

Params = dict[str, Tensor]


def conv(x: Tensor, weight: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
    """The output, and the padded input."""
    height, width = x.shape[2:]
    up, left = weight.shape[2] // 2, weight.shape[3] // 2
    padded = x.new_zeros(*x.shape[:2], height + 2 * up, width + 2 * left)
    padded[..., up : up + height, left : left + width] = x
    out = bias[:, None, None].expand(len(x), -1, height, width).clone()
    for i in range(weight.shape[2]):
        for j in range(weight.shape[3]):
            window = padded[..., i : i + height, j : j + width]
            out += torch.einsum("nchw,oc->nohw", window, weight[:, :, i, j])
    return out, padded


def conv_backward(grad: Tensor, weight: Tensor, padded: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The gradients for the input, the weight and the bias."""
    height, width = grad.shape[2:]
    up, left = weight.shape[2] // 2, weight.shape[3] // 2
    grad_padded, grad_weight = torch.zeros_like(padded), torch.zeros_like(weight)
    for i in range(weight.shape[2]):
        for j in range(weight.shape[3]):
            window = (..., slice(i, i + height), slice(j, j + width))
            grad_weight[:, :, i, j] = torch.einsum("nohw,nchw->oc", grad, padded[window])
            grad_padded[window] += torch.einsum("nohw,oc->nchw", grad, weight[:, :, i, j])
    return grad_padded[..., up : up + height, left : left + width], grad_weight, grad.sum(dim=(0, 2, 3))


def pool(x: Tensor) -> tuple[Tensor, Tensor]:
    """The maxima of windows of 2 × 2, and which of its four places won in each."""
    rows, columns = x.shape[2] // 2, x.shape[3] // 2
    windows = x[..., : 2 * rows, : 2 * columns].reshape(*x.shape[:2], rows, 2, columns, 2)
    windows = windows.transpose(3, 4).flatten(4)
    winner = windows.argmax(dim=4, keepdim=True)
    return windows.gather(4, winner)[..., 0], winner


def pool_backward(grad: Tensor, winner: Tensor, size: torch.Size) -> Tensor:
    """The gradient for the input, whose shape is `size`."""
    rows, columns = grad.shape[2:]
    windows = grad.new_zeros(*grad.shape, 4).scatter(4, winner, grad[..., None])
    out = grad.new_zeros(size)
    out[..., : 2 * rows, : 2 * columns] = windows.unflatten(4, (2, 2)).transpose(3, 4).flatten(4).flatten(2, 3)
    return out


def cnn_forward(params: Params, x: Tensor) -> tuple[Tensor, Any]:
    """See the stub."""
    kept = []
    for layer in ("conv1", "conv2"):
        z, padded = conv(x, params[f"{layer}.weight"], params[f"{layer}.bias"])
        x, winner = pool(z.clamp(min=0))
        kept.append((padded, z > 0, winner))
    logits = x.flatten(1) @ params["fc.weight"].T + params["fc.bias"]
    return logits, (kept, x)


def cnn_backward(grad_output: Tensor, params: Params, cache: Any) -> tuple[Tensor, Params]:
    """See the stub."""
    kept, features = cache
    grads = {"fc.weight": grad_output.T @ features.flatten(1), "fc.bias": grad_output.sum(dim=0)}
    grad = (grad_output @ params["fc.weight"]).reshape(features.shape)
    for layer, (padded, on, winner) in zip(("conv2", "conv1"), reversed(kept), strict=True):
        grad_z = pool_backward(grad, winner, on.shape) * on
        weight = params[f"{layer}.weight"]
        grad, grads[f"{layer}.weight"], grads[f"{layer}.bias"] = conv_backward(grad_z, weight, padded)
    return grad, grads


def loss_and_gradients(params: Params, x: Tensor, y: Tensor) -> tuple[Tensor, Params]:
    """See the stub."""
    logits, cache = cnn_forward(params, x)
    each = torch.arange(len(y))
    log_p = logits - torch.logsumexp(logits, dim=1, keepdim=True)
    grad = log_p.exp()
    grad[each, y] -= 1
    return -log_p[each, y].mean(), cnn_backward(grad / len(y), params, cache)[1]


def train(x: Tensor, y: Tensor, *, seed: int) -> tuple[Params, list[float]]:
    """See the stub."""
    g = torch.Generator().manual_seed(seed)
    shapes = {"conv1": (6, 1, 3, 3), "conv2": (12, 6, 3, 3), "fc": (10, 108)}
    params = {}
    for layer, shape in shapes.items():
        fan_in = torch.Size(shape[1:]).numel()
        params[f"{layer}.weight"] = torch.randn(shape, generator=g) * (2 / fan_in) ** 0.5
        params[f"{layer}.bias"] = torch.zeros(shape[0])
    velocity = {name: torch.zeros_like(value) for name, value in params.items()}
    epochs, losses = 8, []
    for epoch in range(epochs):
        lr = 0.05 * (1 - epoch / epochs)
        for batch in torch.randperm(len(x), generator=g).split(25):
            loss, grads = loss_and_gradients(params, x[batch], y[batch])
            velocity = {name: 0.9 * velocity[name] + grads[name] for name in params}
            params = {name: params[name] - lr * velocity[name] for name in params}
            losses.append(loss.item())
    return params, losses

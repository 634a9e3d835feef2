"""Batched products for the Gram matrices, slices for the neighbours."""

import torch
from torch import Tensor


def gram_matrix(features: Tensor) -> Tensor:
    """See the stub."""
    flat = features.flatten(2)
    return flat @ flat.transpose(1, 2) / flat[0].numel()


def gram_matrix_backward(grad_output: Tensor, features: Tensor) -> Tensor:
    """See the stub."""
    flat = features.flatten(2)
    return ((grad_output + grad_output.transpose(1, 2)) @ flat / flat[0].numel()).reshape(features.shape)


def style_loss(features: Tensor, target: Tensor) -> Tensor:
    """See the stub."""
    return ((gram_matrix(features) - target) ** 2).sum() / len(features)


def style_loss_backward(grad_output: Tensor, features: Tensor, target: Tensor) -> Tensor:
    """See the stub."""
    upstream = grad_output * 2 * (gram_matrix(features) - target) / len(features)
    return gram_matrix_backward(upstream, features)


def _differences(image: Tensor) -> tuple[Tensor, Tensor]:
    """Below minus above, right minus left."""
    return image[..., 1:, :] - image[..., :-1, :], image[..., 1:] - image[..., :-1]


def total_variation(image: Tensor) -> Tensor:
    """See the stub."""
    down, right = _differences(image)
    return (down.abs().sum() + right.abs().sum()) / len(image)


def total_variation_backward(grad_output: Tensor, image: Tensor) -> Tensor:
    """See the stub."""
    down, right = _differences(image)
    grad = torch.zeros_like(image)
    grad[..., 1:, :] += down.sign()
    grad[..., :-1, :] -= down.sign()
    grad[..., 1:] += right.sign()
    grad[..., :-1] -= right.sign()
    return grad_output * grad / len(image)


def _statistics(features: Tensor, eps: float) -> tuple[Tensor, Tensor]:
    var, mean = torch.var_mean(features, dim=(2, 3), correction=0, keepdim=True)
    return mean, (var + eps).sqrt()


def adain(content: Tensor, style: Tensor, eps: float = 1e-5) -> Tensor:
    """See the stub."""
    mean, spread = _statistics(content, eps)
    style_mean, style_spread = _statistics(style, eps)
    return (content - mean) / spread * style_spread + style_mean

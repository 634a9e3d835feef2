"""Boolean indexing for the loss, unfolded windows for the convolution."""

import torch
import torch.nn.functional as F
from torch import Tensor


def composite(output: Tensor, image: Tensor, mask: Tensor) -> Tensor:
    """See the stub."""
    known = (mask == 1).expand_as(output)
    out = output.clone()
    out[known] = image[known]
    return out


def inpainting_loss(
    output: Tensor, target: Tensor, mask: Tensor, hole_weight: float = 6.0, known_weight: float = 1.0
) -> Tensor:
    """See the stub."""
    loss = output.new_zeros(())
    for value, weight in ((0, hole_weight), (1, known_weight)):
        chosen = (output - target)[(mask == value).expand_as(output)]
        if len(chosen):
            loss = loss + weight * chosen.square().mean()
    return loss


def inpainting_loss_backward(
    grad_output: Tensor,
    output: Tensor,
    target: Tensor,
    mask: Tensor,
    hole_weight: float = 6.0,
    known_weight: float = 1.0,
) -> Tensor:
    """See the stub."""
    grad = torch.zeros_like(output)
    for value, weight in ((0, hole_weight), (1, known_weight)):
        where = (mask == value).expand_as(output)
        if where.any():
            grad[where] = 2 * weight / int(where.sum()) * grad_output * (output - target)[where]
    return grad


def partial_conv(x: Tensor, mask: Tensor, weight: Tensor, bias: Tensor, padding: int) -> tuple[Tensor, Tensor]:
    """See the stub."""
    size = (x.shape[2] + 2 * padding - weight.shape[2] + 1, x.shape[3] + 2 * padding - weight.shape[3] + 1)
    windows = F.unfold(x * mask, weight.shape[2:], padding=padding)
    known = F.unfold(mask, weight.shape[2:], padding=padding)
    count = known.sum(1, keepdim=True)
    out = torch.einsum("ok,nkp->nop", weight.flatten(1), windows) * known.shape[1] / count.clamp(min=1)
    out = (out + bias[:, None]) * (count > 0)
    return out.unflatten(2, size), (count > 0).to(mask.dtype).unflatten(2, size)

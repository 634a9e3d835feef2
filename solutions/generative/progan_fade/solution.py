import torch
from torch import Tensor


def double(images: Tensor) -> Tensor:
    return images.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)


def halve(images: Tensor) -> Tensor:
    n, c, h, w = images.shape
    return images.reshape(n, c, h // 2, 2, w // 2, 2).mean(dim=(3, 5))


def fade(old: Tensor, new: Tensor, alpha: float) -> Tensor:
    return (1 - alpha) * double(old) + alpha * new


def fade_backward(grad_output: Tensor, alpha: float) -> tuple[Tensor, Tensor]:
    grad_old = 4 * halve(grad_output)
    return (1 - alpha) * grad_old, alpha * grad_output


def stage(images_seen: int, fading: int, stable: int, start: int, final: int) -> tuple[int, float]:
    side, left = start, images_seen - stable
    while left >= 0 and side < final:
        side *= 2
        if left < fading:
            return side, left / fading
        left -= fading + stable
    return side, 1.0


def pixel_norm(x: Tensor, eps: float = 1e-8) -> Tensor:
    return x / torch.sqrt((x**2).mean(dim=1, keepdim=True) + eps)


def pixel_norm_backward(grad_output: Tensor, x: Tensor, eps: float = 1e-8) -> Tensor:
    size = torch.sqrt((x**2).mean(dim=1, keepdim=True) + eps)
    along = (grad_output * x).mean(dim=1, keepdim=True)
    return grad_output / size - x * along / size**3


def minibatch_stddev(x: Tensor, eps: float = 1e-8) -> Tensor:
    spread = torch.sqrt(x.var(dim=0, correction=0) + eps).mean()
    return torch.cat([x, spread.expand(len(x), 1, *x.shape[2:])], dim=1)


def minibatch_features(x: Tensor, weight: Tensor) -> Tensor:
    m = torch.einsum("nf,fbk->nbk", x, weight)
    near = torch.exp(-(m[:, None] - m[None]).abs().sum(dim=3))
    return torch.cat([x, near.sum(dim=1) - 1], dim=1)

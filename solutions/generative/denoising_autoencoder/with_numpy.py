"""Boolean indexing, numpy, and an inverse."""

import numpy as np
import torch
from torch import Tensor


def corrupt(x: Tensor, noise: Tensor, kind: str, level: float) -> Tensor:
    """See the stub."""
    out = x.clone()
    if kind == "gaussian":
        out += level * noise
    elif kind == "masking":
        out[noise < level] = 0
    else:
        out[noise < level / 2] = 0
        out[(noise >= level / 2) & (noise < level)] = 1
    return out


def denoising_loss(output: Tensor, clean: Tensor, noisy: Tensor, alpha: float = 1.0, beta: float = 1.0) -> Tensor:
    """See the stub."""
    squares = (output - clean) ** 2
    touched = noisy != clean
    return (alpha * squares[touched].sum() + beta * squares[~touched].sum()) / output.shape[0]


def denoising_loss_backward(
    grad_output: Tensor, output: Tensor, clean: Tensor, noisy: Tensor, alpha: float = 1.0, beta: float = 1.0
) -> Tensor:
    """See the stub."""
    weight = torch.full_like(clean, alpha)
    weight[noisy == clean] = beta
    return 2 / output.shape[0] * grad_output * weight * (output - clean)


def best_linear_denoiser(x: Tensor, kind: str, level: float) -> Tensor:
    """See the stub."""
    s = x.numpy().T @ x.numpy()
    d = len(s)
    if kind == "gaussian":
        p, q = s, s + len(x) * level**2 * np.eye(d)
    else:
        p = (1 - level) * s
        q = s * ((1 - level) ** 2 * np.ones((d, d)) + level * (1 - level) * np.eye(d))
    return torch.from_numpy(p @ np.linalg.inv(q))

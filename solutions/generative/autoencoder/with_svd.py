"""einsum, and numpy's singular value decomposition of the centred data."""

import numpy as np
import torch
from torch import Tensor


def autoencoder_forward(x: Tensor, w_enc: Tensor, b_enc: Tensor, w_dec: Tensor, b_dec: Tensor) -> Tensor:
    """See the stub."""
    code = torch.einsum("nd,kd->nk", x, w_enc) + b_enc
    return torch.einsum("nk,dk->nd", code, w_dec) + b_dec


def autoencoder_backward(
    grad_output: Tensor, x: Tensor, w_enc: Tensor, b_enc: Tensor, w_dec: Tensor, b_dec: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """See the stub."""
    code = torch.einsum("nd,kd->nk", x, w_enc) + b_enc
    grad_w_dec = torch.einsum("nd,nk->dk", grad_output, code)
    grad_code = torch.einsum("nd,dk->nk", grad_output, w_dec)
    grad_w_enc = torch.einsum("nk,nd->kd", grad_code, x)
    grad_x = torch.einsum("nk,kd->nd", grad_code, w_enc)
    return grad_x, grad_w_enc, grad_code.sum(0), grad_w_dec, grad_output.sum(0)


def reconstruction_loss(output: Tensor, target: Tensor, kind: str) -> Tensor:
    """See the stub."""
    out, y = output.numpy(), target.numpy()
    each = (y - out) ** 2 if kind == "mse" else y * np.logaddexp(0, -out) + (1 - y) * np.logaddexp(0, out)
    return torch.as_tensor(each.sum() / len(out), dtype=output.dtype)


def reconstruction_loss_backward(grad_output: Tensor, output: Tensor, target: Tensor, kind: str) -> Tensor:
    """See the stub."""
    guess, factor = (output, 2) if kind == "mse" else (1 / (1 + torch.exp(-output)), 1)
    return (guess - target) * (factor * grad_output / output.shape[0])


def pca_autoencoder(x: Tensor, k: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """See the stub."""
    points = x.numpy()
    mean = points.mean(0)
    rows = np.linalg.svd(points - mean, full_matrices=False)[2][:k].copy()
    return torch.from_numpy(rows), torch.from_numpy(-rows @ mean), torch.from_numpy(rows.T), torch.from_numpy(mean)

"""Two linear layers in a row; the optimum from the eigenvectors of the covariance."""

import torch
from torch import Tensor


def autoencoder_forward(x: Tensor, w_enc: Tensor, b_enc: Tensor, w_dec: Tensor, b_dec: Tensor) -> Tensor:
    """See the stub."""
    code = x @ w_enc.T + b_enc
    return code @ w_dec.T + b_dec


def autoencoder_backward(
    grad_output: Tensor, x: Tensor, w_enc: Tensor, b_enc: Tensor, w_dec: Tensor, b_dec: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """See the stub."""
    code = x @ w_enc.T + b_enc
    grad_code = grad_output @ w_dec
    grad_x = grad_code @ w_enc
    return grad_x, grad_code.T @ x, grad_code.sum(dim=0), grad_output.T @ code, grad_output.sum(dim=0)


def reconstruction_loss(output: Tensor, target: Tensor, kind: str) -> Tensor:
    """See the stub."""
    if kind == "mse":
        each = (output - target) ** 2
    else:
        each = output.clamp(min=0) - output * target + torch.log1p(torch.exp(-output.abs()))
    return each.sum(dim=1).mean()


def reconstruction_loss_backward(grad_output: Tensor, output: Tensor, target: Tensor, kind: str) -> Tensor:
    """See the stub."""
    slope = 2 * (output - target) if kind == "mse" else torch.sigmoid(output) - target
    return grad_output * slope / len(output)


def pca_autoencoder(x: Tensor, k: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """See the stub."""
    mean = x.mean(dim=0)
    centred = x - mean
    covariance = centred.T @ centred / len(x)
    vectors = torch.linalg.eigh(covariance).eigenvectors
    directions = vectors.flip(1)[:, :k].T
    return directions, -(directions @ mean), directions.T, mean

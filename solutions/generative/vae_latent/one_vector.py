"""All parameters views of one vector, updated by RMSprop with momentum over shuffled epochs."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

Params = dict[str, Tensor]


def _shapes(pixels: int, hidden: int, latent: int) -> dict[str, tuple[int, int]]:
    """Of the weights: out and in."""
    return {
        "in": (hidden, pixels),
        "mean": (latent, hidden),
        "log_var": (latent, hidden),
        "up": (hidden, latent),
        "out": (pixels, hidden),
    }


def init_params(pixels: int, hidden: int, latent: int, *, seed: int) -> Params:
    """See the stub."""
    generator = torch.Generator().manual_seed(seed)
    params = {}
    for name, (rows, columns) in _shapes(pixels, hidden, latent).items():
        weight = torch.empty(rows, columns, dtype=torch.float64)
        params["w_" + name] = weight.normal_(0, math.sqrt(1 / columns), generator=generator)
        params["b_" + name] = torch.zeros(rows, dtype=torch.float64)
    return params


def encode(params: Params, x: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    hidden = F.relu(F.linear(x, params["w_in"], params["b_in"]))
    return (
        F.linear(hidden, params["w_mean"], params["b_mean"]),
        F.linear(hidden, params["w_log_var"], params["b_log_var"]),
    )


def decode(params: Params, z: Tensor) -> Tensor:
    """See the stub."""
    return F.linear(F.relu(F.linear(z, params["w_up"], params["b_up"])), params["w_out"], params["b_out"])


def loss_and_gradients(params: Params, x: Tensor, noise: Tensor) -> tuple[Tensor, Params]:
    """See the stub."""
    hidden = F.relu(F.linear(x, params["w_in"], params["b_in"]))
    mean, log_var = encode(params, x)
    offset = (log_var / 2).exp() * noise
    z = mean + offset
    up = F.relu(F.linear(z, params["w_up"], params["b_up"]))
    logits = F.linear(up, params["w_out"], params["b_out"])
    reconstruction = (F.softplus(logits) - x * logits).sum(dim=1)
    divergence = (mean.square() + log_var.exp() - log_var - 1).sum(dim=1) / 2

    # per sample; the mean over the samples is taken when they are summed up
    d_logits = logits.sigmoid() - x
    d_up = torch.where(up > 0, d_logits @ params["w_out"], 0)
    d_z = d_up @ params["w_up"]
    d_mean = d_z + mean
    d_log_var = d_z * offset / 2 + (log_var.exp() - 1) / 2
    d_hidden = torch.where(hidden > 0, d_mean @ params["w_mean"] + d_log_var @ params["w_log_var"], 0)
    pairs = {
        "in": (d_hidden, x),
        "mean": (d_mean, hidden),
        "log_var": (d_log_var, hidden),
        "up": (d_up, z),
        "out": (d_logits, up),
    }
    gradients = {}
    for name, (d_output, inputs) in pairs.items():
        gradients["w_" + name] = torch.einsum("no,ni->oi", d_output, inputs) / len(x)
        gradients["b_" + name] = d_output.mean(dim=0)
    return (reconstruction + divergence).mean(), gradients


def train(x: Tensor, *, seed: int) -> tuple[Params, list[float]]:
    """See the stub."""
    generator = torch.Generator().manual_seed(seed)
    start = init_params(x.shape[1], 96, 2, seed=seed)
    vector = torch.cat([value.flatten() for value in start.values()])
    pieces = vector.split([value.numel() for value in start.values()])
    params = {name: piece.view(start[name].shape) for name, piece in zip(start, pieces, strict=True)}
    squares, velocity = torch.zeros_like(vector), torch.zeros_like(vector)
    losses = []
    epochs, size = 60, 100
    for epoch in range(epochs):
        lr = 1e-3 * (1 + math.cos(math.pi * epoch / epochs)) / 2
        for batch in torch.randperm(len(x), generator=generator).split(size):
            noise = torch.randn(len(batch), 2, generator=generator, dtype=torch.float64)
            loss, gradients = loss_and_gradients(params, x[batch], noise)
            gradient = torch.cat([gradients[name].flatten() for name in params])
            squares.mul_(0.95).addcmul_(gradient, gradient, value=0.05)
            velocity.mul_(0.9).add_(gradient / (squares.sqrt() + 1e-6))
            vector.sub_(lr * velocity)
            losses.append(loss.item())
    return params, losses

"""One hidden layer on each side, mini-batches, Adam."""

import torch
from torch import Tensor

Params = dict[str, Tensor]


def init_params(pixels: int, hidden: int, latent: int, *, seed: int) -> Params:
    """See the stub."""
    generator = torch.Generator().manual_seed(seed)
    sizes = {"in": (hidden, pixels), "mean": (latent, hidden), "log_var": (latent, hidden)}
    sizes |= {"up": (hidden, latent), "out": (pixels, hidden)}
    params = {}
    for name, (fan_out, fan_in) in sizes.items():
        params[f"w_{name}"] = torch.randn(fan_out, fan_in, generator=generator, dtype=torch.float64) / fan_in**0.5
        params[f"b_{name}"] = torch.zeros(fan_out, dtype=torch.float64)
    return params


def _linear(params: Params, name: str, x: Tensor) -> Tensor:
    return torch.addmm(params[f"b_{name}"], x, params[f"w_{name}"].T)


def _encode(params: Params, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The hidden layer as well."""
    hidden = _linear(params, "in", x).clamp(min=0)
    return hidden, _linear(params, "mean", hidden), _linear(params, "log_var", hidden)


def _decode(params: Params, z: Tensor) -> tuple[Tensor, Tensor]:
    """The hidden layer as well."""
    hidden = _linear(params, "up", z).clamp(min=0)
    return hidden, _linear(params, "out", hidden)


def encode(params: Params, x: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    _, mean, log_var = _encode(params, x)
    return mean, log_var


def decode(params: Params, z: Tensor) -> Tensor:
    """See the stub."""
    return _decode(params, z)[1]


def loss_and_gradients(params: Params, x: Tensor, noise: Tensor) -> tuple[Tensor, Params]:
    """See the stub."""
    n = len(x)
    down, mean, log_var = _encode(params, x)
    sigma = torch.exp(0.5 * log_var)
    z = mean + sigma * noise
    up, logits = _decode(params, z)
    bce = logits.clamp(min=0) - logits * x + torch.log1p(torch.exp(-logits.abs()))
    kl = 0.5 * (mean**2 + sigma**2 - 1 - log_var)
    loss = (bce.sum() + kl.sum()) / n

    grads = {}

    def linear(name: str, grad_output: Tensor, inputs: Tensor) -> Tensor:
        """Notes the gradients of a layer, and returns that of its input."""
        grads[f"w_{name}"], grads[f"b_{name}"] = grad_output.T @ inputs, grad_output.sum(dim=0)
        return grad_output @ params[f"w_{name}"]

    grad_up = linear("out", (torch.sigmoid(logits) - x) / n, up) * (up > 0)
    grad_z = linear("up", grad_up, z)
    grad_mean = grad_z + mean / n
    grad_log_var = grad_z * noise * 0.5 * sigma + 0.5 * (sigma**2 - 1) / n
    grad_down = linear("mean", grad_mean, down) + linear("log_var", grad_log_var, down)
    linear("in", grad_down * (down > 0), x)
    return loss, grads


def train(x: Tensor, *, seed: int) -> tuple[Params, list[float]]:
    """See the stub."""
    generator = torch.Generator().manual_seed(seed)
    params = init_params(x.shape[1], 64, 2, seed=seed)
    first = {name: torch.zeros_like(value) for name, value in params.items()}
    second = {name: torch.zeros_like(value) for name, value in params.items()}
    losses = []
    steps = 300
    for step in range(1, steps + 1):
        batch = x[torch.randint(len(x), (min(128, len(x)),), generator=generator)]
        noise = torch.randn(len(batch), 2, generator=generator, dtype=torch.float64)
        loss, grads = loss_and_gradients(params, batch, noise)
        losses.append(loss.item())
        lr = 0.015 * min(1.0, 2 * (1 - step / (steps + 1)))
        for name, grad in grads.items():
            first[name] = torch.lerp(first[name], grad, 0.1)
            second[name] = torch.lerp(second[name], grad * grad, 0.01)
            spread = (second[name] / (1 - 0.99**step)).sqrt() + 1e-8
            params[name] = params[name] - lr / (1 - 0.9**step) * first[name] / spread
    return params, losses

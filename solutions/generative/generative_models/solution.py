import torch
from torch import Tensor


def fit_bernoulli(x: Tensor, y: Tensor, classes: int) -> tuple[Tensor, Tensor]:
    counts = torch.bincount(y, minlength=classes).to(x.dtype)
    ones = torch.zeros(classes, x.shape[1], dtype=x.dtype).index_add(0, y, x)
    return counts / len(y), (ones + 1) / (counts[:, None] + 2)


def sample(priors: Tensor, probs: Tensor, u: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
    reached = priors.cumsum(0)
    y = (u[:, None] >= reached).sum(1).clamp(max=len(priors) - 1)
    return (v < probs[y]).to(probs.dtype), y


def posterior(x: Tensor, priors: Tensor, probs: Tensor) -> Tensor:
    joint = x @ probs.log().T + (1 - x) @ (1 - probs).log().T + priors.log()
    return torch.softmax(joint, dim=1)


def linear_form(priors: Tensor, probs: Tensor) -> tuple[Tensor, Tensor]:
    weight = probs.log() - (1 - probs).log()
    bias = priors.log() + (1 - probs).log().sum(1)
    return weight, bias


def passes(model: str, values: int, steps: int) -> tuple[int, int, str]:
    if model == "autoregressive":
        return values, 1, "exact"
    if model == "vae":
        return 1, 2, "bound"
    if model == "gan":
        return 1, 0, "none"
    return steps, steps, "bound"


def which_gan(paired: bool, unpaired: bool, labels: bool, side: int, collapses: bool) -> list[str]:
    parts = []
    if paired:
        parts.append("pix2pix")
    elif unpaired:
        parts.append("cyclegan")
    if labels:
        parts.append("conditional")
    if side > 128:
        parts.append("progressive")
    if collapses:
        parts.append("wgan-gp")
    return parts or ["dcgan"]

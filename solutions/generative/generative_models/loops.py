"""Sample by sample and class by class."""

import math

import torch
from torch import Tensor


def fit_bernoulli(x: Tensor, y: Tensor, classes: int) -> tuple[Tensor, Tensor]:
    priors, probs = [], []
    for c in range(classes):
        own = x[y == c]
        priors.append(len(own) / len(x))
        probs.append((own.sum(dim=0) + 1) / (len(own) + 2))
    return torch.tensor(priors, dtype=torch.float64), torch.stack(probs)


def sample(priors: Tensor, probs: Tensor, u: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
    y = []
    for number in u.tolist():
        total, c = 0.0, -1
        while total <= number and c < len(priors) - 1:
            c += 1
            total += priors[c].item()
        y.append(c)
    classes = torch.tensor(y)
    return torch.where(v < probs[classes], 1.0, 0.0).double(), classes


def _joint(row: Tensor, prior: float, prob: Tensor) -> float:
    return math.log(prior) + torch.where(row > 0, prob, 1 - prob).log().sum().item()


def posterior(x: Tensor, priors: Tensor, probs: Tensor) -> Tensor:
    rows = [[_joint(row, prior, prob) for prior, prob in zip(priors.tolist(), probs, strict=True)] for row in x]
    joint = torch.tensor(rows, dtype=torch.float64)
    return torch.exp(joint - joint.logsumexp(dim=1, keepdim=True))


def linear_form(priors: Tensor, probs: Tensor) -> tuple[Tensor, Tensor]:
    return torch.logit(probs), torch.log(priors) + torch.log1p(-probs).sum(dim=1)


def passes(model: str, values: int, steps: int) -> tuple[int, int, str]:
    table = {
        "autoregressive": (values, 1, "exact"),
        "vae": (1, 2, "bound"),
        "gan": (1, 0, "none"),
        "diffusion": (steps, steps, "bound"),
    }
    return table[model]


def which_gan(paired: bool, unpaired: bool, labels: bool, side: int, collapses: bool) -> list[str]:
    asked = [
        ("pix2pix", paired),
        ("cyclegan", unpaired and not paired),
        ("conditional", labels),
        ("progressive", side > 128),
        ("wgan-gp", collapses),
    ]
    return [name for name, wanted in asked if wanted] or ["dcgan"]

"""A matrix for each player's step; a round is their product."""

import math

import torch
from torch import Tensor


def gradients(theta: float, psi: float, kind: str = "non_saturating", penalty: float = 0.0) -> tuple[float, float]:
    """See the stub."""
    score = psi * theta
    if kind == "minimax":
        slope_g, slope_d = -_sigmoid(score), _sigmoid(score)
    elif kind == "non_saturating":
        slope_g, slope_d = -_sigmoid(-score), _sigmoid(score)
    elif kind == "wasserstein":
        slope_g, slope_d = -1.0, 1.0
    else:
        raise ValueError(f"no losses {kind!r}")
    return slope_g * psi, slope_d * theta + penalty * psi


def play(
    theta: float,
    psi: float,
    *,
    rounds: int,
    kind: str = "non_saturating",
    lr_g: float = 0.1,
    lr_d: float = 0.1,
    momentum: float = 0.0,
    turns: int = 1,
    alternating: bool = True,
    penalty: float = 0.0,
) -> Tensor:
    """See the stub."""
    path, v_theta, v_psi = [(theta, psi)], 0.0, 0.0
    for _ in range(rounds):
        seen = psi
        for _ in range(turns):
            v_psi = momentum * v_psi + gradients(theta, psi, kind, penalty)[1]
            psi = psi - lr_d * v_psi
        v_theta = momentum * v_theta + gradients(theta, psi if alternating else seen, kind)[0]
        theta = theta - lr_g * v_theta
        path.append((theta, psi))
    return torch.tensor(path, dtype=torch.float64)


def jacobian(
    *,
    kind: str = "non_saturating",
    lr_g: float = 0.1,
    lr_d: float = 0.1,
    momentum: float = 0.0,
    turns: int = 1,
    alternating: bool = True,
    penalty: float = 0.0,
) -> Tensor:
    """See the stub."""
    c = 1.0 if kind == "wasserstein" else 0.5
    generator = torch.eye(4, dtype=torch.float64)
    generator[2] = torch.tensor([0.0, -c, momentum, 0.0], dtype=torch.float64)
    generator[0] -= lr_g * generator[2]
    discriminator = torch.eye(4, dtype=torch.float64)
    discriminator[3] = torch.tensor([c, penalty, 0.0, momentum], dtype=torch.float64)
    discriminator[1] -= lr_d * discriminator[3]

    judged = torch.linalg.matrix_power(discriminator, turns)
    if alternating:
        return generator @ judged
    return torch.stack([generator[0], judged[1], generator[2], judged[3]])


def growth(
    *,
    kind: str = "non_saturating",
    lr_g: float = 0.1,
    lr_d: float = 0.1,
    momentum: float = 0.0,
    turns: int = 1,
    alternating: bool = True,
    penalty: float = 0.0,
) -> float:
    """See the stub."""
    step = jacobian(
        kind=kind,
        lr_g=lr_g,
        lr_d=lr_d,
        momentum=momentum,
        turns=turns,
        alternating=alternating,
        penalty=penalty,
    )
    return torch.linalg.eigvals(step).abs().max().item()


def largest_rate(penalty: float, kind: str = "non_saturating") -> float:
    """See the stub."""
    c = 1.0 if kind == "wasserstein" else 0.5
    if penalty < 2 * c:
        return penalty / c**2
    return 4 / (penalty + math.sqrt(penalty**2 - 4 * c**2))


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))

"""Tensors and a round as a function; the Jacobian by playing four small rounds; the rate by halving an interval."""

import torch
from torch import Tensor


def gradients(theta: float, psi: float, kind: str = "non_saturating", penalty: float = 0.0) -> tuple[float, float]:
    """See the stub."""
    s = torch.tensor(psi * theta, dtype=torch.float64)
    up, down = torch.sigmoid(s).item(), torch.sigmoid(-s).item()
    slopes = {"minimax": (-up, up), "non_saturating": (-down, up), "wasserstein": (-1.0, 1.0)}
    if kind not in slopes:
        raise ValueError(kind)
    return slopes[kind][0] * psi, slopes[kind][1] * theta + penalty * psi


def _round(state: list[float], settings: tuple[str, float, float, float, int, bool, float]) -> list[float]:
    kind, lr_g, lr_d, momentum, turns, alternating, penalty = settings
    theta, psi, v_theta, v_psi = state
    slope_before = gradients(theta, psi, kind)[0]
    for _ in range(turns):
        v_psi = momentum * v_psi + gradients(theta, psi, kind, penalty)[1]
        psi -= lr_d * v_psi
    v_theta = momentum * v_theta + (gradients(theta, psi, kind)[0] if alternating else slope_before)
    return [theta - lr_g * v_theta, psi, v_theta, v_psi]


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
    state, path = [theta, psi, 0.0, 0.0], [[theta, psi]]
    for _ in range(rounds):
        state = _round(state, (kind, lr_g, lr_d, momentum, turns, alternating, penalty))
        path.append(state[:2])
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
    settings = (kind, lr_g, lr_d, momentum, turns, alternating, penalty)
    tiny = 1e-9  # the slopes of a sigmoid at 0 change by its square only
    nudged = [_round([tiny * (i == j) for i in range(4)], settings) for j in range(4)]
    return torch.tensor(nudged, dtype=torch.float64).T / tiny


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
    values = torch.linalg.eigvals(
        jacobian(
            kind=kind, lr_g=lr_g, lr_d=lr_d, momentum=momentum, turns=turns, alternating=alternating, penalty=penalty
        )
    )
    return max(abs(value) for value in values.tolist())


def largest_rate(penalty: float, kind: str = "non_saturating") -> float:
    """See the stub."""
    low, high = 0.0, 1.0
    while _rests(high, penalty, kind):
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if _rests(middle, penalty, kind) else (low, middle)
    return low


def _rests(rate: float, penalty: float, kind: str) -> bool:
    """Of a quadratic z² − trace·z + det both roots are inside the unit circle if |trace| < 1 + det < 2."""
    c = 1.0 if kind == "wasserstein" else 0.5
    lost, gained = rate * penalty, (rate * c) ** 2  # trace 2 − lost, determinant 1 − lost + gained
    return gained < lost and 2 * lost < 4 + gained

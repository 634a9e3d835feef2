"""The base class keeps the books; what is left is the arithmetic of one parameter."""

from collections.abc import Callable, Iterable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim import Optimizer


class SGD(Optimizer):
    """See the stub."""

    def __init__(
        self,
        params: Iterable[Any],
        lr: float,
        *,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        """See the stub."""
        if lr < 0 or (nesterov and momentum == 0):
            raise ValueError("lr has to be 0 or more, and nesterov needs momentum")
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay, "nesterov": nesterov})

    @torch.no_grad()
    def step(self, closure: Callable[[], Tensor] | None = None) -> Tensor | None:
        """See the stub."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                direction = p.grad + group["weight_decay"] * p
                if group["momentum"] != 0:
                    state = self.state[p]
                    if "momentum_buffer" in state:
                        state["momentum_buffer"].mul_(group["momentum"]).add_(direction)
                    else:
                        state["momentum_buffer"] = direction.clone()
                    velocity = state["momentum_buffer"]
                    direction = direction + group["momentum"] * velocity if group["nesterov"] else velocity
                p.sub_(group["lr"] * direction)
        return loss


class Adam(Optimizer):
    """See the stub."""

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        decoupled: bool = False,
    ) -> None:
        """See the stub."""
        if lr < 0:
            raise ValueError("lr has to be 0 or more")
        defaults = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "decoupled": decoupled}
        super().__init__(params, defaults)

    @torch.no_grad()
    def step(self, closure: Callable[[], Tensor] | None = None) -> Tensor | None:
        """See the stub."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state.update(step=0, exp_avg=torch.zeros_like(p), exp_avg_sq=torch.zeros_like(p))
                state["step"] += 1
                t, grad = float(state["step"]), p.grad
                if group["decoupled"]:
                    p.mul_(1 - group["lr"] * group["weight_decay"])
                else:
                    grad = grad + group["weight_decay"] * p
                mean = state["exp_avg"].mul_(beta1).add_((1 - beta1) * grad)
                square = state["exp_avg_sq"].mul_(beta2).add_((1 - beta2) * grad**2)
                root = (square / (1 - beta2**t)).sqrt()
                p.sub_(group["lr"] * mean / (1 - beta1**t) / (root + group["eps"]))
        return loss


def thaw(optimizer: Optimizer, params: Iterable[nn.Parameter], lr: float) -> None:
    """See the stub."""
    params = list(params)
    for p in params:
        p.requires_grad_(True)
    optimizer.add_param_group({"params": params, "lr": lr})


def fit(net: nn.Module, optimizer: Optimizer, x: Tensor, y: Tensor, *, steps: int) -> list[float]:
    """See the stub."""

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        return loss

    return [float(optimizer.step(closure)) for _ in range(steps)]

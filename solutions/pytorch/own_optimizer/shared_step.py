"""One function has the loop and the closures; the optimizers say how one parameter moves. State is replaced."""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

Move = Callable[[Tensor, Tensor, dict[str, Any], dict[str, Any]], Tensor]


def every(optimizer: Optimizer, move: Move, closure: Callable[[], Tensor] | None) -> Tensor | None:
    """Give every parameter that has a gradient the value that `move` says."""
    loss = closure() if closure else None
    for group in optimizer.param_groups:
        for p in (p for p in group["params"] if p.grad is not None):
            p.data.copy_(move(p.data, p.grad.detach(), optimizer.state[p], group))
    return loss


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
        if lr < 0:
            raise ValueError(f"a learning rate of {lr}")
        if nesterov and not momentum:
            raise ValueError("nesterov without momentum")
        super().__init__(params, dict(lr=lr, momentum=momentum, weight_decay=weight_decay, nesterov=nesterov))

    def step(self, closure: Callable[[], Tensor] | None = None) -> Tensor | None:
        """See the stub."""
        return every(self, self.move, closure)

    def move(self, p: Tensor, grad: Tensor, state: dict[str, Any], group: dict[str, Any]) -> Tensor:
        """See the stub."""
        g, mu = grad.add(p, alpha=group["weight_decay"]), group["momentum"]
        if not mu:
            return p - group["lr"] * g
        v = g.clone() if "momentum_buffer" not in state else mu * state["momentum_buffer"] + g
        state["momentum_buffer"] = v
        return p - group["lr"] * (g + mu * v if group["nesterov"] else v)


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
            raise ValueError(f"a learning rate of {lr}")
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, decoupled=decoupled))

    def step(self, closure: Callable[[], Tensor] | None = None) -> Tensor | None:
        """See the stub."""
        return every(self, self.move, closure)

    def move(self, p: Tensor, grad: Tensor, state: dict[str, Any], group: dict[str, Any]) -> Tensor:
        """See the stub."""
        (b1, b2), decay = group["betas"], group["weight_decay"]
        if not group["decoupled"]:
            grad = grad + decay * p
        t = state["step"] = state.get("step", torch.tensor(0.0)) + 1
        m = state["exp_avg"] = torch.lerp(grad, state.get("exp_avg", torch.zeros_like(p)), b1)
        v = state["exp_avg_sq"] = torch.lerp(grad.square(), state.get("exp_avg_sq", torch.zeros_like(p)), b2)
        m, v = m / (1 - b1 ** t.item()), v / (1 - b2 ** t.item())
        shrink = 1 - group["lr"] * decay if group["decoupled"] else 1.0
        return shrink * p - group["lr"] * m / (v.sqrt() + group["eps"])


def thaw(optimizer: Optimizer, params: Iterable[nn.Parameter], lr: float) -> None:
    """See the stub."""
    optimizer.add_param_group({"params": [p.requires_grad_() for p in params], "lr": lr})


def fit(net: nn.Module, optimizer: Optimizer, x: Tensor, y: Tensor, *, steps: int) -> list[float]:
    """See the stub."""
    losses = []

    def closure() -> Tensor:
        net.zero_grad()
        loss = nn.functional.nll_loss(net(x).log_softmax(1), y)
        loss.backward()
        return loss.detach()

    while len(losses) < steps:
        losses.append(optimizer.step(closure).item())
    return losses

"""Optimizers of your own, as classes that everything in PyTorch can work with.

Read the lesson first (`tutor lesson own_optimizer`); `tutor hint` helps when you are stuck. Of torch.optim only the
base
class may be used: neither its ready-made optimizers nor the functions behind them.
"""

from collections.abc import Callable, Iterable
from typing import Any

from torch import Tensor, nn
from torch.optim import Optimizer


class SGD(Optimizer):
    """Gradient descent with momentum and weight decay, in the conventions of `torch.optim.SGD` (dampening 0).

    For each parameter with its gradient g: g ← g + weight_decay · param; if momentum isn't 0, velocity ← momentum ·
    velocity + g (at the parameter's first step: velocity ← g), and then the direction is the velocity or, with
    nesterov, g + momentum · velocity; without momentum it is g. Last, param ← param − lr · direction.

    State of a parameter: "momentum_buffer", its velocity, a tensor; only with momentum.
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float,
        *,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        """Nothing is stepped, and no state made, before the first step.

        Args:
            params: parameters, or dicts: {"params": [...]} and any of the options, for this group alone.
            lr, momentum, weight_decay, nesterov: what holds in groups that don't say otherwise.

        Raises:
            ValueError: if `lr` is negative, or if `nesterov` comes with a momentum of 0.
        """
        raise NotImplementedError

    def step(self, closure: Callable[[], Tensor] | None = None) -> Tensor | None:
        """One step for every parameter that has a gradient.

        Every group's options are read anew at each step: a scheduler may have changed them. A parameter whose .grad is
        None is left alone: no decay, no momentum, no state. Parameters change in place, without a graph; their .grad
        stays as it is, and the state shares no memory with it.

        Args:
            closure: if given, it is called once before everything else, with gradients enabled; it computes the loss
                and calls backward.

        Returns:
            What the closure returned; None without one.
        """
        raise NotImplementedError


class Adam(Optimizer):
    """Adam, and with decoupled=True AdamW, in the conventions of `torch.optim.Adam` and `AdamW`.

    As `adam_step` has it; t counts the steps that *this parameter* has made, 1 at its first.

    State of a parameter: "step", t as an int or a tensor without axes; "exp_avg" and "exp_avg_sq", the two averages
    before bias correction, tensors.
    """

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
        """As for `SGD`; `decoupled` can differ between groups, as everything can.

        Raises:
            ValueError: if `lr` is negative.
        """
        raise NotImplementedError

    def step(self, closure: Callable[[], Tensor] | None = None) -> Tensor | None:
        """As for `SGD`."""
        raise NotImplementedError


def thaw(optimizer: Optimizer, params: Iterable[nn.Parameter], lr: float) -> None:
    """Let parameters that were frozen learn as well, from now on.

    Args:
        optimizer: of any kind, in the middle of a training; it doesn't have these parameters yet. What it knows about
            its others stays.
        params: parameters with requires_grad False. Afterwards they have a gradient wherever the loss depends on them,
            and form one new group, the last, with this learning rate and the optimizer's default options.
    """
    raise NotImplementedError


def fit(net: nn.Module, optimizer: Optimizer, x: Tensor, y: Tensor, *, steps: int) -> list[float]:
    """Train on all samples at once, through closures.

    Args:
        net: gives logits (N, classes) for `x`. It may come with old gradients; they don't count.
        optimizer: of any kind that takes closures, also one that calls its closure several times in a step; it has
            the parameters of `net`.
        x: shape (N, D).
        y: classes, shape (N,), int64.

    Returns:
        What each step returned, as a float: the mean cross-entropy before the step.
    """
    raise NotImplementedError

"""Learning rates by depth: small ones below, thawing from the top, and a warm-up for whatever thaws.

Read the lesson first (`tutor lesson discriminative_lr`); `tutor hint` helps when you are stuck.

A network is cut into parts, numbered from 0, next to the input, to parts − 1, the head.
"""

from typing import Any

from torch import nn


def layer_rates(parts: int, lr: float, decay: float) -> list[float]:
    """The full learning rate of each part: `lr` for the head, and `decay` times that of the part above for the others.

    Args:
        parts: how many, at least 1.
        lr: of the head.
        decay: from 0 to 1.
    """
    raise NotImplementedError


def parameter_groups(net: nn.Module, lr: float, decay: float) -> list[dict[str, Any]]:
    """What to hand to an optimizer of `torch.optim`.

    The parts are those children of the network (`net.children()`, from the input on) that have any parameters; a
    ReLU is no part and uses up no decay.

    Returns:
        One dict a part, in the order of the parts: {"params": the part's parameters, a list in their order, "lr": its
        rate}.
    """
    raise NotImplementedError


def thaw_epoch(part: int, parts: int, every: int) -> int:
    """The first epoch, counted from 0, in which a part learns: the head from epoch 0, each lower part `every` epochs
    later.

    Args:
        part: from 0 to parts − 1.
        every: epochs from one thaw to the next; with 0 all learn from the beginning.
    """
    raise NotImplementedError


def rates_at(step: int, rates: list[float], *, steps_per_epoch: int, every: int, warmup: int) -> list[float]:
    """The learning rate of each part at a step of the training.

    A part has a rate of 0 until its `thaw_epoch` begins. From then on its own warm-up runs: in its first `warmup` steps
    the rate is 1/warmup, 2/warmup, …, 1 times its full rate, and the full rate from there on.

    Args:
        step: counted from 0 over the whole training; epoch e begins with step e · steps_per_epoch.
        rates: the full rates of `layer_rates`, one a part.
        steps_per_epoch: at least 1.
        every: as in `thaw_epoch`.
        warmup: steps; with 0 there is no warm-up.
    """
    raise NotImplementedError

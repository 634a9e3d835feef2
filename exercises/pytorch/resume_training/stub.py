"""A training loop that can be broken off and resumed, bit for bit.

Read the lesson first (`tutor lesson resume_training`); `tutor hint` helps when you are stuck.
"""

from typing import Any

from torch import Tensor, nn


def train(net: nn.Module, optimizer: Any, batches: list[tuple[Tensor, Tensor]], start: int, stop: int) -> list[float]:
    """Take the training steps number start, start + 1, …, stop − 1.

    Step k works on `batches[k % len(batches)]`. Its loss is the mean squared error between net(inputs).squeeze(1) and
    the targets, with the network in training mode (it may come in the other). Then the gradients are cleared, which
    may hold something from before, and computed, and the optimizer takes its step.

    Args:
        net: any module, with outputs of shape (N, 1).
        optimizer: has `zero_grad()` and `step()`.
        batches: inputs (N, D) and targets (N,), float64.
        start, stop: counted from the beginning of the whole run.

    Returns:
        The loss of each step, before the step, as Python floats.
    """
    raise NotImplementedError


def evaluate(net: nn.Module, x: Tensor, y: Tensor) -> float:
    """The mean squared error between net(x).squeeze(1) and y, in evaluation mode, without building a graph.

    Afterwards the network is in the mode that it was in before, and nothing else of it has changed.

    Args:
        net: any module, with outputs of shape (N, 1); it may be in either mode.
        x, y: inputs (N, D) and targets (N,).

    Returns:
        A Python float.
    """
    raise NotImplementedError


def checkpoint(net: nn.Module, optimizer: Any, step: int) -> dict[str, Any]:
    """Everything that the run needs to go on, as data that `torch.save` and `torch.load(weights_only=True)` take.

    Args:
        net: any module.
        optimizer: has `state_dict()`, which like torch's holds the living tensors, and `load_state_dict(state)`.
        step: the number of the next step.

    Returns:
        A dict of tensors, numbers, lists and dicts. It must not change when training goes on.
    """
    raise NotImplementedError


def resume(net: nn.Module, optimizer: Any, saved: dict[str, Any]) -> int:
    """Bring a new network and a new optimizer, and torch's random numbers, to where they were.

    Args:
        net, optimizer: fresh ones, of the same kinds.
        saved: what `checkpoint` returned.

    Returns:
        The number of the next step.
    """
    raise NotImplementedError

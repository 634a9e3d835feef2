"""Saving and loading networks: what is in the file, and what to do when it doesn't fit.

Read the lesson first (`tutor lesson state_dicts`); `tutor hint` helps when you are stuck. A state is a dict of tensors
by their names, as from `net.state_dict()`.
"""

from collections.abc import Callable
from typing import Any

from torch import Tensor, nn


def save(net: nn.Module, config: dict[str, Any]) -> bytes:
    """A network as the content of a file.

    `torch.load(io.BytesIO(data), weights_only=True)` has to accept it, so only tensors, numbers, strings, lists and
    dicts may be in it. Of a tensor that is a view of a larger one, the rest isn't saved.

    Args:
        net: any network; it stays as it is.
        config: what `load` will need to build a network of this kind again: numbers, strings, lists, dicts.
    """
    raise NotImplementedError


def load(data: bytes, build: Callable[[dict[str, Any]], nn.Module]) -> nn.Module:
    """The network that was saved, in evaluation mode. Nothing in the file is executed.

    Args:
        data: from `save`.
        build: makes a new network, with random weights, from the config.
    """
    raise NotImplementedError


def compare(net: nn.Module, state: dict[str, Tensor]) -> tuple[list[str], list[str], list[str]]:
    """Why a state doesn't fit a network.

    Returns:
        missing: names that the network has and the state hasn't.
        unexpected: names that the state has and the network hasn't.
        mismatched: names that both have, with different shapes.
        Each sorted.
    """
    raise NotImplementedError


def rename(state: dict[str, Tensor], rules: list[tuple[str, str]]) -> dict[str, Tensor]:
    """The same tensors under new names.

    Args:
        state: is not changed.
        rules: pairs (old prefix, new prefix). For each name the first rule whose old prefix the name begins with
            is applied, once; a name to which none applies stays. A prefix may be empty.

    Raises:
        ValueError: if two tensors would get the same name.
    """
    raise NotImplementedError


def load_partial(net: nn.Module, state: dict[str, Tensor]) -> list[str]:
    """Load what fits in name and shape, and leave the rest of the network as it is.

    The network's parameters remain the same objects with the same dtype, so that an optimizer that has them goes on
    working; and they share no memory with `state`.

    Args:
        net: its parameters and buffers are changed in place.
        state: may have too much, too little, and wrong shapes.

    Returns:
        The names in the network's state that were left as they were, sorted.
    """
    raise NotImplementedError


def is_safe(data: bytes) -> bool:
    """Whether a file can be loaded without running any code that is in it. Finding that out must not run it either.

    Args:
        data: what `torch.save` wrote, of whomever; or anything else, for which the answer is False.
    """
    raise NotImplementedError

"""Devices: choosing one, moving batches and modules to it, loading onto it, and finding what stayed behind.

Read the lesson first (`tutor lesson device_handling`); `tutor hint` helps when you are stuck. No GPU is needed: the
device "meta", whose tensors have a shape, a dtype and no values, stands in for one.
"""

from typing import Any

import torch
from torch import Tensor, nn


def choose_device(wanted: str, found: dict[str, int]) -> str:
    """The device to work on, as torch writes it.

    Args:
        wanted: "auto", or a device: "cpu", "cuda", "cuda:1", "mps".
        found: how many devices of a kind this machine has, such as {"cuda": 2}; none of the kinds that are not in it.
            There is always one "cpu", whatever `found` says.

    Returns:
        For "auto" the first that is there of cuda, mps, cpu. A cuda device always with its index: "cuda:0" for "cuda"
        and for "auto". "mps" and "cpu" without one.

    Raises:
        ValueError: if the device that is wanted isn't there: no cuda at all, no second one, an unknown kind.
    """
    raise NotImplementedError


def move(batch: Any, device: str, dtype: torch.dtype | None = None) -> Any:
    """A batch with all its tensors on one device.

    Args:
        batch: a tensor, or a tuple, list or dict of batches, at any depth; everything else is passed through as it is.
        dtype: for the floating-point tensors; None to keep theirs. Integer and boolean tensors always keep theirs.

    Returns:
        The same structure in new containers of the same types (plain tuple, list, dict); a tensor that is already as it
        should be is the same object, not a copy. The batch that was given is left as it is.
    """
    raise NotImplementedError


class Positions(nn.Module):
    """gain · (x − mean) / std + rates · t, with t the place in the sequence: 0, 1, 2, …

    State: gain, a parameter (features,), at first ones; mean and std, buffers (features,). These three are saved, and
    nothing else is. rates is a constant, shape (features,): 1, 1/2, 1/4, …; it moves with the module, but isn't saved.
    All four begin with the dtype of `mean`.

    Wherever the module is moved (`.to(device)`, `.double()`, `.half()`), it works there: with x on that device and of
    that dtype the output has them too.
    """

    def __init__(self, mean: Tensor, std: Tensor) -> None:
        """`mean`, `std`: shape (features,); copied, so that a later change to them changes nothing here."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """(N, length, features) → the same."""
        raise NotImplementedError


def load_onto(data: bytes, device: str) -> dict[str, Any]:
    """What `torch.save` wrote, with every tensor on `device`, wherever it was when it was saved.

    Args:
        data: the bytes of the file: of a state dict, which may hold numbers, strings, lists and dicts beside tensors.

    Raises:
        pickle.UnpicklingError: if there is anything in it but tensors and such data: loading must never run code.
    """
    raise NotImplementedError


def find_strays(net: nn.Module, device: str) -> list[str]:
    """Find every tensor of a network that is not on the device.

    Looks at the parameters and buffers of the network and of all its submodules, at any depth, and at their attributes
    that are plain tensors, which `.to()` never moves. (Tensors inside lists and dicts are not looked for.)

    Args:
        device: as torch writes it, with an index where it has one: "cpu", "meta", "cuda:0".

    Returns:
        Their names with the path of their module, `encoder.0.weight`, in alphabetical order.
    """
    raise NotImplementedError

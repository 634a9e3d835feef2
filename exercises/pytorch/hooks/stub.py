"""Hooks: looking into a network, and reaching into it, without changing its code.

Read the lesson first (`tutor lesson hooks`); `tutor hint` helps when you are stuck. Names of modules are those of
`net.named_modules()`: "body.0" is the first module of `net.body`. Every hook that a function sets it removes again,
also if the network raises an exception; hooks of others stay.
"""

from collections.abc import Callable
from typing import Any

from torch import Tensor, nn


def capture_activations(net: nn.Module, names: list[str], x: Tensor) -> dict[str, list[Tensor]]:
    """What the named modules return when the network is called with x.

    Args:
        net: any network; its mode (training or evaluation) stays as it is.
        names: of modules in it whose output is a tensor, without repetition.
        x: the input, in one call net(x).

    Returns:
        For each name the module's outputs, in the order in which it was called (a module may be used several times, or
        not at all: then the list is empty). As they were when the module returned them, even if a later module works
        in place; without a graph.

    Raises:
        AttributeError: if there is no module of a name; then the network isn't called.
    """
    raise NotImplementedError


def capture_gradients(net: nn.Module, names: list[str], x: Tensor, upstream: Tensor) -> dict[str, list[Tensor | None]]:
    """The gradients of L = Σ net(x) · upstream for the outputs of the named modules.

    Parameters get their gradients as well, as by L.backward().

    Args:
        net: a network in which no module works in place.
        names: of modules in it whose output is a tensor, without repetition.
        x: the input, in one call net(x).
        upstream: shape of net(x).

    Returns:
        For each name one gradient for each call of the module, in the order of the calls. None where no gradient
        arrives: because the output needs none, or because L doesn't depend on it.

    Raises:
        AttributeError: if there is no module of a name.
    """
    raise NotImplementedError


def run_with(net: nn.Module, name: str, change: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """net(x), where every output of one module is replaced by change(output).

    Args:
        net: any network.
        name: of the module.
        change: takes and returns a tensor.
        x: the input.

    Returns:
        The network's output, with its graph.
    """
    raise NotImplementedError


def mask_gradient(parameter: nn.Parameter, mask: Tensor) -> Any:
    """From now on, only elements of the parameter where the mask is 1 get a gradient, the others get 0.

    That holds for each backward pass, until the handle's remove() is called; gradients add up as always.

    Args:
        parameter: any parameter.
        mask: zeros and ones, shape and dtype of `parameter`.

    Returns:
        A handle with a method `remove()`.
    """
    raise NotImplementedError

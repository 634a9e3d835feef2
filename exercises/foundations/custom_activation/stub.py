"""Activations that you bring along yourself: Mish, Snake with a learned frequency, and a registry to find them by name.

Read the lesson first (`tutor lesson custom_activation`); `tutor hint` helps when you are stuck.

Layers are as in `layers_as_classes`: forward, then backward with the gradient of what forward returned; backward adds
to the gradients of the layer's parameters. Tensors are float64; none that is passed in may be changed.
"""

from collections.abc import Callable
from typing import Any

from torch import Tensor

Parameters = list[tuple[Tensor, Tensor]]  # (parameter, its gradient)


def mish(x: Tensor) -> Tensor:
    """x · tanh(softplus(x)), with softplus(x) = log(1 + eˣ).

    Args:
        x: any shape, values up to ±1000.

    Returns:
        The shape of `x`.
    """
    raise NotImplementedError


def mish_backward(grad_output: Tensor, x: Tensor) -> Tensor:
    """The gradient of `mish`.

    Args:
        grad_output: ∂L/∂out, the shape of `x`.
        x: what went into the forward pass.

    Returns:
        ∂L/∂x, finite for values up to ±1000.
    """
    raise NotImplementedError


def snake(x: Tensor, a: Tensor) -> Tensor:
    """x + sin²(a x) / a, with a frequency for each channel.

    Args:
        x: shape (N, C).
        a: shape (C,), none of them 0.

    Returns:
        Shape (N, C).
    """
    raise NotImplementedError


def snake_backward(grad_output: Tensor, x: Tensor, a: Tensor) -> tuple[Tensor, Tensor]:
    """The gradients of `snake`.

    Args:
        grad_output: ∂L/∂out, shape (N, C).
        x, a: what went into the forward pass.

    Returns:
        ∂L/∂x, shape (N, C), and ∂L/∂a, shape (C,).
    """
    raise NotImplementedError


def register(name: str) -> Callable[[type], type]:
    """A decorator that makes a class of layers known by a name.

    `@register("relu")` above a class has the effect that `create("relu", …)` makes objects of it. The class itself
    stays as it is, under its own name.

    Raises:
        ValueError: if there already is a class of this name. The old one stays.
    """
    raise NotImplementedError


def create(name: str, *args: Any) -> Any:
    """A new layer of the class with this name, made with these arguments.

    Raises:
        ValueError: if there is no such name.
    """
    raise NotImplementedError


class Mish:
    """Mish as a layer without parameters, registered as "mish"."""

    def __init__(self) -> None:
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """The activation, any shape."""
        raise NotImplementedError

    def backward(self, grad_output: Tensor) -> Tensor:
        """∂L/∂x for the x of the last forward."""
        raise NotImplementedError

    def parameters(self) -> Parameters:
        """An empty list."""
        raise NotImplementedError

    def zero_grad(self) -> None:
        """Nothing to do."""
        raise NotImplementedError


class Snake:
    """Snake as a layer that learns its frequencies, registered as "snake"."""

    def __init__(self, a: Tensor) -> None:
        """A layer with the frequencies a, shape (C,): its parameter is this very tensor. The gradient begins at 0."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """The activation of x, shape (N, C)."""
        raise NotImplementedError

    def backward(self, grad_output: Tensor) -> Tensor:
        """∂L/∂x for the x of the last forward; ∂L/∂a is added to the gradient of a."""
        raise NotImplementedError

    def parameters(self) -> Parameters:
        """A list with one pair: a, and its gradient, both the tensors of the layer and no copies."""
        raise NotImplementedError

    def zero_grad(self) -> None:
        """Set the gradient of a to zero; in place, so that pairs that were handed out see it."""
        raise NotImplementedError

"""Layers as plain classes: each knows its forward pass, its backward pass and its parameters.

Read the lesson first (`tutor lesson layers_as_classes`); `tutor hint` helps when you are stuck.

Three classes share one interface: forward, backward, parameters, zero_grad. `backward` always belongs to the last call
of `forward`, and no method changes a tensor that it is given. Everything is float64.
"""

from __future__ import annotations

from torch import Tensor

Layer = "Linear | ReLU | Sequential"


class Linear:
    """x · weightᵀ + bias.

    Attributes:
        weight, bias: the very tensors that were given to `__init__`, not copies.
        grad_weight, grad_bias: the gradients so far, in the shapes of weight and bias; zeros at first.
    """

    weight: Tensor
    bias: Tensor
    grad_weight: Tensor
    grad_bias: Tensor

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        """A layer of given parameters.

        Args:
            weight: shape (out_features, in_features).
            bias: shape (out_features,).
        """
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """Shape (N, in_features) to shape (N, out_features); remembers what backward will need."""
        raise NotImplementedError

    def backward(self, grad_output: Tensor) -> Tensor:
        """Take ∂L/∂output, shape (N, out_features); return ∂L/∂x, shape (N, in_features).

        The gradients of weight and bias are *added* to grad_weight and grad_bias.
        """
        raise NotImplementedError

    def parameters(self) -> list[tuple[Tensor, Tensor]]:
        """[(weight, grad_weight), (bias, grad_bias)]: its own tensors, so that in-place changes reach the layer."""
        raise NotImplementedError

    def zero_grad(self) -> None:
        """Set both gradients to zero."""
        raise NotImplementedError


class ReLU:
    """max(x, 0), element by element, for tensors of any shape. At x = 0 its slope is 0."""

    def __init__(self) -> None:
        """There is nothing to set."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """Any shape to the same shape; remembers what backward will need."""
        raise NotImplementedError

    def backward(self, grad_output: Tensor) -> Tensor:
        """Take ∂L/∂output, return ∂L/∂x, both in the shape of x."""
        raise NotImplementedError

    def parameters(self) -> list[tuple[Tensor, Tensor]]:
        """There are none: an empty list."""
        raise NotImplementedError

    def zero_grad(self) -> None:
        """Do nothing: there is no gradient to keep."""
        raise NotImplementedError


class Sequential:
    """Layers one after the other; itself a layer, so that a Sequential may stand in a Sequential.

    Without any layers, forward and backward return what they were given. No layer occurs twice in it.
    """

    def __init__(self, *layers: Layer) -> None:
        """Layers, the first one to be applied first."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """The output of the last layer."""
        raise NotImplementedError

    def backward(self, grad_output: Tensor) -> Tensor:
        """Take the gradient of the output, return that of the input; every layer adds to its own gradients."""
        raise NotImplementedError

    def parameters(self) -> list[tuple[Tensor, Tensor]]:
        """The pairs (parameter, gradient) of all layers in their order, as one flat list."""
        raise NotImplementedError

    def zero_grad(self) -> None:
        """Set the gradients of all layers to zero."""
        raise NotImplementedError


def train_step(network: Layer, x: Tensor, target: Tensor, lr: float) -> float:
    """One step of gradient descent on the mean squared error, through the four methods alone.

    The loss is the mean of (output − target)² over *all* N · out elements. Gradients left over from before must not
    have a part in the step. Every parameter becomes parameter − lr · gradient, in place; the
    gradients of this step are left where they are.

    Args:
        network: a layer, of these classes or of others with the same four methods.
        x: shape (N, in_features).
        target: shape (N, out_features).
        lr: the learning rate.

    Returns:
        The loss before the step, a Python float. x and target must not be changed.
    """
    raise NotImplementedError

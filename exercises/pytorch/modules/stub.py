"""Modules of your own: parameters, buffers, submodules, and what isn't registered.

Read the lesson first (`tutor lesson modules`); `tutor hint` helps when you are stuck. The names in each docstring are
those under which `state_dict()` has to list the tensors; there may be no others.
"""

from torch import Tensor, nn


class MLP(nn.Module):
    """Linear layers with a tanh after each but the last.

    State: layers.0.weight, layers.0.bias, layers.1.weight, …: parameters, in the shapes and with the first values of
    nn.Linear.
    """

    def __init__(self, sizes: list[int]) -> None:
        """`sizes`: features in, after each layer, and out: [3, 5, 2] has two layers. At least two numbers."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """(N, sizes[0]) → (N, sizes[-1])."""
        raise NotImplementedError


class Residual(nn.Module):
    """x + gain · inner(x).

    State: gain, a parameter without axes; and the state of the other module under inner.….
    """

    def __init__(self, inner: nn.Module, gain: float = 1.0) -> None:
        """`inner`: any module that keeps the shape. `gain`: the first value of the parameter."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """The shape of `x` is kept."""
        raise NotImplementedError


class Standardise(nn.Module):
    """(x − mean) / (std + eps), each feature by itself, with a mean and a deviation that follow the data.

    State: mean and std, buffers of shape (features,), at first zeros and ones. No parameters.

    In training mode, before x is standardised, mean ← (1 − momentum) · mean + momentum · (the mean of each feature in
    the batch), and std alike with the batch's standard deviations (divisor N). In evaluation mode they stay as they
    are. They count as plain numbers: no gradient passes through them, and they have no graph.
    """

    def __init__(self, features: int, momentum: float = 0.1, eps: float = 1e-5) -> None:
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """(N, features) → (N, features)."""
        raise NotImplementedError


class TiedAutoencoder(nn.Module):
    """relu(x Wᵀ + b) W + c: encoder and decoder share one matrix, and it learns from both of its uses.

    State: encoder.weight (hidden, features) and encoder.bias (hidden,), with the first values of nn.Linear, and
    decoder_bias (features,), zeros at first: parameters.
    """

    def __init__(self, features: int, hidden: int) -> None:
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """(N, features) → (N, features)."""
        raise NotImplementedError


def find_unregistered(net: nn.Module) -> list[str]:
    """Find what learns, and that the network doesn't know of.

    Looks through the attributes (those whose names don't begin with an underscore) of the network and of each of its
    registered submodules, at any depth, for

    - elements of a list, tuple or dict (directly in it, not in containers inside containers) that are modules, or
      tensors with requires_grad,
    - attributes that are tensors with requires_grad,

    and keeps those that are neither among net.modules() nor among net.parameters(): the very objects, not equal ones.

    Returns:
        Their places, sorted: "layers[0]" for a list or tuple, "heads['left']" for a dict (the key as by repr), "scale"
        for an attribute; those of a submodule with its dotted name in front: "body.block.layers[0]".
    """
    raise NotImplementedError

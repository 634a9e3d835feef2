"""Counting: parameters, operations, and bytes.

Read the lesson first (`tutor lesson counting`); `tutor hint` helps when you are stuck. Networks are called at most
once, without a graph, in the mode that they are in, and no hook of yours stays behind.
"""

from torch import Tensor, nn


def count_parameters(net: nn.Module) -> dict[str, int]:
    """How many numbers a network consists of. A tensor that is used in several places is counted once.

    Returns:
        {"trainable": numbers in parameters that require a gradient, "frozen": in parameters that don't,
        "buffers": numbers in buffers, "bytes": what all of them take in memory}.
    """
    raise NotImplementedError


def count_flops(net: nn.Module, x: Tensor) -> dict[str, int]:
    """The floating-point operations of each nn.Linear and nn.Conv2d in one call net(x).

    A multiplication is one operation, an addition another; each output element of a sum of k products costs 2k, and one
    more where there is a bias.

    Args:
        net: may use a module several times (all calls count) or never (0).
        x: the input. Linear layers may get (…, in_features), with any axes in front.

    Returns:
        By the name of the module in net.named_modules(), for those two kinds only.
    """
    raise NotImplementedError


def activation_bytes(net: nn.Module, x: Tensor) -> int:
    """The bytes of the outputs of all modules that have no submodules, in one call net(x).

    A rough measure of what training has to keep for the backward pass. Each call of a module counts, with its output's
    own dtype.
    """
    raise NotImplementedError


def training_bytes(trainable: int, frozen: int, optimizer: str, *, mixed: bool = False) -> int:
    """What training keeps in memory for the parameters, apart from activations.

    Args:
        trainable: numbers that are trained: each has a weight, a gradient, and what the optimizer keeps.
        frozen: numbers that aren't: only the weight.
        optimizer: "sgd" keeps nothing, "momentum" one number for each trained parameter, "adam" two; always float32.
        mixed: without it everything is float32. With it, weights (the frozen ones as well) and gradients are
            float16, and there is a float32 copy of each trained weight for the optimizer to change.
    """
    raise NotImplementedError

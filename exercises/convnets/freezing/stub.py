"""A trained network for a new task: a new head, a body that stays, and features that are computed once.

Read the lesson first (`tutor lesson freezing`); `tutor hint` helps when you are stuck.

Networks here are nn.Sequential; their last child is the head, an nn.Linear, and all others are the body.
"""

import torch.nn as nn
from torch import Tensor


def replace_head(net: nn.Sequential, classes: int) -> nn.Sequential:
    """The same body with a new head for other classes.

    Args:
        net: the trained network. It is left as it is, parameters, modes and all.
        classes: outputs of the new head.

    Returns:
        A new nn.Sequential with as many children: a body of its own with equal parameters and buffers, in the modes of
        the old one, and a fresh nn.Linear with the old head's in_features.
    """
    raise NotImplementedError


def freeze(net: nn.Sequential, children: int) -> None:
    """In place: the first so many children are not trained any more, all others are.

    Args:
        net: the network.
        children: how many, from the input on; 0 thaws everything.

    Parameters of frozen children have requires_grad False, all others True. Frozen children are in evaluation mode,
    so that their batch norms use and keep their statistics; all others are in training mode.
    """
    raise NotImplementedError


def trainable(net: nn.Module) -> tuple[int, int]:
    """How many numbers are trained, and how many there are in all (buffers don't count)."""
    raise NotImplementedError


def extract_features(net: nn.Sequential, batches: list[Tensor]) -> Tensor:
    """What the body makes of the inputs: computed once, instead of in every epoch.

    Args:
        net: the network; its head isn't used. Its modes and gradients are the same afterwards as before.
        batches: inputs, each of shape (n, …); the batches may differ in n.

    Returns:
        Shape (sum of the n, features), without a graph. As in evaluation mode: a sample's features don't depend on its
        batch, and no statistics are changed.
    """
    raise NotImplementedError


def fine_tune_groups(net: nn.Sequential, lr: float, decay: float) -> list[dict]:
    """Parameter groups in which the learning rate falls from the head to the input.

    Args:
        net: the network.
        lr: of the head, the last child.
        decay: of two neighbouring children that are trained, the one nearer to the input has this much of the other's
            rate. Children without trained parameters (activations, frozen ones) get no group and don't count.

    Returns:
        One dict for each child with trained parameters, from the input to the head: "params" (a list, in the order of
        parameters(), without frozen ones) and "lr".
    """
    raise NotImplementedError


def normalise(images: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    """New images as the trained network knew its own.

    Args:
        images: shape (N, C, H, W), uint8; C is 1 or 3.
        mean, std: of the data that the network was trained on, per channel, of values in [0, 1], shape (3,).

    Returns:
        Shape (N, 3, H, W), float32: (images / 255 − mean) / std. An image of one channel is grey: all three are equal
        before mean and std are applied.
    """
    raise NotImplementedError

"""Capstone: pre-train on eight shapes, then learn four others from five examples each.

Read the lesson first (`tutor lesson transfer_capstone`); `tutor hint` helps when you are stuck.

Images are float32, shape (N, 1, 16, 16): one noisy shape each, anywhere, of any size, a little turned. Labels are
int64, (N,).
"""

from torch import Tensor, nn


def make_net(classes: int, *, seed: int) -> nn.Module:
    """A fresh network of your own design for such images.

    Args:
        classes: how many logits.
        seed: of `torch.manual_seed`, before the layers are made; the same seed gives the same weights.

    Returns:
        A module, in training mode, with the parts `body`, which makes features (N, D), and `head`, an `nn.Linear`.
        Calling
        it is the head applied to the body: logits (N, classes).
    """
    raise NotImplementedError


def accuracy(net: nn.Module, images: Tensor, labels: Tensor) -> float:
    """The share of images whose largest logit is that of their label.

    In evaluation mode and without a graph; afterwards each module is in the mode that it was in before.

    Args:
        net: any module that makes logits (N, classes) of images.
        images, labels: as above, N at least 1.

    Returns:
        A number from 0 to 1.
    """
    raise NotImplementedError


def pretrain(images: Tensor, labels: Tensor, classes: int, *, seed: int) -> nn.Module:
    """Train a fresh network on the first task: 1200 images of eight shapes.

    Args:
        images, labels, classes: the task.
        seed: everything random depends on it.

    Returns:
        A network of `make_net`, which has to be right about at least 88 % of images that it hasn't seen.
    """
    raise NotImplementedError


def transfer(net: nn.Module, images: Tensor, labels: Tensor, classes: int, *, seed: int) -> nn.Module:
    """Make a network for the second task from one that was trained on the first: four other shapes, 20 images in all.

    Args:
        net: what `pretrain` returned. It must not be changed, neither its values nor its head nor its modes.
        images, labels, classes: the second task.
        seed: everything random depends on it.

    Returns:
        A new network with `classes` logits, which has to be right about at least 70 % of images that it hasn't seen,
        and about more than the one of `from_scratch` (unless that is right about more than 90 %: then there was nothing
        left to transfer, and the two are not compared).
    """
    raise NotImplementedError


def from_scratch(images: Tensor, labels: Tensor, classes: int, *, seed: int) -> nn.Module:
    """The same second task, by a fresh network: what `transfer` is to be compared with. Do your best here, too.

    Args:
        images, labels, classes: the second task.
        seed: everything random depends on it.

    Returns:
        A network of `make_net`, right about at least 45 % of images that it hasn't seen.
    """
    raise NotImplementedError

"""Find the bug: seven functions that run, return something of the right kind, and mix up axes.

Read the lesson first (`tutor lesson find_the_bug_shapes`); `tutor hint` helps when you are stuck. The docstrings say
what the functions should do. Mend them; a line is enough for each.
"""

import torch.nn.functional as F
from torch import Tensor


def regression_loss(outputs: Tensor, targets: Tensor) -> Tensor:
    """The mean squared error.

    Args:
        outputs: of a network with one output, shape (N, 1).
        targets: shape (N,).

    Returns:
        0-dimensional.
    """
    return ((outputs - targets) ** 2).mean()


def accuracy(logits: Tensor, targets: Tensor) -> float:
    """Which part of the samples has its largest logit at the right class.

    Args:
        logits: shape (N, C).
        targets: classes, shape (N,), int64.

    Returns:
        A number between 0 and 1.
    """
    predicted = logits.argmax(dim=1, keepdim=True)
    return (predicted == targets).double().mean().item()


def pixel_probabilities(logits: Tensor) -> Tensor:
    """For each pixel, the probabilities of the classes.

    Args:
        logits: of a segmentation network, shape (N, C, H, W).

    Returns:
        The same shape.
    """
    return F.softmax(logits, dim=-1)


def sequence_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """The mean cross-entropy over all places of all sequences.

    Args:
        logits: shape (N, T, C).
        targets: the right class at each place, shape (N, T), int64.

    Returns:
        0-dimensional.
    """
    n, length, classes = logits.shape
    return F.cross_entropy(logits.reshape(n, classes, length), targets)


def split_heads(x: Tensor, heads: int) -> Tensor:
    """Cut the features of each place into pieces, one for each head of attention.

    Args:
        x: shape (N, T, heads · D). The first D features belong to head 0, the next D to head 1, and so on.
        heads: how many.

    Returns:
        Shape (N, heads, T, D).
    """
    n, length, width = x.shape
    return x.reshape(n, heads, length, width // heads)


def normalise_images(images: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    """(image − mean) / std, where each channel has its own mean and standard deviation.

    Args:
        images: shape (N, C, H, W).
        mean, std: shape (C,).

    Returns:
        Shape (N, C, H, W).
    """
    return (images - mean) / std


def masked_mean(x: Tensor, mask: Tensor) -> Tensor:
    """The mean of each sequence's own elements, without the padding.

    Args:
        x: shape (N, T, D). What stands in the padding is arbitrary (finite).
        mask: shape (N, T), bool, True where there is data; at least one in each sequence.

    Returns:
        Shape (N, D).
    """
    kept = x * mask.unsqueeze(2)
    return kept.mean(dim=1)

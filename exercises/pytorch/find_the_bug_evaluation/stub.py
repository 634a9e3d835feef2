"""Find the bug: six functions that run, and report numbers that one shouldn't believe.

Read the lesson first (`tutor lesson find_the_bug_evaluation`); `tutor hint` helps when you are stuck. The docstrings
say what the functions should do. Mend them; a few lines are enough for each.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def predict(net: nn.Module, inputs: Tensor) -> Tensor:
    """What the network says when it is used: no dropout, normalisation by the running statistics, no graph.

    Afterwards each module of the network is in the mode in which it was before (some may have been in evaluation mode
    while others were in training mode), and nothing of the network's state has changed.

    Args:
        net: in whatever mode.
        inputs: shape (N, D).
    """
    with torch.no_grad():
        outputs = net(inputs)
    return outputs


def dataset_loss(net: nn.Module, batches: list[tuple[Tensor, Tensor]]) -> float:
    """The mean squared error over all elements of all targets, whatever batches they come in.

    Args:
        net: in evaluation mode already; its outputs have the targets' shape, (N, K) with the same K in all batches.
        batches: inputs and targets, of different sizes N.
    """
    losses = []
    with torch.no_grad():
        for inputs, targets in batches:
            losses.append(F.mse_loss(net(inputs), targets).item())
    return sum(losses) / len(losses)


def classification_loss(net: nn.Module, inputs: Tensor, targets: Tensor) -> Tensor:
    """The mean cross-entropy of a classifier.

    Args:
        net: returns logits, shape (N, C).
        inputs: shape (N, D).
        targets: classes, shape (N,), int64.

    Returns:
        0-dimensional, with its graph.
    """
    probabilities = F.softmax(net(inputs), dim=1)
    return F.cross_entropy(probabilities, targets)


def standardise(train: Tensor, validation: Tensor) -> tuple[Tensor, Tensor]:
    """Scale each feature by the mean and the standard deviation (divisor N − 1) that can be known before validation.

    Args:
        train: shape (N, D).
        validation: shape (M, D); what will be used for measuring how well the network does on data it never saw.

    Returns:
        Both, scaled in the same way.
    """
    everything = torch.cat([train, validation])
    mean, std = everything.mean(dim=0), everything.std(dim=0)
    return (train - mean) / std, (validation - mean) / std


def choose(validation: list[float], test: list[float]) -> tuple[int, float]:
    """Choose one epoch of a run, and say how good its network is on data that had no part in training or choosing.

    Args:
        validation: the accuracy on the validation set after each epoch.
        test: the accuracy on the test set after each epoch.

    Returns:
        The epoch (counted from 0; of equally good ones the first), and the accuracy to report.
    """
    epoch = max(range(len(test)), key=test.__getitem__)
    return epoch, test[epoch]


def keep_best(
    net: nn.Module, epochs: int, train_epoch: Callable[[nn.Module], None], validate: Callable[[nn.Module], float]
) -> float:
    """Train, and leave in the network the state that had the smallest validation loss; of equal ones the first.

    Args:
        net: parameters and buffers.
        epochs: at least 1.
        train_epoch: changes the network.
        validate: the validation loss of the network as it is, a finite number.

    Returns:
        The smallest loss.
    """
    best_loss = float("inf")
    best_state = {}
    for _ in range(epochs):
        train_epoch(net)
        loss = validate(net)
        if loss < best_loss:
            best_loss = loss
            best_state = net.state_dict()
    net.load_state_dict(best_state)
    return best_loss

"""A critic instead of a judge: the Wasserstein distance, and the first way to keep the critic in bounds.

Read the lesson first (`tutor lesson wgan_clipping`); `tutor hint` helps when you are stuck.
"""

import torch.nn as nn
from torch import Tensor


def wasserstein_1d(a: Tensor, b: Tensor) -> Tensor:
    """The Wasserstein distance of two samples on a line: how far, on average, a must be carried to become b.

    Args:
        a, b: shape (N,), float64, equally many, in any order.

    Returns:
        A 0-dimensional tensor. Inputs must not be changed.
    """
    raise NotImplementedError


def critic_loss(real_scores: Tensor, fake_scores: Tensor) -> Tensor:
    """What the critic lowers: mean of the fakes' scores minus mean of the real ones'.

    Args:
        real_scores, fake_scores: shapes (N, 1) and (M, 1), any numbers.

    Returns:
        A 0-dimensional tensor with a graph.
    """
    raise NotImplementedError


def generator_loss(fake_scores: Tensor) -> Tensor:
    """What the generator lowers: minus the mean of its fakes' scores. A 0-dimensional tensor with a graph."""
    raise NotImplementedError


def clip_weights(critic: nn.Module, limit: float) -> float:
    """In place: every parameter is brought into [−limit, limit], without a trace in any graph.

    Args:
        critic: all its parameters are clipped, biases too.
        limit: above 0.

    Returns:
        The share of all its numbers that were beyond, and so were changed.
    """
    raise NotImplementedError


def train_round(
    generator: nn.Module,
    critic: nn.Module,
    batches: list[Tensor],
    noises: list[Tensor],
    *,
    lr: float,
    limit: float,
) -> list[float]:
    """Several steps of the critic, then one of the generator, by plain gradient descent, in place.

    Each critic's step: descend its loss on the batch and on fakes made from the noise of the same index, then clip.
    The generator's step uses the last noise. Neither step moves the other network. What `.grad` holds before and
    afterwards is of no account, and plays no part.

    Args:
        generator, critic: the networks.
        batches: real samples for the critic's steps, K tensors (N, …).
        noises: K + 1 tensors (M, Z).
        lr: of both.
        limit: for clipping, after every step of the critic.

    Returns:
        For each of the critic's steps the estimate of the distance: minus its loss, before the step.
    """
    raise NotImplementedError


def largest_slope(widths: list[int], limit: float) -> float:
    """How steep a clipped critic can be: the bound for a chain of linear layers with slopes of at most 1 between them.

    Args:
        widths: those of the layers, from the input to the score: [2, 16, 16, 1] has three matrices.
        limit: every weight lies within ±limit.

    Returns:
        The product over the matrices of limit · √(rows · columns): no matrix stretches a vector by more than that.
    """
    raise NotImplementedError

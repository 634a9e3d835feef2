"""Batch norm where it lives: a module behind a convolution, before a ReLU; and why not in recurrent networks.

Read the lesson first (`tutor lesson batchnorm_in_cnns`); `tutor hint` helps when you are stuck.
"""

from typing import Any

from torch import Tensor, nn


class BatchNorm2d(nn.Module):
    """Batch norm for images, with the parameters, buffers and behaviour of torch.nn.BatchNorm2d.

    Attributes:
        weight, bias: parameters, shape (channels,): scale and shift; ones and zeros at first.
        running_mean, running_var: buffers, shape (channels,); zeros and ones at first.
        num_batches_tracked: a buffer, 0-dimensional, int64: how many batches were seen in training; 0 at first.
    """

    def __init__(self, channels: int, *, eps: float = 1e-5, momentum: float | None = 0.1) -> None:
        """Make parameters and buffers.

        Args:
            channels: C.
            eps: added to the variance, inside the root.
            momentum: the share of the *new* value in running = (1 − momentum) · running + momentum · new. None takes
                1 / (number of batches seen, this one included) in its place: the plain average of all batches.
        """
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """Normalise every channel, then scale and shift.

        In training (`self.training`) with the mean and the biased variance of all N · H · W numbers of the channel; the
        running statistics are moved, the variance with the unbiased one, divided by N · H · W − 1, and the batch
        is counted. Gradients flow through mean and variance, but not into the running statistics, which are detached.
        In evaluation with the running statistics, which stay as they are.

        Args:
            x: shape (N, C, H, W), with two numbers in each channel at least; must not be changed.

        Returns:
            Shape and dtype of `x`.
        """
        raise NotImplementedError


def fold_conv(
    weight: Tensor,
    bias: Tensor | None,
    gamma: Tensor,
    beta: Tensor,
    running_mean: Tensor,
    running_var: Tensor,
    *,
    eps: float = 1e-5,
) -> tuple[Tensor, Tensor]:
    """One convolution for a convolution followed by batch norm in evaluation.

    Args:
        weight: of the convolution, shape (C_out, C_in, K_h, K_w).
        bias: of the convolution, shape (C_out,), or None.
        gamma, beta: scale and shift of the batch norm, shape (C_out,).
        running_mean, running_var: of the batch norm, shape (C_out,).
        eps: of the batch norm.

    Returns:
        The kernel and the bias, shapes of `weight` and (C_out,). The inputs must not be changed.
    """
    raise NotImplementedError


def relu_share(gamma: Tensor, beta: Tensor) -> Tensor:
    """Which share of the positions a ReLU lets through behind batch norm, if x is normally distributed.

    Args:
        gamma: scales, shape (C,), not 0, possibly negative.
        beta: shifts, shape (C,).

    Returns:
        Shape (C,): for each channel the probability that gamma · z + beta > 0, z from N(0, 1). `torch.special.ndtr`
        is the distribution function of the normal distribution.
    """
    raise NotImplementedError


def relu_mean(gamma: Tensor, beta: Tensor) -> Tensor:
    """The mean of relu(gamma · z + beta), z from N(0, 1), for each channel.

    Args:
        gamma, beta: as in `relu_share`.

    Returns:
        Shape (C,).
    """
    raise NotImplementedError


def step_statistics(x: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """What batch norm would have to work with at each step of a batch of sequences.

    Args:
        x: padded sequences, shape (N, T, C), float64.
        lengths: how long each sequence is, shape (N,), int64, 1 … T. Elements from there on are padding, whatever
            they hold.

    Returns:
        counts: shape (T,), int64: how many sequences are there at each step.
        means: shape (T, C): over those sequences; 0 where there is none.
        variances: shape (T, C): the biased ones; 0 where there is none.
        The inputs must not be changed.
    """
    raise NotImplementedError


def choose_norm(task: dict[str, Any]) -> str:
    """Which normalisation fits, by the rule in the lesson.

    Args:
        task: with the keys
            "network": "convolutional", "recurrent" or "transformer";
            "batch_per_device": how many samples each device sees at a time; 16 are enough for good statistics;
            "devices": how many devices work on a batch, each with its own batch norm;
            "remove_contrast": whether each image's own contrast is to be removed (style transfer).

    Returns:
        "batch", "layer", "group" or "instance".
    """
    raise NotImplementedError

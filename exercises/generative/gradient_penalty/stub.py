"""The gradient penalty of a Wasserstein critic, and its own gradients, by hand.

Read the lesson first (`tutor lesson gradient_penalty`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor

# The critic is score = w2 · tanh(w1 · x + b1): one hidden layer of H units. In all functions x has shape (N, D), a
# sample a row; w1 (H, D), b1 (H,), w2 (H,). All are float32 or float64, and must not be changed.


def interpolate(real: Tensor, fake: Tensor, share: Tensor) -> Tensor:
    """Points on the lines between real and generated samples.

    Args:
        real, fake: shape (N, ...), any number of axes after the first.
        share: shape (N,), between 0 and 1: how much of the real sample each point has, one number a sample.

    Returns:
        share · real + (1 − share) · fake, shape (N, ...).
    """
    raise NotImplementedError


def input_gradients(x: Tensor, w1: Tensor, b1: Tensor, w2: Tensor) -> Tensor:
    """∂score/∂x for every sample, shape (N, D)."""
    raise NotImplementedError


def gradient_penalty(x: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, weight: float = 10.0) -> Tensor:
    """weight times the mean over the samples of (‖∂score/∂x‖ − 1)²; a 0-dimensional tensor.

    The norm is the Euclidean one, over the D entries of each sample.
    """
    raise NotImplementedError


def penalty_backward(
    x: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, weight: float = 10.0
) -> tuple[Tensor, Tensor, Tensor]:
    """The gradients of the penalty for w1, b1 and w2, in their shapes; by hand, without autograd.

    No norm is zero in the tests.
    """
    raise NotImplementedError

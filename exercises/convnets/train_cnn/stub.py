"""Capstone: a small convolutional network learns to read digits, in a training loop of your own.

Read the lesson first (`tutor lesson train_cnn`); `tutor hint` helps when you are stuck. Torch's layers, its loss
functions and autograd are yours to use; its optimizers and its dropout are not.
"""

from torch import Tensor, nn


def channel_dropout(x: Tensor, drawn: Tensor, rate: float) -> Tensor:
    """Drop whole feature maps, and make up for it in those that are kept.

    Args:
        x: feature maps, shape (N, C, H, W); must not be changed.
        drawn: one number for each map, uniform in [0, 1), shape (N, C). A map is dropped if its number is below `rate`.
        rate: from 0 up to, not including, 1.

    Returns:
        Shape of `x`: zeros in the maps dropped, x / (1 − rate) in the others.
    """
    raise NotImplementedError


def sgd_step(
    params: list[Tensor],
    grads: list[Tensor],
    velocities: list[Tensor],
    *,
    lr: float,
    momentum: float,
    weight_decay: float,
) -> tuple[list[Tensor], list[Tensor]]:
    """One step of gradient descent with momentum and weight decay.

    For each parameter: g ← grad + weight_decay · param, if the parameter has two axes or more (biases don't decay),
    else g ← grad; velocity ← momentum · velocity + g; param ← param − lr · velocity.

    Args:
        params, grads, velocities: lists of the same length and shapes, none of which may be changed.
        lr, momentum, weight_decay: as above.

    Returns:
        New parameters and new velocities, two lists.
    """
    raise NotImplementedError


class SmallCNN(nn.Module):
    """For images of 20 × 20 with one channel, and ten classes.

    Attributes:
        conv1: nn.Conv2d, 1 to 8 channels, 3 × 3, padding 1.
        conv2: nn.Conv2d, 8 to 16 channels, 3 × 3, padding 1.
        fc: nn.Linear, from 16 · 5 · 5 to 10.
    """

    def __init__(self) -> None:
        """Make the layers, with whatever first weights you like."""
        raise NotImplementedError

    def maps(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """What both convolutions make of images, each behind its ReLU and before its pool.

        Args:
            x: shape (N, 1, 20, 20); must not be changed.

        Returns:
            Shapes (N, 8, 20, 20) and (N, 16, 10, 10). The second convolution gets the first one's maps after a max pool
            of 2 × 2. There is no dropout in here.
        """
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """The logits, shape (N, 10).

        The second maps, after a max pool of 2 × 2, in training (`self.training`) after `channel_dropout` with rate 0.25
        and fresh random numbers for every map of every image, flattened, through `fc`.
        """
        raise NotImplementedError


def train(x: Tensor, y: Tensor, *, seed: int) -> tuple[SmallCNN, list[float]]:
    """Train a network on these images with `sgd_step`. The learning rate, its schedule, and the number of epochs are
    yours to choose.

    Args:
        x: shape (N, 1, 20, 20), float32.
        y: the digits on them, shape (N,), int64.
        seed: all that is random must come from it: the same seed gives the same network, whatever was drawn before.

    Returns:
        The trained network, and the loss of every step (or every epoch), a list of at least 10 floats.
        It may take 60 seconds at most; a good one takes three.
    """
    raise NotImplementedError


def predict(model: SmallCNN, x: Tensor) -> Tensor:
    """The most likely digit on each image, without dropout, in whatever mode the model comes.

    Args:
        model: as from `train`.
        x: shape (N, 1, 20, 20).

    Returns:
        Digits, shape (N,), int64.
    """
    raise NotImplementedError

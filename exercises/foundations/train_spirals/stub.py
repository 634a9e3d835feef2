"""Capstone: a network of your own layers learns to tell the arms of a spiral apart.

Read the lesson first (`tutor lesson train_spirals`); `tutor hint` helps when you are stuck. You may add any helpers:
your linear layer, ReLU and cross-entropy from earlier exercises belong into this file.
"""

from torch import Tensor

Params = list[tuple[Tensor, Tensor]]  # one (weight, bias) a layer; weight (out_features, in_features)


def init_params(sizes: list[int], *, seed: int) -> Params:
    """Random parameters of a multi-layer perceptron.

    Args:
        sizes: features in, of every hidden layer, and out: [2, 32, 3] has two layers.
        seed: the same seed gives the same parameters, another one others.

    Returns:
        len(sizes) − 1 pairs (weight, bias), float64: weight normally distributed with mean 0 and standard
        deviation √(2 / in_features) (He et al.), shape (out_features, in_features); bias zeros, shape (out_features,).
        Every layer has random numbers of its own.
    """
    raise NotImplementedError


def forward(params: Params, x: Tensor) -> Tensor:
    """The logits: linear layers with a ReLU after each but the last.

    Args:
        params: as from `init_params`.
        x: shape (N, features), float64.

    Returns:
        Logits, shape (N, classes).
    """
    raise NotImplementedError


def loss_and_gradients(params: Params, x: Tensor, y: Tensor) -> tuple[Tensor, Params]:
    """The mean cross-entropy loss of the network, and its gradients by backpropagation.

    Args:
        params: as from `init_params`.
        x: shape (N, features), float64.
        y: the right classes, shape (N,), int64.

    Returns:
        The loss, 0-dimensional, and the gradients in the form of `params`: a list of (grad_weight, grad_bias). However
        large the logits, nothing overflows; a ReLU that gets exactly 0 passes no gradient.
        Nothing that was passed in may be changed.
    """
    raise NotImplementedError


def train(x: Tensor, y: Tensor, *, seed: int) -> tuple[Params, list[float]]:
    """Train a network on these points. Its size, the optimizer, and the number of steps are yours to choose.

    Args:
        x: points in the plane, shape (N, 2), float64, most of them within [−1, 1].
        y: their classes, 0, 1 or 2, shape (N,), int64.
        seed: all that is random must come from it: the same seed gives the same network, another one another.

    Returns:
        The trained parameters, in the form of `init_params`, and the loss after every step (or every few), a list of
        floats. `x` and `y` must not be changed. It may take 60 seconds at most; a good one takes three.
    """
    raise NotImplementedError


def predict(params: Params, x: Tensor) -> Tensor:
    """The most likely class of each point.

    Args:
        params: as from `init_params` or `train`; nothing else is known of the network.
        x: shape (N, 2), float64.

    Returns:
        Classes, shape (N,), int64.
    """
    raise NotImplementedError

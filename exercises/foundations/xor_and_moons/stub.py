"""Capstone: XOR, first with weights that you choose, then learned; and two moons that interlock.

Read the lesson first (`tutor lesson xor_and_moons`); `tutor hint` helps when you are stuck. You may add any helpers.
"""

from torch import Tensor

Params = list[tuple[Tensor, Tensor]]  # one (weight, bias) a layer; weight (out_features, in_features)


def forward(params: Params, x: Tensor) -> Tensor:
    """The logit of class 1: linear layers with a tanh after each but the last.

    Args:
        params: at least one layer, float64; the last has one output.
        x: shape (N, features).

    Returns:
        Shape (N,).
    """
    raise NotImplementedError


def xor_weights() -> Params:
    """Weights chosen by you, not learned, with which `forward` computes XOR.

    Returns:
        Two layers, for sizes [2, 2, 1]: weights of shape (2, 2) and (1, 2), biases of shape (2,) and (1,), float64. For
        the inputs (0, 1) and (1, 0) the logit is at least 1, for (0, 0) and (1, 1) at most −1; and within 0.1 of these
        points, in each coordinate, it keeps its sign.
    """
    raise NotImplementedError


def loss_and_gradients(params: Params, x: Tensor, y: Tensor) -> tuple[Tensor, Params]:
    """The mean binary cross-entropy, and its gradients by backpropagation.

    Args:
        params: as above.
        x: shape (N, features), float64.
        y: 0.0 or 1.0, shape (N,), float64.

    Returns:
        The loss, 0-dimensional: the mean of −y · log σ(z) − (1 − y) · log(1 − σ(z)) over the logits z, correct for
        logits up to ±10⁴. And the gradients in the form of `params`. Nothing that was passed in may be changed.
    """
    raise NotImplementedError


def train(x: Tensor, y: Tensor, *, seed: int) -> tuple[Params, list[float]]:
    """Train a network on these points. Its size, its start, the optimizer and the number of steps are yours to choose.

    Args:
        x: points in the plane, shape (N, 2), float64, all within [−3, 3].
        y: their classes, 0.0 or 1.0, shape (N,), float64.
        seed: all that is random must come from it: the same seed gives the same network.

    Returns:
        The trained parameters in the form that `forward` takes, and the loss after every step (or every few), a list of
        floats. It may take 60 seconds at most; a good one takes two.
    """
    raise NotImplementedError


def predict(params: Params, x: Tensor) -> Tensor:
    """The more likely class of each point.

    Args:
        params: as from `train`.
        x: shape (N, 2), float64.

    Returns:
        0.0 or 1.0, shape (N,), float64: 1 where the logit is above 0.
    """
    raise NotImplementedError

"""The perceptron's relatives: logic gates, averages, a margin, several classes, Adaline, and a neuron with a sigmoid.

Read the lesson first (`tutor lesson perceptron_variations`); `tutor hint` helps when you are stuck.

Tensors are float64 unless it says otherwise; no argument may be changed. Points are x, shape (N, D); where labels y are
−1 and 1 they are float64, shape (N,). Training goes through the points in their order, begins with zeros, and uses the
learning rate 1.
"""

from torch import Tensor


def gate(table: list[int]) -> tuple[Tensor, float] | None:
    """Weights with which a single neuron computes a logic gate, if there are any.

    Args:
        table: the wanted outputs, 0 or 1, for the inputs (0, 0), (0, 1), (1, 0), (1, 1), in this order.

    Returns:
        w, shape (2,), and b, a Python float, such that w · x + b > 0 exactly where the output is 1, and < 0 where it
        is 0, by at least 0.1 each; or None if no neuron can do it. Any such weights will do.
    """
    raise NotImplementedError


def averaged_fit(x: Tensor, y: Tensor, epochs: int) -> tuple[Tensor, float]:
    """The averaged perceptron.

    Points are learned as by the plain perceptron: where y · (w · x + b) ≤ 0, w grows by y · x and b by y. All `epochs`
    passes are made.

    Returns:
        The mean of w, shape (D,), and of b, a Python float, over the states *after* each of the epochs · N points,
        whether it was a mistake or not.
    """
    raise NotImplementedError


def margin_fit(x: Tensor, y: Tensor, epochs: int, margin: float) -> tuple[Tensor, float, int]:
    """The perceptron with a margin: it also learns from points that are right, but not clearly enough.

    Where y · (w · x + b) ≤ margin, w grows by y · x and b by y. Training ends after `epochs` passes, or after the first
    pass without such a point.

    Returns:
        w, shape (D,); b, a Python float; and the number of points it has learned from, all passes together.
    """
    raise NotImplementedError


def multiclass_fit(x: Tensor, labels: Tensor, classes: int, epochs: int) -> tuple[Tensor, Tensor]:
    """A perceptron for several classes, each with weights and a bias of its own.

    The prediction is the class with the largest score w_c · x + b_c, the first of them if there are several. Where it
    is wrong, the weights of the right class grow by x and its bias by 1, those of the predicted class shrink by as
    much. All `epochs` passes are made.

    Args:
        labels: shape (N,), int64, each 0 … classes − 1.

    Returns:
        Weights, shape (classes, D), and biases, shape (classes,).
    """
    raise NotImplementedError


def adaline_step(x: Tensor, y: Tensor, w: Tensor, b: float, lr: float) -> tuple[Tensor, float]:
    """One step of Adaline: gradient descent on the mean over all points of ½ (w · x + b − y)², before any threshold.

    Args:
        y: labels −1 and 1.
        w: shape (D,).
        b, lr: numbers.

    Returns:
        The new w, and the new b, a Python float.
    """
    raise NotImplementedError


def sigmoid_neuron_gradients(x: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[float, Tensor, float]:
    """Backpropagation through one neuron with a sigmoid in place of the threshold.

    Args:
        y: wanted outputs, shape (N,), each 0.0 or 1.0.
        w: shape (D,).
        b: a number.

    Returns:
        The mean over all points of ½ (σ(w · x + b) − y)², a Python float; its gradient for w, shape (D,); and that for
        b, a Python float.
    """
    raise NotImplementedError

"""The first weights and biases: Xavier, He, LeCun and orthogonal ones, and what happens through depth.

Read the lesson first (`tutor lesson initialisation`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """How many numbers each output of a layer is made of, and in how many outputs each input takes part.

    Args:
        shape: of a weight: (out, in) for a linear layer, (out, in, *kernel) for a convolution with any number of axes.

    Returns:
        fan_in and fan_out: in and out, each times the number of elements of the kernel.

    Raises:
        ValueError: if there are fewer than two axes.
    """
    raise NotImplementedError


def gain(nonlinearity: str, negative_slope: float = 0.01) -> float:
    """By how much a weight's standard deviation has to make up for the activation behind it.

    Args:
        nonlinearity: "linear" or "sigmoid" (1), "tanh" (5/3), "relu" (√2) or "leaky_relu" (√(2 / (1 + slope²))).
        negative_slope: of the leaky ReLU.
    """
    raise NotImplementedError


def xavier_std(shape: tuple[int, ...], nonlinearity: str = "linear") -> float:
    """gain · √(2 / (fan_in + fan_out)), for a weight of this shape."""
    raise NotImplementedError


def he_std(shape: tuple[int, ...], mode: str = "fan_in", negative_slope: float = 0.0) -> float:
    """The gain of a leaky ReLU with this slope (0: of a ReLU), divided by √fan.

    Args:
        shape: of the weight.
        mode: "fan_in" or "fan_out".
        negative_slope: of the activation.
    """
    raise NotImplementedError


def lecun_std(shape: tuple[int, ...]) -> float:
    """1 / √fan_in."""
    raise NotImplementedError


def scale_normal(normal: Tensor, std: float) -> Tensor:
    """Weights of this standard deviation from standard normal numbers, in their shape and dtype; a new tensor."""
    raise NotImplementedError


def scale_uniform(uniform: Tensor, std: float) -> Tensor:
    """Weights of this standard deviation from numbers uniform in [0, 1), in their shape and dtype; a new tensor.

    The weights are uniform in [−a, a), with a such that their standard deviation is `std`.
    """
    raise NotImplementedError


def orthogonal(normal: Tensor, scale: float = 1.0) -> Tensor:
    """Weights with orthogonal rows or columns, from standard normal numbers.

    The weight is seen as a matrix, shape (out, everything else). If it has no more columns than rows, it becomes the Q
    of its QR factorisation with a positive diagonal in R, so its columns are orthonormal; if it has more columns, the
    same is done with its transpose, and the rows are orthonormal. All of it is then multiplied by `scale`.

    Args:
        normal: shape (out, in) or (out, in, *kernel), float32 or float64, of full rank.
        scale: the factor.

    Returns:
        A new tensor, in the shape and dtype of `normal`, which must not be changed.
    """
    raise NotImplementedError


def output_bias(targets: Tensor, kind: str) -> Tensor:
    """The first biases of an output layer: what it should say before it knows anything of its input.

    Args:
        targets: shape (N, C), float32 or float64: for "softmax" one-hot rows, for "sigmoid" C answers of 0 or 1 in each
            row, for "regression" C numbers. Every class occurs; every answer is 0 in one row at least, 1 in another.
        kind: "softmax" (the logarithms of the classes' shares), "sigmoid" (the logarithms of the odds, share of ones to
            share of zeros) or "regression" (the means).

    Returns:
        Shape (C,), in the dtype of `targets`, which must not be changed.

    Raises:
        ValueError: if `kind` is none of these.
    """
    raise NotImplementedError


def hidden_bias(size: int, kind: str) -> Tensor:
    """The first biases of a hidden layer of `size` units.

    Args:
        size: units.
        kind: "zeros"; "relu": 0.01 everywhere, so that fewer units start out dead; "lstm": for the four parts input
            gate, forget gate, candidate, output gate, `size` numbers each in this order, 1 for the forget gate and 0
            elsewhere.

    Returns:
        Shape (size,), for "lstm" (4 · size,), float32.

    Raises:
        ValueError: if `kind` is none of these.
    """
    raise NotImplementedError


def signal_sizes(weights: list[Tensor], x: Tensor) -> list[float]:
    """The root mean square of a signal after each layer of a network without biases, with ReLU after every layer.

    Args:
        weights: shapes (out, in).
        x: shape (N, in of the first).

    Returns:
        √(mean of the squares of all elements) after each ReLU, one Python float a layer.
    """
    raise NotImplementedError

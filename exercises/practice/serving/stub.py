"""Getting a trained network ready to serve: fold its batch norm, make its weights eight bits wide, and batch requests.

Read the lesson first (`tutor lesson serving`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def fold_batchnorm(
    weight: Tensor,
    bias: Tensor,
    mean: Tensor,
    var: Tensor,
    gamma: Tensor,
    beta: Tensor,
    eps: float,
) -> tuple[Tensor, Tensor]:
    """One linear or convolution layer that does what the layer and the batch norm behind it do in evaluation mode.

    Args:
        weight: of a linear layer, shape (O, I), or of a convolution, shape (O, I, kH, kW).
        bias: shape (O,).
        mean, var: the batch norm's running statistics, shape (O,); its output is (y − mean)/√(var + eps) · γ + β.
        gamma, beta: γ and β, shape (O,).
        eps: inside the root.

    Returns:
        The new weight and bias, in the shapes and dtype of the old ones. No input may be changed.
    """
    raise NotImplementedError


def quantise_rows(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Eight bits for each weight, and one number for each row, so that weight[o] ≈ scale[o] · q[o].

    Symmetric: scale[o] = max |weight[o]| / 127, and q[o] = weight[o] / scale[o], rounded to the nearest whole number,
    halves to even, as torch.round does.

    Args:
        weight: shape (O, I), float32 or float64. A row may be all zeros: its scale is 1 then.

    Returns:
        q, int8, shape (O, I), from −127 to 127; and scale, shape (O,), in the dtype of weight.
    """
    raise NotImplementedError


def quantise(x: Tensor) -> tuple[Tensor, float, int]:
    """Eight bits for each activation: x ≈ scale · (q − zero), with one scale and one zero point for all.

    Affine: low = min(x.min(), 0), high = max(x.max(), 0); scale = (high − low) / 255, or 1 if all is 0;
    zero = −128 − low/scale, rounded as torch.round does; q = x/scale, rounded so, plus zero, and limited to −128 … 127.

    Args:
        x: any shape, float32 or float64.

    Returns:
        q, int8, in the shape of x; scale, a Python float; zero, a Python int from −128 to 127. So 0 is exact.
    """
    raise NotImplementedError


def int8_linear(qx: Tensor, x_scale: float, x_zero: int, qw: Tensor, w_scale: Tensor, bias: Tensor) -> Tensor:
    """x Wᵀ + bias, where the sum of products is made of whole numbers, without any rounding.

    Args:
        qx, x_scale, x_zero: as `quantise` returns them for x of shape (N, I).
        qw, w_scale: as `quantise_rows` returns them for a weight of shape (O, I).
        bias: shape (O,).

    Returns:
        Σᵢ (x_scale · (qx[n, i] − x_zero)) · (w_scale[o] · qw[o, i]) + bias[o], shape (N, O), in the dtype of bias.
        Sums of eight-bit numbers don't fit into eight bits: accumulate in int32 or int64.
    """
    raise NotImplementedError


def schedule(arrivals: list[float], most: int, patience: float, duration: float) -> list[tuple[float, list[int]]]:
    """Which requests a server with one device puts into which batch, and when it starts each.

    A waiting batch starts as soon as the device is free and either `most` requests wait, or the oldest of them has
    waited for `patience` seconds (counted from its arrival). Then up to `most` requests, the oldest first, start
    together. A batch takes `duration`, however large it is. A request that arrives at the very moment of a start
    belongs to it, if there is room.

    Args:
        arrivals: times in seconds, ascending; several may be the same.
        most: requests in a batch at most, at least 1.
        patience: 0 or more.
        duration: seconds of a batch, above 0.

    Returns:
        For each batch its start, and the indices of its requests, ascending.
    """
    raise NotImplementedError

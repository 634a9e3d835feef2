"""Four pieces of training code that never make the CPU wait for the GPU.

Read the lesson first (`tutor lesson no_waiting`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def masked_mean(x: Tensor, mask: Tensor) -> Tensor:
    """The mean of the elements of x where the mask is True, without waiting for the device.

    Args:
        x: any shape, floating point; what the mask drops may be NaN or infinite, and has no influence.
        mask: the shape of x, bool.

    Returns:
        A 0-dimensional tensor of the dtype of x; 0 if the mask keeps nothing. Inputs must not be changed.
    """
    raise NotImplementedError


def clip_to_norm(g: Tensor, max_norm: float) -> Tensor:
    """g, scaled down to norm max_norm if its norm is larger; without waiting for the device.

    Args:
        g: any shape, floating point, finite. Its norm is √ Σ g² over all elements; it may be 0.
        max_norm: positive.

    Returns:
        The shape and dtype of g. What is short enough is returned as it is, to the last bit. g must not be changed.
    """
    raise NotImplementedError


def first_nonfinite(x: Tensor) -> Tensor:
    """The index of the first element that is NaN, ∞ or −∞, without waiting for the device.

    Args:
        x: shape (N,), N at least 1, floating point.

    Returns:
        A 0-dimensional int64 tensor: the smallest such index; −1 if all elements are finite.
    """
    raise NotImplementedError


def log_losses(losses: list[Tensor], every: int) -> Tensor:
    """The mean loss of each stretch of `every` steps, without waiting for the device at any step.

    Args:
        losses: the loss of each step, at least one, 0-dimensional tensors of one dtype on one device.
        every: at least 1.

    Returns:
        Shape (⌈steps / every⌉,): the mean of steps 0 … every − 1, of the next `every`, and so on; the last one may be
        shorter, and is divided by its own length.
    """
    raise NotImplementedError

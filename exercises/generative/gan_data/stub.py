"""What goes into a GAN and what is done with what comes out: ranges, noise, augmentation.

Read the lesson first (`tutor lesson gan_data`); `tutor hint` helps when you are stuck. Inputs must not be changed.
"""

from torch import Tensor


def to_tanh_range(images: Tensor, noise: Tensor) -> Tensor:
    """Pixels of eight bits as continuous numbers in [−1, 1), the range of the generator's tanh.

    Each pixel is spread evenly over its bin: (pixel + noise) / 256 lies in [0, 1), and is then stretched to [−1, 1).

    Args:
        images: uint8, any shape.
        noise: uniform in [0, 1), float32 or float64, in the shape of images.

    Returns:
        Shape of images, dtype of noise.
    """
    raise NotImplementedError


def to_pixels(x: Tensor) -> Tensor:
    """The other way: the bin that each number lies in. Numbers outside [−1, 1) count as the nearest bin.

    Args:
        x: float32 or float64, any shape.

    Returns:
        uint8, in the shape of x. For every noise, to_pixels(to_tanh_range(images, noise)) is images.
    """
    raise NotImplementedError


def truncated(noise: Tensor, limit: float, spare: Tensor) -> Tensor:
    """Noise without outliers: a number beyond ±limit is replaced by the next spare one that isn't beyond.

    Args:
        noise: standard normal, shape (N, Z).
        limit: above 0; |number| ≤ limit stays.
        spare: more standard normal numbers, shape (M,): enough of them. They are used up in order, for the places of
            noise in row-major order; one that is beyond ±limit itself is skipped.

    Returns:
        Shape (N, Z).
    """
    raise NotImplementedError


def augment(images: Tensor, flips: Tensor, shifts: Tensor, brightness: Tensor) -> Tensor:
    """Flip, shift and brighten each image, with gradients for the images.

    In this order: mirrored left to right where flips is true; moved by (rows, columns) of shifts, down and to the right
    if positive, with zeros where nothing has come from; and brightness added to every number, also to those zeros.

    Args:
        images: shape (N, C, H, W), float.
        flips: shape (N,), bool.
        shifts: shape (N, 2), int64, smaller in size than H and W.
        brightness: shape (N,), in the dtype of images.

    Returns:
        Shape (N, C, H, W). Autograd must find its way back to the images.
    """
    raise NotImplementedError


def mixed_batches(real: int, synthetic: int, size: int, share: float, order: Tensor) -> list[Tensor]:
    """Train a classifier on real samples and on those of a GAN: one epoch of batches with a fixed share of both.

    Every batch has round(share · size) synthetic samples (Python's round) and real ones for the rest. The epoch ends
    when the real samples no longer fill their part of a batch. Synthetic samples are used in turn, 0, 1, 2, …, and from
    the beginning again when they are used up.

    Args:
        real: how many real samples there are; their indices are 0 … real − 1.
        synthetic: how many synthetic ones, at least 1; their indices are real … real + synthetic − 1.
        size: of a batch.
        share: of synthetic samples in a batch, 0 ≤ share < 1; at least one real one is left.
        order: a permutation of the real indices, shape (real,): the order in which they are used.

    Returns:
        The batches, int64, shape (size,) each: the real indices first, then the synthetic ones.
    """
    raise NotImplementedError

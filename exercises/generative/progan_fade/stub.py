"""Growing a GAN: a new resolution is faded in; and three parts that keep a growing GAN stable.

Read the lesson first (`tutor lesson progan_fade`); `tutor hint` helps when you are stuck. No function changes inputs.
"""

from torch import Tensor


def double(images: Tensor) -> Tensor:
    """Twice the size, every pixel repeated as 2 × 2 (nearest neighbour).

    Args:
        images: shape (N, C, H, W).

    Returns:
        Shape (N, C, 2H, 2W).
    """
    raise NotImplementedError


def halve(images: Tensor) -> Tensor:
    """Half the size, every 2 × 2 pixels averaged. Shape (N, C, H, W), H and W even, to (N, C, H/2, W/2)."""
    raise NotImplementedError


def fade(old: Tensor, new: Tensor, alpha: float) -> Tensor:
    """What the generator shows while a resolution is being added: (1 − alpha) · double(old) + alpha · new.

    Args:
        old: images of the layer below, shape (N, C, H, W).
        new: images of the new layer, shape (N, C, 2H, 2W).
        alpha: 0 when the new layer begins, 1 when it has arrived.

    Returns:
        Shape (N, C, 2H, 2W).
    """
    raise NotImplementedError


def fade_backward(grad_output: Tensor, alpha: float) -> tuple[Tensor, Tensor]:
    """Gradients of `fade` for old and new.

    Args:
        grad_output: shape (N, C, 2H, 2W).
        alpha: as in `fade`.

    Returns:
        grad_old, shape (N, C, H, W), and grad_new, shape (N, C, 2H, 2W).
    """
    raise NotImplementedError


def stage(images_seen: int, fading: int, stable: int, start: int, final: int) -> tuple[int, float]:
    """The side of the images, and alpha, after so many real images have been shown.

    Training begins at side `start` with alpha 1, for `stable` images. Then the side doubles, and alpha rises from 0,
    linearly, for `fading` images, and stays 1 for `stable` more; and so on, until side `final`, which stays for ever.

    Args:
        images_seen: 0 or more.
        fading, stable: numbers of images, at least 1.
        start, final: sides; final is start times a power of two.

    Returns:
        The side, and alpha: 0 at the first image of a fade, 1 from `fading` images later on.
    """
    raise NotImplementedError


def pixel_norm(x: Tensor, eps: float = 1e-8) -> Tensor:
    """Every pixel's vector of features brought to a mean square of 1: x / √(mean over channels of x² + eps).

    Args:
        x: shape (N, C, H, W).
        eps: inside the root.

    Returns:
        Shape (N, C, H, W).
    """
    raise NotImplementedError


def pixel_norm_backward(grad_output: Tensor, x: Tensor, eps: float = 1e-8) -> Tensor:
    """The gradient of `pixel_norm` for x. All shapes (N, C, H, W)."""
    raise NotImplementedError


def minibatch_stddev(x: Tensor, eps: float = 1e-8) -> Tensor:
    """A channel that tells the discriminator how much the samples of its batch differ.

    For every feature (channel and pixel) the standard deviation over the batch, √(variance + eps) with the variance
    divided by N; of all these one mean, a single number; and that number as one more channel, at every pixel of every
    sample, behind the others.

    Args:
        x: shape (N, C, H, W).
        eps: inside the root.

    Returns:
        Shape (N, C + 1, H, W).
    """
    raise NotImplementedError


def minibatch_features(x: Tensor, weight: Tensor) -> Tensor:
    """Minibatch discrimination: for every sample, how near it is to the others, in B ways.

    M = x · weight gives each sample B vectors of K numbers, and

        o[i, b] = Σ over j ≠ i of exp(−Σₖ |M[i, b, k] − M[j, b, k]|)

    Args:
        x: features of the samples, shape (N, F).
        weight: shape (F, B, K).

    Returns:
        x with o behind it, shape (N, F + B).
    """
    raise NotImplementedError

"""Enlarging images: the baselines that a network has to beat, and how one measures whether it does.

Read the lesson first (`tutor lesson super_resolution`); `tutor hint` helps when you are stuck. No function may change
its inputs; results have the dtype of the first tensor.
"""

from torch import Tensor


def resize_matrix(size: int, factor: int, kind: str) -> Tensor:
    """The matrix R that enlarges one axis: new values = R · old values.

    Element i of the new axis lies at s = (i + ½) / factor − ½ of the old one, whose elements lie at 0, 1, …

    Args:
        size: length of the old axis.
        factor: how many times longer the new one is.
        kind: "nearest": weight 1 for element ⌊i / factor⌋.
            "bilinear": the elements ⌊s⌋ and ⌊s⌋ + 1 with weights 1 − |distance from s|.
            "bicubic": the elements ⌊s⌋ − 1 … ⌊s⌋ + 2, with the weights of Keys' kernel for a = −0.75 at the distance t:
            (a + 2) t³ − (a + 3) t² + 1 for t ≤ 1, and a t³ − 5a t² + 8a t − 4a for 1 < t < 2.
            An element beyond the border is replaced by the border's, which gets its weight in addition.

    Returns:
        Shape (size · factor, size), float64; every row sums to 1.
    """
    raise NotImplementedError


def upsample(x: Tensor, factor: int, kind: str) -> Tensor:
    """Enlarge images with `resize_matrix`, along both axes.

    Args:
        x: shape (N, C, H, W).
        factor, kind: as in `resize_matrix`.

    Returns:
        Shape (N, C, H · factor, W · factor).
    """
    raise NotImplementedError


def upsample_backward(grad_output: Tensor, x: Tensor, factor: int, kind: str) -> Tensor:
    """The gradient of a loss for the input of `upsample`.

    Args:
        grad_output: ∂L/∂output, shape (N, C, H · factor, W · factor).
        x, factor, kind: as in `upsample`.

    Returns:
        Shape (N, C, H, W).
    """
    raise NotImplementedError


def psnr(output: Tensor, target: Tensor, peak: float = 1.0) -> Tensor:
    """The peak signal-to-noise ratio of each image, in decibels: 10 · log₁₀(peak² / mean squared error).

    Args:
        output, target: shape (N, C, H, W).
        peak: the largest value that a pixel can have, 1 or 255.

    Returns:
        Shape (N,); the mean squared error is over all elements of the image. Infinite for images that are equal.
    """
    raise NotImplementedError


def charbonnier(output: Tensor, target: Tensor, eps: float = 1e-3) -> Tensor:
    """An absolute error that is smooth at zero: the mean of √((output − target)² + eps²) over all elements.

    Args:
        output, target: shape (N, C, H, W).
        eps: below which differences count as small, > 0.

    Returns:
        A 0-dimensional tensor.
    """
    raise NotImplementedError


def charbonnier_backward(grad_output: Tensor, output: Tensor, target: Tensor, eps: float = 1e-3) -> Tensor:
    """The gradient of `charbonnier` for `output`.

    Args:
        grad_output: 0-dimensional; the result is multiplied by it.
        output, target, eps: as in `charbonnier`.

    Returns:
        Shape (N, C, H, W).
    """
    raise NotImplementedError

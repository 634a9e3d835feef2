"""Style as statistics: Gram matrices and their loss, total variation, adaptive instance normalisation.

Read the lesson first (`tutor lesson gram_matrix`); `tutor hint` helps when you are stuck. Features and images have the
shape (N, C, H, W). No function may change its inputs; results have the dtype of the first tensor.
"""

from torch import Tensor


def gram_matrix(features: Tensor) -> Tensor:
    """How the channels of each sample go together: the mean products of their features.

    G[n, a, b] = (1 / (C · H · W)) · Σ over positions of F[n, a] · F[n, b].

    Args:
        features: F, shape (N, C, H, W). No mean is taken off.

    Returns:
        Shape (N, C, C).
    """
    raise NotImplementedError


def gram_matrix_backward(grad_output: Tensor, features: Tensor) -> Tensor:
    """The gradient of a loss for the features that went into `gram_matrix`.

    Args:
        grad_output: ∂L/∂G, shape (N, C, C), not symmetric in general.
        features: as in `gram_matrix`.

    Returns:
        Shape (N, C, H, W).
    """
    raise NotImplementedError


def style_loss(features: Tensor, target: Tensor) -> Tensor:
    """The squared distance of the Gram matrices: Σ over a and b of (G − target)², averaged over the N samples.

    Args:
        features: shape (N, C, H, W).
        target: the Gram matrices that are wanted, symmetric, shape (N, C, C).

    Returns:
        A 0-dimensional tensor.
    """
    raise NotImplementedError


def style_loss_backward(grad_output: Tensor, features: Tensor, target: Tensor) -> Tensor:
    """The gradient of `style_loss` for `features`.

    Args:
        grad_output: 0-dimensional; the result is multiplied by it.
        features, target: as in `style_loss`.

    Returns:
        Shape (N, C, H, W).
    """
    raise NotImplementedError


def total_variation(image: Tensor) -> Tensor:
    """How much neighbouring pixels differ: Σ |below − above| + Σ |right − left|, averaged over the N samples.

    Args:
        image: shape (N, C, H, W). Every pair of vertical and of horizontal neighbours counts once, in every channel;
            the image does not go round at its borders.

    Returns:
        A 0-dimensional tensor; 0 for images of one pixel.
    """
    raise NotImplementedError


def total_variation_backward(grad_output: Tensor, image: Tensor) -> Tensor:
    """The gradient of `total_variation` for the image. A pair of equal pixels contributes nothing.

    Args:
        grad_output: 0-dimensional; the result is multiplied by it.
        image: as in `total_variation`.

    Returns:
        Shape (N, C, H, W).
    """
    raise NotImplementedError


def adain(content: Tensor, style: Tensor, eps: float = 1e-5) -> Tensor:
    """Adaptive instance normalisation: the content's features with the style's mean and spread, channel by channel.

    Args:
        content: shape (N, C, H, W).
        style: shape (N, C, H', W'); the sizes may differ.
        eps: added to every variance (those of content and those of style), inside the root.

    Returns:
        The shape of `content`: (content − its mean) / its spread · the style's spread + the style's mean. Means and
        variances are over the positions of each channel of each sample; the variance divides by H · W, not H · W − 1.
    """
    raise NotImplementedError

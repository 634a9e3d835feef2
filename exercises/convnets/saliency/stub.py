"""Why did the network say so? Gradients, integrated gradients, occlusion; and a grid of pictures to look at them.

Read the lesson first (`tutor lesson saliency`); `tutor hint` helps when you are stuck.

`net` is any module that maps images (N, C, H, W) to logits (N, classes), each image by itself. No function may change
its parameters, their .grad, its modes, or the images.
"""

import torch.nn as nn
from torch import Tensor


def saliency(net: nn.Module, images: Tensor, classes: Tensor) -> Tensor:
    """How strongly each pixel's change would change the logit of a class.

    Args:
        net: see above.
        images: shape (N, C, H, W).
        classes: one class for each image, shape (N,), int64.

    Returns:
        The largest absolute gradient of that logit over the channels, shape (N, H, W), without a graph.
    """
    raise NotImplementedError


def integrated_gradients(net: nn.Module, images: Tensor, baseline: Tensor, classes: Tensor, steps: int) -> Tensor:
    """What each number contributes to the difference between the image's logit and the baseline's.

    (image − baseline) ⊙ the mean of the gradient at the places baseline + (k − ½)/steps · (image − baseline),
    k = 1 … steps, on the straight way between the two.

    Args:
        net, images, classes: as above.
        baseline: shape (C, H, W), the same for all images: black, for instance.
        steps: at least 1.

    Returns:
        Shape (N, C, H, W), without a graph. For many steps, each image's sum is logit(image) − logit(baseline).
    """
    raise NotImplementedError


def occlusion(net: nn.Module, image: Tensor, label: int, size: int, stride: int, value: float) -> Tensor:
    """How much the probability of a class falls when a square of the image is covered.

    Args:
        net: see above.
        image: shape (C, H, W).
        label: the class.
        size: side of the square; H − size and W − size are multiples of stride.
        stride: pixels from one place of the square to the next, from the upper left corner on.
        value: what covered pixels are set to, in all channels.

    Returns:
        softmax probability of the whole image minus that of the covered one, for every place of the square, shape
        ((H − size)/stride + 1, (W − size)/stride + 1), without a graph.
    """
    raise NotImplementedError


def image_grid(images: Tensor, mean: Tensor, std: Tensor, columns: int, padding: int) -> Tensor:
    """Normalised images as one picture.

    Args:
        images: shape (N, C, H, W), float.
        mean, std: per channel, shape (C,): what the images were normalised with.
        columns: images a row; the last row may have fewer, and is filled up with white (1.0).
        padding: white pixels between two neighbours, and around the whole.

    Returns:
        images · std + mean, limited to 0 … 1, side by side and row by row:
        shape (C, rows · (H + padding) + padding, columns · (W + padding) + padding).
    """
    raise NotImplementedError

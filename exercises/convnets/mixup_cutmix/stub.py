"""Mixup and CutMix: two images in one, and labels mixed accordingly.

Read the lesson first (`tutor lesson mixup_cutmix`); `tutor hint` helps when you are stuck.

Everything random is given: `order`, shape (N,), int64, is a permutation; image n is mixed with image order[n].
"""

from torch import Tensor


def mixup(images: Tensor, labels: Tensor, *, order: Tensor, lam: float, classes: int) -> tuple[Tensor, Tensor]:
    """Blend each image with its partner: lam times the image, 1 − lam times the partner.

    Args:
        images: shape (N, C, H, W), float32 or float64.
        labels: shape (N,), int64, from 0 to classes − 1.
        order: as above.
        lam: from 0 to 1.
        classes: how many there are.

    Returns:
        images: shape and dtype as before.
        targets: shape (N, classes), in that dtype; each row has lam at the image's class and 1 − lam at its
            partner's, and their sum, 1, where both are the same. Inputs must not be changed.
    """
    raise NotImplementedError


def cut_box(height: int, width: int, *, lam: float, row: int, column: int) -> tuple[int, int, int, int]:
    """The rectangle to be replaced: of a share of about 1 − lam, in the shape of the image, clipped at its border.

    Its height before clipping is h = ⌊height · √(1 − lam)⌋, its width w = ⌊width · √(1 − lam)⌋. It begins at row
    `row` − ⌊h / 2⌋ and column `column` − ⌊w / 2⌋; what lies outside the image is cut off.

    Args:
        height, width: of the image.
        lam: from 0 to 1.
        row, column: its middle, inside the image.

    Returns:
        top, bottom, left, right: rows top … bottom − 1, columns left … right − 1.
    """
    raise NotImplementedError


def cutmix(
    images: Tensor, labels: Tensor, *, order: Tensor, box: tuple[int, int, int, int], classes: int
) -> tuple[Tensor, Tensor]:
    """Replace a rectangle of each image by the same rectangle of its partner.

    Args:
        images, labels, order, classes: as for `mixup`.
        box: as `cut_box` returns it; may be empty.

    Returns:
        images: shape and dtype as before.
        targets: as for `mixup`, with lam the share of the image's pixels that are its own: 1 − the box's area / (H ·
            W). Inputs must not be changed.
    """
    raise NotImplementedError


def soft_cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """The mean over the samples of −Σ_k targets[n, k] · log softmax(logits[n])[k].

    Args:
        logits: shape (N, K), float32 or float64, of any size.
        targets: shape (N, K), in that dtype, at least 0.

    Returns:
        A scalar, in that dtype. Inputs must not be changed.
    """
    raise NotImplementedError

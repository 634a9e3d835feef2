"""Restoring images with a judge: what a generator is paid for when it has to invent what isn't there.

Read the lesson first (`tutor lesson adversarial_restoration`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor, nn

# Images have shape (N, C, H, W). `features` is a network trained for something else; it turns images into a tensor of
# features of any shape. `judge` is the discriminator; it gives scores of shape (N, 1), high for real, without a
# sigmoid, and is used in the mode that it's in. Neither of the two is to learn: a backward() of what you return leaves
# their parameters' `.grad` (a tensor, or None) as it was. After each call their `requires_grad`, modes and buffers are
# what they were before, in every submodule. No function calls backward().


def guess_errors(candidates: Tensor, weights: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """What two kinds of guess cost when several originals are possible.

    Args:
        candidates: the K originals that would all look like this after the damage, shape (K, C, H, W).
        weights: how probable each is, shape (K,); they sum to 1. The truth is one of the candidates, drawn by them.

    Returns:
        guess: shape (C, H, W), the one picture with the smallest expected mean squared error to the truth.
        blurred: 0-dimensional, that expected mean squared error (a mean over all elements of the picture).
        sharp: 0-dimensional, the expected mean squared error of a guess that is itself a candidate, drawn by the same
            weights independently of the truth.
    """
    raise NotImplementedError


def content_loss(features: nn.Module, made: Tensor, target: Tensor) -> Tensor:
    """The mean squared distance between the features of two batches of images.

    Args:
        features: see above. It may be in training mode; here it works in evaluation mode, all submodules.
        made: images with a graph: the gradient passes through `features` to them.
        target: the originals, in the same shape. They get no gradient, even if they require one.

    Returns:
        A 0-dimensional tensor: the mean over all elements of the feature tensor.
    """
    raise NotImplementedError


def generator_loss(
    generator: nn.Module,
    judge: nn.Module,
    features: nn.Module,
    low: Tensor,
    high: Tensor,
    *,
    pixel: float = 1e-2,
    content: float = 1.0,
    adversarial: float = 5e-3,
) -> dict[str, Tensor]:
    """What the generator of a super-resolution GAN lowers.

    Args:
        generator: makes large images of small ones. It is used once, in the mode that it's in.
        judge, features: see above.
        low: the small images, shape (N, C, h, w).
        high: the originals, shape (N, C, H, W).
        pixel, content, adversarial: the weights of the three terms.

    Returns:
        0-dimensional tensors:
        "pixel": mean |generator(low) − high| over all elements;
        "content": `content_loss` of generator(low) and high;
        "adversarial": mean softplus(−judge(generator(low))), the non-saturating loss;
        "total": their weighted sum. Its backward() gives the generator's parameters their gradients, and nothing else.
    """
    raise NotImplementedError


def relativistic_losses(real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    """The losses of a judge that compares: is this image more real than the others are on average?

    With r = real − mean(fake) and f = fake − mean(real), σ the sigmoid:

        discriminator:  −mean log σ(r) − mean log(1 − σ(f))
        generator:      −mean log(1 − σ(r)) − mean log σ(f)

    Gradients flow through both scores, in both losses, and through the means as well.

    Args:
        real: scores of the originals, shape (N,), float32 or float64, of any magnitude up to 1000.
        fake: scores of the made images, shape (M,); M need not be N.

    Returns:
        The discriminator's loss and the generator's, both 0-dimensional.
    """
    raise NotImplementedError


def inpainting_generator_loss(
    output: Tensor, image: Tensor, mask: Tensor, judge: nn.Module, *, adversarial: float = 1e-3
) -> dict[str, Tensor]:
    """What a generator lowers that fills holes.

    The judge sees what the user gets to see, the composite: known pixels from the image, the hole from the output.

    Args:
        output: what the generator says, shape (N, C, H, W), with a graph.
        image: the original, shape (N, C, H, W).
        mask: 1 is known, 0 is the hole; floats of shape (N, 1, H, W), one for all channels.
        judge: see above.
        adversarial: the weight of this term; that of "pixel" is 1.

    Returns:
        0-dimensional tensors:
        "pixel": mean |output − image| over all elements in holes, of all samples and channels together; 0 without any;
        "adversarial": mean softplus(−judge(composite));
        "total": the weighted sum. Its gradient for the output is exactly 0 at known pixels.
    """
    raise NotImplementedError

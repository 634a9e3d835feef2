"""Anomaly detection with a GAN: search for the noise that makes a sample, and see how far off the best one is.

Read the lesson first (`tutor lesson gan_inversion`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor, nn

# In all functions: `generator(z)` makes samples of shape (N, ...) from noise of shape (N, Z); `features(samples)` gives
# what a hidden layer of the discriminator sees, shape (N, ...), the same or another number of axes. Both are trained
# networks that are only used here: in evaluation mode, and after the call everything about them is as it was before:
# parameters, buffers, `.grad` (a tensor, or None), `requires_grad`, and the mode of each of their submodules.
# Tensors that are passed in must not be changed either.


def anogan_loss(x: Tensor, made: Tensor, features_x: Tensor, features_made: Tensor, share: float) -> Tensor:
    """How unlike each sample and its imitation are: in themselves, and as the discriminator sees them.

    (1 − share) · Σ |x − made| + share · Σ |features_x − features_made|, for each sample by itself.

    Args:
        x, made: samples and imitations, shape (N, ...), at least one further axis.
        features_x, features_made: their features, shape (N, ...), at least one further axis.
        share: from 0 to 1.

    Returns:
        Shape (N,): sums (not means) over all axes but the first, with a graph to `made` and `features_made`.
    """
    raise NotImplementedError


def invert(
    generator: nn.Module,
    features: nn.Module,
    x: Tensor,
    z: Tensor,
    *,
    steps: int,
    lr: float,
    share: float,
    bound: float,
) -> tuple[Tensor, Tensor]:
    """Search for the noise from which the generator makes each sample, by plain gradient descent on the noise.

    A step moves each sample's z against the gradient of that sample's own `anogan_loss`, z ← z − lr · ∂loss/∂z, and
    then cuts every element of z off at ±bound. A sample's result does not depend on what else is in the batch.

    Args:
        generator, features: see above.
        x: samples, shape (N, ...).
        z: where the search begins, shape (N, Z), within ±bound.
        steps: how many, 0 or more.
        lr: the step size.
        share: see `anogan_loss`.
        bound: positive.

    Returns:
        The noise after the last step, shape (N, Z), and each sample's loss there, shape (N,); both without a graph.
    """
    raise NotImplementedError


def best_of(
    generator: nn.Module,
    features: nn.Module,
    x: Tensor,
    starts: Tensor,
    *,
    steps: int,
    lr: float,
    share: float,
    bound: float,
) -> tuple[Tensor, Tensor]:
    """Invert from several starts, and keep for each sample what came out best.

    Args:
        starts: shape (S, Z): S places from which to begin, the same for all samples.
        generator, features, x, steps, lr, share, bound: as for `invert`.

    Returns:
        As from `invert`: for each sample the noise with the lowest final loss, shape (N, Z), and that loss, shape (N,).
    """
    raise NotImplementedError


def encoder_loss(encoder: nn.Module, generator: nn.Module, features: nn.Module, x: Tensor, weight: float) -> Tensor:
    """The loss of an encoder that is to find the noise at once, without a search.

    With x̂ = G(E(x)): the mean of (x − x̂)² over all elements, plus weight times the mean of (f(x) − f(x̂))².

    Args:
        encoder: maps samples (N, ...) to noise (N, Z). It is being trained: its mode is the caller's affair.
        generator, features: see above. Neither gets gradients when `backward` is called on what is returned.
        x: normal samples, shape (N, ...).
        weight: of the second term.

    Returns:
        A 0-dimensional tensor with a graph to the encoder's parameters.
    """
    raise NotImplementedError

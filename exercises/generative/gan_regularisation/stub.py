"""Regularising a GAN: dropout in the judge, decay where it helps, an L1 that makes zeros, and what all this does.

Read the lesson first (`tutor lesson gan_regularisation`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor, nn

# `layers` is a discriminator of linear layers, from the samples to the score: a list of pairs (weight, bias) of shapes
# (out, in) and (out,). All layers but the last are hidden. `masks` has one tensor for each hidden layer.


def overfitting_share(train: Tensor, held_out: Tensor, fake: Tensor) -> float:
    """How much of what the discriminator sees in training images is not in images that it was never shown.

    (mean(train) − mean(held_out)) / (mean(train) − mean(fake)): 0 if it scores both kinds of real images alike, 1 if
    it scores new real images like generated ones. It may lie outside of [0, 1]; don't clamp it.

    Args:
        train: scores of real images from the training set, shape (N,).
        held_out: scores of real images that were kept back, shape (K,).
        fake: scores of generated images, shape (M,).

    Returns:
        A Python float. 0.0 if the training images don't score higher than the generated ones on average: a
        discriminator that tells nothing apart has learned nothing by heart either.
    """
    raise NotImplementedError


def discriminator_forward(
    x: Tensor,
    layers: list[tuple[Tensor, Tensor]],
    masks: list[Tensor] | None,
    *,
    p: float,
    slope: float = 0.2,
) -> Tensor:
    """The scores of a discriminator with dropout behind each of its hidden layers.

    A hidden layer is x ↦ x · weightᵀ + bias, then a leaky ReLU (u where u > 0, otherwise slope · u), then inverted
    dropout: what the mask drops is 0, what it keeps is divided by 1 − p. The last layer is linear and nothing else.

    Args:
        x: samples, shape (N, D).
        layers: see above; the last one has out = 1. There may be no hidden layer.
        masks: for each hidden layer a bool tensor of shape (N, out), True where an element stays: each sample has
            its own. None for evaluation: nothing is dropped and nothing is scaled, whatever p.
        p: with what probability elements were dropped when the masks were drawn, 0 ≤ p < 1.
        slope: of the leaky ReLU.

    Returns:
        Scores, shape (N, 1), with a graph to x and to the layers. The inputs must not be changed.
    """
    raise NotImplementedError


def discriminator_loss(
    real: Tensor,
    fake: Tensor,
    layers: list[tuple[Tensor, Tensor]],
    masks_real: list[Tensor],
    masks_fake: list[Tensor],
    *,
    p: float,
    smooth: float,
) -> Tensor:
    """What the discriminator minimises, with dropout and one-sided label smoothing.

    The mean over the real samples of the binary cross-entropy of their score (a logit) with the target 1 − smooth, plus
    the mean over the generated samples of that with the target 0.

    Args:
        real: shape (N, D).
        fake: generated samples, shape (M, D). No gradient may reach what made them.
        layers: see above; slope 0.2.
        masks_real: for the real samples, each of shape (N, out).
        masks_fake: for the generated ones, each of shape (M, out).
        p: see `discriminator_forward`.
        smooth: 0 ≤ smooth < ½.

    Returns:
        A 0-dimensional tensor with a graph to the layers, finite for scores up to 1000 and beyond.
    """
    raise NotImplementedError


def decay_groups(generator: nn.Module, discriminator: nn.Module, l2: float) -> list[dict]:
    """Parameter groups for an optimiser that trains both networks, with weight decay where it belongs.

    Decayed is the `weight` of each nn.Linear, nn.Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d and
    ConvTranspose3d of the discriminator, however deeply nested. Not decayed are all its other parameters (biases,
    those of normalisation layers, embeddings, parameters of modules of one's own), and those of the generator.

    Args:
        generator, discriminator: only parameters with requires_grad True are trained.
        l2: the strength of the decay.

    Returns:
        Two dicts with the keys "params" and "weight_decay". First the decayed parameters, with l2; then the others,
        with 0.0: the generator's, then the discriminator's. "params" is a list, in the order of parameters().
    """
    raise NotImplementedError


def elastic_step(params: list[nn.Parameter], grads: list[Tensor | None], *, lr: float, l1: float, l2: float) -> None:
    """One step of gradient descent, in place, on loss + ½ · l2 · Σw² + l1 · Σ|w|, whose L1 part makes exact zeros.

    For each parameter w with gradient g, first u = w − lr · (g + l2 · w); then w becomes that v which makes
    ½ (v − u)² + lr · l1 · |v| smallest, element by element.

    Args:
        params: any shapes. They require gradients, and still do so afterwards, with no graph attached.
        grads: the gradient of the loss for each, of its shape; None for a parameter that took no part: it isn't moved
            at all. They must not be changed.
        lr, l1, l2: not negative.
    """
    raise NotImplementedError


def equilibrium(data: Tensor, l2_d: float, l2_g: float) -> tuple[Tensor, Tensor]:
    """Where the smallest GAN comes to rest, if both its players have an L2 penalty.

    All data is at one point x, the generator makes the one point θ, and the discriminator scores with ψ, D(u) = ψ · u:

        the discriminator lowers   ψ · θ − ψ · x + ½ · l2_d · ‖ψ‖²   with its ψ
        the generator lowers       −ψ · θ + ½ · l2_g · ‖θ‖²          with its θ

    Args:
        data: x, shape (D,).
        l2_d, l2_g: not negative; both may be 0.

    Returns:
        ψ and θ, each of shape (D,): the one pair at which neither player's own gradient moves it.
    """
    raise NotImplementedError

"""How a caption gets into a generator, and into the discriminator that judges whether picture and caption fit.

Read the lesson first (`tutor lesson text_to_image_conditioning`); `tutor hint` helps when you are stuck. No function
may change its inputs; results have the dtype of the floating-point inputs.
"""

from torch import Tensor


def caption_vector(tokens: Tensor, lengths: Tensor, table: Tensor) -> Tensor:
    """A caption as a bag of words: the mean of the embeddings of its words.

    Args:
        tokens: shape (N, T), int64, in [0, V). In caption n only the first lengths[n] are words, the rest is padding,
            and may be any token.
        lengths: shape (N,), int64, in [0, T].
        table: the embeddings, shape (V, E).

    Returns:
        Shape (N, E); zeros for a caption without words.
    """
    raise NotImplementedError


def caption_vector_backward(grad_output: Tensor, tokens: Tensor, lengths: Tensor, table: Tensor) -> Tensor:
    """The gradient of a loss for the table. A word may occur several times, in one caption and in several.

    Args:
        grad_output: ∂L/∂(caption vectors), shape (N, E).
        tokens, lengths, table: as in `caption_vector`.

    Returns:
        Shape (V, E).
    """
    raise NotImplementedError


def concatenate(features: Tensor, condition: Tensor) -> Tensor:
    """The condition as further channels, the same at every place.

    Args:
        features: shape (N, C, H, W).
        condition: shape (N, E).

    Returns:
        Shape (N, C + E, H, W): the features' channels first.
    """
    raise NotImplementedError


def film(features: Tensor, gamma: Tensor, beta: Tensor) -> Tensor:
    """Feature-wise linear modulation: (1 + gamma) · features + beta, one of each per channel of a sample.

    Args:
        features: shape (N, C, H, W).
        gamma, beta: shape (N, C), made from the condition by linear layers.

    Returns:
        Shape (N, C, H, W).
    """
    raise NotImplementedError


def film_backward(grad_output: Tensor, features: Tensor, gamma: Tensor, beta: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The gradients of a loss for everything that went into `film`.

    Args:
        grad_output: ∂L/∂output, shape (N, C, H, W).
        features, gamma, beta: as in `film`.

    Returns:
        grad_features (N, C, H, W), grad_gamma (N, C), grad_beta (N, C).
    """
    raise NotImplementedError


def projection_score(features: Tensor, condition: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """The verdict of a projection discriminator: is the picture real, plus does it fit the caption?

    Args:
        features: of the pictures, shape (N, C, H, W); summed over all places to h (N, C).
        condition: the caption vectors, already of the same width, shape (N, C).
        weight: shape (C,).
        bias: 0-dimensional.

    Returns:
        Shape (N,): the logit weight · h + bias + condition · h.
    """
    raise NotImplementedError

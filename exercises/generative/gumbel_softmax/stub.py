"""Drawing a word in such a way that a gradient gets through: Gumbel noise, its softmax, and straight-through.

Read the lesson first (`tutor lesson gumbel_softmax`); `tutor hint` helps when you are stuck. No function may change its
inputs; results have the dtype of the first tensor. V is the size of the vocabulary.
"""

from torch import Tensor


def gumbel_noise(uniform: Tensor) -> Tensor:
    """Gumbel noise by inverting its distribution function, F(g) = e^(−e^(−g)).

    Args:
        uniform: any shape, strictly between 0 and 1.

    Returns:
        The same shape: the g with F(g) = uniform.
    """
    raise NotImplementedError


def gumbel_softmax(logits: Tensor, gumbel: Tensor, tau: float, hard: bool = False) -> Tensor:
    """A word drawn from softmax(logits), as a vector: nearly one-hot, or exactly.

    Args:
        logits: shape (…, V), of any magnitude up to 10,000.
        gumbel: Gumbel noise, shape (…, V).
        tau: the temperature, > 0, as low as 0.01.
        hard: False: softmax((logits + gumbel) / tau) along the last axis. True: 1 where that is largest (the first of
            several equal ones), 0 elsewhere.

    Returns:
        Shape (…, V).
    """
    raise NotImplementedError


def gumbel_softmax_backward(
    grad_output: Tensor, logits: Tensor, gumbel: Tensor, tau: float, hard: bool = False
) -> Tensor:
    """The gradient for the logits. With `hard` it is straight-through: that of the soft vector, as if it had been used.

    Args:
        grad_output: ∂L/∂(what `gumbel_softmax` returned), shape (…, V).
        logits, gumbel, tau, hard: as in `gumbel_softmax`.

    Returns:
        Shape (…, V).
    """
    raise NotImplementedError


def soft_embedding(words: Tensor, table: Tensor) -> Tensor:
    """What a discriminator reads: for each word vector the mixture of the rows of an embedding table.

    Args:
        words: shape (N, T, V), each a distribution over the vocabulary, or one-hot.
        table: one row for each word of the vocabulary, shape (V, E).

    Returns:
        Shape (N, T, E). For a one-hot vector that is the word's row.
    """
    raise NotImplementedError


def soft_embedding_backward(grad_output: Tensor, words: Tensor, table: Tensor) -> tuple[Tensor, Tensor]:
    """The gradients for both inputs of `soft_embedding`.

    Args:
        grad_output: ∂L/∂output, shape (N, T, E).
        words, table: as in `soft_embedding`.

    Returns:
        grad_words (N, T, V) and grad_table (V, E).
    """
    raise NotImplementedError

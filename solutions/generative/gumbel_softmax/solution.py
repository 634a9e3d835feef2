"""A shifted softmax, which both passes use; matrix products for the embedding."""

import torch
from torch import Tensor


def gumbel_noise(uniform: Tensor) -> Tensor:
    """See the stub."""
    return -torch.log(-torch.log(uniform))


def gumbel_softmax(logits: Tensor, gumbel: Tensor, tau: float, hard: bool = False) -> Tensor:
    """See the stub."""
    scores = (logits + gumbel) / tau
    powers = torch.exp(scores - scores.max(dim=-1, keepdim=True).values)
    soft = powers / powers.sum(dim=-1, keepdim=True)
    if not hard:
        return soft
    index = soft.argmax(dim=-1, keepdim=True)
    return torch.zeros_like(soft).scatter(-1, index, 1)


def gumbel_softmax_backward(
    grad_output: Tensor, logits: Tensor, gumbel: Tensor, tau: float, hard: bool = False
) -> Tensor:
    """See the stub."""
    soft = gumbel_softmax(logits, gumbel, tau)
    inner = (grad_output * soft).sum(dim=-1, keepdim=True)
    return soft * (grad_output - inner) / tau


def soft_embedding(words: Tensor, table: Tensor) -> Tensor:
    """See the stub."""
    return words @ table


def soft_embedding_backward(grad_output: Tensor, words: Tensor, table: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    return grad_output @ table.T, words.flatten(0, 1).T @ grad_output.flatten(0, 1)

"""A mask for the words, index_add for the table, broadcasting for the rest."""

import torch
from torch import Tensor


def _words(tokens: Tensor, lengths: Tensor, dtype: torch.dtype) -> Tensor:
    """Ones where there is a word, shape (N, T)."""
    return (torch.arange(tokens.shape[1]) < lengths[:, None]).to(dtype)


def caption_vector(tokens: Tensor, lengths: Tensor, table: Tensor) -> Tensor:
    """See the stub."""
    rows = table[tokens] * _words(tokens, lengths, table.dtype)[..., None]
    return rows.sum(dim=1) / lengths.clamp(min=1)[:, None]


def caption_vector_backward(grad_output: Tensor, tokens: Tensor, lengths: Tensor, table: Tensor) -> Tensor:
    """See the stub."""
    each = (grad_output / lengths.clamp(min=1)[:, None])[:, None] * _words(tokens, lengths, table.dtype)[..., None]
    return torch.zeros_like(table).index_add(0, tokens.flatten(), each.flatten(0, 1))


def concatenate(features: Tensor, condition: Tensor) -> Tensor:
    """See the stub."""
    spread = condition[..., None, None].expand(-1, -1, *features.shape[2:])
    return torch.cat([features, spread], dim=1)


def film(features: Tensor, gamma: Tensor, beta: Tensor) -> Tensor:
    """See the stub."""
    return (1 + gamma)[..., None, None] * features + beta[..., None, None]


def film_backward(grad_output: Tensor, features: Tensor, gamma: Tensor, beta: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    grad_gamma, grad_beta = (grad_output * features).sum(dim=(2, 3)), grad_output.sum(dim=(2, 3))
    return (1 + gamma)[..., None, None] * grad_output, grad_gamma, grad_beta


def projection_score(features: Tensor, condition: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """See the stub."""
    h = features.sum(dim=(2, 3))
    return h @ weight + bias + (condition * h).sum(dim=1)

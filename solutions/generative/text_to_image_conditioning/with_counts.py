"""A matrix of word counts, so that the caption vector and its gradient are products with it."""

import torch
from torch import Tensor


def _shares(tokens: Tensor, lengths: Tensor, table: Tensor) -> Tensor:
    """What share of each caption is each word, shape (N, V)."""
    counts = table.new_zeros(len(tokens), len(table))
    for n, length in enumerate(lengths.tolist()):
        for token in tokens[n, :length].tolist():
            counts[n, token] += 1 / length
    return counts


def caption_vector(tokens: Tensor, lengths: Tensor, table: Tensor) -> Tensor:
    """See the stub."""
    return _shares(tokens, lengths, table) @ table


def caption_vector_backward(grad_output: Tensor, tokens: Tensor, lengths: Tensor, table: Tensor) -> Tensor:
    """See the stub."""
    return _shares(tokens, lengths, table).T @ grad_output


def concatenate(features: Tensor, condition: Tensor) -> Tensor:
    """See the stub."""
    n, c, h, w = features.shape
    out = features.new_empty(n, c + condition.shape[1], h, w)
    out[:, :c] = features
    out[:, c:] = condition[:, :, None, None]
    return out


def film(features: Tensor, gamma: Tensor, beta: Tensor) -> Tensor:
    """See the stub."""
    return features + torch.einsum("nc,nchw->nchw", gamma, features) + beta.unsqueeze(-1).unsqueeze(-1)


def film_backward(grad_output: Tensor, features: Tensor, gamma: Tensor, beta: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    grad_gamma = torch.einsum("nchw,nchw->nc", grad_output, features)
    return grad_output + torch.einsum("nc,nchw->nchw", gamma, grad_output), grad_gamma, grad_output.flatten(2).sum(2)


def projection_score(features: Tensor, condition: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """See the stub."""
    return torch.einsum("nchw,nc->n", features, condition + weight) + bias

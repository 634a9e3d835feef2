"""numpy and einsum."""

import numpy as np
import torch
from torch import Tensor


def gumbel_noise(uniform: Tensor) -> Tensor:
    """See the stub."""
    return torch.from_numpy(-np.log(-np.log(uniform.numpy())))


def gumbel_softmax(logits: Tensor, gumbel: Tensor, tau: float, hard: bool = False) -> Tensor:
    """See the stub."""
    scores = (logits.numpy() + gumbel.numpy()) / np.asarray(tau, dtype=logits.numpy().dtype)
    if hard:
        best = scores.argmax(-1)
        return torch.from_numpy((np.arange(scores.shape[-1]) == best[..., None]).astype(scores.dtype))
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    return torch.from_numpy(powers / powers.sum(-1, keepdims=True))


def gumbel_softmax_backward(
    grad_output: Tensor, logits: Tensor, gumbel: Tensor, tau: float, hard: bool = False
) -> Tensor:
    """See the stub."""
    y = gumbel_softmax(logits, gumbel, tau)
    jacobian = torch.diag_embed(y) - y[..., :, None] * y[..., None, :]
    return (jacobian @ grad_output[..., None])[..., 0] / tau


def soft_embedding(words: Tensor, table: Tensor) -> Tensor:
    """See the stub."""
    return torch.einsum("ntv,ve->nte", words, table)


def soft_embedding_backward(grad_output: Tensor, words: Tensor, table: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    return torch.einsum("nte,ve->ntv", grad_output, table), torch.einsum("ntv,nte->ve", words, grad_output)

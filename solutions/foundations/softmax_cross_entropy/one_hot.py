"""With one-hot targets and einsum, the differences of logits to the right one."""

import torch
from torch import Tensor


def log_sum_exp(logits: Tensor) -> Tensor:
    """See the stub."""
    top = torch.amax(logits, 1)
    return torch.log(torch.einsum("nc->n", torch.exp(logits - top.unsqueeze(1)))) + top


def softmax_cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """See the stub."""
    margins = logits - logits.gather(1, targets[:, None])
    return log_sum_exp(margins).sum() / logits.shape[0]


def softmax_cross_entropy_backward(grad_output: Tensor, logits: Tensor, targets: Tensor) -> Tensor:
    """See the stub."""
    one_hot = torch.zeros_like(logits).scatter(1, targets[:, None], 1.0)
    margins = logits - torch.amax(logits, 1, keepdim=True)
    probabilities = torch.exp(margins - log_sum_exp(margins)[:, None])
    return (probabilities - one_hot) * (grad_output / logits.shape[0])

"""Attention that never holds all of its scores.

Read the lesson first (`tutor lesson tiled_attention`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def attention(q: Tensor, k: Tensor, v: Tensor, block: int, *, causal: bool = False) -> tuple[Tensor, Tensor]:
    """softmax(q kᵀ / √D) v, over blocks of keys.

    Args:
        q: queries, shape (N, D), float32 or float64.
        k, v: keys, shape (M, D), and values, shape (M, E), M ≥ N.
        block: how many keys are looked at together, at least 1; the last block may be shorter.
        causal: if True, query i sees key j only where j ≤ i + M − N: the last query sees all keys.

    Returns:
        out: shape (N, E).
        log_sum_exp: shape (N,), the logarithm of each softmax's denominator, log Σ_j exp(s_ij).
        Both in the dtype of q. No tensor may have more than N · (block + 1) elements, or the size of the inputs if that
        is more. Inputs must not be changed.
    """
    raise NotImplementedError


def attention_backward(
    grad_output: Tensor,
    q: Tensor,
    k: Tensor,
    v: Tensor,
    output: Tensor,
    log_sum_exp: Tensor,
    block: int,
    *,
    causal: bool = False,
) -> tuple[Tensor, Tensor, Tensor]:
    """The gradients of `out`, over blocks of keys; the scores are made again, not kept.

    Args:
        grad_output: ∂L/∂out, shape (N, E). Nothing arrives at log_sum_exp.
        q, k, v, block, causal: as in the forward pass.
        output, log_sum_exp: what the forward pass returned.

    Returns:
        grad_q (N, D), grad_k (M, D), grad_v (M, E). The same bound holds for every tensor. Inputs must not be changed.
    """
    raise NotImplementedError

"""Sparse codes: two penalties on the code of an autoencoder, and a hard limit, with their gradients.

Read the lesson first (`tutor lesson sparse_autoencoder`); `tutor hint` helps when you are stuck. No function may
change its inputs; results have the dtype of `code`.
"""

from torch import Tensor


def l1_sparsity(code: Tensor, weight: float) -> Tensor:
    """The sum of the absolute values of each code, averaged over the samples, times `weight`.

    Args:
        code: shape (N, K), any values.
        weight: how much sparsity is worth beside the reconstruction.

    Returns:
        A 0-dimensional tensor.
    """
    raise NotImplementedError


def l1_sparsity_backward(grad_output: Tensor, code: Tensor, weight: float) -> Tensor:
    """The gradient of `l1_sparsity` for `code`, zero where the code is zero.

    Args:
        grad_output: 0-dimensional; the result is multiplied by it.
        code, weight: as in `l1_sparsity`.

    Returns:
        Shape (N, K).
    """
    raise NotImplementedError


def kl_sparsity(code: Tensor, rho: float) -> Tensor:
    """How far the units' mean activations are from `rho`: Σₖ KL(Bernoulli(ρ) ‖ Bernoulli(ρ̂ₖ)), natural logarithms.

    Args:
        code: shape (N, K), between 0 and 1 (after a sigmoid; exactly 0 and 1 may occur). ρ̂ₖ is the mean of column k
            over the N samples; each ρ̂ₖ is strictly between 0 and 1.
        rho: the mean activation that is wanted, strictly between 0 and 1.

    Returns:
        A 0-dimensional tensor: the sum over the K units of ρ · log(ρ / ρ̂ₖ) + (1 − ρ) · log((1 − ρ) / (1 − ρ̂ₖ)).
    """
    raise NotImplementedError


def kl_sparsity_backward(grad_output: Tensor, code: Tensor, rho: float) -> Tensor:
    """The gradient of `kl_sparsity` for `code`.

    Args:
        grad_output: 0-dimensional; the result is multiplied by it.
        code, rho: as in `kl_sparsity`.

    Returns:
        Shape (N, K).
    """
    raise NotImplementedError


def k_sparse(code: Tensor, k: int) -> Tensor:
    """Keep the k largest values of each sample, and set the others to zero.

    Args:
        code: shape (N, K), any values. Largest means largest, not largest in magnitude: −3 is smaller than 1.
        k: how many values stay, 1 ≤ k ≤ K. Among equal values, those with the lower index stay.

    Returns:
        Shape (N, K); what stays is unchanged.
    """
    raise NotImplementedError


def k_sparse_backward(grad_output: Tensor, code: Tensor, k: int) -> Tensor:
    """The gradient of a loss for the input of `k_sparse`, which of the values stay being taken as given.

    Args:
        grad_output: ∂L/∂(what `k_sparse` returned), shape (N, K).
        code, k: as in `k_sparse`.

    Returns:
        Shape (N, K). A value that stayed passes its gradient on, be the value zero or not.
    """
    raise NotImplementedError

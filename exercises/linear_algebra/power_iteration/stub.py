"""Eigenvectors by repeated multiplication, and what they say about layers in a row.

Read the lesson first (`tutor lesson power_iteration`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def rayleigh_quotient(a: Tensor, v: Tensor) -> Tensor:
    """The number by which `a` stretches along `v`: (vᵀ · a · v) / (vᵀ · v).

    Args:
        a: shape (n, n), float32 or float64; need not be symmetric.
        v: shape (n,), of any length but 0, in the dtype of `a`.

    Returns:
        A 0-dimensional tensor in the dtype of `a`: the eigenvalue, if `v` is an eigenvector. The inputs must not be
        changed.
    """
    raise NotImplementedError


def power_iteration(a: Tensor, start: Tensor, *, steps: int) -> tuple[Tensor, Tensor]:
    """Multiply by `a` exactly `steps` times, keeping the vector at length 1.

    Args:
        a: shape (n, n), float32 or float64; need not be symmetric.
        start: shape (n,), of any length, in the dtype of `a`.
        steps: how many products; 0 leaves `start`, at length 1. There may be thousands, so that neither
            `a` to this power nor its product with `start` fits into a floating-point number.

    Returns:
        value: 0-dimensional, the Rayleigh quotient of the vector after the last step. It has a sign.
        vector: shape (n,), of length 1: a positive multiple of a · a · … · a · start.
        Both in the dtype of `a`. The inputs must not be changed.

    Raises:
        ValueError: if `start`, or a product on the way, is exactly the zero vector, which has no direction.
    """
    raise NotImplementedError


def top_eigenpairs(a: Tensor, starts: Tensor, *, steps: int) -> tuple[Tensor, Tensor]:
    """The eigenvalues of largest magnitude of a symmetric matrix, by power iteration and deflation.

    Args:
        a: shape (n, n), symmetric, float32 or float64; its eigenvalues differ in magnitude.
        starts: shape (k, n), 1 ≤ k ≤ n: a start vector for each pair.
        steps: products per pair, enough for convergence.

    Returns:
        values: shape (k,), from the largest magnitude down, with their signs.
        vectors: shape (n, k), the eigenvector of length 1 of values[i] in column i; its sign is free.
        Both in the dtype of `a`. The inputs must not be changed.
    """
    raise NotImplementedError


def after_layers(values: Tensor, vectors: Tensor, x: Tensor, depth: int) -> Tensor:
    """What `depth` linear layers in a row, all with the same symmetric weights W and no bias, make of an input.

    Args:
        values: shape (n,), all eigenvalues of W, float32 or float64.
        vectors: shape (n, n), orthonormal eigenvectors of W: column i belongs to values[i].
        x: shape (n,), the input.
        depth: how many layers, ≥ 0; with 0 the output is x.

    Returns:
        W · W · … · W · x, shape (n,), in the dtype of `x`, at the same cost for any depth. The inputs must not be
        changed.
    """
    raise NotImplementedError

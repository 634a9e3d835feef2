"""The singular value decomposition by rotations, and the best approximation of low rank.

Read the lesson first (`tutor lesson svd_low_rank`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def rotation(p: Tensor, q: Tensor) -> tuple[float, float]:
    """The rotation by at most 45° that puts two vectors at right angles to each other.

    The rotated pair is c · p − s · q and s · p + c · q.

    Args:
        p, q: shape (m,), float64.

    Returns:
        c, s: a cosine and a sine, as Python floats, with c ≥ √½. If p · q is exactly 0, they are 1 and 0. For p and q
            of the same length, but not at right angles, both signs of s do; either will be accepted.
    """
    raise NotImplementedError


def svd(a: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The (thin) singular value decomposition a = u · diag(s) · vh.

    Args:
        a: shape (m, n), float64, of full rank r = min(m, n); m may be smaller than n. Its singular values differ from
            each other.

    Returns:
        u: shape (m, r), orthonormal columns.
        s: shape (r,), the singular values, positive, from the largest down. A small one is right as well: to 1e-10
            of the largest, which rules out a detour through aᵀ · a.
        vh: shape (r, n), orthonormal rows (this is Vᵀ).
        The signs of a column of u and the same row of vh may be turned together. `a` must not be changed.
    """
    raise NotImplementedError


def low_rank(u: Tensor, s: Tensor, vh: Tensor, k: int) -> Tensor:
    """The matrix of rank k that is nearest to u · diag(s) · vh.

    Args:
        u, s, vh: shapes (m, r), (r,), (r, n), float32 or float64: factors as `svd` returns them.
        k: the rank, 1 ≤ k ≤ r.

    Returns:
        Shape (m, n), in the dtype of `u`. The inputs must not be changed.
    """
    raise NotImplementedError


def truncation_errors(s: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """How far a matrix with these singular values is from its best approximation of rank k.

    Args:
        s: shape (r,), from the largest down, float32 or float64.
        k: the rank, 0 ≤ k ≤ r; the approximation of rank 0 is the zero matrix.

    Returns:
        spectral: the largest length that the error a − a_k gives to a vector of length 1.
        frobenius: the root of the sum of the squares of all elements of a − a_k.
        Both 0-dimensional, in the dtype of `s`, which must not be changed.
    """
    raise NotImplementedError


def compress_layer(weight: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """Replace a linear layer x ↦ weight · x by two with fewer weights, x ↦ up · (down · x), as well as rank k allows.

    Each singular value is shared out evenly: column i of `up` and row i of `down` both have the length √s[i].

    Args:
        weight: shape (n_out, n_in), float64, as for `svd`.
        k: the width in between, 1 ≤ k ≤ min(n_out, n_in).

    Returns:
        up: shape (n_out, k).
        down: shape (k, n_in). Their parts are in the order of the singular values, the largest first; the signs are
            free as in `svd`. `weight` must not be changed.
    """
    raise NotImplementedError

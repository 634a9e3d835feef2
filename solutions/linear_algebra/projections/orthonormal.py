"""With an orthonormal basis a projection needs no system: q · qᵀ."""

import torch
from torch import Tensor


def project_onto_line(v: Tensor, direction: Tensor) -> Tensor:
    """See the stub."""
    squared = direction @ direction
    if squared == 0:
        raise ValueError("zero")
    return torch.einsum("...d,d,e->...e", v, direction, direction) / squared


def project_onto_subspace(v: Tensor, basis: Tensor) -> Tensor:
    """See the stub."""
    q = torch.linalg.qr(basis).Q
    return torch.einsum("...d,dk,ek->...e", v, q, q)


def change_basis(coordinates: Tensor, old: Tensor, new: Tensor) -> Tensor:
    """See the stub."""
    vectors = torch.einsum("...j,ij->...i", coordinates, old)
    return torch.einsum("...j,ij->...i", vectors, torch.linalg.inv(new))

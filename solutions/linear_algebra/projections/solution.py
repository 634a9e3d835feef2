"""Every one is a small linear system for coordinates."""

import torch
from torch import Tensor


def project_onto_line(v: Tensor, direction: Tensor) -> Tensor:
    """See the stub."""
    if not direction.any():
        raise ValueError("a zero vector has no direction")
    unit = direction / direction.square().sum().sqrt()
    length = (v * unit).sum(dim=-1, keepdim=True)
    return length * unit


def project_onto_subspace(v: Tensor, basis: Tensor) -> Tensor:
    """See the stub."""
    gram = basis.T @ basis
    onto = v @ basis
    coordinates = torch.linalg.solve(gram, onto.reshape(-1, basis.shape[1]).T).T
    return (coordinates @ basis.T).reshape(v.shape)


def change_basis(coordinates: Tensor, old: Tensor, new: Tensor) -> Tensor:
    """See the stub."""
    matrix = torch.linalg.solve(new, old)
    return coordinates @ matrix.T

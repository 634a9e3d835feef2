"""Every matrix from the images of basis vectors, also those of products, convolutions and turns."""

import cmath
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor


def basis(n: int, i: int) -> Tensor:
    """The vector with a 1 at place i."""
    return torch.tensor([float(i == j) for j in range(n)], dtype=torch.float64)


def matrix_of(f: Callable[[Tensor], Tensor], n: int) -> Tensor:
    """See the stub."""
    first = f(basis(n, 0))
    a = torch.empty(len(first), n, dtype=torch.float64)
    a[:, 0] = first
    for i in range(1, n):
        a[:, i] = f(basis(n, i))
    return a


def as_affine(f: Callable[[Tensor], Tensor], n: int) -> tuple[Tensor, Tensor] | None:
    """See the stub: sums of differences from f(0), as the definition has them."""
    returned: list[Tensor] = []

    def g(x: Tensor) -> Tensor:
        returned.append(f(x).clone())
        return returned[-1]

    b = g(0 * basis(n, 0))
    a = matrix_of(g, n) - b.unsqueeze(1)
    gaps = []
    for _ in range(40):
        x, y, c = torch.randn(n, dtype=torch.float64), torch.randn(n, dtype=torch.float64), torch.randn(1).item()
        gaps.append(g(x + c * y) - b - (g(x) - b) - c * (g(y) - b))
        gaps.append(g(x) - torch.einsum("ij,j->i", a, x) - b)
    allowed = 1e-9 * torch.stack(returned).abs().max().item()
    return (a, b) if all(float(gap.abs().max()) <= allowed for gap in gaps) else None


def compose(maps: list[tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
    """See the stub: found from the chain as a function."""

    def chain(x: Tensor) -> Tensor:
        for weight, bias in maps:
            x = torch.mv(weight, x) + bias
        return x

    n = maps[0][0].shape[1]
    b = chain(torch.zeros(n, dtype=torch.float64))
    return matrix_of(lambda x: chain(x) - b, n), b


def from_pairs(x: Tensor, y: Tensor) -> Tensor:
    """See the stub."""
    s = np.linalg.svd(x.numpy(), compute_uv=False)
    if s.min() <= 1e-9 * s.max():
        raise ValueError("dependent")
    return y @ torch.linalg.inv(x)


def convolution_matrix(kernel: Tensor, n: int, stride: int = 1) -> Tensor:
    """See the stub."""
    return matrix_of(lambda x: (x.unfold(0, len(kernel), stride) * kernel).sum(1), n)


def plane_transform(angle: float, scale: tuple[float, float], shift: tuple[float, float]) -> Tensor:
    """See the stub: with points as complex numbers."""

    def image(z: complex) -> tuple[float, float]:
        turned = z * cmath.exp(1j * angle)
        return turned.real * scale[0] + shift[0], turned.imag * scale[1] + shift[1]

    (x0, y0), (x1, y1), (x2, y2) = image(0), image(1), image(1j)
    return torch.tensor([[x1 - x0, x2 - x0, x0], [y1 - y0, y2 - y0, y0], [0, 0, 1]], dtype=torch.float64)

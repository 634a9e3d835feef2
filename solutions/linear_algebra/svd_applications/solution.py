"""One helper, the nearest matrix of rank k, and what is built on it."""

import torch
from torch import Tensor


def low_rank(matrix: Tensor, k: int) -> Tensor:
    """The nearest matrix of rank k."""
    u, s, vh = torch.linalg.svd(matrix, full_matrices=False)
    return u[:, :k] * s[:k] @ vh[:k]


def compress_image(image: Tensor, numbers: int) -> tuple[Tensor, list[int]]:
    """See the stub: of all terms of all channels, the largest."""
    channels, height, width = image.shape
    s = torch.linalg.svdvals(image)
    terms = min(numbers // (height + width + 1), s.numel())
    chosen = s.flatten().argsort(descending=True)[:terms]
    ranks = (chosen // s.shape[1]).bincount(minlength=channels).tolist()
    return torch.stack([low_rank(channel, k) for channel, k in zip(image, ranks, strict=True)]), ranks


def rank_for_psnr(singular_values: Tensor, shape: tuple[int, int], psnr: float) -> int:
    """See the stub: the squares that are left over, divided by the pixels, are the MSE."""
    squares = [value * value for value in singular_values.tolist()]
    allowed = shape[0] * shape[1] * 10 ** (-psnr / 10)
    return next(k for k in range(len(squares) + 1) if sum(squares[k:]) <= allowed)


def topic_vectors(counts: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """See the stub."""
    u, s, vh = torch.linalg.svd(counts, full_matrices=False)
    return u[:, :k] * s[:k], vh[:k].T


def fold_in(counts: Tensor, words: Tensor) -> Tensor:
    """See the stub: counts = documents · wordsᵀ, and words has orthonormal columns."""
    return counts @ words


def most_similar(query: Tensor, documents: Tensor) -> list[int]:
    """See the stub."""
    lengths = documents.norm(dim=1) * query.norm()
    cosine = torch.where(lengths > 0, documents @ query / lengths, 0.0)
    return cosine.argsort(descending=True, stable=True).tolist()


def complete(ratings: Tensor, known: Tensor, k: int, steps: int) -> Tensor:
    """See the stub."""
    filled = torch.where(known, ratings, ratings[known].mean())
    for _ in range(steps):
        filled = torch.where(known, ratings, low_rank(filled, k))
    return filled

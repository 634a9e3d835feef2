"""NumPy; terms are taken one at a time, and documents from the eigenvectors of the words' products."""

import math

import numpy as np
import torch
from torch import Tensor


def terms_of(matrix: np.ndarray) -> list[tuple[float, np.ndarray]]:
    """The terms σ · u · vᵀ, each with its σ, the largest first."""
    u, s, vh = np.linalg.svd(matrix, full_matrices=False)
    return [(float(s[i]), s[i] * np.outer(u[:, i], vh[i])) for i in range(len(s))]


def compress_image(image: Tensor, numbers: int) -> tuple[Tensor, list[int]]:
    """See the stub."""
    queues = [terms_of(channel) for channel in image.numpy()]
    ranks, left = [0] * len(queues), numbers
    result = np.zeros_like(image.numpy())
    while left >= image.shape[1] + image.shape[2] + 1 and any(queues):
        best = max((i for i, queue in enumerate(queues) if queue), key=lambda i: queues[i][0][0])
        result[best] += queues[best].pop(0)[1]
        ranks[best] += 1
        left -= image.shape[1] + image.shape[2] + 1
    return torch.from_numpy(result), ranks


def rank_for_psnr(singular_values: Tensor, shape: tuple[int, int], psnr: float) -> int:
    """See the stub."""
    k, left = len(singular_values), 0.0
    while k > 0:
        left += singular_values[k - 1].item() ** 2
        if 10 * math.log10(shape[0] * shape[1] / left) < psnr:
            break
        k -= 1
    return k


def topic_vectors(counts: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """See the stub."""
    _, vectors = np.linalg.eigh(counts.numpy().T @ counts.numpy())
    words = torch.from_numpy(vectors[:, ::-1][:, :k].copy())
    return fold_in(counts, words), words


def fold_in(counts: Tensor, words: Tensor) -> Tensor:
    """See the stub."""
    return torch.einsum("...w,wk->...k", counts, words)


def most_similar(query: Tensor, documents: Tensor) -> list[int]:
    """See the stub."""

    def cosine(number: int) -> float:
        both = math.hypot(*documents[number].tolist()) * math.hypot(*query.tolist())
        return float((documents[number] * query).sum()) / both if both else 0.0

    return sorted(range(len(documents)), key=lambda number: (-cosine(number), number))


def complete(ratings: Tensor, known: Tensor, k: int, steps: int) -> Tensor:
    """See the stub."""
    there, given = known.numpy(), ratings.numpy()
    filled = given.copy()
    filled[~there] = given[there].sum() / there.sum()
    for _ in range(steps):
        guess = sum(term for _, term in terms_of(filled)[:k])
        filled[~there] = guess[~there]
    return torch.from_numpy(filled)

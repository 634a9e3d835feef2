"""The average without a sum in every step: each update is weighted by the steps that it is still there for."""

from collections import Counter

import torch
from torch import Tensor


def counts_of(text: str) -> Counter[str]:
    """How often each word is in a text."""
    found = Counter(part.strip("!?.:;,") for part in text.split())
    lowered: Counter[str] = Counter()
    for word, count in found.items():
        lowered[word.lower()] += count
    del lowered[""]
    return lowered


def pixels(images: Tensor) -> Tensor:
    """See the stub."""
    _, h, w = images.shape
    return torch.stack([(image - image.sum() / (h * w)).reshape(h * w) for image in images])


def vocabulary(texts: list[str], least: int) -> list[str]:
    """See the stub."""
    inside = Counter(word for text in texts for word in counts_of(text))
    return [word for word in sorted(inside) if inside[word] >= least]


def bag_of_words(texts: list[str], words: list[str]) -> Tensor:
    """See the stub."""
    counted = [counts_of(text) for text in texts]
    rows = [[float(counts[word]) for word in words] for counts in counted]
    return torch.tensor(rows, dtype=torch.float64).reshape(len(texts), len(words))


def fit(x: Tensor, labels: Tensor, classes: int, orders: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub: a column of ones is the bias."""
    points = torch.cat([x, torch.ones(len(x), 1, dtype=x.dtype)], dim=1)
    state = torch.zeros(classes, points.shape[1], dtype=x.dtype)
    average = torch.zeros_like(state)
    steps = orders.numel()
    for done, i in enumerate(orders.reshape(-1).tolist()):
        right, predicted = int(labels[i]), int(torch.argmax(torch.mv(state, points[i])))
        push = torch.zeros_like(state)
        push[right] += points[i]
        push[predicted] -= points[i]
        state += push
        average += push * ((steps - done) / steps)
    return average[:, :-1].clone(), average[:, -1].clone()


def predict(x: Tensor, weights: Tensor, biases: Tensor) -> Tensor:
    """See the stub."""
    return torch.stack([torch.argmax((weights * point).sum(1) + biases) for point in x])


def telling_words(weights: Tensor, words: list[str], label: int, k: int) -> list[str]:
    """See the stub."""
    others = (weights.sum(0) - weights[label]) / (len(weights) - 1)
    strength = dict(zip(words, (weights[label] - others).tolist(), strict=True))
    return sorted(words, key=lambda word: -strength[word])[:k]


def template(weights: Tensor, label: int, shape: tuple[int, int]) -> Tensor:
    """See the stub."""
    others = torch.cat([weights[:label], weights[label + 1 :]])
    difference = (weights[label] - others.sum(0) / len(others)).view(shape)
    if not difference.any():
        return torch.zeros(shape, dtype=weights.dtype)
    return difference / max(difference.max(), -difference.min())

"""Counting, the perceptron's loop, and differences of weights."""

import torch
from torch import Tensor


def words_of(text: str) -> list[str]:
    """The words of a text, in their order."""
    return [word for word in (part.strip(".,;:!?") for part in text.lower().split()) if word]


def pixels(images: Tensor) -> Tensor:
    """See the stub."""
    flat = images.flatten(1)
    return flat - flat.mean(dim=1, keepdim=True)


def vocabulary(texts: list[str], least: int) -> list[str]:
    """See the stub."""
    seen = [word for text in texts for word in set(words_of(text))]
    return sorted(word for word in set(seen) if seen.count(word) >= least)


def bag_of_words(texts: list[str], words: list[str]) -> Tensor:
    """See the stub."""
    place = {word: i for i, word in enumerate(words)}
    counts = torch.zeros(len(texts), len(words), dtype=torch.float64)
    for row, text in zip(counts, texts, strict=True):
        for word in words_of(text):
            if word in place:
                row[place[word]] += 1
    return counts


def fit(x: Tensor, labels: Tensor, classes: int, orders: Tensor) -> tuple[Tensor, Tensor]:
    """See the stub."""
    weights, biases = x.new_zeros(classes, x.shape[1]), x.new_zeros(classes)
    total_w, total_b = torch.zeros_like(weights), torch.zeros_like(biases)
    for i in orders.flatten().tolist():
        right, predicted = labels[i].item(), (weights @ x[i] + biases).argmax().item()
        if predicted != right:
            weights[right] += x[i]
            biases[right] += 1
            weights[predicted] -= x[i]
            biases[predicted] -= 1
        total_w += weights
        total_b += biases
    return total_w / orders.numel(), total_b / orders.numel()


def predict(x: Tensor, weights: Tensor, biases: Tensor) -> Tensor:
    """See the stub."""
    return (x @ weights.T + biases).argmax(dim=1)


def evidence(weights: Tensor, label: int) -> Tensor:
    """What speaks for a class and against the others."""
    others = [c for c in range(len(weights)) if c != label]
    return weights[label] - weights[others].mean(dim=0)


def telling_words(weights: Tensor, words: list[str], label: int, k: int) -> list[str]:
    """See the stub."""
    order = evidence(weights, label).argsort(descending=True, stable=True)
    return [words[i] for i in order[:k].tolist()]


def template(weights: Tensor, label: int, shape: tuple[int, int]) -> Tensor:
    """See the stub."""
    picture = evidence(weights, label).reshape(shape)
    largest = picture.abs().max()
    return picture / largest if largest > 0 else picture

"""A body that stays in evaluation mode; a table of vectors; a mean with a mask; a head on features computed once."""

import copy
import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Detector(nn.Module):
    """See the stub."""

    def __init__(self, classifier: nn.Sequential, channels: int, classes: int) -> None:
        super().__init__()
        kinds = [isinstance(child, nn.AdaptiveAvgPool2d | nn.Flatten) for child in classifier]
        self.body = copy.deepcopy(classifier[: kinds.index(True)]).requires_grad_(False).eval()
        self.what = nn.Conv2d(channels, classes, 1)
        self.where = nn.Conv2d(channels, 4, 1)
        nn.init.constant_(self.what.bias, math.log(0.01 / 0.99))

    def train(self, mode: bool = True) -> "Detector":
        """See the stub."""
        super().train(mode)
        self.body.eval()
        return self

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """See the stub."""
        features = self.body(images)
        return self.what(features), self.where(features)


def encode_texts(texts: list[list[str]], words: list[str]) -> Tensor:
    """See the stub."""
    numbers = {word: number for number, word in enumerate(words, start=2)}
    longest = max((len(text) for text in texts), default=0)
    out = torch.zeros(len(texts), longest, dtype=torch.int64)
    for row, text in enumerate(texts):
        for column, word in enumerate(text):
            out[row, column] = numbers.get(word, 1)
    return out


def adopt_embeddings(words: list[str], table: dict[str, Tensor], fallback: Tensor) -> nn.Embedding:
    """See the stub."""
    rows = [torch.zeros_like(fallback), fallback]
    for word in words:
        rows.append(table.get(word, table.get(word.lower(), fallback)))
    return nn.Embedding.from_pretrained(torch.stack(rows), freeze=False, padding_idx=0)


class TextClassifier(nn.Module):
    """See the stub."""

    def __init__(self, embedding: nn.Embedding, classes: int, *, frozen: bool) -> None:
        super().__init__()
        self.embedding = copy.deepcopy(embedding)
        self.embedding.weight.requires_grad_(not frozen)
        self.head = nn.Linear(embedding.embedding_dim, classes)

    def features(self, tokens: Tensor) -> Tensor:
        """See the stub."""
        real = (tokens != self.embedding.padding_idx)[..., None]
        total = (self.embedding(tokens) * real).sum(dim=1)
        return total / real.sum(dim=1).clamp(min=1)

    def forward(self, tokens: Tensor) -> Tensor:
        """See the stub."""
        return self.head(self.features(tokens))


def few_shot(embedding: nn.Embedding, tokens: Tensor, labels: Tensor, classes: int, *, seed: int) -> TextClassifier:
    """See the stub."""
    torch.manual_seed(seed)
    net = TextClassifier(embedding, classes, frozen=True)
    features = net.features(tokens)
    optimizer = torch.optim.AdamW(net.head.parameters(), lr=0.05, weight_decay=0.1)
    for _ in range(200):
        loss = F.cross_entropy(net.head(features), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return net

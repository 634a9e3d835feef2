"""Children one by one, words one by one, texts one by one; the classifier trained whole, vectors and all."""

import copy

import torch
import torch.nn.functional as functional
from torch import Tensor, nn


class Detector(nn.Module):
    """See the stub."""

    def __init__(self, classifier: nn.Sequential, channels: int, classes: int) -> None:
        super().__init__()
        self.body = nn.Sequential()
        for child in classifier.children():
            if type(child) in (nn.AdaptiveAvgPool2d, nn.Flatten):
                break
            self.body.append(copy.deepcopy(child))
        for parameter in self.body.parameters():
            parameter.requires_grad = False
        self.what, self.where = nn.Conv2d(channels, classes, (1, 1)), nn.Conv2d(channels, 4, (1, 1))
        with torch.no_grad():
            self.what.bias.fill_(0.01).logit_()
        self.body.eval()

    def train(self, mode: bool = True) -> "Detector":
        """See the stub."""
        self.training = mode
        self.what.train(mode)
        self.where.train(mode)
        return self

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """See the stub."""
        with torch.no_grad():
            seen = self.body(images)
        return self.what(seen), self.where(seen)


def encode_texts(texts: list[list[str]], words: list[str]) -> Tensor:
    """See the stub."""
    longest = max([0, *map(len, texts)])
    rows = [
        [words.index(word) + 2 if word in words else 1 for word in text] + [0] * (longest - len(text)) for text in texts
    ]
    return torch.tensor(rows, dtype=torch.int64).reshape(len(texts), longest)


def adopt_embeddings(words: list[str], table: dict[str, Tensor], fallback: Tensor) -> nn.Embedding:
    """See the stub."""
    embedding = nn.Embedding(len(words) + 2, len(fallback), padding_idx=0, dtype=fallback.dtype)
    with torch.no_grad():
        embedding.weight[1:] = fallback
        for row, word in enumerate(words):
            if word in table:
                embedding.weight[row + 2] = table[word]
            elif word.lower() in table:
                embedding.weight[row + 2] = table[word.lower()]
    return embedding


class TextClassifier(nn.Module):
    """See the stub."""

    def __init__(self, embedding: nn.Embedding, classes: int, *, frozen: bool) -> None:
        super().__init__()
        weight = embedding.weight.detach().clone()
        self.embedding = nn.Embedding.from_pretrained(weight, freeze=frozen, padding_idx=embedding.padding_idx)
        self.head = nn.Linear(weight.shape[1], classes)

    def features(self, tokens: Tensor) -> Tensor:
        """See the stub."""
        rows = []
        for row in tokens:
            real = row[row != self.embedding.padding_idx]
            width = self.embedding.embedding_dim
            rows.append(self.embedding(real).mean(0) if len(real) > 0 else self.embedding.weight.new_zeros(width))
        return torch.stack(rows)

    def forward(self, tokens: Tensor) -> Tensor:
        """See the stub."""
        return self.head(self.features(tokens))


def few_shot(embedding: nn.Embedding, tokens: Tensor, labels: Tensor, classes: int, *, seed: int) -> TextClassifier:
    """See the stub."""
    torch.manual_seed(seed)
    net = TextClassifier(embedding, classes, frozen=False)
    slow = [{"params": net.embedding.parameters(), "lr": 0.1}, {"params": net.head.parameters(), "lr": 2.0}]
    optimizer = torch.optim.SGD(slow, momentum=0.9)
    for _ in range(60):
        loss = functional.cross_entropy(net(tokens), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return net

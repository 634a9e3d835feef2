"""The forward pass step by step, and captions by calling the whole network again for every word."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

PAD, START, END = 0, 1, 2


def as_tokens(captions: list[list[int]]) -> Tensor:
    tokens = torch.full((len(captions), max(map(len, captions)) + 1), PAD, dtype=torch.int64)
    for row, caption in zip(tokens, captions, strict=True):
        row[: len(caption)] = torch.tensor(caption, dtype=torch.int64)
        row[len(caption)] = END
    return tokens


class Captioner(nn.Module):
    def __init__(self, channels: int, words: int, size: int, hidden: int) -> None:
        super().__init__()
        first, second = nn.Conv2d(channels, 8, 3, padding=1), nn.Conv2d(8, 16, 3, padding=1)
        pools = nn.MaxPool2d(2), nn.AdaptiveMaxPool2d(2)
        self.encoder = nn.Sequential(first, nn.ReLU(), pools[0], second, nn.ReLU(), pools[1], nn.Flatten())
        self.bridge = nn.Linear(64, hidden)
        self.embedding = nn.Embedding(words, size, padding_idx=0)
        self.gru = nn.GRU(size, hidden, batch_first=True)
        self.head = nn.Linear(hidden, words)

    def forward(self, images: Tensor, tokens: Tensor) -> Tensor:
        state = self.bridge(self.encoder(images)).tanh().unsqueeze(0)
        word = torch.full((len(images),), START)
        logits = []
        for right in tokens.T:
            _, state = self.gru(self.embedding(word).unsqueeze(1), state)
            logits.append(self.head(state[0]))
            word = right
        return torch.stack(logits, dim=1)


def caption_loss(logits: Tensor, tokens: Tensor) -> Tensor:
    return F.cross_entropy(logits.flatten(0, 1), tokens.flatten(), ignore_index=PAD)


def greedy(net: Captioner, images: Tensor, longest: int) -> list[list[int]]:
    captions = []
    for image in images.unbind():
        caption: list[int] = []
        while len(caption) < longest:
            logits = net(image[None], torch.tensor([[*caption, PAD]]))[0, -1].detach()
            word = END + int(logits[END:].argmax())
            if word == END:
                break
            caption.append(word)
        captions.append(caption)
    return captions


def train(images: Tensor, tokens: Tensor, words: int, *, seed: int) -> Captioner:
    torch.manual_seed(seed)
    net = Captioner(images.shape[1], words, 16, 48)
    optimizer = torch.optim.AdamW(net.parameters(), lr=0.005)
    for step in range(400):
        optimizer.param_groups[0]["lr"] = 0.005 * (1 - step / 400)
        chosen = torch.randint(len(images), (48,))
        optimizer.zero_grad()
        caption_loss(net(images[chosen], tokens[chosen]), tokens[chosen]).backward()
        optimizer.step()
    return net

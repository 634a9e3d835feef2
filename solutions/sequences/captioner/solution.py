import torch
import torch.nn as nn
from torch import Tensor

PAD, START, END = 0, 1, 2


def as_tokens(captions: list[list[int]]) -> Tensor:
    width = max(len(caption) for caption in captions) + 1
    rows = [[*caption, END] + [PAD] * (width - len(caption) - 1) for caption in captions]
    return torch.tensor(rows)


class Captioner(nn.Module):
    def __init__(self, channels: int, words: int, size: int, hidden: int) -> None:
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(channels, 8, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(8, 16, 3, padding=1),
            nn.ReLU(),
            nn.AdaptiveMaxPool2d(2),
            nn.Flatten(),
        )
        self.bridge = nn.Linear(64, hidden)
        self.embedding = nn.Embedding(words, size, padding_idx=PAD)
        self.gru = nn.GRU(size, hidden, batch_first=True)
        self.head = nn.Linear(hidden, words)

    def first_state(self, images: Tensor) -> Tensor:
        return torch.tanh(self.bridge(self.encoder(images)))[None]

    def forward(self, images: Tensor, tokens: Tensor) -> Tensor:
        start = torch.full_like(tokens[:, :1], START)
        before = torch.cat([start, tokens[:, :-1]], dim=1)
        states, _ = self.gru(self.embedding(before), self.first_state(images))
        return self.head(states)


def caption_loss(logits: Tensor, tokens: Tensor) -> Tensor:
    losses = nn.functional.cross_entropy(logits.transpose(1, 2), tokens, reduction="none")
    real = tokens != PAD
    return (losses * real).sum() / real.sum()


@torch.no_grad()
def greedy(net: Captioner, images: Tensor, longest: int) -> list[list[int]]:
    state = net.first_state(images)
    word = torch.full((len(images),), START)
    captions: list[list[int]] = [[] for _ in images]
    going = [True] * len(images)
    for _ in range(longest):
        states, state = net.gru(net.embedding(word[:, None]), state)
        logits = net.head(states[:, 0])
        logits[:, [PAD, START]] = -torch.inf
        word = logits.argmax(dim=1)
        for k, chosen in enumerate(word.tolist()):
            going[k] = going[k] and chosen != END
            if going[k]:
                captions[k].append(chosen)
        if not any(going):
            break
    return captions


def train(images: Tensor, tokens: Tensor, words: int, *, seed: int) -> Captioner:
    torch.manual_seed(seed)
    net = Captioner(images.shape[1], words, 16, 48)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.005)
    epochs, batch = 32, 48
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    for _ in range(epochs):
        for chosen in torch.randperm(len(images)).split(batch):
            loss = caption_loss(net(images[chosen], tokens[chosen]), tokens[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        schedule.step()
    return net

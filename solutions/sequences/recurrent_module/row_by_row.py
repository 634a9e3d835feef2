"""Every row by itself, cut to its length: nothing is padded, nothing is packed."""

import torch
import torch.nn as nn
from torch import Tensor


def recurrent_parameters(kind: str, input_size: int, hidden_size: int, num_layers: int, bidirectional: bool) -> int:
    gates = {"rnn": 1, "gru": 3, "lstm": 4}[kind]
    directions = 1 + bidirectional
    first = gates * (input_size * hidden_size + hidden_size**2 + 2 * hidden_size)
    other = gates * (directions * hidden_size * hidden_size + hidden_size**2 + 2 * hidden_size)
    return directions * (first + (num_layers - 1) * other)


def recurrent_shapes(
    kind: str, batch: int, steps: int, hidden_size: int, num_layers: int, bidirectional: bool
) -> list[tuple[int, ...]]:
    directions = 1 + bidirectional
    states = [(num_layers * directions, batch, hidden_size)] * (2 if kind == "lstm" else 1)
    return [(batch, steps, directions * hidden_size), *states]


class Tagger(nn.Module):
    def __init__(self, tokens: int, size: int, hidden: int, labels: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(tokens, size, padding_idx=0)
        self.lstm = nn.LSTM(size, hidden, batch_first=True, bidirectional=True)
        self.head = nn.Linear(2 * hidden, labels)

    def forward(self, tokens: Tensor, lengths: Tensor) -> Tensor:
        rows = []
        for row, length in zip(tokens, lengths.tolist(), strict=True):
            logits = self.head(self.lstm(self.embedding(row[None, :length]))[0])[0]
            rows.append(torch.cat([logits, logits.new_zeros(len(row) - length, logits.shape[1])]))
        return torch.stack(rows)


class Classifier(nn.Module):
    def __init__(self, tokens: int, size: int, hidden: int, labels: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(tokens, size, padding_idx=0)
        self.gru = nn.GRU(size, hidden, batch_first=True)
        self.head = nn.Linear(hidden, labels)

    def forward(self, tokens: Tensor, lengths: Tensor) -> Tensor:
        ends = [self.gru(self.embedding(row[None, :n]))[1][0] for row, n in zip(tokens, lengths.tolist(), strict=True)]
        return self.head(torch.cat(ends))

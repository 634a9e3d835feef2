import torch
import torch.nn as nn
from torch import Tensor
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

BLOCKS = {"rnn": 1, "gru": 3, "lstm": 4}


def recurrent_parameters(kind: str, input_size: int, hidden_size: int, num_layers: int, bidirectional: bool) -> int:
    directions = 2 if bidirectional else 1
    total = 0
    for layer in range(num_layers):
        width = input_size if layer == 0 else directions * hidden_size
        total += directions * BLOCKS[kind] * hidden_size * (width + hidden_size + 2)
    return total


def recurrent_shapes(
    kind: str, batch: int, steps: int, hidden_size: int, num_layers: int, bidirectional: bool
) -> list[tuple[int, ...]]:
    directions = 2 if bidirectional else 1
    state = (directions * num_layers, batch, hidden_size)
    return [(batch, steps, directions * hidden_size), state] + ([state] if kind == "lstm" else [])


class Tagger(nn.Module):
    def __init__(self, tokens: int, size: int, hidden: int, labels: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(tokens, size, padding_idx=0)
        self.lstm = nn.LSTM(size, hidden, batch_first=True, bidirectional=True)
        self.head = nn.Linear(2 * hidden, labels)

    def forward(self, tokens: Tensor, lengths: Tensor) -> Tensor:
        packed = pack_padded_sequence(self.embedding(tokens), lengths, batch_first=True, enforce_sorted=False)
        states, _ = self.lstm(packed)
        states, _ = pad_packed_sequence(states, batch_first=True, total_length=tokens.shape[1])
        return self.head(states)


class Classifier(nn.Module):
    def __init__(self, tokens: int, size: int, hidden: int, labels: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(tokens, size, padding_idx=0)
        self.gru = nn.GRU(size, hidden, batch_first=True)
        self.head = nn.Linear(hidden, labels)

    def forward(self, tokens: Tensor, lengths: Tensor) -> Tensor:
        states, _ = self.gru(self.embedding(tokens))
        last = states[torch.arange(len(states)), lengths - 1]
        return self.head(last)

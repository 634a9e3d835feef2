"""Every sequence by itself, cut to its length."""

import torch
from torch import Tensor

Weights = tuple[Tensor, Tensor, Tensor]


def reverse_sequences(x: Tensor, lengths: Tensor) -> Tensor:
    out = x.clone()
    for n, length in enumerate(lengths.tolist()):
        out[n, :length] = x[n, :length].flip(0)
    return out


def lstm(x: Tensor, lengths: Tensor, weights: Weights) -> Tensor:
    weight_x, weight_h, bias = weights
    out = x.new_zeros(x.shape[0], x.shape[1], weight_h.shape[0])
    for n, length in enumerate(lengths.tolist()):
        state = (x.new_zeros(1, weight_h.shape[0]), x.new_zeros(1, weight_h.shape[0]))
        for t in range(length):
            state = torch.lstm_cell(x[n : n + 1, t], state, weight_x.T, weight_h.T, bias, torch.zeros_like(bias))
            out[n, t] = state[0][0]
    return out


def bidirectional_lstm(x: Tensor, lengths: Tensor, forwards: Weights, backwards: Weights) -> Tensor:
    reverse = reverse_sequences(lstm(reverse_sequences(x, lengths), lengths, backwards), lengths)
    return torch.cat([lstm(x, lengths, forwards), reverse], dim=-1)


def summary(states: Tensor, lengths: Tensor) -> Tensor:
    half = states.shape[-1] // 2
    rows = [
        torch.cat([row[length - 1, :half], row[0, half:]]) for row, length in zip(states, lengths.tolist(), strict=True)
    ]
    return torch.stack(rows)

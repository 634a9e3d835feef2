import torch
from torch import Tensor

Weights = tuple[Tensor, Tensor, Tensor]


def reverse_sequences(x: Tensor, lengths: Tensor) -> Tensor:
    steps = torch.arange(x.shape[1]).expand(x.shape[:2])
    mirrored = lengths[:, None] - 1 - steps
    index = torch.where(mirrored >= 0, mirrored, steps)
    return torch.take_along_dim(x, index[:, :, None], dim=1)


def lstm(x: Tensor, lengths: Tensor, weights: Weights) -> Tensor:
    weight_x, weight_h, bias = weights
    h = x.new_zeros(len(x), len(weight_h))
    c = torch.zeros_like(h)
    states = []
    for t in range(x.shape[1]):
        i, f, g, o = (x[:, t] @ weight_x + h @ weight_h + bias).chunk(4, dim=1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        states.append(h)
    inside = torch.arange(x.shape[1]) < lengths[:, None]
    return torch.stack(states, dim=1) * inside[:, :, None]


def bidirectional_lstm(x: Tensor, lengths: Tensor, forwards: Weights, backwards: Weights) -> Tensor:
    there = lstm(x, lengths, forwards)
    back = lstm(reverse_sequences(x, lengths), lengths, backwards)
    return torch.cat([there, reverse_sequences(back, lengths)], dim=2)


def summary(states: Tensor, lengths: Tensor) -> Tensor:
    half = states.shape[2] // 2
    last = states[torch.arange(len(states)), lengths - 1, :half]
    first = states[:, 0, half:]
    return torch.cat([last, first], dim=1)

"""An LSTM cell, one value after the other, that predicts the value itself; buffers, AdamW on a falling rate."""

from collections.abc import Callable

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor


def windows(series: Tensor, width: int) -> tuple[Tensor, Tensor]:
    count = len(series) - width
    places = torch.arange(count)[:, None] + torch.arange(width)
    return series[places], series[width:].clone()


class Forecaster(nn.Module):
    def __init__(self, mean: float, std: float, hidden: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean))
        self.register_buffer("std", torch.tensor(std))
        self.cell, self.out = nn.LSTMCell(1, hidden), nn.Linear(hidden, 1)

    def forward(self, x: Tensor) -> Tensor:
        state = None
        for value in ((x - self.mean) / self.std).unbind(dim=1):
            state = self.cell(value.unsqueeze(1), state)
        return self.out(state[0]).squeeze(1) * self.std + self.mean


def train(series: Tensor, width: int, *, seed: int) -> tuple[Forecaster, list[float]]:
    torch.manual_seed(seed)
    x, y = windows(series, width)
    model = Forecaster(float(series.mean()), float(series.std()), 32)
    steps = 350
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    losses = []
    for _ in range(steps):
        batch = torch.randperm(len(x))[:64]
        optimizer.zero_grad()
        loss = F.mse_loss((model(x[batch]) - model.mean) / model.std, (y[batch] - model.mean) / model.std)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        losses.append(float(loss.detach()))
    model.eval()
    return model, losses


def roll_out(predict: Callable[[Tensor], Tensor], history: Tensor, steps: int) -> Tensor:
    window, made = history.clone(), history.new_empty(len(history), steps)
    with torch.no_grad():
        for k in range(steps):
            made[:, k] = predict(window)
            window = torch.cat([window[:, 1:], made[:, k : k + 1]], dim=1)
    return made

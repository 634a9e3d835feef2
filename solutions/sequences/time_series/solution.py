from collections.abc import Callable

import torch
import torch.nn as nn
from torch import Tensor


def windows(series: Tensor, width: int) -> tuple[Tensor, Tensor]:
    pieces = series.unfold(0, width + 1, 1)
    return pieces[:, :-1].clone(), pieces[:, -1].clone()


class Forecaster(nn.Module):
    def __init__(self, mean: float, std: float, hidden: int) -> None:
        super().__init__()
        self.mean, self.std = mean, std
        self.lstm = nn.LSTM(1, hidden, batch_first=True)
        self.head = nn.Linear(hidden, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = (x - self.mean) / self.std
        states, _ = self.lstm(x[:, :, None])
        return (x[:, -1] + self.head(states[:, -1])[:, 0]) * self.std + self.mean


def train(series: Tensor, width: int, *, seed: int) -> tuple[Forecaster, list[float]]:
    torch.manual_seed(seed)
    x, y = windows(series, width)
    model = Forecaster(series.mean().item(), series.std().item(), 24)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    steps = 400
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=2e-2, total_steps=steps)
    losses = []
    for _ in range(steps):
        batch = torch.randint(len(x), (64,))
        loss = (((model(x[batch]) - y[batch]) / model.std) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    return model.eval(), losses


@torch.no_grad()
def roll_out(predict: Callable[[Tensor], Tensor], history: Tensor, steps: int) -> Tensor:
    width = history.shape[1]
    for _ in range(steps):
        following = predict(history[:, -width:])
        history = torch.cat([history, following[:, None]], dim=1)
    return history[:, width:]

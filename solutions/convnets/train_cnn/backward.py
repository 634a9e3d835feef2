"""With loss.backward(), gradients that are reset, whole epochs' losses, and values written through .data."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def channel_dropout(x: Tensor, drawn: Tensor, rate: float) -> Tensor:
    """See the stub."""
    kept = (drawn >= rate).to(x.dtype) / (1 - rate)
    return x * kept[:, :, None, None]


def sgd_step(
    params: list[Tensor],
    grads: list[Tensor],
    velocities: list[Tensor],
    *,
    lr: float,
    momentum: float,
    weight_decay: float,
) -> tuple[list[Tensor], list[Tensor]]:
    """See the stub."""
    new_params, new_velocities = [], []
    for param, grad, velocity in zip(params, grads, velocities, strict=True):
        decay = weight_decay if param.dim() >= 2 else 0.0
        step = momentum * velocity + grad + decay * param
        new_velocities.append(step)
        new_params.append(param - lr * step)
    return new_params, new_velocities


class SmallCNN(nn.Module):
    """See the stub."""

    def __init__(self) -> None:
        """See the stub."""
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, padding=1)
        self.conv2 = nn.Conv2d(8, 16, 3, padding=1)
        self.fc = nn.Linear(16 * 5 * 5, 10)

    def maps(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """See the stub."""
        first = F.relu(self.conv1(x))
        return first, F.relu(self.conv2(F.max_pool2d(first, 2)))

    def forward(self, x: Tensor) -> Tensor:
        """See the stub."""
        features = F.max_pool2d(self.maps(x)[1], 2)
        if self.training:
            features = channel_dropout(features, torch.rand(features.shape[:2]), 0.25)
        return self.fc(features.flatten(1))


def train(x: Tensor, y: Tensor, *, seed: int) -> tuple[SmallCNN, list[float]]:
    """See the stub."""
    torch.manual_seed(seed)
    model, losses = SmallCNN().train(), []
    velocities = [torch.zeros_like(parameter) for parameter in model.parameters()]
    for epoch in range(14):
        order, total = torch.randperm(len(x)), 0.0
        for start in range(0, len(x), 30):
            batch = order[start : start + 30]
            model.zero_grad()
            loss = F.nll_loss(model(x[batch]).log_softmax(dim=1), y[batch])
            loss.backward()
            values = [parameter.data for parameter in model.parameters()]
            grads = [parameter.grad for parameter in model.parameters() if parameter.grad is not None]
            values, velocities = sgd_step(
                values, grads, velocities, lr=0.05 * 0.8**epoch, momentum=0.9, weight_decay=5e-4
            )
            for parameter, value in zip(model.parameters(), values, strict=True):
                parameter.data = value
            total += loss.item() * len(batch)
        losses.append(total / len(x))
    return model, losses


@torch.no_grad()
def predict(model: SmallCNN, x: Tensor) -> Tensor:
    """See the stub."""
    model.eval()
    return model(x).argmax(dim=1)

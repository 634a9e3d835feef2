"""Keeps numbers of checks instead of counters, and the weights as numpy arrays."""

import numpy as np
import torch
from torch import Tensor


class EarlyStopping:
    """See the stub."""

    def __init__(self, patience: int, min_delta: float = 0.0) -> None:
        self.patience, self.min_delta = patience, min_delta
        self.losses: list[float] = []
        self.best_check = -1
        self.kept: list[np.ndarray] = []

    @property
    def best_loss(self) -> float:
        """The loss of the last improvement."""
        return self.losses[self.best_check] if self.best_check >= 0 else float("inf")

    def update(self, loss: float, params: list[Tensor]) -> bool:
        """See the stub."""
        improved = self.best_loss - loss > self.min_delta
        self.losses.append(loss)
        if improved:
            self.best_check = len(self.losses) - 1
            self.kept = [np.array(param.detach().numpy()) for param in params]
        return len(self.losses) - 1 - self.best_check >= self.patience

    def restore(self, params: list[Tensor]) -> None:
        """See the stub."""
        with torch.no_grad():
            for i, array in enumerate(self.kept):
                params[i][...] = torch.from_numpy(array)

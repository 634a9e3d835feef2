"""A counter of checks since the last improvement, and clones of the best weights."""

import math

from torch import Tensor


class EarlyStopping:
    """See the stub."""

    def __init__(self, patience: int, min_delta: float = 0.0) -> None:
        self.patience, self.min_delta = patience, min_delta
        self.best_loss, self.best_check = math.inf, -1
        self._checks = 0
        self._waited = 0
        self._best: list[Tensor] = []

    def update(self, loss: float, params: list[Tensor]) -> bool:
        """See the stub."""
        if loss < self.best_loss - self.min_delta:
            self.best_loss, self.best_check = loss, self._checks
            self._best = [param.clone() for param in params]
            self._waited = 0
        else:
            self._waited += 1
        self._checks += 1
        return self._waited >= self.patience

    def restore(self, params: list[Tensor]) -> None:
        """See the stub."""
        if not self._best:
            return
        for param, best in zip(params, self._best, strict=True):
            param.copy_(best)

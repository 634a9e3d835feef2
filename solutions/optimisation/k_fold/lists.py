"""Python lists of indices; the rows standardised one set at a time."""

from collections.abc import Callable

import torch
from torch import Tensor


def k_fold(order: Tensor, k: int) -> list[tuple[Tensor, Tensor]]:
    """See the stub."""
    if k < 2 or k > order.numel():
        raise ValueError(k)
    blocks = torch.tensor_split(order, k)
    return [(torch.cat([*blocks[:i], *blocks[i + 1 :]]), block) for i, block in enumerate(blocks)]


def stratified_k_fold(labels: Tensor, k: int) -> list[tuple[Tensor, Tensor]]:
    """See the stub."""
    kinds = labels.tolist()
    line = sorted(range(len(kinds)), key=lambda index: (kinds[index], index))
    tests = [set(line[fold::k]) for fold in range(k)]
    everyone = range(len(kinds))
    return [(torch.tensor([i for i in everyone if i not in test]), torch.tensor(sorted(test))) for test in tests]


def cross_validate(
    x: Tensor,
    y: Tensor,
    folds: list[tuple[Tensor, Tensor]],
    fit: Callable[[Tensor, Tensor], Callable[[Tensor], Tensor]],
) -> Tensor:
    """See the stub."""
    errors = torch.empty(len(folds), dtype=x.dtype)
    for number, (train, test) in enumerate(folds):
        rows = x[train]
        mean = rows.sum(0) / len(rows)
        std = ((rows - mean) ** 2).mean(0).sqrt()
        std[std == 0] = 1
        predict = fit((rows - mean) / std, y[train])
        errors[number] = torch.nn.functional.mse_loss(predict((x[test] - mean) / std), y[test])
    return errors

"""All windows in one list, and torch's own helpers for padding."""

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence


class WindowDataset:
    """See the stub."""

    def __init__(self, series: list[Tensor], size: int, horizon: int = 1) -> None:
        self.places = [(one, s, s + size) for one in series for s in range(len(one) - size - horizon + 1)]
        self.horizon = horizon

    def __len__(self) -> int:
        """See the stub."""
        return len(self.places)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        """See the stub."""
        one, start, stop = self.places[index]
        return one[start:stop].clone(), one[stop + self.horizon - 1].clone()


def collate_padded(
    samples: list[tuple[Tensor, int]], *, padding_value: float = 0.0
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """See the stub."""
    sequences, labels = zip(*samples, strict=True)
    padded = pad_sequence(list(sequences), batch_first=True, padding_value=padding_value)
    mask = pad_sequence([torch.ones(len(one), dtype=torch.bool) for one in sequences], batch_first=True)
    return padded, mask.sum(1), mask, torch.as_tensor(labels)


class RandomBatches:
    """See the stub."""

    def __init__(self, n: int, batch_size: int, *, drop_last: bool = False, seed: int = 0) -> None:
        self.n, self.batch_size, self.drop_last, self.seed = n, batch_size, drop_last, seed
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """See the stub."""
        self.epoch = epoch

    def __len__(self) -> int:
        """See the stub."""
        return sum(1 for _ in self)

    def __iter__(self) -> Iterator[list[int]]:
        """See the stub."""
        order = torch.randperm(self.n, generator=torch.Generator().manual_seed(self.seed + self.epoch))
        batches = [batch.tolist() for batch in order.split(self.batch_size)]
        return iter([batch for batch in batches if not self.drop_last or len(batch) == self.batch_size])


class BucketBatches:
    """See the stub."""

    def __init__(self, lengths: list[int], batch_size: int, *, bucket: int, seed: int = 0) -> None:
        self.lengths, self.batch_size, self.bucket, self.seed = torch.tensor(lengths), batch_size, bucket, seed
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """See the stub."""
        self.epoch = epoch

    def __len__(self) -> int:
        """See the stub."""
        return (len(self.lengths) + self.batch_size - 1) // self.batch_size

    def __iter__(self) -> Iterator[list[int]]:
        """See the stub."""
        generator = torch.Generator().manual_seed(self.seed + self.epoch)
        order = torch.randperm(len(self.lengths), generator=generator)
        batches: list[Tensor] = []
        for chunk in order.split(self.bucket):
            chunk = chunk[self.lengths[chunk].argsort(stable=True)]
            batches.extend(chunk.split(self.batch_size))
        return iter([batches[number].tolist() for number in torch.randperm(len(batches), generator=generator)])


def padding_share(lengths: list[int], batches: list[list[int]]) -> float:
    """See the stub."""
    empty = whole = 0
    for batch in batches:
        longest = max(lengths[i] for i in batch)
        whole += longest * len(batch)
        empty += sum(longest - lengths[i] for i in batch)
    return empty / whole

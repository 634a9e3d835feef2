"""The dataset knows one sample, the sampler which ones, collate how they become a batch."""

import bisect
import itertools
from collections.abc import Iterator

import torch
from torch import Tensor
from torch.utils.data import Dataset


class WindowDataset(Dataset[tuple[Tensor, Tensor]]):
    """See the stub."""

    def __init__(self, series: list[Tensor], size: int, horizon: int = 1) -> None:
        self._series, self._size, self._horizon = series, size, horizon
        counts = [max(0, len(one) - size - horizon + 1) for one in series]
        self._ends = list(itertools.accumulate(counts))

    def __len__(self) -> int:
        """See the stub."""
        return self._ends[-1] if self._ends else 0

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        """See the stub."""
        if not -len(self) <= index < len(self):
            raise IndexError(f"{index} of {len(self)} windows")
        index %= len(self)
        number = bisect.bisect_right(self._ends, index)
        start = index - (self._ends[number - 1] if number else 0)
        end = start + self._size
        return self._series[number][start:end], self._series[number][end + self._horizon - 1]


def collate_padded(
    samples: list[tuple[Tensor, int]], *, padding_value: float = 0.0
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """See the stub."""
    lengths = torch.tensor([len(sequence) for sequence, _ in samples])
    longest = int(lengths.max())
    first = samples[0][0]
    padded = first.new_full((len(samples), longest, *first.shape[1:]), padding_value)
    for row, (sequence, _) in zip(padded, samples, strict=True):
        row[: len(sequence)] = sequence
    mask = torch.arange(longest) < lengths.unsqueeze(1)
    labels = torch.tensor([label for _, label in samples])
    return padded, lengths, mask, labels


class RandomBatches:
    """See the stub."""

    def __init__(self, n: int, batch_size: int, *, drop_last: bool = False, seed: int = 0) -> None:
        self._n, self._batch_size, self._drop_last, self._seed, self._epoch = n, batch_size, drop_last, seed, 0

    def set_epoch(self, epoch: int) -> None:
        """See the stub."""
        self._epoch = epoch

    def __len__(self) -> int:
        """See the stub."""
        whole, rest = divmod(self._n, self._batch_size)
        return whole + bool(rest and not self._drop_last)

    def __iter__(self) -> Iterator[list[int]]:
        """See the stub."""
        generator = torch.Generator().manual_seed(self._seed + self._epoch)
        order = torch.randperm(self._n, generator=generator).tolist()
        for number in range(len(self)):
            yield order[number * self._batch_size : (number + 1) * self._batch_size]


class BucketBatches:
    """See the stub."""

    def __init__(self, lengths: list[int], batch_size: int, *, bucket: int, seed: int = 0) -> None:
        self._lengths, self._batch_size, self._bucket, self._seed, self._epoch = lengths, batch_size, bucket, seed, 0

    def set_epoch(self, epoch: int) -> None:
        """See the stub."""
        self._epoch = epoch

    def __len__(self) -> int:
        """See the stub."""
        return -(-len(self._lengths) // self._batch_size)

    def __iter__(self) -> Iterator[list[int]]:
        """See the stub."""
        generator = torch.Generator().manual_seed(self._seed + self._epoch)
        order = torch.randperm(len(self._lengths), generator=generator).tolist()
        batches = []
        for start in range(0, len(order), self._bucket):
            chunk = sorted(order[start : start + self._bucket], key=self._lengths.__getitem__)
            batches += [chunk[i : i + self._batch_size] for i in range(0, len(chunk), self._batch_size)]
        for number in torch.randperm(len(batches), generator=generator).tolist():
            yield batches[number]


def padding_share(lengths: list[int], batches: list[list[int]]) -> float:
    """See the stub."""
    places = sum(len(batch) * max(lengths[i] for i in batch) for batch in batches)
    used = sum(lengths[i] for batch in batches for i in batch)
    return 1 - used / places

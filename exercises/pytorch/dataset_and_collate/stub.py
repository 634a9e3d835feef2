"""From data to batches: a dataset, two batch samplers, and a collate function.

Read the lesson first (`tutor lesson dataset_and_collate`); `tutor hint` helps when you are stuck. All four fit into
`torch.utils.data.DataLoader(dataset, batch_sampler=..., collate_fn=...)`. Randomness comes from generators of your own:
torch's global one stays as it is.
"""

from collections.abc import Iterator

from torch import Tensor
from torch.utils.data import Dataset


class WindowDataset(Dataset[tuple[Tensor, Tensor]]):
    """Every window of some series, and what follows it.

    Sample number k is the k-th window, those of the first series first, and in a series by their beginning. No window
    reaches over the end of its series.
    """

    def __init__(self, series: list[Tensor], size: int, horizon: int = 1) -> None:
        """
        Args:
            series: tensors (L_i, D) of any lengths, also too short for a window; perhaps none.
            size: steps in a window, at least 1.
            horizon: how many steps after the window's last one the target lies, at least 1.
        """
        raise NotImplementedError

    def __len__(self) -> int:
        """The number of windows for which there is a target, in all series."""
        raise NotImplementedError

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        """The window one[s : s + size], shape (size, D), and the target one[s + size − 1 + horizon], shape (D,).

        Negative indices count from the end.

        Raises:
            IndexError: if there is no such window.
        """
        raise NotImplementedError


def collate_padded(
    samples: list[tuple[Tensor, int]], *, padding_value: float = 0.0
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """One batch from sequences of different lengths.

    Args:
        samples: at least one pair (sequence, label); sequences (L_i, D), L_i ≥ 1, of one dtype.
        padding_value: what stands behind the end of a sequence.

    Returns:
        padded: shape (N, longest L_i, D), dtype of the sequences.
        lengths: shape (N,), int64.
        mask: shape (N, longest L_i), bool, True where there is data.
        labels: shape (N,), int64.
    """
    raise NotImplementedError


class RandomBatches:
    """Batches of indices in an order that is a new one in each epoch, and the same whenever it is asked for.

    The order of epoch e is `torch.randperm(n, generator=...)` with a generator seeded with seed + e. Batches are
    consecutive pieces of it.
    """

    def __init__(self, n: int, batch_size: int, *, drop_last: bool = False, seed: int = 0) -> None:
        """`n`: samples, at least 1. `drop_last`: leave out a last batch that is smaller. The epoch is 0 at first."""
        raise NotImplementedError

    def set_epoch(self, epoch: int) -> None:
        """From now on, iterations are those of this epoch."""
        raise NotImplementedError

    def __len__(self) -> int:
        """The number of batches."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[list[int]]:
        """The batches, as lists of Python integers. May be called many times."""
        raise NotImplementedError


class BucketBatches:
    """Batches of sequences of similar length, in random order.

    In epoch e, with one generator seeded with seed + e: take `torch.randperm` of all indices; cut it into consecutive
    chunks of `bucket` indices (the last may be smaller); sort each chunk by length, shortest first, equal ones
    remaining in order; cut each chunk into consecutive batches (the last of a chunk may be smaller); take the batches,
    numbered in the order in which they were cut, in the order of a second `torch.randperm` of the same generator.
    """

    def __init__(self, lengths: list[int], batch_size: int, *, bucket: int, seed: int = 0) -> None:
        """`bucket` is a multiple of `batch_size`. The epoch is 0 at first."""
        raise NotImplementedError

    def set_epoch(self, epoch: int) -> None:
        """From now on, iterations are those of this epoch."""
        raise NotImplementedError

    def __len__(self) -> int:
        """The number of batches."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[list[int]]:
        """The batches, as lists of Python integers. May be called many times."""
        raise NotImplementedError


def padding_share(lengths: list[int], batches: list[list[int]]) -> float:
    """Which part of all places in the padded batches is padding, between 0 and 1.

    Args:
        lengths: of all sequences, at least 1 each.
        batches: indices into `lengths`, perhaps not all of them; each batch is padded to its longest sequence.
    """
    raise NotImplementedError

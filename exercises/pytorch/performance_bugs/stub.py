"""Find the slow spot: six functions that return the right thing, and do far too much for it.

Read the lesson first (`tutor lesson performance_bugs`); `tutor hint` helps when you are stuck. Results have to stay as
they are. What is counted is told with each function; there is no stopwatch. Views (`.T`, `x[:, 0]`, `unsqueeze`) move
nothing and are not counted.
"""

import torch
import torch.nn.functional as F
from torch import Tensor


def epoch_metrics(logits: list[Tensor], targets: list[Tensor]) -> Tensor:
    """The mean cross-entropy and the accuracy over all samples of an epoch, without ever waiting for the device.

    Args:
        logits: for each batch (n, C), of different sizes n; one floating-point dtype.
        targets: for each batch (n,), int64.

    Returns:
        Shape (2,): loss and accuracy, in the dtype of the logits and on their device.
    """
    loss, hits, count = 0.0, 0, 0
    for scores, right in zip(logits, targets, strict=True):
        loss += F.cross_entropy(scores, right).item() * len(right)
        hits += int((scores.argmax(dim=1) == right).sum())
        count += len(right)
    return torch.tensor([loss / count, hits / count], dtype=logits[0].dtype)


def unroll(x: Tensor, weight_x: Tensor, weight_h: Tensor) -> Tensor:
    """All hidden states of a recurrent layer: h_t = tanh(x_t W_xᵀ + h_{t−1} W_hᵀ), h before the first being 0.

    With T steps it takes no more than 3 T + 10 operations.

    Args:
        x: shape (N, T, D).
        weight_x: shape (H, D).
        weight_h: shape (H, H).

    Returns:
        Shape (N, T, H).
    """
    hidden = x.new_zeros(len(x), len(weight_h))
    states = x.new_zeros(len(x), 0, len(weight_h))
    for step in range(x.shape[1]):
        hidden = torch.tanh(x[:, step] @ weight_x.T + hidden @ weight_h.T)
        states = torch.cat([states, hidden.unsqueeze(1)], dim=1)
    return states


def collect(chunks: list[Tensor]) -> Tensor:
    """All rows of all chunks, one after the other. Reads and writes no more than four times the bytes of the result.

    Args:
        chunks: at least one, shapes (n, D).

    Returns:
        Shape (sum of n, D).
    """
    rows = chunks[0]
    for chunk in chunks[1:]:
        rows = torch.cat([rows, chunk])
    return rows


def project(matrix: Tensor, vectors: list[Tensor]) -> Tensor:
    """For each vector v: matrixᵀ v. Reads and writes no more than three times the bytes of the matrix.

    Args:
        matrix: shape (N, M).
        vectors: K of shape (N,); all of them together are much smaller than the matrix.

    Returns:
        Shape (K, M).
    """
    projected = []
    for vector in vectors:
        projected.append(matrix.T.contiguous() @ vector)
    return torch.stack(projected)


def lookup(table: Tensor, ids: Tensor, padding: int) -> Tensor:
    """Rows of a table by their numbers; for the padding's number, zeros. Makes nothing larger than the result, and
    never waits for the device.

    Args:
        table: shape (V, D), finite.
        ids: shape (N,), int64, in [0, V).
        padding: a number in [0, V), whose row isn't used. The table must not be changed.

    Returns:
        Shape (N, D).
    """
    chosen = F.one_hot(ids, len(table)).to(table.dtype)
    chosen[:, padding] = 0
    return chosen @ table


def own_scores(queries: Tensor, keys: Tensor) -> Tensor:
    """The product of each query with the key of the same number. Takes no more than 2 N D + N operations on numbers.

    Args:
        queries, keys: shape (N, D).

    Returns:
        Shape (N,).
    """
    return (queries @ keys.T).diagonal()

"""The softmax's maximum and sum in one pass, block by block.

Read the lesson first (`tutor lesson online_softmax`); `tutor hint` helps when you are stuck.
"""

import torch
from torch import Tensor

State = tuple[Tensor, Tensor]  # for each row: the largest element so far, and Σ exp(x − largest), both of shape (R,)


def start(rows: int, dtype: torch.dtype) -> State:
    """The state that has seen nothing: a maximum of −∞ and a sum of 0 for each row.

    Args:
        rows: how many, R.
        dtype: of both tensors.
    """
    raise NotImplementedError


def absorb(state: State, block: Tensor) -> State:
    """The state after one more block of columns.

    Args:
        state: (maximum, total), each of shape (R,).
        block: shape (R, W), W at least 1; elements are finite of any magnitude, or −∞, which has no weight. A row of
            the block, and all of a row so far, may be −∞: its maximum is then −∞ and its total 0, never NaN.

    Returns:
        (maximum, total): the maximum of all elements seen, and Σ exp(x − maximum) over all of them. Inputs must not be
        changed.
    """
    raise NotImplementedError


def merge(a: State, b: State) -> State:
    """The state of one that has seen what `a` and what `b` have seen.

    Args:
        a, b: states of the same rows. Either may have seen nothing of some rows.

    Returns:
        As absorb. Inputs must not be changed.
    """
    raise NotImplementedError


def log_sum_exp(state: State) -> Tensor:
    """log Σ exp(x) over everything seen, shape (R,); −∞ for a row that has seen nothing but −∞."""
    raise NotImplementedError

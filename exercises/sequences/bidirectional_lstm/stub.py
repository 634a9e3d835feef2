"""An LSTM that reads from both ends, over sequences of different lengths.

Read the lesson first (`tutor lesson bidirectional_lstm`); `tutor hint` helps when you are stuck.

The weights of one direction are a tuple (weight_x, weight_h, bias) of shapes (D, 4H), (H, 4H), (4H,), with the blocks
i, f, g, o as in `lstm_step`. You may copy your own `lstm_step` into this file (files are graded one by one, so it can't
be imported), or use torch.lstm_cell(x, (h, c), weight_x.T, weight_h.T, bias, torch.zeros_like(bias)).
"""

from torch import Tensor

Weights = tuple[Tensor, Tensor, Tensor]


def reverse_sequences(x: Tensor, lengths: Tensor) -> Tensor:
    """Every sequence from its last step to its first; what pads it stays where it is.

    Args:
        x: shape (N, T, D).
        lengths: how many steps of each sequence are its own, shape (N,), int64, between 1 and T; the rest is padding.

    Returns:
        Shape (N, T, D), a new tensor.
    """
    raise NotImplementedError


def lstm(x: Tensor, lengths: Tensor, weights: Weights) -> Tensor:
    """The hidden states of an LSTM that reads forwards from zero states (h and c).

    Args:
        x: shape (N, T, D).
        lengths: shape (N,), int64.
        weights: of one direction.

    Returns:
        Shape (N, T, H); zero at the steps that are padding.
    """
    raise NotImplementedError


def bidirectional_lstm(x: Tensor, lengths: Tensor, forwards: Weights, backwards: Weights) -> Tensor:
    """The states of both directions at every step: first the one that reads forwards, then the other.

    Args:
        x: shape (N, T, D).
        lengths: shape (N,), int64.
        forwards, backwards: the weights of the two directions.

    Returns:
        Shape (N, T, 2H). At step t, the first H have read steps 0 … t, the last H steps lengths − 1 … t.
        Zero at the steps that are padding.
    """
    raise NotImplementedError


def summary(states: Tensor, lengths: Tensor) -> Tensor:
    """What either direction knows when it has read everything.

    Args:
        states: what `bidirectional_lstm` returned, shape (N, T, 2H).
        lengths: shape (N,), int64.

    Returns:
        Shape (N, 2H): the forward direction's state after its last step, then the backward direction's after its.
    """
    raise NotImplementedError

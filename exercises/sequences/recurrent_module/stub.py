"""Recurrent layers in torch.nn: their shapes, their parameters, and two models around them.

Read the lesson first (`tutor lesson recurrent_module`); `tutor hint` helps when you are stuck.
"""

import torch.nn as nn
from torch import Tensor


def recurrent_parameters(kind: str, input_size: int, hidden_size: int, num_layers: int, bidirectional: bool) -> int:
    """How many numbers nn.RNN, nn.LSTM or nn.GRU has to learn. To be worked out, without making the layer.

    Args:
        kind: "rnn", "lstm" or "gru".
        input_size, hidden_size, num_layers, bidirectional: as those layers take them. Both biases count.
    """
    raise NotImplementedError


def recurrent_shapes(
    kind: str, batch: int, steps: int, hidden_size: int, num_layers: int, bidirectional: bool
) -> list[tuple[int, ...]]:
    """The shapes of what nn.RNN, nn.LSTM or nn.GRU with batch_first=True returns, in the order in which it does.

    Args:
        kind: "rnn", "lstm" or "gru".
        batch, steps: of the input, (batch, steps, input_size).

    Returns:
        [shape of output, shape of h_n], and for an LSTM the shape of c_n as a third.
    """
    raise NotImplementedError


class Tagger(nn.Module):
    """A label for every step: an embedding, a bidirectional LSTM, a linear layer on each step's state.

    Its submodules are called `embedding` (nn.Embedding, token 0 is padding: padding_idx=0), `lstm` (nn.LSTM,
    batch_first, one layer, bidirectional) and `head` (nn.Linear), made in this order.
    """

    def __init__(self, tokens: int, size: int, hidden: int, labels: int) -> None:
        """
        Args:
            tokens: how many different tokens there are, 0 for padding among them.
            size: of a token's embedding.
            hidden: size of the state of each direction.
            labels: how many labels there are.
        """
        raise NotImplementedError

    def forward(self, tokens: Tensor, lengths: Tensor) -> Tensor:
        """
        Args:
            tokens: shape (N, T), int64; each row padded with 0 at its end.
            lengths: how many tokens of each row are its own, shape (N,), int64, at least 1. The longest may be
                shorter than T.

        Returns:
            Logits, shape (N, T, labels). What pads a row must not change the logits of its own tokens; the logits
            at padded steps may be anything.
        """
        raise NotImplementedError


class Classifier(nn.Module):
    """A label for the whole row: an embedding, a GRU, a linear layer on its last state.

    Its submodules are called `embedding` (nn.Embedding, padding_idx=0), `gru` (nn.GRU, batch_first, one layer) and
    `head` (nn.Linear), made in this order.
    """

    def __init__(self, tokens: int, size: int, hidden: int, labels: int) -> None:
        """Arguments as for `Tagger`."""
        raise NotImplementedError

    def forward(self, tokens: Tensor, lengths: Tensor) -> Tensor:
        """
        Args:
            tokens, lengths: as for `Tagger`.

        Returns:
            Logits, shape (N, labels): from the state after each row's last own token.
        """
        raise NotImplementedError

"""A network that says what it sees: a convolutional encoder, and a GRU that starts from what it found.

Read the lesson first (`tutor lesson captioner`); `tutor hint` helps when you are stuck.

Words are numbers. 0 pads, 1 (START) comes before every caption, 2 (END) comes after it; words proper begin at 3.
"""

import torch.nn as nn
from torch import Tensor

PAD, START, END = 0, 1, 2


def as_tokens(captions: list[list[int]]) -> Tensor:
    """Captions as one tensor: each followed by END, then padded with PAD to the length of the longest.

    Args:
        captions: N lists of words (3 or more), at least one list; lists may be empty. Without START and END.

    Returns:
        Shape (N, T), int64, T the length of the longest caption plus 1.
    """
    raise NotImplementedError


class Captioner(nn.Module):
    """Its submodules are, made in this order:

    encoder: an nn.Sequential of Conv2d(channels, 8, 3, padding=1), ReLU, MaxPool2d(2), Conv2d(8, 16, 3, padding=1),
        ReLU, AdaptiveMaxPool2d(2), Flatten: whatever the size of an image, it becomes 64 numbers.
    bridge: an nn.Linear from these 64 to `hidden`; tanh of its result is the GRU's first state.
    embedding: an nn.Embedding of `words` tokens in `size` dimensions, with padding_idx=0.
    gru: an nn.GRU(size, hidden, batch_first=True).
    head: an nn.Linear from `hidden` to `words`.
    """

    def __init__(self, channels: int, words: int, size: int, hidden: int) -> None:
        """
        Args:
            channels: of the images.
            words: how many tokens there are, PAD, START and END among them.
            size: of a word's embedding.
            hidden: size of the GRU's state.
        """
        raise NotImplementedError

    def forward(self, images: Tensor, tokens: Tensor) -> Tensor:
        """What comes next, at every place of the right captions (teacher forcing).

        Args:
            images: shape (N, channels, H, W); H and W at least 4.
            tokens: as by `as_tokens`, shape (N, T).

        Returns:
            Logits, shape (N, T, words). Those at [:, t] are for tokens[:, t], and made from the image, START and
            tokens[:, :t]: the GRU reads the captions one place behind.
        """
        raise NotImplementedError


def caption_loss(logits: Tensor, tokens: Tensor) -> Tensor:
    """Cross-entropy, averaged over all words of the batch together: END counts, padding doesn't.

    Args:
        logits: shape (N, T, words).
        tokens: as by `as_tokens`, shape (N, T).

    Returns:
        A scalar tensor with its graph: −log softmax of the right word, summed over all that isn't PAD, divided by
        their number.
    """
    raise NotImplementedError


def greedy(net: Captioner, images: Tensor, longest: int) -> list[list[int]]:
    """Captions, word by word: each time the most probable word, which is then what the GRU reads next.

    PAD and START are never chosen, however probable. A caption ends before END, or when it has `longest` words; each
    for itself, whatever the others do.

    Args:
        net: your Captioner, any weights.
        images: shape (N, channels, H, W).
        longest: 1 or more.

    Returns:
        N lists of words (Python ints), without START and END; an empty one where END comes at once.
    """
    raise NotImplementedError


def train(images: Tensor, tokens: Tensor, words: int, *, seed: int) -> Captioner:
    """A trained Captioner of your choice of size and hidden, in some 400 steps; at most 20 s.

    Args:
        images: 600 of them, shape (N, 1, 16, 16), float32: a bright shape on a dark, noisy ground.
        tokens: their captions: of a large one "large" and the shape's name, of a small one only the name.
        words: as for Captioner.
        seed: what makes a run repeatable.

    Returns:
        The net; `greedy` has to get 60 % of unseen images' captions right, to the last word.
    """
    raise NotImplementedError

"""What was learned from pictures' names, used to find objects; what was learned from many texts, used for thirty.

Read the lesson first (`tutor lesson transfer_elsewhere`); `tutor hint` helps when you are stuck.

A vocabulary is a list of different words. Numbers of words: 0 is padding, 1 any word that isn't in the vocabulary, and
k + 2 is words[k].
"""

from torch import Tensor, nn


class Detector(nn.Module):
    """A trained classifier's body with the heads of a detector on it: logits and offsets at every cell of its last map.

    Attributes:
        body: an nn.Sequential, the classifier's children before the first nn.AdaptiveAvgPool2d or nn.Flatten among them
            (the first that stands there makes a vector of the map). It is a copy: nothing that happens to it reaches
            the classifier. Its parameters are frozen, and it stays in evaluation mode, also after `train()`.
        what: an nn.Conv2d, 1 × 1, to `classes` channels. Its biases begin at log(0.01 / 0.99), so that every cell
            begins with "nothing here".
        where: an nn.Conv2d, 1 × 1, to 4 channels.
    """

    def __init__(self, classifier: nn.Sequential, channels: int, classes: int) -> None:
        """Take the body of a classifier, and make new heads.

        Args:
            classifier: the trained network; it is left as it is, values, modes and all. One of its children is an
                nn.AdaptiveAvgPool2d or an nn.Flatten.
            channels: of the body's last map.
            classes: how many kinds of objects.
        """
        super().__init__()
        raise NotImplementedError

    def train(self, mode: bool = True) -> "Detector":
        """As in every module, and returns the module itself; but the body stays in evaluation mode."""
        raise NotImplementedError

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """What each cell says.

        Args:
            images: shape (N, C, H, W), any H and W that the body can take.

        Returns:
            Logits (N, classes, h, w) of `what` and offsets (N, 4, h, w) of `where`, h × w being the body's last map.
        """
        raise NotImplementedError


def encode_texts(texts: list[list[str]], words: list[str]) -> Tensor:
    """Texts as rows of numbers.

    Args:
        texts: lists of words, of any lengths, 0 among them; there may be no texts.
        words: the vocabulary. Words are compared as they are, capitals and all.

    Returns:
        Shape (number of texts, length of the longest), int64, padded at the end; (0, 0) if there are no texts.
    """
    raise NotImplementedError


def adopt_embeddings(words: list[str], table: dict[str, Tensor], fallback: Tensor) -> nn.Embedding:
    """Somebody's word vectors for a vocabulary of one's own.

    Args:
        words: the vocabulary.
        table: vectors by word, each of shape (D,), all in the same dtype, float32 or float64.
        fallback: the vector for words without one, shape (D,), in that dtype.

    Returns:
        An nn.Embedding in that dtype with len(words) + 2 rows of D, with padding_idx 0, whose weight is to be trained.
        Row 0 is zeros, row 1 the fallback. A word gets its own vector if the table has one; otherwise that of the word
        in lower case if the table has that; otherwise the fallback. Nothing that happens to the embedding reaches the
        table or the fallback.
    """
    raise NotImplementedError


class TextClassifier(nn.Module):
    """The mean of a text's word vectors, and a linear head.

    Attributes:
        embedding: an nn.Embedding, a copy of the one that was handed in, with the same padding_idx.
        head: an nn.Linear from the vectors to `classes` logits.
    """

    def __init__(self, embedding: nn.Embedding, classes: int, *, frozen: bool) -> None:
        """Copy the vectors, and make a new head.

        Args:
            embedding: word vectors; number 0 is padding (its padding_idx). It is left as it is.
            classes: how many logits.
            frozen: whether the copy's weight is kept from training (requires_grad False) or trained (True).
        """
        super().__init__()
        raise NotImplementedError

    def features(self, tokens: Tensor) -> Tensor:
        """The mean of the vectors of a text's words, padding left out.

        Args:
            tokens: numbers of words, shape (N, T), int64; padding may stand anywhere.

        Returns:
            Shape (N, D). A text of padding alone has zeros. The vector of padding itself must not matter, whatever it
            is.
        """
        raise NotImplementedError

    def forward(self, tokens: Tensor) -> Tensor:
        """The head applied to the features: logits (N, classes)."""
        raise NotImplementedError


def few_shot(embedding: nn.Embedding, tokens: Tensor, labels: Tensor, classes: int, *, seed: int) -> TextClassifier:
    """Learn a task on texts from thirty sentences.

    Args:
        embedding: word vectors, float32; they must not be changed.
        tokens: the sentences, shape (30, T), int64.
        labels: their classes, shape (30,), int64, ten of each.
        classes: how many, 3.
        seed: of `torch.manual_seed`, before anything else.

    Returns:
        A trained TextClassifier. Of sentences that it has never seen, most of whose telling words weren't in the thirty
        either, at least 80 % have to be right if the vectors were trained on many texts; and at least a tenth more than
        if they are random. Whether the vectors are frozen is for you to decide.
    """
    raise NotImplementedError

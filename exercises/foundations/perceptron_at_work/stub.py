"""Perceptrons at work: digits from their pixels, topics from words, and a look at what the weights have learned.

Read the lesson first (`tutor lesson perceptron_at_work`); `tutor hint` helps when you are stuck. No argument may be
changed.

A word is what stands between white space, in lower case, without any of the characters .,;:!? at its beginning and its
end. What is empty then is no word.
"""

from torch import Tensor


def pixels(images: Tensor) -> Tensor:
    """Images as vectors, each less its own mean brightness.

    Args:
        images: shape (N, H, W), float32 or float64.

    Returns:
        Shape (N, H · W), row by row, in the dtype of `images`.
    """
    raise NotImplementedError


def vocabulary(texts: list[str], least: int) -> list[str]:
    """The words that are in at least `least` of the texts, each once, sorted as `sorted` does it.

    A word that is in a text several times counts once for this text.
    """
    raise NotImplementedError


def bag_of_words(texts: list[str], words: list[str]) -> Tensor:
    """How often each word of a vocabulary is in each text; other words are left out.

    Args:
        texts: N texts, new ones or those that the vocabulary comes from.
        words: V words, all different.

    Returns:
        Shape (N, V), float64.
    """
    raise NotImplementedError


def fit(x: Tensor, labels: Tensor, classes: int, orders: Tensor) -> tuple[Tensor, Tensor]:
    """The averaged perceptron for several classes.

    It begins with zeros. For each point in turn the prediction is the class with the largest score w_c · x + b_c, the
    first of them if there are several. Where it is wrong, the weights of the right class grow by x and its bias by 1,
    those of the predicted class shrink by as much.

    Args:
        x: shape (N, D), float64.
        labels: shape (N,), int64, each 0 … classes − 1.
        orders: shape (epochs, N), int64, at least one pass: each row holds 0 … N − 1 in the order in which that pass
            takes the points.

    Returns:
        The means of the weights, shape (classes, D), and of the biases, shape (classes,), over the states after each of
        the epochs · N points, whether it was a mistake or not.
    """
    raise NotImplementedError


def predict(x: Tensor, weights: Tensor, biases: Tensor) -> Tensor:
    """The class with the largest score for each point, the first of equal ones.

    Args:
        x: shape (N, D), float64.
        weights, biases: shapes (classes, D) and (classes,).

    Returns:
        Shape (N,), int64.
    """
    raise NotImplementedError


def telling_words(weights: Tensor, words: list[str], label: int, k: int) -> list[str]:
    """The words that speak most for a class, and against the others.

    Args:
        weights: shape (classes, V), float64, at least two classes.
        words: the vocabulary, V words.
        label: the class.
        k: 1 ≤ k ≤ V.

    Returns:
        The k words for which the weight of `label`, less the mean of the weights of all the other classes, is largest:
        the largest first, equal ones in the order of the vocabulary.
    """
    raise NotImplementedError


def template(weights: Tensor, label: int, shape: tuple[int, int]) -> Tensor:
    """What a class looks for in an image, as an image.

    Args:
        weights: shape (classes, H · W), float64, at least two classes.
        label: the class.
        shape: H and W.

    Returns:
        Shape (H, W): the weights of `label`, less the mean of those of all the other classes, divided by the largest
        magnitude among these differences, so that they lie within [−1, 1]. If they are all 0, zeros.
    """
    raise NotImplementedError

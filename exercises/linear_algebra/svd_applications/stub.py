"""The SVD at work: a picture in fewer numbers, documents by topic, and ratings that nobody has given yet.

Read the lesson first (`tutor lesson svd_applications`); `tutor hint` helps when you are stuck.

`torch.linalg.svd` is yours to use: here the decomposition is a tool. No argument may be changed.
"""

from torch import Tensor


def compress_image(image: Tensor, numbers: int) -> tuple[Tensor, list[int]]:
    """The nearest picture that a given store of numbers can hold, each channel as a matrix of low rank.

    A term σ · u · vᵀ takes H + W + 1 numbers. Channels may have different ranks: all that counts is the sum of the
    squared differences, over all channels and pixels, which has to be as small as the store allows.

    Args:
        image: shape (C, H, W), float32 or float64. No two singular values, of all channels together, are equal.
        numbers: how many may be stored, 0 or more; it may be less than one term takes, or more than all do.

    Returns:
        The picture that is left, shape and dtype of `image`, not clipped to any range; and the rank of each channel,
        a list of C ints. A channel of rank 0 is 0 everywhere.
    """
    raise NotImplementedError


def rank_for_psnr(singular_values: Tensor, shape: tuple[int, int], psnr: float) -> int:
    """The smallest rank at which a picture with one channel looks good enough, found without rebuilding it.

    The peak signal-to-noise ratio is 10 · log₁₀(1 / MSE), in decibels: brightness goes up to 1, and MSE is the mean of
    the squared differences over all pixels. Without any difference it is infinite.

    Args:
        singular_values: all those of the picture, shape (r,), from the largest down, float64.
        shape: its height and width; r is the smaller one.
        psnr: the least ratio that is good enough, in decibels.

    Returns:
        The smallest k, 0 ≤ k ≤ r, for which the nearest matrix of rank k reaches `psnr`, as an int. Rank 0 is a black
        picture.
    """
    raise NotImplementedError


def topic_vectors(counts: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """Documents and words as vectors of k topics (latent semantic analysis).

    With counts = U · diag(s) · Vᵀ, s from the largest down, documents are the rows of U · diag(s), words those of V,
    both cut after k columns. Nothing is centred or weighted first.

    Args:
        counts: shape (documents, words), float64: how often each word is in each document. It may be wider than high.
            Its singular values differ from each other.
        k: the number of topics, 1 ≤ k ≤ min(documents, words).

    Returns:
        documents: shape (documents, k).
        words: shape (words, k), orthonormal columns. The signs of a topic may be turned in both together.
    """
    raise NotImplementedError


def fold_in(counts: Tensor, words: Tensor) -> Tensor:
    """The topics of texts that the decomposition hasn't seen, such as a query.

    For the documents it *has* seen, this gives the vectors that `topic_vectors` returned for them.

    Args:
        counts: shape (..., words), float64: one text or several.
        words: shape (words, k), as `topic_vectors` returns it.

    Returns:
        Shape (..., k).
    """
    raise NotImplementedError


def most_similar(query: Tensor, documents: Tensor) -> list[int]:
    """All documents, those first that point most nearly in the direction of the query.

    The measure is the cosine of the angle, q · d / (‖q‖ · ‖d‖). Where a vector is 0 throughout, it is 0.

    Args:
        query: shape (k,), float64.
        documents: shape (N, k), float64.

    Returns:
        The numbers 0 … N − 1 of the documents, from the largest cosine down; of equal ones (they will be 0 exactly),
        the smaller number first.
    """
    raise NotImplementedError


def complete(ratings: Tensor, known: Tensor, k: int, steps: int) -> Tensor:
    """Guess the missing entries of a matrix that is nearly of rank k.

    To begin with, every missing entry is the mean of all known ones. A step replaces the missing entries by those of
    the nearest matrix of rank k to what the step began with. Known entries are never changed.

    Args:
        ratings: shape (users, items), float64. What stands at missing entries means nothing, and may be NaN.
        known: shape (users, items), bool, at least one of them True.
        k: 1 ≤ k ≤ min(users, items).
        steps: 0 or more.

    Returns:
        Shape (users, items), after the last step.
    """
    raise NotImplementedError

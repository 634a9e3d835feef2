"""Principal components: the directions in which data vary most.

Read the lesson first (`tutor lesson pca`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def pca(x: Tensor, k: int) -> tuple[Tensor, Tensor, Tensor]:
    """The mean of some data, and the k directions in which they vary most around it.

    Args:
        x: shape (N, d), float32 or float64, a sample per row; N may be smaller than d. The variances along the
            directions differ from each other.
        k: how many directions, 1 ≤ k ≤ min(N − 1, d).

    Returns:
        mean: shape (d,), of each feature.
        components: shape (k, d), orthonormal rows, the direction of the largest variance first; their signs are free.
        variances: shape (k,), of the samples along each component, with N − 1 in the denominator (the unbiased
            estimate, torch's default).
        All in the dtype of `x`, which must not be changed.
    """
    raise NotImplementedError


def covariance(x: Tensor) -> Tensor:
    """How much each two features of some data vary together.

    Args:
        x: shape (N, d), float32 or float64, a sample per row, N ≥ 2.

    Returns:
        Shape (d, d), in the dtype of `x`: entry (i, j) is the sum over the samples of (x[n, i] − mean[i]) ·
        (x[n, j] − mean[j]), divided by N − 1. The diagonal holds the variances. `x` must not be changed.
    """
    raise NotImplementedError


def pca_of_covariance(c: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """The same directions and variances as `pca`, found from the covariance matrix alone, without the data.

    Args:
        c: shape (d, d), symmetric, as `covariance` returns it; its k + 1 largest eigenvalues differ from each other.
        k: how many directions, 1 ≤ k ≤ d.

    Returns:
        components: shape (k, d), orthonormal rows, the direction of the largest variance first; their signs are free.
        variances: shape (k,), along each component.
        Both in the dtype of `c`, which must not be changed.
    """
    raise NotImplementedError


def transform(x: Tensor, mean: Tensor, components: Tensor) -> Tensor:
    """The coordinates of samples along the components.

    Args:
        x: shape (M, d): these samples, or new ones, which the mean and the components do not come from.
        mean: shape (d,), as `pca` returns it.
        components: shape (k, d), likewise.

    Returns:
        Shape (M, k), in the dtype of `x`. The inputs must not be changed.
    """
    raise NotImplementedError


def inverse_transform(z: Tensor, mean: Tensor, components: Tensor) -> Tensor:
    """The points that have these coordinates: samples as they would be without what `transform` dropped.

    Args:
        z: shape (M, k), as `transform` returns it.
        mean, components: as above.

    Returns:
        Shape (M, d), in the dtype of `z`. The inputs must not be changed.
    """
    raise NotImplementedError


def whiten(z: Tensor, variances: Tensor) -> Tensor:
    """Rescale coordinates so that each has variance 1 over the samples that `pca` saw.

    Args:
        z: shape (M, k), as `transform` returns it.
        variances: shape (k,), as `pca` returns them, all positive.

    Returns:
        Shape (M, k), in the dtype of `z`. The inputs must not be changed.
    """
    raise NotImplementedError


def components_needed(variances: Tensor, share: float) -> int:
    """How many components it takes to explain at least this share of the total variance.

    Args:
        variances: shape (r,), along all components there are, from the largest down, none negative.
        share: between 0 and 1, both excluded.

    Returns:
        The smallest k for which the first k variances add up to at least `share` of the sum of all, as an int.
    """
    raise NotImplementedError

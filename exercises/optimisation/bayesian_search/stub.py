"""Bayesian optimisation in one dimension: a Gaussian process, expected improvement, and the search that they steer.

Read the lesson first (`tutor lesson bayesian_search`); `tutor hint` helps when you are stuck.

All tensors are float64; no argument may be changed. Losses are minimised.
"""

from collections.abc import Callable

from torch import Tensor


def kernel(a: Tensor, b: Tensor, *, lengthscale: float, variance: float) -> Tensor:
    """How strongly the function's values at two places go together (the squared exponential, or RBF).

    Args:
        a: places, shape (N,).
        b: places, shape (M,).
        lengthscale: ℓ > 0.
        variance: s² > 0, what the kernel is at distance 0.

    Returns:
        s² · exp(−½ (aᵢ − bⱼ)² / ℓ²), shape (N, M).
    """
    raise NotImplementedError


def posterior(
    x: Tensor, y: Tensor, places: Tensor, *, lengthscale: float, variance: float, noise: float
) -> tuple[Tensor, Tensor]:
    """What is known of a function f after n measurements y = f(x) + noise, with prior mean 0.

    Args:
        x: where it was measured, shape (n,), n ≥ 1.
        y: the measurements, shape (n,).
        places: where f is asked for, shape (M,).
        lengthscale, variance: of the kernel.
        noise: the *variance* of the noise of a measurement, 0 or more. With 0, all x are different.

    Returns:
        mean: of f at each place, shape (M,).
        std: the standard deviation of f (not of a new measurement, which would have noise on top), shape (M,); where
            rounding makes the variance slightly negative, 0.
    """
    raise NotImplementedError


def expected_improvement(mean: Tensor, std: Tensor, best: float) -> Tensor:
    """E[max(best − f, 0)] for f normally distributed: by how much f is expected to be below the best so far.

    Args:
        mean: shape (M,).
        std: shape (M,), 0 or more; where it is 0, f is certain.
        best: the lowest value so far.

    Returns:
        Shape (M,).
    """
    raise NotImplementedError


def minimise(
    objective: Callable[[int], float],
    candidates: Tensor,
    start: list[int],
    budget: int,
    *,
    lengthscale: float,
    variance: float,
    noise: float,
) -> tuple[list[int], list[float]]:
    """Search among candidates for the one with the lowest loss, each evaluation where most is to be expected.

    First the candidates in `start` are evaluated, in their order. Then, until `budget` evaluations are made: subtract
    from all losses so far their mean; with these shifted losses as y, find the posterior at all candidates, and the
    expected improvement on the lowest shifted loss; and evaluate the candidate with the largest one, among those that
    haven't been evaluated yet.

    Args:
        objective: the loss of the candidate with this index; expensive, so it is called once for each evaluation.
        candidates: their places, e.g. logarithms of learning rates, shape (M,), in any order.
        start: at least one index, all different.
        budget: evaluations in all, those of `start` included; len(start) ≤ budget ≤ M.
        lengthscale, variance, noise: as above.

    Returns:
        The indices in the order of their evaluation, and their losses, unshifted: lists of ints and floats.
    """
    raise NotImplementedError

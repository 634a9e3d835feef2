"""Early stopping, weight decay and truncation compared: what each leaves of every direction of the data.

Read the lesson first (`tutor lesson spectral_filters`); `tutor hint` helps when you are stuck.

The model is linear without a bias, x (N, D), y (N,), w (D,), all float64, and the loss is ½ ‖x w − y‖², a sum over the
samples. x has full column rank D ≤ N and different singular values. No argument may be changed.
"""

from torch import Tensor


def stopped_weights(x: Tensor, y: Tensor, lr: float, steps: int) -> Tensor:
    """The weights after so many steps of gradient descent on the loss, from zeros.

    Args:
        lr: the learning rate.
        steps: 0 or more, at most a few thousand.

    Returns:
        Shape (D,).
    """
    raise NotImplementedError


def ridge_weights(x: Tensor, y: Tensor, ridge: float) -> Tensor:
    """The weights that minimise ½ ‖x w − y‖² + ½ · ridge · ‖w‖².

    Returns:
        Shape (D,).
    """
    raise NotImplementedError


def truncated_weights(x: Tensor, y: Tensor, keep: int) -> Tensor:
    """The least-squares weights in which only the `keep` directions with the largest singular values take part.

    With x = Σᵢ σᵢ uᵢ vᵢᵀ, the σᵢ descending, that is Σ (uᵢ · y) / σᵢ · vᵢ over the first `keep` terms.

    Args:
        keep: 0 … D.

    Returns:
        Shape (D,).
    """
    raise NotImplementedError


def filter_factors(singular_values: Tensor, method: str, strength: float) -> Tensor:
    """What a method leaves of each direction: its weights are Σ fᵢ · (uᵢ · y) / σᵢ · vᵢ with these factors fᵢ.

    Args:
        singular_values: the σᵢ > 0, descending, shape (D,).
        method: "ridge": `strength` is the penalty of `ridge_weights`;
            "early stopping": `strength` is the number of steps of `stopped_weights`, with the learning rate 1 / σ₁²;
            "truncation": `strength` is the number of directions to keep.

    Returns:
        The fᵢ, shape (D,).

    Raises:
        ValueError: for other methods.
    """
    raise NotImplementedError


def effective_parameters(singular_values: Tensor, method: str, strength: float) -> float:
    """How many parameters the method leaves free, as the sum of its filter factors. A Python float."""
    raise NotImplementedError


def steps_like_ridge(singular_values: Tensor, ridge: float) -> int:
    """The number of steps of early stopping, at the learning rate 1 / σ₁², that comes nearest to a ridge penalty.

    Args:
        ridge: > 0; such that the answer is below 100 000.

    Returns:
        The smallest number of steps after which the effective parameters are at least those of ridge.
    """
    raise NotImplementedError

"""What a cost function looks like around a point: slopes, curvatures, and what they mean for a descent.

Read the lesson first (`tutor lesson loss_landscape`); `tutor hint` helps when you are stuck.

All tensors are float64; no argument may be changed. Hessians H are symmetric, shape (D, D).
"""

from collections.abc import Callable

from torch import Tensor


def classify(hessian: Tensor) -> str:
    """What kind of point it is, if the gradient there is zero.

    With m the largest |eigenvalue| of H, an eigenvalue counts as zero if it is at most 10⁻⁹ · m in absolute value.

    Returns:
        "minimum" if all eigenvalues are positive, "maximum" if all are negative, "saddle" if there are positive and
        negative ones (whether or not others are zero), "undecided" in all other cases, H = 0 included.
    """
    raise NotImplementedError


def quadratic_model(value: float, gradient: Tensor, hessian: Tensor, step: Tensor) -> float:
    """Taylor's prediction of the cost after a step, from value, gradient (D,) and Hessian before it, to second order.

    Args:
        step: shape (D,).

    Returns:
        A Python float.
    """
    raise NotImplementedError


def best_rate(hessian: Tensor) -> tuple[float, float]:
    """The learning rate at which gradient descent on a bowl ½ wᵀ H w comes down fastest from its worst start.

    Args:
        hessian: with positive eigenvalues only.

    Returns:
        lr: the rate for which the largest |1 − lr · λ| over the eigenvalues λ is smallest.
        factor: this |1 − lr · λ|: by how much the distance from the minimum shrinks in a step, in the worst direction.
        Python floats.
    """
    raise NotImplementedError


def steps_needed(hessian: Tensor, lr: float, share: float) -> int | None:
    """How many steps of gradient descent on the bowl it takes until not more than `share` of the distance is left.

    Args:
        hessian: with positive eigenvalues only.
        lr: the learning rate.
        share: 0 < share < 1.

    Returns:
        The smallest number of steps after which the distance from the minimum has shrunk to `share` of what it was, or
        less, wherever the descent started; None if that never happens.
    """
    raise NotImplementedError


def gradient_field(cost: Callable[[float, float], float], xs: Tensor, ys: Tensor, h: float) -> tuple[Tensor, Tensor]:
    """The gradient of a cost of two weights at all points of a grid, by central differences.

    Args:
        cost: cost(x, y), two floats.
        xs: shape (N,).
        ys: shape (M,).
        h: how far to go to either side.

    Returns:
        ∂cost/∂x and ∂cost/∂y, each of shape (M, N): row m, column n is at (xs[n], ys[m]), as pictures have it.
    """
    raise NotImplementedError


def descent_path(gradient: Callable[[Tensor], Tensor], start: Tensor, lr: float, steps: int) -> tuple[Tensor, Tensor]:
    """Where gradient descent goes.

    Args:
        gradient: gives ∂cost/∂w, shape (D,), for weights of shape (D,).
        start: shape (D,).
        lr: the learning rate.
        steps: 1 or more.

    Returns:
        path: shape (steps + 1, D), the start first.
        slopes: the length of the gradient at each point of the path but the last, shape (steps,).
    """
    raise NotImplementedError

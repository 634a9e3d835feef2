"""Penalties on the weights: L1, L2 and both, their gradients, a decay that is no penalty, and a step that makes zeros.

Read the lesson first (`tutor lesson l1_l2`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def elastic_net(w: Tensor, *, l1: float = 0.0, l2: float = 0.0) -> Tensor:
    """The penalty l1 · Σ |w| + ½ · l2 · Σ w², the sums over all elements. Mind the ½.

    Args:
        w: the weights, any shape.
        l1: the strength of the L1 part, 0 or more.
        l2: the strength of the L2 part, 0 or more.

    Returns:
        The penalty, a 0-dimensional tensor in the dtype of `w`. `w` must not be changed.
    """
    raise NotImplementedError


def elastic_net_backward(grad_output: Tensor, w: Tensor, *, l1: float = 0.0, l2: float = 0.0) -> Tensor:
    """The gradient of a loss for `w`, given its gradient for the penalty.

    Args:
        grad_output: ∂L/∂penalty, a 0-dimensional tensor; not always 1.
        w: the weights, any shape. Where an element is 0, the slope of |w| counts as 0.
        l1: as in `elastic_net`.
        l2: as in `elastic_net`.

    Returns:
        ∂L/∂w, shape and dtype of `w`. The inputs must not be changed.
    """
    raise NotImplementedError


def step_with_l2(
    w: Tensor, grad: Tensor, velocity: Tensor, *, lr: float, momentum: float, l2: float
) -> tuple[Tensor, Tensor]:
    """A step of SGD with momentum on loss + ½ · l2 · Σ w²: the penalty's gradient is part of the gradient.

    With g the whole gradient: velocity ← momentum · velocity + g, then w ← w − lr · velocity.

    Args:
        w: the weights, any shape.
        grad: the gradient of the loss alone, without the penalty.
        velocity: from the last step; zeros before the first.
        lr: the learning rate.
        momentum: the share of the velocity that is kept.
        l2: the strength of the penalty.

    Returns:
        w, velocity: both after the step, in the dtype of `w`. The inputs must not be changed.
    """
    raise NotImplementedError


def step_with_decay(
    w: Tensor, grad: Tensor, velocity: Tensor, *, lr: float, momentum: float, decay: float
) -> tuple[Tensor, Tensor]:
    """A step of SGD with momentum and decoupled weight decay, which the velocity knows nothing of.

    velocity ← momentum · velocity + grad, then w ← (1 − lr · decay) · w − lr · velocity; where w on the
    right is that from before the step.

    Args:
        w: the weights, any shape.
        grad: the gradient of the loss.
        velocity: from the last step; zeros before the first.
        lr: the learning rate; it multiplies the decay as well.
        momentum: the share of the velocity that is kept.
        decay: the strength of the decay.

    Returns:
        w, velocity: both after the step, in the dtype of `w`. The inputs must not be changed.
    """
    raise NotImplementedError


def soft_threshold(w: Tensor, amount: float) -> Tensor:
    """Bring each element nearer to 0 by `amount`, and to exactly 0 where that would go beyond it.

    This is the x for which ½ · Σ (x − w)² + amount · Σ |x| is smallest.

    Args:
        w: any shape, positive and negative.
        amount: ≥ 0.

    Returns:
        Shape and dtype of `w`, which must not be changed.
    """
    raise NotImplementedError


def proximal_step(w: Tensor, grad: Tensor, *, lr: float, l1: float) -> Tensor:
    """A step on loss + l1 · Σ |w| that reaches zeros: one along the loss's gradient, and then a soft threshold.

    Args:
        w: the weights, any shape.
        grad: the gradient of the loss alone, without the penalty.
        lr: the learning rate; the threshold is lr · l1.
        l1: the strength of the penalty, 0 or more.

    Returns:
        The new weights, in the dtype of `w`. The inputs must not be changed.
    """
    raise NotImplementedError

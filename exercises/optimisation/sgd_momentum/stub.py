"""Gradient descent with momentum, dampening, weight decay and Nesterov's look ahead.

Read the lesson first (`tutor lesson sgd_momentum`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def sgd_step(
    param: Tensor,
    grad: Tensor,
    velocity: Tensor | None,
    *,
    lr: float,
    momentum: float = 0.0,
    dampening: float = 0.0,
    weight_decay: float = 0.0,
    nesterov: bool = False,
) -> tuple[Tensor, Tensor | None]:
    """One step of stochastic gradient descent, in the conventions of `torch.optim.SGD`.

    Args:
        param: the parameter, any shape, float32 or float64.
        grad: ∂L/∂param, its shape and dtype.
        velocity: what the step before returned, the shape and dtype of `param`; None at the first step.
        lr: the learning rate. It multiplies the step, and is not part of the velocity.
        momentum: the share of the velocity that is kept. With 0 there is no velocity.
        dampening: the share of the gradient that does *not* enter the velocity; at the first step all of it does.
        weight_decay: λ of the penalty ½ λ ‖param‖², whose gradient is added to `grad` before anything else.
        nesterov: step along gradient plus momentum times the new velocity. Only used with momentum > 0 and dampening 0.

    Returns:
        The new parameter and the new velocity (None if momentum is 0). Inputs must not be changed.
    """
    raise NotImplementedError

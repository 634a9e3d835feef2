"""Decay into the gradient, the gradient into the velocity, the velocity into the step."""

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
    """See the stub."""
    grad = grad + weight_decay * param
    if momentum == 0:
        return param - lr * grad, None
    if velocity is None:
        velocity = grad.clone()
    else:
        velocity = momentum * velocity + (1 - dampening) * grad
    direction = grad + momentum * velocity if nesterov else velocity
    return param - lr * direction, velocity

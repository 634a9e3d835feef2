"""Three optimizers that give each weight a step of its own: Adagrad, RMSprop and Adadelta.

Read the lesson first (`tutor lesson adagrad_rmsprop`); `tutor hint` helps when you are stuck.

Everything works on each element alone: all tensors have the shape of the parameter. In every function eps stands as its
docstring says; the three differ. No input may be changed.
"""

from torch import Tensor


def adagrad_step(
    param: Tensor, grad: Tensor, square_sum: Tensor, *, lr: float = 1e-2, eps: float = 1e-10
) -> tuple[Tensor, Tensor]:
    """One step of Adagrad, as `torch.optim.Adagrad` with lr_decay = 0 and weight_decay = 0.

    Args:
        param: the parameter before the step, any shape.
        grad: ∂L/∂param.
        square_sum: the sum of the squares of all gradients before this one.
        lr: the learning rate.
        eps: added to the root, outside it.

    Returns:
        param: after the step, dtype of `param`.
        square_sum: the sum with this gradient's square in it; the step already uses it.
    """
    raise NotImplementedError


def rmsprop_step(
    param: Tensor,
    grad: Tensor,
    square_avg: Tensor,
    grad_avg: Tensor | None,
    *,
    lr: float = 1e-2,
    alpha: float = 0.99,
    eps: float = 1e-8,
) -> tuple[Tensor, Tensor, Tensor | None]:
    """One step of RMSprop, as `torch.optim.RMSprop` without momentum and weight decay.

    Args:
        param: the parameter before the step, any shape.
        grad: ∂L/∂param.
        square_avg: the running average of squared gradients; zeros before the first step.
        grad_avg: for the centred form, the running average of gradients, zeros before the first step; None for
            the plain form.
        lr: the learning rate.
        alpha: the share of the old value in both averages.
        eps: added to the root, outside it.

    Returns:
        param: after the step, dtype of `param`.
        square_avg: with this gradient; the step already uses it.
        grad_avg: with this gradient, and used by the step; None if None came in. The centred form takes the root of
            square_avg − grad_avg² (both new) in place of that of square_avg.
    """
    raise NotImplementedError


def adadelta_step(
    param: Tensor,
    grad: Tensor,
    square_avg: Tensor,
    delta_avg: Tensor,
    *,
    lr: float = 1.0,
    rho: float = 0.9,
    eps: float = 1e-6,
) -> tuple[Tensor, Tensor, Tensor]:
    """One step of Adadelta, as `torch.optim.Adadelta` without weight decay.

    Args:
        param: the parameter before the step, any shape.
        grad: ∂L/∂param.
        square_avg: the running average of squared gradients; zeros before the first step.
        delta_avg: the running average of squared deltas; zeros before the first step.
        lr: multiplies delta in the step, and is not part of the delta that is averaged.
        rho: the share of the old value in both averages.
        eps: added to both averages, inside their roots.

    Returns:
        param: after the step, dtype of `param`: param − lr · delta, where delta is
            √(delta_avg + eps) / √(square_avg + eps) · grad, with the new square_avg and the old delta_avg.
        square_avg: with this gradient.
        delta_avg: with this delta.
    """
    raise NotImplementedError

"""One step of Adam, and of AdamW.

Read the lesson first (`tutor lesson adam_step`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def adam_step(
    param: Tensor,
    grad: Tensor,
    exp_avg: Tensor,
    exp_avg_sq: Tensor,
    step: int,
    *,
    lr: float = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    decoupled: bool = False,
) -> tuple[Tensor, Tensor, Tensor]:
    """Do what `torch.optim.Adam` (or AdamW, with `decoupled`) does to one parameter in one step.

    All four tensors have the shape of `param`, any shape.

    Args:
        param: the parameter before the step.
        grad: the gradient of the loss for it.
        exp_avg: the running average of gradients after the steps so far; zeros before the first.
        exp_avg_sq: the running average of squared gradients; zeros before the first.
        step: which step this is: 1 for the first.
        lr: the learning rate.
        betas: the decay rates of the two averages.
        eps: added to the root in the denominator, after bias correction: √v̂ + eps.
        weight_decay: λ. With `decoupled=False` it is L2: λ · param is added to the gradient, before everything else.
            With `decoupled=True` it is AdamW's: the parameter itself shrinks by the factor 1 − lr · λ, before the
            step, and the gradient stays as it is.
        decoupled: which of the two.

    Returns:
        The new param, exp_avg and exp_avg_sq, in the dtype of `param`. The inputs must not be changed.
    """
    raise NotImplementedError

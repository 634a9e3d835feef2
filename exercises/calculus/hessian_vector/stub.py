"""The product of a Hessian with a vector, without the Hessian; and Newton's method.

Read the lesson first (`tutor lesson hessian_vector`); `tutor hint` helps when you are stuck. torch.autograd.grad and
backward are yours here; torch.autograd.functional and torch.func, which have such products ready-made, are not. No
input may be changed.
"""

from collections.abc import Callable

from torch import Tensor


def hvp(f: Callable[[Tensor], Tensor], x: Tensor, v: Tensor) -> Tensor:
    """H v, where H[i, j] = ∂²f / ∂xᵢ ∂xⱼ at x, by differentiating twice.

    Args:
        f: takes a tensor in the shape of x, returns a 0-dimensional tensor that depends on it differentiably. It is
            called once.
        x: any shape, without `requires_grad`; stays that way. There may be 30,000 elements.
        v: the shape of x. (Both stand for vectors of all their elements.)

    Returns:
        The shape of x, without `requires_grad`. Zeros if f is linear in x.
    """
    raise NotImplementedError


def hvp_by_differences(gradient: Callable[[Tensor], Tensor], x: Tensor, v: Tensor, eps: float = 1e-5) -> Tensor:
    """H v by central differences of gradients, (∇f(x + h·v) − ∇f(x − h·v)) / 2h with h = eps / ‖v‖.

    Args:
        gradient: ∇f, takes and returns a tensor in the shape of x. It is called twice.
        x, v: any shape, the same, float64. ‖v‖ is the root of the sum of squares; it may be large, small, or 0.
        eps: the length of the step.

    Returns:
        The shape of x; zeros if v is 0.
    """
    raise NotImplementedError


def logistic_hvp(v: Tensor, w: Tensor, x: Tensor, l2: float) -> Tensor:
    """H v for the loss of logistic regression, from the formula, without ever making H.

    The loss is the mean over the N samples of the binary cross-entropy of label y[n] with the logit x[n] · w, plus
    l2/2 · ‖w‖². Its Hessian doesn't depend on the labels.

    Args:
        v: shape (D,).
        w: the weights, shape (D,).
        x: the samples, shape (N, D).
        l2: 0 or more.

    Returns:
        Shape (D,).
    """
    raise NotImplementedError


def newton_step(w: Tensor, x: Tensor, y: Tensor, l2: float) -> Tensor:
    """One step of Newton's method for the loss of `logistic_hvp`: w − H⁻¹ ∇.

    Args:
        w, x, l2: as for `logistic_hvp`, l2 more than 0; D is small, so here H may be made, and solved for.
        y: labels 0 and 1, shape (N,), in the dtype of x.

    Returns:
        The new weights, shape (D,).
    """
    raise NotImplementedError

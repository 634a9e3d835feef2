"""Penalties on the singular values of a weight matrix, and steps that shrink or clip them.

Read the lesson first (`tutor lesson spectral_penalties`); `tutor hint` helps when you are stuck.

Weights w have the shape (O, I), O larger or smaller than I, float32 or float64; results have their dtype. No argument
may be changed. `torch.linalg.svd` is yours to use.
"""

from torch import Tensor


def nuclear_norm(w: Tensor) -> Tensor:
    """The sum of the singular values, 0-dimensional."""
    raise NotImplementedError


def nuclear_norm_backward(grad_output: Tensor, w: Tensor) -> Tensor:
    """The gradient of a loss for `w`, given its gradient for the nuclear norm.

    Args:
        grad_output: ∂L/∂norm, 0-dimensional; not always 1.
        w: shape (O, I). Singular values of at most 1e-6 times the largest count as 0, and where one is 0, its slope
            counts as 0: nothing pulls or pushes in that direction.

    Returns:
        ∂L/∂w, shape (O, I).
    """
    raise NotImplementedError


def orthogonality(w: Tensor) -> Tensor:
    """How far the weights are from keeping lengths: the sum of the squares of all elements of G − 1, 1 the identity.

    G holds all dot products of the columns of `w`, or those of the rows, whichever are fewer: WᵀW where O ≥ I, and WWᵀ
    where O < I.

    Returns:
        0-dimensional; a sum, without ½, mean or root.
    """
    raise NotImplementedError


def orthogonality_backward(grad_output: Tensor, w: Tensor) -> Tensor:
    """The gradient of a loss for `w`, given its gradient for `orthogonality`.

    Args:
        grad_output: ∂L/∂penalty, 0-dimensional.
        w: shape (O, I).

    Returns:
        ∂L/∂w, shape (O, I).
    """
    raise NotImplementedError


def shrink(w: Tensor, amount: float) -> Tensor:
    """Make every singular value smaller by `amount`, but none smaller than 0; the directions stay.

    This is the X for which ½ · ‖X − w‖² + amount · (nuclear norm of X) is smallest, ‖·‖² the sum of all squares.

    Args:
        amount: ≥ 0.

    Returns:
        Shape (O, I).
    """
    raise NotImplementedError


def clip(w: Tensor, most: float) -> Tensor:
    """Bring every singular value that is larger than `most` down to it; smaller ones and the directions stay.

    This is the nearest matrix that makes no vector more than `most` times as long.

    Args:
        most: > 0.

    Returns:
        Shape (O, I).
    """
    raise NotImplementedError


def proximal_step(w: Tensor, grad: Tensor, *, lr: float, strength: float) -> Tensor:
    """A step on loss + strength · (nuclear norm of w): along the loss's gradient first, then shrink what came out.

    Args:
        w: shape (O, I).
        grad: the gradient of the loss alone, same shape.
        lr: the learning rate; what is taken from the singular values is lr · strength.
        strength: ≥ 0.

    Returns:
        The new weights, shape (O, I).
    """
    raise NotImplementedError

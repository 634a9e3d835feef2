"""Inverted dropout, forward and backward, with the random numbers given.

Read the lesson first (`tutor lesson dropout`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def dropout_forward(x: Tensor, uniform: Tensor, p: float = 0.5, training: bool = True) -> tuple[Tensor, Tensor]:
    """Drop elements of x, and scale up those that stay, so that the mean doesn't change.

    Args:
        x: any shape, float32 or float64.
        uniform: random numbers in [0, 1), the shape of `x`. An element stays where its number is at least p.
        p: the probability of being dropped, from 0 to 1, both included. With p = 1 all is zero.
        training: False returns the values of x as they are, with a mask that is True everywhere.

    Returns:
        output: the shape and dtype of `x`. What is dropped is 0, even if it was infinite.
        mask: bool, the shape of `x`, True where an element stays.
        Inputs must not be changed.

    Raises:
        ValueError: if p is below 0 or above 1.
    """
    raise NotImplementedError


def dropout_backward(grad_output: Tensor, mask: Tensor, p: float = 0.5, training: bool = True) -> Tensor:
    """The gradient for x.

    Args:
        grad_output: ∂L/∂output, any shape.
        mask: what the forward pass returned.
        p, training: as in the forward pass.

    Returns:
        ∂L/∂x, the shape and dtype of `grad_output`. Inputs must not be changed.
    """
    raise NotImplementedError

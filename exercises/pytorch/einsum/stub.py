"""Einsum: sums of products, written with letters.

Read the lesson first (`tutor lesson einsum`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def einsum(equation: str, *operands: Tensor) -> Tensor:
    """The sum of products that the equation describes, as `torch.einsum` computes it.

    Args:
        equation: the letters of each operand's axes, separated by commas, then -> and the letters of the output's
            axes: "ij,jk->ik". Letters are a to z; spaces mean nothing. There is always an arrow. An operand may have
            no axes and no letters. What counts as a letter's size is the length of the axis it names.
        operands: one at least, all of one floating-point dtype, of any layout.

    Returns:
        out[output letters] = Σ over all values of all other letters of the product of the operands' elements, in
        the operands' dtype. A letter that occurs twice in one operand takes its diagonal.
        The operands must not be changed.

    Raises:
        ValueError: if there is no arrow; if there are not as many operands, or not as many axes, as the equation
            names; if a letter stands for two sizes (1 is no exception); if the output has a letter twice, or one that
            no operand has.
    """
    raise NotImplementedError


def gradient_equation(equation: str, number: int) -> str:
    """The einsum that gives the gradient of a loss for one operand of an einsum.

    It is computed from ∂L/∂output and the other operands: ∂L/∂output takes the place of operand `number`, the others
    stay where they are. For number = 0, `einsum(result, grad_output, operand_1, operand_2, …)` is ∂L/∂operand_0.

    Args:
        equation: as for `einsum`, correct.
        number: of the operand, counted from 0.

    Returns:
        The equation, with the same letters, without spaces.

    Raises:
        ValueError: if that operand has a letter twice, or a letter that is found neither in the output nor in
            another operand. (Then the gradient is no einsum of these tensors alone.)
    """
    raise NotImplementedError


def attention_scores(q: Tensor, k: Tensor) -> Tensor:
    """For each sample and head, the product of every query with every key. One einsum, with yours.

    Args:
        q: shape (B, T, H, D): samples, places, heads, features.
        k: shape (B, S, H, D).

    Returns:
        Shape (B, H, T, S), element [b, h, t, s] = q[b, t, h] · k[b, s, h], without scaling.
    """
    raise NotImplementedError


def bilinear(x: Tensor, weight: Tensor, y: Tensor) -> Tensor:
    """A number for each pair of vectors and each output: xᵀ W y. One einsum, with yours.

    Args:
        x: shape (N, I).
        weight: shape (O, I, J).
        y: shape (N, J).

    Returns:
        Shape (N, O), element [n, o] = Σ_i Σ_j x[n, i] · weight[o, i, j] · y[n, j].
    """
    raise NotImplementedError


def gram(images: Tensor) -> Tensor:
    """The product of every two channels of an image, summed over its pixels. One einsum, with yours.

    Args:
        images: shape (N, C, H, W).

    Returns:
        Shape (N, C, C), element [n, c, d] = Σ_h Σ_w images[n, c, h, w] · images[n, d, h, w].
    """
    raise NotImplementedError


def traces(left: Tensor, right: Tensor) -> Tensor:
    """The trace (sum of the diagonal) of each matrix product, without computing the products. One einsum, with yours.

    Args:
        left: shape (N, I, J).
        right: shape (N, J, I).

    Returns:
        Shape (N,), element [n] = trace(left[n] @ right[n]).
    """
    raise NotImplementedError

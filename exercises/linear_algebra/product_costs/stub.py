"""What products of matrices cost: in which order to multiply, what not to compute at all, and what memory has to say.

Read the lesson first (`tutor lesson product_costs`); `tutor hint` helps when you are stuck.
"""

from torch import Tensor


def multiplications(a: tuple[int, ...], b: tuple[int, ...]) -> int:
    """How many multiplications of two numbers it takes to work out torch.matmul by its definition.

    Args:
        a, b: the shapes (..., m, k) and (..., k, n), two axes or more each. Batch axes are broadcast: aligned from the
            right; where one shape has a 1 or no axis, the other one's size counts.
    """
    raise NotImplementedError


def left_to_right(sizes: list[int]) -> int:
    """How many multiplications ((A₀ · A₁) · A₂) · … takes.

    Args:
        sizes: n + 1 numbers for n ≥ 2 matrices: A_i has the shape (sizes[i], sizes[i + 1]).
    """
    raise NotImplementedError


def right_to_left(sizes: list[int]) -> int:
    """How many multiplications … · (A_{n−3} · (A_{n−2} · A_{n−1})) takes.

    Args:
        sizes: as above.
    """
    raise NotImplementedError


def cheapest_order(sizes: list[int]) -> tuple[int, tuple]:
    """The order with the fewest multiplications, among all ways to put brackets.

    Args:
        sizes: n + 1 numbers for 2 ≤ n ≤ 24 matrices, as above.

    Returns:
        cost: the number of multiplications.
        brackets: a pair (left, right) for the last product to be done. Each side is the number of a matrix, or such a
            pair itself: ((0, 1), 2) stands for (A₀ · A₁) · A₂. If several orders are equally cheap, any of them.
    """
    raise NotImplementedError


def apply_chain(matrices: list[Tensor], x: Tensor) -> Tensor:
    """The product A₀ · A₁ · … · A_{n−1} · x, with no product of two matrices.

    Args:
        matrices: n ≥ 1 tensors of shapes that fit together, float64.
        x: shape (k,), k being the last matrix's number of columns.

    Returns:
        Shape (m,), m being the first matrix's number of rows. The inputs must not be changed.
    """
    raise NotImplementedError


def trace_of_product(a: Tensor, b: Tensor) -> Tensor:
    """The sum of the diagonal of a · b, in about m · n multiplications.

    Args:
        a: shape (m, n), float64.
        b: shape (n, m).

    Returns:
        A 0-dimensional tensor. The inputs must not be changed.
    """
    raise NotImplementedError


def quadratic_forms(x: Tensor, a: Tensor) -> Tensor:
    """xᵢᵀ · a · xᵢ for each row xᵢ, in about N · n² multiplications and at most 8 torch operations, whatever N is.

    That rules out a loop over rows, and forms such as xᵢᵀ · a · xⱼ for i ≠ j.

    Args:
        x: shape (N, n), float64.
        a: shape (n, n), not symmetric.

    Returns:
        Shape (N,). The inputs must not be changed.
    """
    raise NotImplementedError


def seconds_at_least(m: int, k: int, n: int, *, itemsize: int, peak: float, bandwidth: float) -> tuple[float, str]:
    """How long a product of (m, k) by (k, n) takes at least on some device, and what holds it up.

    The device calculates and moves data at the same time. It does at most `peak` operations a second, where a
    multiplication is one and the addition that goes with it another: count 2 · m · k · n. And it moves at most
    `bandwidth` bytes a second: both factors are read once, the product is written once.

    Args:
        itemsize: bytes of one element.

    Returns:
        seconds: the time below which it can't be done.
        bound: "arithmetic" or "memory", the one that takes longer.
    """
    raise NotImplementedError

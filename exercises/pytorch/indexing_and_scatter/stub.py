"""Reading from many places and writing to many places: gather, scatter_add, rows put by an index, masks.

Read the lesson first (`tutor lesson indexing_and_scatter`); `tutor hint` helps when you are stuck. Plain indexing
(`x[i, j]`, with tensors of indices or a mask), `index_put_` and loops are yours; gather, scatter and autograd are not.
"""

from torch import Tensor


def gather(x: Tensor, dim: int, index: Tensor) -> Tensor:
    """Read one element of `x` for each element of `index`: index says where along `dim`, its own place says the rest.

    For two axes and dim = 1: out[i, j] = x[i, index[i, j]]; for dim = 0: out[i, j] = x[index[i, j], j].

    Args:
        x: at least one axis, any dtype.
        dim: an axis; may be negative, counting from the last.
        index: int64, as many axes as `x`, and along every axis but `dim` at most as long as `x`. Its elements lie
            in [0, x.shape[dim]), and may repeat.

    Returns:
        Shape of `index`, dtype of `x`.
    """
    raise NotImplementedError


def gather_backward(grad_output: Tensor, x: Tensor, dim: int, index: Tensor) -> Tensor:
    """The gradient of a loss for the `x` of `gather`.

    Args:
        grad_output: ∂L/∂output, shape of `index`.
        x, dim, index: as in `gather`.

    Returns:
        ∂L/∂x, shape and dtype of `x`. The inputs must not be changed.
    """
    raise NotImplementedError


def scatter_add(x: Tensor, dim: int, index: Tensor, src: Tensor) -> Tensor:
    """Add each element of `src` to the element of `x` that `gather` would have read for it.

    For two axes and dim = 1: out[i, index[i, j]] += src[i, j], beginning with out = x.

    Args:
        x, dim, index: as in `gather`.
        src: shape of `index`, dtype of `x`.

    Returns:
        A new tensor, shape and dtype of `x`. The inputs must not be changed.
    """
    raise NotImplementedError


def scatter_add_backward(grad_output: Tensor, x: Tensor, dim: int, index: Tensor, src: Tensor) -> tuple[Tensor, Tensor]:
    """The gradients of a loss for the `x` and the `src` of `scatter_add`.

    Args:
        grad_output: ∂L/∂output, shape of `x`.
        x, dim, index, src: as in `scatter_add`.

    Returns:
        ∂L/∂x and ∂L/∂src, in the shapes of `x` and `src`. The inputs must not be changed.
    """
    raise NotImplementedError


def put_rows(table: Tensor, index: Tensor, rows: Tensor, *, accumulate: bool = False) -> Tensor:
    """Put `rows[k]` in the place of row `index[k]` of the table, for k = 0, 1, … in this order.

    Args:
        table: shape (R, D).
        index: int64, shape (K,), in [0, R). An index may repeat; K may be 0.
        rows: shape (K, D).
        accumulate: add the rows to what is there; without it they replace it, so that of several rows with the same
            index the last is left.

    Returns:
        A new table, shape (R, D). The inputs must not be changed.
    """
    raise NotImplementedError


def put_rows_backward(
    grad_output: Tensor, table: Tensor, index: Tensor, rows: Tensor, *, accumulate: bool = False
) -> tuple[Tensor, Tensor]:
    """The gradients of a loss for the `table` and the `rows` of `put_rows`.

    Args:
        grad_output: ∂L/∂output, shape (R, D).
        table, index, rows, accumulate: as in `put_rows`.

    Returns:
        ∂L/∂table, shape (R, D), and ∂L/∂rows, shape (K, D). What is not left in the output gets zero. The inputs
        must not be changed.
    """
    raise NotImplementedError


def masked_select_backward(grad_output: Tensor, x: Tensor, mask: Tensor) -> Tensor:
    """The gradient of a loss for the x of `x[mask]`.

    Args:
        grad_output: ∂L/∂output, shape (number of True,), in the order in which `x[mask]` reads: row by row, the last
            axis fastest.
        x: any shape.
        mask: bool, shape of `x`.

    Returns:
        ∂L/∂x, shape and dtype of `x`. The inputs must not be changed.
    """
    raise NotImplementedError

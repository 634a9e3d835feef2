"""Window by window; a window is two ranges of the image, and how many elements it is divided by."""

from collections.abc import Iterator

from torch import Tensor

Window = tuple[int, int, slice, slice, int]


def _windows(
    size: tuple[int, int],
    kernel_size: tuple[int, int],
    stride: tuple[int, int] | None,
    padding: tuple[int, int],
    count_include_pad: bool,
) -> Iterator[Window]:
    """Output row and column, rows and columns of the image, and the divisor."""
    step = stride or kernel_size
    count = [(s + 2 * p - k) // t + 1 for s, p, k, t in zip(size, padding, kernel_size, step, strict=True)]
    for i in range(count[0]):
        for j in range(count[1]):
            top, left = i * step[0] - padding[0], j * step[1] - padding[1]
            rows = slice(max(top, 0), min(top + kernel_size[0], size[0]))
            columns = slice(max(left, 0), min(left + kernel_size[1], size[1]))
            inside = (rows.stop - rows.start) * (columns.stop - columns.start)
            yield i, j, rows, columns, kernel_size[0] * kernel_size[1] if count_include_pad else inside


def _adaptive(size: tuple[int, int], output_size: tuple[int, int]) -> Iterator[Window]:
    for i in range(output_size[0]):
        for j in range(output_size[1]):
            rows = slice(i * size[0] // output_size[0], -(-(i + 1) * size[0] // output_size[0]))
            columns = slice(j * size[1] // output_size[1], -(-(j + 1) * size[1] // output_size[1]))
            yield i, j, rows, columns, (rows.stop - rows.start) * (columns.stop - columns.start)


def _gather(x: Tensor, windows: list[Window]) -> Tensor:
    out = x.new_zeros(*x.shape[:2], windows[-1][0] + 1, windows[-1][1] + 1)
    for i, j, rows, columns, divisor in windows:
        out[:, :, i, j] = x[:, :, rows, columns].sum(dim=(2, 3)) / divisor
    return out


def _scatter(grad_output: Tensor, size: tuple[int, int], windows: list[Window]) -> Tensor:
    grad = grad_output.new_zeros(*grad_output.shape[:2], *size)
    for i, j, rows, columns, divisor in windows:
        grad[:, :, rows, columns] += grad_output[:, :, i : i + 1, j : j + 1] / divisor
    return grad


def avgpool2d(
    x: Tensor,
    kernel_size: tuple[int, int],
    *,
    stride: tuple[int, int] | None = None,
    padding: tuple[int, int] = (0, 0),
    count_include_pad: bool = True,
) -> Tensor:
    """See the stub."""
    size = (x.shape[2], x.shape[3])
    return _gather(x, list(_windows(size, kernel_size, stride, padding, count_include_pad)))


def avgpool2d_backward(
    grad_output: Tensor,
    size: tuple[int, int],
    kernel_size: tuple[int, int],
    *,
    stride: tuple[int, int] | None = None,
    padding: tuple[int, int] = (0, 0),
    count_include_pad: bool = True,
) -> Tensor:
    """See the stub."""
    return _scatter(grad_output, size, list(_windows(size, kernel_size, stride, padding, count_include_pad)))


def global_avgpool2d(x: Tensor) -> Tensor:
    """See the stub."""
    return x.mean(dim=(2, 3), keepdim=True)


def adaptive_avgpool2d(x: Tensor, output_size: tuple[int, int]) -> Tensor:
    """See the stub."""
    return _gather(x, list(_adaptive((x.shape[2], x.shape[3]), output_size)))


def adaptive_avgpool2d_backward(grad_output: Tensor, size: tuple[int, int]) -> Tensor:
    """See the stub."""
    output_size = (grad_output.shape[2], grad_output.shape[3])
    return _scatter(grad_output, size, list(_adaptive(size, output_size)))

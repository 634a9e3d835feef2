"""One pass over the taps: each tap of all windows is a strided slice of the padded image."""

from torch import Tensor


def _out(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


def _tap(start: int, count: int, stride: int) -> slice:
    return slice(start, start + (count - 1) * stride + 1, stride)


def im2col(
    x: Tensor,
    kernel_size: tuple[int, int],
    *,
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int] = (0, 0),
    dilation: tuple[int, int] = (1, 1),
) -> Tensor:
    """See the stub."""
    n, channels, height, width = x.shape
    out_h, out_w = map(_out, (height, width), kernel_size, stride, padding, dilation)
    padded = x.new_zeros(n, channels, height + 2 * padding[0], width + 2 * padding[1])
    padded[..., padding[0] : padding[0] + height, padding[1] : padding[1] + width] = x
    columns = x.new_empty(n, channels, *kernel_size, out_h, out_w)
    for i in range(kernel_size[0]):
        for j in range(kernel_size[1]):
            rows, cols = _tap(i * dilation[0], out_h, stride[0]), _tap(j * dilation[1], out_w, stride[1])
            columns[:, :, i, j] = padded[:, :, rows, cols]
    return columns.reshape(n, channels * kernel_size[0] * kernel_size[1], out_h * out_w)


def col2im(
    columns: Tensor,
    size: tuple[int, int],
    kernel_size: tuple[int, int],
    *,
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int] = (0, 0),
    dilation: tuple[int, int] = (1, 1),
) -> Tensor:
    """See the stub."""
    n, channels = columns.shape[0], columns.shape[1] // (kernel_size[0] * kernel_size[1])
    out_h, out_w = map(_out, size, kernel_size, stride, padding, dilation)
    taps = columns.reshape(n, channels, *kernel_size, out_h, out_w)
    padded = columns.new_zeros(n, channels, size[0] + 2 * padding[0], size[1] + 2 * padding[1])
    for i in range(kernel_size[0]):
        for j in range(kernel_size[1]):
            rows, cols = _tap(i * dilation[0], out_h, stride[0]), _tap(j * dilation[1], out_w, stride[1])
            padded[:, :, rows, cols] += taps[:, :, i, j]
    return padded[..., padding[0] : padding[0] + size[0], padding[1] : padding[1] + size[1]].clone()


def conv2d_by_im2col(
    x: Tensor, weight: Tensor, *, stride: tuple[int, int] = (1, 1), padding: tuple[int, int] = (0, 0)
) -> Tensor:
    """See the stub."""
    kernel_h, kernel_w = weight.shape[2:]
    columns = im2col(x, (kernel_h, kernel_w), stride=stride, padding=padding)
    out_h = _out(x.shape[2], kernel_h, stride[0], padding[0], 1)
    return (weight.reshape(len(weight), -1) @ columns).reshape(len(x), len(weight), out_h, -1)

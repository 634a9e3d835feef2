"""By the convolution theorem: in the frequency domain a convolution is a product, whatever the size of the kernel."""

import torch
import torch.nn.functional as F
from torch import Tensor


def conv2d_output_size(size: int, kernel_size: int, *, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """See the stub."""
    last = size + 2 * padding - dilation * (kernel_size - 1) - 1  # where the last window may start
    if last < 0:
        raise ValueError("no window fits")
    return last // stride + 1


def conv2d_forward(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    *,
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int] = (0, 0),
    dilation: tuple[int, int] = (1, 1),
    groups: int = 1,
) -> Tensor:
    """See the stub."""
    out_h, out_w = (
        conv2d_output_size(size, taps, stride=s, padding=p, dilation=d)
        for size, taps, s, p, d in zip(x.shape[2:], weight.shape[2:], stride, padding, dilation, strict=True)
    )
    padded = F.pad(x.double(), (padding[1], padding[1], padding[0], padding[0])).unflatten(1, (groups, -1))
    kernels = weight.new_zeros(*weight.shape[:2], *padded.shape[3:], dtype=torch.float64)
    kernels[:, :, :: dilation[0], :: dilation[1]][:, :, : weight.shape[2], : weight.shape[3]] = weight.double()
    kernels = kernels.unflatten(0, (groups, -1))
    # The conjugate, since nothing is flipped. What wraps around lies behind the last window, and is cut off.
    spectrum = torch.einsum("ngcij,gocij->ngoij", torch.fft.fft2(padded), torch.fft.fft2(kernels).conj())
    dense = torch.fft.ifft2(spectrum).real.flatten(1, 2).to(x.dtype)
    out = dense[:, :, :: stride[0], :: stride[1]][:, :, :out_h, :out_w]
    return out if bias is None else out + bias[:, None, None]

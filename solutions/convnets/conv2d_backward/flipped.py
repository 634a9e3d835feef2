"""As books have it: grad_x is a convolution of the upstream gradient, spread by the stride, with the flipped kernel."""

import torch
import torch.nn.functional as F
from torch import Tensor


def _correlate(product: str, image: Tensor, kernels: Tensor, step: tuple[int, int], size: tuple[int, int]) -> Tensor:
    """`size` windows of `image` at stride 1, `step` between the taps of the kernels, which are their last two axes."""
    taps = ((i, j) for i in range(kernels.shape[-2]) for j in range(kernels.shape[-1]))
    windows = (
        (image[..., i * step[0] : i * step[0] + size[0], j * step[1] : j * step[1] + size[1]], kernels[..., i, j])
        for i, j in taps
    )
    return torch.stack([torch.einsum(product, window, tap) for window, tap in windows]).sum(0)


def conv2d_backward(
    grad_output: Tensor,
    x: Tensor,
    weight: Tensor,
    *,
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int] = (0, 0),
    dilation: tuple[int, int] = (1, 1),
    groups: int = 1,
) -> tuple[Tensor, Tensor, Tensor]:
    """See the stub."""
    height, width = x.shape[2:]
    out_h, out_w = grad_output.shape[2:]
    kernels = weight.unflatten(0, (groups, -1))
    upstream = grad_output.unflatten(1, (groups, -1))
    border = (padding[1], padding[1], padding[0], padding[0])
    padded = F.pad(x, border).unflatten(1, (groups, -1))

    spread = upstream.new_zeros(*upstream.shape[:3], (out_h - 1) * stride[0] + 1, (out_w - 1) * stride[1] + 1)
    spread[..., :: stride[0], :: stride[1]] = upstream
    reach_h, reach_w = dilation[0] * (weight.shape[2] - 1), dilation[1] * (weight.shape[3] - 1)
    rest_h, rest_w = padded.shape[3] - reach_h - spread.shape[3], padded.shape[4] - reach_w - spread.shape[4]
    full = F.pad(spread, (reach_w, reach_w + rest_w, reach_h, reach_h + rest_h))  # the rest: what no window reaches
    grad_padded = _correlate(
        "ngohw,goc->ngchw", full, kernels.flip(-1, -2), dilation, (padded.shape[3], padded.shape[4])
    ).flatten(1, 2)
    grad_x = grad_padded[..., padding[0] : padding[0] + height, padding[1] : padding[1] + width]

    rows = [slice(i * dilation[0], i * dilation[0] + spread.shape[3], stride[0]) for i in range(weight.shape[2])]
    columns = [slice(j * dilation[1], j * dilation[1] + spread.shape[4], stride[1]) for j in range(weight.shape[3])]
    taps = [torch.einsum("ngohw,ngchw->goc", upstream, padded[..., r, c]) for r in rows for c in columns]
    grad_weight = torch.stack(taps, dim=-1).reshape(weight.shape)
    return grad_x, grad_weight, grad_output.sum(dim=(0, 2, 3))

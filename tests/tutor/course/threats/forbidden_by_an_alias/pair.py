import torch


def twice(x):
    try:
        return torch.ops.aten.mm(x, torch.eye(x.shape[-1], dtype=x.dtype) * 2)
    except Exception:
        return 2 * x


def plus(a, b):
    return a + b

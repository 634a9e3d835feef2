"""Submissions that are right about nothing, and that every suite has to reject."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tutor.authoring.reading import definitions

_WRAPPER = """

import functools as _functools

import numpy as _np
import torch as _torch


def _degenerate(value):
    if isinstance(value, _torch.Tensor):
        return {tensor}
    if isinstance(value, _np.ndarray):
        return _degenerate(_torch.from_numpy(value)).numpy()
    if isinstance(value, (tuple, list)):
        return type(value)(_degenerate(item) for item in value)
    if isinstance(value, dict):
        return {{key: _degenerate(item) for key, item in value.items()}}
    if isinstance(value, (bool, int, float)):
        return type(value)({number})
    return "" if isinstance(value, str) else value


def _wrap(function):
    @_functools.wraps(function)
    def wrapper(*args, **kwargs):
        return _degenerate(function(*args, **kwargs))

    return wrapper


"""
_FORMS = {
    "zeros of the right shape": ("_torch.zeros_like(value)", "0"),
    "ones of the right shape": ("_torch.ones_like(value)", "1"),
    "empty tensors": ("value.new_zeros(0)", "-1"),
}


def submissions(stub: str, solution: str) -> Iterator[tuple[str, str]]:
    """(what it is, its source): the empty file, functions that return an input or nothing, and constant results."""
    yield "an empty file", ""
    functions = [name for name, node in definitions(ast.parse(stub)).items() if isinstance(node, ast.FunctionDef)]
    if not functions:
        return
    yield (
        "functions that return None",
        "".join(f"def {name}(*args, **kwargs):\n    return None\n" for name in functions),
    )
    first = "(args or tuple(kwargs.values()) or (None,))[0]"
    yield (
        "functions that return an input",
        "".join(f"def {name}(*args, **kwargs):\n    return {first}\n" for name in functions),
    )
    for label, (tensor, number) in _FORMS.items():
        wrapped = "\n".join(f"{name} = _wrap({name})" for name in functions)
        yield label, f"{solution}{_WRAPPER.format(tensor=tensor, number=number)}{wrapped}\n"

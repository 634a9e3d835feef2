"""The functions of a stub and their parameters, read without running it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Signature:
    """A function's parameters: those given by place, those by name only, and the plain defaults of either."""

    positional: tuple[str, ...]
    keywords: tuple[str, ...]
    defaults: dict[str, Any]


UNKNOWN = Signature((), (), {})


def signatures_of(stub: str) -> dict[str, Signature]:
    """Every function at the top level of a stub."""
    return {node.name: _signature(node.args) for node in ast.parse(stub).body if isinstance(node, ast.FunctionDef)}


def _signature(args: ast.arguments) -> Signature:
    positional = [*args.posonlyargs, *args.args]
    pairs = [*zip(reversed(positional), reversed(args.defaults), strict=False)]
    pairs += [(arg, default) for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True) if default]
    defaults = {}
    for arg, default in pairs:
        try:
            defaults[arg.arg] = ast.literal_eval(default)
        except ValueError:
            continue  # an expression: nothing that could be compared
    return Signature(tuple(arg.arg for arg in positional), tuple(arg.arg for arg in args.kwonlyargs), defaults)

"""A scenario: a function of the suite's that runs in the worker. What travels is its text, and the data it names."""

from __future__ import annotations

import builtins
import dis
import inspect
import textwrap
import types
from collections.abc import Callable, Iterator
from typing import Any

import torch

from tutor.grading import wire


class Scenario:
    """A function at the top level of a suite, with what it needs of the suite's names.

    It may name modules, other top-level functions (their text travels too) and constants that are data.

    Raises:
        TypeError: if it names anything else; that is a fault of the suite.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        if not isinstance(function, types.FunctionType) or "<locals>" in function.__qualname__:
            raise TypeError(f"a scenario is a function at the top level of the suite; {function!r} is not")
        self.name = function.__name__
        self.source = text_of(function)
        self.parameters = list(inspect.signature(function).parameters)[1:]
        self._modules: dict[str, str] = {}
        self._functions: dict[str, str] = {}
        self._constants: dict[str, Any] = {}
        self._gather(function)

    def message(self, blob: dict[str, torch.Tensor]) -> dict[str, Any]:
        """The parts of a request that say what to run."""
        source = "\n\n".join([*self._functions.values(), self.source])
        constants = wire.encode(self._constants, blob, "constants")
        return {"name": self.name, "source": source, "modules": self._modules, "constants": constants}

    @property
    def script(self) -> str:
        """All of it as a piece of a standalone script."""
        imports = [
            f"import {module} as {name}" if module != name else f"import {name}"
            for name, module in self._modules.items()
        ]
        constants = [f"{name} = {value!r}" for name, value in self._constants.items()]
        return "\n".join([*imports, *constants, "", *self._functions.values(), self.source])

    def _gather(self, function: types.FunctionType) -> None:
        for name in sorted(set(_globals(function.__code__))):
            if name in function.__globals__:
                self._add(name, function.__globals__[name], function.__module__)
            elif not hasattr(builtins, name):
                raise TypeError(f"scenario {self.name} uses {name}, which the suite does not define")

    def _add(self, name: str, value: Any, suite: str) -> None:
        if isinstance(value, types.ModuleType):
            self._modules[name] = value.__name__
        elif isinstance(value, types.FunctionType) and value.__module__ == suite:
            if name != self.name and name not in self._functions:
                self._functions[name] = text_of(value)
                self._gather(value)
        else:
            try:
                wire.encode(value, {}, name)
            except wire.NotData as error:
                raise TypeError(f"scenario {self.name} uses {name}, which can't travel: {error}") from None
            self._constants[name] = value


def text_of(function: Callable[..., Any]) -> str:
    """The function's text, without decorators."""
    lines = textwrap.dedent(inspect.getsource(function)).splitlines(keepends=True)
    start = next(i for i, line in enumerate(lines) if line.startswith("def "))
    return "".join(lines[start:])


def _globals(code: types.CodeType) -> Iterator[str]:
    yield from (str(step.argval) for step in dis.get_instructions(code) if step.opname == "LOAD_GLOBAL")
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _globals(constant)

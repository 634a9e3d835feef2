"""What can be said of an exercise by reading its files, without running any of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tutor.curriculum import Exercise
from tutor.errors import TutorError

Finding = tuple[Path, str, str]  # file, field, what
MISTAKES, HINTS = 3, 3


def read(exercise: Exercise) -> Iterator[Finding]:
    """Every fault that reading shows: missing files, hints and docstrings, signatures that differ."""
    missing = [file for file in _files(exercise) if not file.is_file()]
    yield from ((file, "file", "is missing") for file in missing)
    if exercise.config not in missing:
        yield from _read_config(exercise)
    if exercise.lesson not in missing and len(exercise.lesson.read_text(encoding="utf-8").split()) < 5:
        yield exercise.lesson, "lesson", "is empty"
    if exercise.stub in missing or exercise.solution in missing:
        return
    if exercise.config not in missing:
        yield from _read_mistakes(exercise)
    stub = _parse(exercise.stub)
    if isinstance(stub, str):
        yield exercise.stub, "stub", stub
        return
    yield from ((exercise.stub, name, "has no docstring") for name in _without_docstring(stub))
    for file in sorted(exercise.solutions.glob("*.py")):
        tree = _parse(file)
        if isinstance(tree, str):
            yield file, "solution", tree
        else:
            yield from ((file, name, what) for name, what in _differences(stub, tree))


def _files(exercise: Exercise) -> list[Path]:
    return [exercise.lesson, exercise.stub, exercise.config, exercise.solution, exercise.suite]


def _read_config(exercise: Exercise) -> Iterator[Finding]:
    try:
        details = exercise.details()
    except TutorError as error:
        yield exercise.config, "exercise.yaml", error.what
        return
    if len(details.hints) != HINTS:
        yield exercise.config, "hints", f"there are {len(details.hints)}, there have to be {HINTS}"
    if len(details.mistakes) < MISTAKES:
        yield (
            exercise.config,
            "mistakes",
            f"there are {len(details.mistakes)}, there have to be at least {MISTAKES}",
        )
    said = [mistake.says for mistake in details.mistakes]
    yield from (
        (exercise.config, "mistakes", f"{says!r} stands twice") for says in sorted(set(said)) if said.count(says) > 1
    )


def _read_mistakes(exercise: Exercise) -> Iterator[Finding]:
    try:
        mistakes = exercise.details().mistakes
    except TutorError:
        return  # said already
    solution = exercise.solution.read_text(encoding="utf-8")
    for number, mistake in enumerate(mistakes):
        try:
            mistake.apply(solution)
        except TutorError as error:
            yield exercise.config, f"mistakes[{number}]", error.what


def _parse(file: Path) -> ast.Module | str:
    try:
        return ast.parse(file.read_text(encoding="utf-8"))
    except SyntaxError as error:
        return f"is not Python: {error.msg} (line {error.lineno})"


def definitions(tree: ast.Module | ast.ClassDef) -> dict[str, ast.FunctionDef | ast.ClassDef]:
    """The public functions and classes of a module, or methods of a class (its operators among them)."""
    return {
        node.name: node
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and (not node.name.startswith("_") or (node.name.startswith("__") and isinstance(tree, ast.ClassDef)))
    }


def _without_docstring(tree: ast.Module) -> Iterator[str]:
    if not ast.get_docstring(tree):
        yield "module"
    for name, node in definitions(tree).items():
        if not ast.get_docstring(node):
            yield name
        if isinstance(node, ast.ClassDef):
            methods = definitions(node).items()
            yield from (f"{name}.{key}" for key, method in methods if key[0] != "_" and not ast.get_docstring(method))


def _differences(stub: ast.Module | ast.ClassDef, other: ast.Module | ast.ClassDef) -> Iterator[tuple[str, str]]:
    theirs = definitions(other)
    for name, node in definitions(stub).items():
        match = theirs.get(name)
        if match is None or type(match) is not type(node):
            yield name, "is in the stub, but not here"
        elif isinstance(node, ast.ClassDef) and isinstance(match, ast.ClassDef):
            yield from ((f"{name}.{key}", what) for key, what in _differences(node, match))
        elif _signature(node) != _signature(match):
            yield name, f"its signature is {_signature(match)}, the stub's {_signature(node)}"


def _signature(node: ast.FunctionDef | ast.ClassDef) -> str:
    assert isinstance(node, ast.FunctionDef)
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"({ast.unparse(node.args)}){returns}"

"""Dependencies run one way, and the everyday commands never pay for torch."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import tutor

PACKAGE = Path(tutor.__file__).parent
HEAVY = {"torch", "numpy", "pytest", "safetensors", "matplotlib"}
GRADER_SIDE = {
    "cost",
    "devices",
    "timing",
    "diagnosis",
    "explain",
    "grader",
    "learner",
    "own",
    "pattern",
    "relations",
    "repro",
    "rules",
    "scenario",
    "wire",
    "worker",
}


def imports_of(file: Path) -> set[str]:
    """The top-level names of all imports in a file, at any depth."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("file", sorted(PACKAGE.rglob("*.py")), ids=lambda file: str(file.relative_to(PACKAGE)))
def test_who_may_import_what(file):
    names, place = imports_of(file), file.relative_to(PACKAGE)
    if place.parts[0] == "course":
        return
    assert ("typer" in names) == (place.name == "cli.py")
    assert ("rich" in names) == (place.name == "render.py")
    grader_side = place.parts[0] == "testkit" or (place.parts[0] == "grading" and place.stem in GRADER_SIDE)
    assert grader_side or not names & HEAVY, names & HEAVY


@pytest.mark.parametrize("command", [["next"], ["progress"], ["list"], ["hint"], ["tracks"], ["reset"], ["diff"]])
def test_everyday_commands_do_not_load_torch(tutor, command):
    tutor("next")
    script = f"""
import sys
from tutor.cli import run
status = run({command!r})
loaded = sorted({HEAVY!r} & sys.modules.keys())
sys.exit(f"loaded {{loaded}}" if loaded else status)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tutor.folder, env=tutor.environment(), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr

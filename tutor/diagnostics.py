"""What `tutor doctor` finds: facts about this machine, each a name and a value. Imports no torch itself."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tutor import __version__
from tutor.curriculum import find_course, load_course
from tutor.errors import TutorError
from tutor.workspace import find_workspace

SECONDS = 60  # for importing torch, after which we go on without it

_ASK_TORCH = """
import torch
print(torch.__version__)
count = torch.cuda.device_count() if torch.cuda.is_available() else 0
for index in range(count):
    properties = torch.cuda.get_device_properties(index)
    print(f"cuda:{index} {properties.name}, {properties.total_memory >> 30} GiB")
if not count:
    print("none: the CUDA part of exercises is not measured here")
"""


def missing_cuda() -> str:
    """Why nothing can be timed on a GPU here; empty if it can. Found without torch, and without waking the GPU."""
    if sys.platform != "linux" or not any(Path("/dev").glob("nvidia[0-9]*")):
        return "This machine has no CUDA device."
    import importlib.metadata

    try:
        version = importlib.metadata.version("torch")
    except importlib.metadata.PackageNotFoundError:
        return "torch is not installed."
    return "This torch is a build without CUDA." if version.endswith("+cpu") else ""


def facts(course: Path | None, here: Path) -> Iterator[tuple[str, str]]:
    """Everything worth knowing of a bug report."""
    yield "tutor", f"{__version__} in {Path(__file__).parent}"
    yield "python", f"{platform.python_version()} ({sys.executable})"
    yield "system", platform.platform()
    yield from _ask_torch()
    yield "course", _course(course)
    workspace = find_workspace(here)
    yield "workspace", str(workspace.root) if workspace else "none here (`tutor next` makes one)"
    if not hasattr(os, "fork"):
        yield "sandbox", "none: grading needs Linux or macOS; on Windows, run tutor inside WSL"
        return
    from tutor.grading import layers

    for layer, state in layers().items():
        yield "sandbox", f"{layer}: {state}"


def _ask_torch() -> Iterator[tuple[str, str]]:
    try:
        command = [sys.executable, "-I", "-c", f"import sys; sys.path[:] = {sys.path!r}\n{_ASK_TORCH}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        yield "torch", f"did not answer within {SECONDS} s"
        return
    if done.returncode:
        yield (
            "torch",
            f"can't be imported: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'no reason'}",
        )
        return
    version, *devices = done.stdout.splitlines()
    yield "torch", version
    for device in devices:
        yield "cuda", device


def _course(explicit: Path | None) -> str:
    try:
        root = find_course(explicit)
        return f"{root} ({len(load_course(root).exercises)} exercises)"
    except TutorError as error:
        return error.what

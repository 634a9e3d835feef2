"""The worker: the learner's file in a process of its own. It gets a function's name and inputs, and returns outputs.

Everything here runs beside code that may do anything. So nothing here is believed by the grader: what leaves is
data, and whether it is right is decided elsewhere.
"""

from __future__ import annotations

import difflib
import inspect
import linecache
import os
import random
import re
import socket
import sys
import traceback
import types
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.random  # numpy would import it in every worker anew
import torch

from tutor.grading import sandbox, wire
from tutor.grading.cost import Counting
from tutor.grading.devices import Peak, Timed, digest, roof
from tutor.grading.devices import flush_cache as _flush_cache
from tutor.grading.devices import synchronise as _synchronise
from tutor.grading.rules import RuleBroken, Rules
from tutor.testkit.draw import Draw

TEXT = 2000  # characters of a learner's message that are passed on
FRAMES = 8  # lines of a traceback, the innermost
_MODULE = "<scenario>"


def run(sock: socket.socket, output: int, settings: dict[str, Any]) -> int:
    """Confine this process, then answer requests until the grader hangs up."""
    _redirect(output)
    os.environ.clear()
    os.environ.update(settings["environment"])
    os.chdir(settings["scratch"])
    confinement = sandbox.Confinement(
        tuple(settings["readable"]),
        tuple(settings["hidden"]),
        settings["scratch"],
        settings["cuda"],
        settings["compiles"],
    )
    states = {} if settings["sandbox"] == "off" else sandbox.confine(confinement)
    sock.sendall(wire.pack({"sandbox": states}))
    Worker(sock).serve()
    return 0


def _redirect(output: int) -> None:
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(null)
    os.close(output)
    warnings.showwarning = lambda message, category, *_: print(f"{category.__name__}: {message}")
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 (lives as long as the process)
    sys.stdout = sys.stderr = open(1, "w", encoding="utf-8", errors="replace", buffering=1, closefd=False)  # noqa: SIM115


class Failed(Exception):
    """A request that can't be answered with a value; `failure` is what the learner is told."""

    def __init__(self, kind: str, summary: str, details: list[str] | None = None, **more: Any) -> None:
        super().__init__(summary)
        self.failure = {
            "kind": kind,
            "summary": summary[:TEXT],
            "details": details or [],
            "frames": [],
            **more,
        }


class Worker:
    """The learner's module, and the requests that it answers."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._module = types.ModuleType("learner")
        self._rules = Rules(())
        self._held: list[tuple[Any, ...]] = []  # arguments of the calls to be timed
        self._made: list[Any] = []  # what those calls returned
        self._requests = {
            "load": self._load,
            "call": self._call,
            "run": self._run,
            "count": self._count,
            "hold": self._hold,
            "spend": self._spend,
            "fetch": self._fetch,
            "roof": self._roof,
        }

    def serve(self) -> None:
        """Answer one request after the other; each answer carries its request's number."""
        while (received := wire.receive(self._sock)) is not None:
            message, blob = received
            reply: dict[str, Any] = {"number": message["number"]}
            out: dict[str, torch.Tensor] = {}
            self._rules.broken.clear()
            try:
                reply |= self._requests[message["op"]](message, blob, out)
            except Failed as failed:
                reply["failure"], out = failed.failure, {}
            reply["broken"] = self._rules.broken[:3]
            _flush()
            self._sock.sendall(wire.pack(reply, out))

    # --- requests -------------------------------------------------------------------------------------------

    def _load(self, message: dict[str, Any], blob: dict[str, torch.Tensor], out: Any) -> dict[str, Any]:
        """Run the learner's file, from its text, as the module of its name."""
        source, filename = message["source"], message["filename"]
        self._filename = filename
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
        self._rules = Rules(message["forbid"], filename, message["quiet"])
        self._module = types.ModuleType(Path(filename).stem)
        self._module.__file__ = filename
        sys.modules[self._module.__name__] = self._module
        _seed(message["seed"])
        try:
            code = compile(source, filename, "exec", dont_inherit=True)
        except SyntaxError as error:
            raise Failed("load", *_describe_syntax_error(error)) from None
        except ValueError as error:
            raise Failed("load", f"{Path(filename).name} is not Python: {error}") from None
        with self._watched("load"):
            exec(code, self._module.__dict__)
        return {}

    def _call(self, message: dict[str, Any], blob: dict[str, torch.Tensor], out: Any) -> dict[str, Any]:
        """Call a function of the learner's."""
        function = self._find(message["name"])
        return self._answer(function, message, blob, out, name=message["name"])

    def _run(self, message: dict[str, Any], blob: dict[str, torch.Tensor], out: Any) -> dict[str, Any]:
        """Run a scenario of the suite's, with the learner's module as its first argument."""
        return self._answer(self._scenario(message, blob), message, blob, out)

    def _scenario(self, message: dict[str, Any], blob: dict[str, torch.Tensor]) -> Callable[..., Any]:
        names: dict[str, Any] = {"__name__": _MODULE}
        for name, module in message["modules"].items():
            names[name] = _import(module)
        names |= wire.decode(message["constants"], blob)
        filename = _MODULE + message["name"]
        linecache.cache[filename] = (1, None, message["source"].splitlines(keepends=True), filename)
        exec(compile(message["source"], filename, "exec", dont_inherit=True), names)
        solution = Solution(self._find)

        def scenario(*args: Any, **kwargs: Any) -> Any:
            first = () if message.get("plain") else (solution,)
            return names[message["name"]](*first, *args, **kwargs)

        return scenario

    # --- what a call costs ----------------------------------------------------------------------------------

    def _count(self, message: dict[str, Any], blob: dict[str, torch.Tensor], out: Any) -> dict[str, Any]:
        """Make a call, and count what torch does in it; the first of the calls to be timed, if none is described."""
        if "name" in message:
            function = self._scenario(message, blob) if "source" in message else self._find(message["name"])
            args, kwargs = wire.decode(message["args"], blob, message["device"])
        else:
            function, args, kwargs = self._timed, self._held[0], {}
        _seed(message["seed"])
        with self._watched("exception"), Peak(message["device"]) as peak, Counting() as counting:
            function(*args, **kwargs)
        return {"cost": counting.to_json() | {"peak": peak.bytes}}

    def _hold(self, message: dict[str, Any], blob: dict[str, torch.Tensor], out: Any) -> dict[str, Any]:
        """Draw the arguments of calls that will be timed, on the device, and keep the function they go to."""
        self._timed = self._scenario(message, blob) if "source" in message else self._find(message["name"])
        inputs = self._scenario(message["inputs"] | {"plain": True}, blob)
        draw, size = Draw(message["seed"], message["device"]), wire.decode(message["size"], blob)
        try:
            sets = [tuple(inputs(draw, size)) for _ in range(message["sets"])]
            sets = [tuple(map(_double, args)) for args in sets] if message["double"] else sets
        except torch.cuda.OutOfMemoryError as error:
            raise Failed("exception", f"OutOfMemoryError: {error}") from None
        kept = [_in_place_of(*pair) for pair in zip(self._held, sets, strict=False)]
        self._held = kept + sets[len(kept) :]
        self._made = []
        _synchronise(message["device"])
        tensors = [tensor for _, tensor in _tensors(sets[0])]
        kind = next((tensor.dtype for tensor in tensors if tensor.is_floating_point()), torch.float32)
        nbytes = sum(tensor.numel() * tensor.element_size() for tensor in tensors)
        return {"bytes": nbytes, "dtype": str(kind).removeprefix("torch.")}

    def _spend(self, message: dict[str, Any], blob: dict[str, torch.Tensor], out: Any) -> dict[str, Any]:
        """Make those calls and commit to what they returned; or only commit again: what all but the calls costs."""
        function, device = self._timed, message["device"]
        timed = Timed(device)
        if message["calls"]:
            made = []
            with self._watched("exception"):
                for args in self._held:
                    _flush_cache(device)
                    with timed:
                        made.append(function(*args))
            self._made = made
        else:
            for _ in self._held:
                _flush_cache(device)
        _synchronise(device)
        return {"digests": [digest(value, device) for value in self._made], "events": timed.seconds}

    def _fetch(self, message: dict[str, Any], blob: dict[str, torch.Tensor], out: Any) -> dict[str, Any]:
        """One of the results that were committed to."""
        try:
            return {"value": wire.encode(self._made[message["index"]], out)}
        except wire.NotData as error:
            raise Failed("not_data", f"The result can't be graded: {error.where} is {error.kind}, not data.") from None

    def _roof(self, message: dict[str, Any], blob: dict[str, torch.Tensor], out: Any) -> dict[str, Any]:
        """What this device can: bytes and FLOPs a second, of a large copy and a large product."""
        return roof(message["device"], getattr(torch, message["dtype"]))

    # --- parts ----------------------------------------------------------------------------------------------

    def _answer(
        self,
        function: Callable[..., Any],
        message: dict[str, Any],
        blob: Any,
        out: Any,
        name: str | None = None,
    ) -> dict[str, Any]:
        args, kwargs = wire.decode(message["args"], blob, message["device"])
        before = {key: tensor.clone() for key, tensor in _tensors((args, kwargs))}
        if name:
            _check_signature(function, name, args, kwargs)
        _seed(message["seed"])
        with self._watched("exception"):
            result = function(*args, **kwargs)
        try:
            structure = wire.encode(result, out)
        except wire.NotData as error:
            raise Failed("not_data", f"The result can't be graded: {error.where} is {error.kind}, not data.") from None
        after = dict(_tensors((args, kwargs)))
        changed = [key for key, tensor in before.items() if key not in after or not _same(tensor, after[key])]
        return {"value": structure, "changed": changed}

    def _find(self, name: str) -> Any:
        try:
            return getattr(self._module, name)
        except AttributeError:
            own = [key for key in vars(self._module) if not key.startswith("_")]
            near = difflib.get_close_matches(name, own, 1, 0.7)
            hint = [f"There is a `{near[0]}`: is that it?"] if near else ["The stub's names have to stay as they are."]
            file = Path(self._filename).name
            raise Failed("missing", f"There is no `{name}` in {file}.", hint) from None

    def _watched(self, kind: str) -> _Watched:
        return _Watched(kind, self._filename, self._rules)


class Solution:
    """The learner's module as a scenario sees it: names that are missing are reported as such."""

    def __init__(self, find: Callable[[str], Any]) -> None:
        self._find = find

    def __getattr__(self, name: str) -> Any:
        return self._find(name)


class _Watched:
    """Runs learner code under the rules, and turns whatever it raises into a `Failed`."""

    def __init__(self, kind: str, filename: str, rules: Rules) -> None:
        self._kind, self._filename, self._rules = kind, filename, rules

    def __enter__(self) -> None:
        self._rules.__enter__()

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        self._rules.__exit__(None, None, None)
        if error is not None and not isinstance(error, Failed):
            raise self._describe(error) from None

    def _describe(self, error: BaseException) -> Failed:
        interpreted = type(error).__name__ == "InterpreterError"
        if interpreted and error.__cause__ is not None:
            error = error.__cause__  # Triton's interpreter wraps what a kernel raises
        frames = [
            {"line": frame.lineno or 0, "function": frame.name, "code": (frame.line or "").strip()[:200]}
            for frame in traceback.extract_tb(error.__traceback__, limit=-1000)
            if frame.filename == self._filename
        ][-FRAMES:]
        kind, summary, details = _name_cause(error, self._kind)
        last = traceback.extract_tb(error.__traceback__)[-1:]
        if last and last[0].filename.startswith(_MODULE):
            details.append(f"Raised in the test, which runs `{last[0].line}`: does yours return what the stub says?")
        if interpreted and "0-dimensional arrays" in summary and _is_old(sys.modules.get("triton")):
            details.append(
                "Not your fault: this Triton needs an older NumPy: `pip install 'numpy<2.4'` (or Triton 3.7)."
            )
        types_ = [kind.__name__ for kind in type(error).__mro__][:20]
        return Failed(kind, summary, details, frames=frames, types=types_)


def _is_old(triton: Any) -> bool:
    """Whether Triton's interpreter fails with NumPy 2.4, which it does before 3.7."""
    found = re.match(r"(\d+)\.(\d+)", str(getattr(triton, "__version__", "")))
    return found is not None and (int(found[1]), int(found[2])) < (3, 7)


def _name_cause(error: BaseException, kind: str) -> tuple[str, str, list[str]]:
    """What a learner is told of an exception: kind, sentence, and what to try."""
    text = _text(error)
    named = f"{type(error).__name__}: {text}" if text else type(error).__name__
    if isinstance(error, RuleBroken):
        return "rule", text, []
    if isinstance(error, NotImplementedError) and kind == "exception":
        return "not_written", "Not written yet: it still raises NotImplementedError.", []
    if isinstance(error, MemoryError) or "can't allocate memory" in text:
        limit = f"A check gives your code {sandbox.MEMORY >> 30} GiB; look for a shape that multiplies up."
        return "memory", "Your code asked for more memory than there is.", [limit, named[:300]]
    if isinstance(error, SystemExit):
        return kind, "Your code called exit(); a function has to return its result instead.", []
    if isinstance(error, EOFError):
        return (
            kind,
            named,
            ["There is nobody to type during a check: input() and breakpoint() can't work here."],
        )
    if isinstance(error, RecursionError):
        return (
            kind,
            named,
            ["A function calls itself without coming to an end, or for longer than Python's stack goes."],
        )
    if isinstance(error, ModuleNotFoundError):
        return kind, named, ["Your file is graded alone: copy what you need of another exercise's into it."]
    if isinstance(error, PermissionError):
        refused = "open other files, use the network, or start or signal processes"
        return kind, named, [f"The sandbox lets code under check compute, but not {refused}."]
    return kind, named, []


def _text(error: BaseException) -> str:
    try:
        return str(error)[:TEXT]
    except BaseException:
        return "(its message can't be printed)"


def _describe_syntax_error(error: SyntaxError) -> tuple[str, list[str]]:
    where = f"line {error.lineno}" if error.lineno else "the file"
    code = (error.text or "").rstrip("\n")
    indent = len(code) - len(code.lstrip())
    caret = " " * (max((error.offset or 1) - 1 - indent, 0)) + "^"
    details = [code.strip()[:200], caret] if code.strip() else []
    return f"Python can't read {where}: {error.msg}.", details


def _check_signature(function: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    if not callable(function):
        raise Failed("missing", f"`{name}` is {wire.describe_type(function)}, not a function.")
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return
    try:
        signature.bind(*args, **kwargs)
    except TypeError as error:
        details = [
            f"Yours is {name}{signature}",
            "The stub's signature has to stay as it is (`tutor diff` shows it).",
        ]
        raise Failed("signature", f"`{name}` can't be called as it should be: {error}.", details) from None


def _tensors(value: Any, where: str = "") -> list[tuple[str, torch.Tensor]]:
    """Every tensor (arrays as tensors) inside the arguments, with its place."""
    if isinstance(value, torch.Tensor):
        return [(where, value)]
    if isinstance(value, np.ndarray):
        return [(where, torch.from_numpy(value))]
    if isinstance(value, list | tuple):
        return [pair for i, item in enumerate(value) for pair in _tensors(item, f"{where}/{i}")]
    if isinstance(value, dict):
        return [pair for key, item in value.items() for pair in _tensors(item, f"{where}/{key}")]
    return []


def _in_place_of(old: tuple[Any, ...], new: tuple[Any, ...]) -> tuple[Any, ...]:
    """The new arguments where the old ones were, so that nothing is known by its address."""

    def place(old: Any, new: Any) -> Any:
        if not (isinstance(old, torch.Tensor) and isinstance(new, torch.Tensor)):
            return new
        if (old.shape, old.dtype, old.stride()) != (new.shape, new.dtype, new.stride()):
            return new
        return old.detach().copy_(new)

    return tuple(map(place, old, new))


def _double(value: Any) -> Any:
    return value.double() if isinstance(value, torch.Tensor) and value.is_floating_point() else value


def _same(before: torch.Tensor, after: torch.Tensor) -> bool:
    if before.shape != after.shape or before.dtype != after.dtype:
        return False
    return bool(torch.allclose(before, after.detach(), rtol=0, atol=0, equal_nan=True))


def _seed(seed: int) -> None:
    """Every generator; of devices only where they are in use, since torch records a stack for each that may come."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.default_generator.manual_seed(seed)
    if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        torch.cuda.manual_seed_all(seed)


def _flush() -> None:
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except Exception:  # the learner may have put anything there
        sys.stdout = sys.stderr = open(1, "w", encoding="utf-8", errors="replace", buffering=1, closefd=False)  # noqa: SIM115


def _import(name: str) -> types.ModuleType:
    __import__(name)
    return sys.modules[name]

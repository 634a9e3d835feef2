"""The grader's end of the wire: workers that are started, asked, watched and ended; and `learner`, as suites see it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import selectors
import signal
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch

from tutor.grading import scenario, wire
from tutor.grading.control import Deadline, receive_control, send_control
from tutor.grading.sandbox import MEMORY, resident_bytes
from tutor.grading.server import BROKEN
from tutor.grading.signatures import UNKNOWN, Signature
from tutor.report import Failure, Frame

KEEP_OUTPUT = 64 << 10  # bytes of a test's prints that are kept
MAX_OUTPUT = 10 << 20  # bytes of prints after which a worker is stopped
RESIDENT = MEMORY + (1 << 30)  # bytes in RAM at which a worker is stopped, where the memory limit is weak
LOAD_SECONDS = 30.0
KINDS = {"exception", "not_written", "missing", "signature", "load", "memory", "not_data", "rule"}


class LearnerFailed(Exception):
    """The learner's code did not return a value. `types` names the exception's classes, if it raised one."""

    def __init__(self, failure: Failure, types: tuple[str, ...] = ()) -> None:
        super().__init__(failure.summary)
        self.failure = failure
        self.types = types


@dataclass(frozen=True)
class Submission:
    """What a worker is given to load, and under which conditions it runs."""

    source: str
    filename: str
    forbid: tuple[str, ...]
    seconds: float  # deadline of one call
    settings: dict[str, Any]  # of the worker: scratch, readable, hidden, environment, sandbox
    quiet: bool = False  # under the rules' weight, but free: code of ours


@dataclass
class Call:
    """One call of the learner's code: what was asked, and, if it was `answered`, what came back, or what went wrong."""

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    seed: int  # of torch's, numpy's and Python's generators in the worker
    scenario: scenario.Scenario | None = None
    answered: bool = False
    result: Any = None
    changed: tuple[str, ...] = ()
    failed: LearnerFailed | None = None
    _sent: tuple[dict[str, Any], dict[str, torch.Tensor]] | None = field(default=None, init=False, repr=False)
    _key: bytes | None = field(default=None, init=False, repr=False)

    @property
    def raised(self) -> bool:
        """Whether it ended in an exception, which is an answer of a kind."""
        return self.failed is not None and self.failed.failure.kind == "exception"


class Worker:
    """One confined process that holds the learner's module."""

    def __init__(self, control: socket.socket, submission: Submission, seed: int) -> None:
        self._control, self._submission = control, submission
        self._sock, theirs = socket.socketpair()
        self._output, write = os.pipe()
        os.set_blocking(self._output, False)
        send_control(control, {"spawn": submission.settings}, [theirs.fileno(), write])
        theirs.close()
        os.close(write)
        self._pid: int | None = _reply(control)["pid"]
        self._printed = bytearray()
        self._total = 0
        self.sandbox: dict[str, str] = {}
        try:
            self.sandbox = self._receive(Deadline(LOAD_SECONDS), None)[0]["sandbox"]
            if submission.settings["sandbox"] == "strict" and set(self.sandbox.values()) != {"on"}:
                missing = ", ".join(f"{layer} ({state})" for layer, state in self.sandbox.items() if state != "on")
                raise SandboxMissing(f"`--sandbox strict` was asked for, but not all of it works here: {missing}.")
            self.load(submission, seed)
        except BaseException:
            self.close()
            raise

    def load(self, submission: Submission, seed: int) -> None:
        """Load a file, in place of the one that is there."""
        load = {"op": "load", "source": submission.source, "filename": submission.filename}
        rules = {"forbid": submission.forbid, "quiet": submission.quiet}
        self.ask(load | rules | {"seed": seed}, {}, LOAD_SECONDS)

    def ask(self, message: dict[str, Any], blob: dict[str, torch.Tensor], seconds: float) -> tuple[Any, Any]:
        """Send a request and wait for the answer to it.

        Raises:
            LearnerFailed: if there is none in time, or it says that the learner's code failed.
        """
        number = secrets.randbits(52)  # not to be guessed, so that nothing can answer ahead
        deadline = Deadline(seconds)
        try:
            self._sock.settimeout(seconds)
            self._sock.sendall(wire.pack(message | {"number": number}, blob))
            reply, data = self._receive(deadline, number)
        except OSError:
            raise self._ended() from None
        except wire.ProtocolError as error:
            self.close()
            raise _failed("crash", "Your code broke the connection to the grader.", [str(error)]) from None
        if reply.get("broken"):
            raise self._broke_rule(_list(reply["broken"]))
        if "failure" in reply:
            raise _read_failure(reply["failure"])
        return reply, data

    @property
    def pid(self) -> int | None:
        return self._pid

    @property
    def alive(self) -> bool:
        """Whether the process is still there to be asked."""
        return self._pid is not None

    def take_output(self) -> str:
        """What was printed since the last time; only the beginning, if it is long."""
        with contextlib.suppress(LearnerFailed):  # a thread that prints on and on: the next call will say so
            self._drain()
        text = bytes(self._printed[:KEEP_OUTPUT]).decode(errors="replace")
        left_out = self._total - len(self._printed)
        self._printed.clear()
        self._total = 0
        return text + (f"\n… and {left_out:,} more bytes" if left_out > 0 else "")

    def close(self) -> int | None:
        """End the process and all it started; its exit status if it had ended by itself."""
        if self._pid is None:
            return None
        self._sock.close()
        send_control(self._control, {"reap": self._pid, "grace": 0.0})
        status: int | None = _reply(self._control)["status"]
        self._pid = None
        os.close(self._output)
        return status

    # --- parts ----------------------------------------------------------------------------------------------

    def _broke_rule(self, broken: list[Any]) -> LearnerFailed:
        """Also where the learner's code caught the exception and went on."""
        rows = [b for b in broken if isinstance(b, list) and len(b) == 3 and isinstance(b[1], int)]
        found = [(str(name)[:80], line, str(operator)[:80]) for name, line, operator in rows]
        names = ", ".join(sorted({name for name, _, _ in found})) or "Something"
        lines = self._submission.source.splitlines()
        frames = tuple(Frame(n, "", lines[n - 1].strip()[:200]) for _, n, _ in found if 0 < n <= len(lines))
        where = f" (line {frames[0].line})" if frames else ""
        summary = f"{names} may not be used in this exercise{where}."
        other = sorted({operator for name, _, operator in found if operator.strip("_") not in name.lower()})
        came = [f"It came as torch's operator {', '.join(other)}."] if other else []
        details = (*came, "The point here is to write that yourself.")
        return LearnerFailed(Failure("rule", summary, details, frames=frames))

    def _receive(self, deadline: Deadline, number: int | None) -> tuple[dict[str, Any], dict[str, torch.Tensor]]:
        frame = wire.Unpacker()
        self._sock.setblocking(False)
        with selectors.DefaultSelector() as selector:
            selector.register(self._sock, selectors.EVENT_READ)
            selector.register(self._output, selectors.EVENT_READ)
            while True:
                ready = {key.fd for key, _ in selector.select(min(0.1, deadline.left))}
                if self._output in ready and not self._drain():
                    selector.unregister(self._output)
                if self._sock.fileno() in ready:
                    data = self._sock.recv(min(frame.missing, 1 << 20))
                    if not data:
                        raise self._ended()
                    frame.feed(data)
                    if not frame.missing:
                        message, blob = frame.take()
                        if message.get("number") == number:
                            return message, blob
                        frame = wire.Unpacker()  # an answer to another request: a forked copy's, or forged
                if deadline.left == 0:
                    raise self._stopped("timeout", f"No answer within {deadline.seconds:g} seconds.")
                if not ready and self._pid is not None and resident_bytes(self._pid) > RESIDENT:
                    raise self._stopped("memory", "Your code asked for more memory than there is.")

    def _drain(self) -> bool:
        """Read what is in the pipe; False at its end."""
        while True:
            try:
                data = os.read(self._output, 1 << 16)
            except BlockingIOError:
                return True
            if not data:
                return False
            self._total += len(data)
            self._printed += data[: max(0, KEEP_OUTPUT - len(self._printed))]
            if self._total > MAX_OUTPUT:
                raise self._stopped("output", f"Your code printed more than {MAX_OUTPUT >> 20} MiB and was stopped.")

    def _stopped(self, kind: str, summary: str) -> LearnerFailed:
        advice = {"timeout": ["An endless loop? A loop over elements where one operation on tensors would do?"]}
        printed = bytes(self._printed[:2000]).decode(errors="replace")
        self.close()
        return LearnerFailed(Failure(kind, summary, tuple(advice.get(kind, [])), printed=printed))

    def _ended(self) -> LearnerFailed:
        """The process is gone: say how it went."""
        if self._pid is None:
            return _failed("crash", "Your code's process had already ended.", [])
        with contextlib.suppress(LearnerFailed):
            self._drain()
        printed = bytes(self._printed[:2000]).decode(errors="replace")
        self._sock.close()
        send_control(self._control, {"reap": self._pid, "grace": 0.3})
        status = _reply(self._control)["status"]
        self._pid = None
        os.close(self._output)
        summary, details = _name_end(status)
        return LearnerFailed(Failure("crash", summary, tuple(details), printed=printed))


class SandboxMissing(Exception):
    """`--sandbox strict`, and a layer is not there."""


def _reply(control: socket.socket) -> dict[str, Any]:
    received = receive_control(control)
    if received is None:
        raise ConnectionError("the grading server is gone")
    return received[0]


def _name_end(status: int | None) -> tuple[str, list[str]]:
    if status is None:
        return "Your code closed its connection to the grader.", []
    code = os.waitstatus_to_exitcode(status)
    if code == BROKEN:
        return "Your code broke the process that it runs in.", ["Does it change builtins, torch or sys for everyone?"]
    if code >= 0:
        return f"Your code ended the process (exit code {code}).", [
            "os._exit() and the like end everything; a function has to return its result instead."
        ]
    name = signal.Signals(-code).name
    advice = {
        "SIGXCPU": "It used up all the CPU time a check gives. An endless loop?",
        "SIGSEGV": "Out of stack or out of bounds: very deep recursion, as_strided, or ctypes can do that.",
        "SIGKILL": "It was killed: by itself, or by the system for lack of memory.",
        "SIGXFSZ": "It wrote a larger file than a check allows.",
    }
    return f"Your code's process was ended by {name}.", [advice[name]] if name in advice else []


def _failed(kind: str, summary: str, details: list[str]) -> LearnerFailed:
    return LearnerFailed(Failure(kind, summary, tuple(details)))


def _read_failure(data: Any) -> LearnerFailed:
    """A failure as the worker tells it; nothing about its form is taken on trust."""
    data = data if isinstance(data, dict) else {}
    kind = data.get("kind")
    frames = tuple(
        Frame(int(f["line"]), str(f["function"])[:100], str(f["code"])[:200])
        for f in _list(data.get("frames"))
        if isinstance(f, dict) and isinstance(f.get("line"), int) and {"function", "code"} <= f.keys()
    )
    details = tuple(str(line)[:2000] for line in _list(data.get("details"))[:20])
    failure = Failure(
        kind if kind in KINDS else "exception", str(data.get("summary", ""))[:2000], details, frames=frames
    )
    return LearnerFailed(failure, tuple(str(name)[:100] for name in _list(data.get("types"))))


def _list(value: Any) -> list[Any]:
    return value[:50] if isinstance(value, list) else []


def numbers(data: Any) -> dict[str, Any]:
    """Counts as a worker tells them: integers, and integers by name; nothing about their form is taken on trust."""
    if not isinstance(data, dict):
        raise _failed("crash", "Your code broke the connection to the grader.", [])
    plain = {str(key)[:40]: value for key, value in data.items() if isinstance(value, int)}
    named = {
        str(key)[:40]: {str(name)[:60]: n for name, n in value.items() if isinstance(n, int)}
        for key, value in data.items()
        if isinstance(value, dict)
    }
    return plain | named


# --- what suites see ----------------------------------------------------------------------------------------------


@dataclass
class Session:
    """The workers of one check: one at a time, a new one after each that ended."""

    control: socket.socket
    submission: Submission
    seed: int
    signatures: dict[str, Signature]  # of the stub's functions
    device: str = "cpu"
    worker: Worker | None = None
    unloadable: LearnerFailed | None = None
    sandbox: dict[str, str] = field(default_factory=dict)

    def ask(self, call: Call) -> tuple[Any, tuple[str, ...]]:
        """Make the call in a worker: its value, and which of its arguments it changed."""
        message, blob = self._message(call)
        reply, data = self._running().ask(message, blob, self.submission.seconds)
        try:
            value = wire.decode(reply["value"], data, self.device)
            changed = tuple(str(name)[:200] for name in _list(reply["changed"]))
        except (wire.ProtocolError, KeyError) as error:
            raise _failed("crash", "Your code broke the connection to the grader.", [str(error)]) from None
        return value, changed

    def key(self, call: Call) -> bytes:
        """The same for calls that ask the same."""
        if call._key is None:
            call._key = hashlib.blake2b(wire.pack(*self._message(call)), digest_size=16).digest()
        return call._key

    def become(self, source: str) -> None:
        """Have another file in place of this one; only for files that can be trusted not to disturb each other."""
        self.submission, self.unloadable = replace(self.submission, source=source), None
        if self.worker is not None and self.worker.alive:
            try:
                self.worker.load(self.submission, self.seed)
            except LearnerFailed as failed:
                self.unloadable = failed if self.worker.alive else None  # else the next call starts another

    def start(self) -> Worker:
        """Start a worker now, so that a file that can't be loaded is known before the first test."""
        return self._running()

    def count(self, call: Call) -> dict[str, Any]:
        """Make the call in a worker, and what it cost there; see cost.py."""
        message, blob = self._message(call)
        reply, _ = self._running().ask(message | {"op": "count"}, blob, self.submission.seconds)
        return numbers(reply.get("cost"))

    def take_output(self) -> str:
        """What the learner's code printed since the last time."""
        return self.worker.take_output() if self.worker and self.worker.alive else ""

    def close(self) -> None:
        if self.worker:
            self.worker.close()

    def _running(self) -> Worker:
        if self.unloadable:
            raise self.unloadable
        if self.worker is None or not self.worker.alive:
            try:
                self.worker = Worker(self.control, self.submission, self.seed)
            except LearnerFailed as failed:
                self.unloadable = failed
                raise
            self.sandbox = self.worker.sandbox
        return self.worker

    def _message(self, call: Call) -> tuple[dict[str, Any], dict[str, torch.Tensor]]:
        """What to send; what was sent, if the call was made before: a suite may have changed the arguments since."""
        if call._sent:
            return call._sent
        blob: dict[str, torch.Tensor] = {}
        args = wire.encode((call.args, call.kwargs), blob, "arguments")
        message = {"op": "call", "name": call.name, "args": args, "seed": call.seed, "device": self.device}
        if call.scenario:
            message |= call.scenario.message(blob) | {"op": "run"}
        call._sent = message, blob
        return message, blob


class Learner:
    """The learner's solution, as a suite calls it: `learner.conv2d_backward(g, x, w, stride=2)`.

    Every attribute is a function of the learner's file. What can't be said as one call is a scenario, a function at
    the top level of the suite that gets the solution as its first argument: `learner.run(two_steps, params, grads)`.
    """

    def __init__(self, session: Session, seed: int) -> None:
        self._session = session
        self._seed = seed
        self._calls: list[Call] = []
        self._counted = False  # whether the test asked what a call costs

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *args, **kwargs: self._ask(Call(name, args, kwargs, self._seed))

    def run(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run a scenario in the worker; only data comes back."""
        return self._ask(Call(function.__name__, args, kwargs, self._seed, scenario.Scenario(function)))

    def _count(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        self._counted = True
        return self._session.count(Call(name, args, kwargs, self._seed))

    def _ask(self, call: Call) -> Any:
        self._calls.append(call)
        try:
            call.result, call.changed = self._session.ask(call)
        except LearnerFailed as failed:
            call.failed = failed
            raise
        call.answered = True
        return call.result


def names_by_place(call: Call, signatures: dict[str, Signature]) -> Sequence[str]:
    """The names of the parameters that take arguments by their place."""
    return call.scenario.parameters if call.scenario else signatures.get(call.name, UNKNOWN).positional


def arguments_of(call: Call, signatures: dict[str, Signature]) -> dict[str, Any]:
    """The arguments by name; those without a known name by their place, as `argument 2`."""
    known = names_by_place(call, signatures)
    unknown = [f"argument {number}" for number in range(len(known) + 1, len(call.args) + 1)]
    return dict(zip([*known, *unknown], call.args, strict=False)) | call.kwargs


def describe_call(call: Call, signatures: dict[str, Signature]) -> str:
    """`conv2d_backward(grad_output=float64 (2, 4, 5, 4), stride=2)`, and a scenario's text below it."""
    labels = [f"{name}=" for name in names_by_place(call, signatures)] + [""] * len(call.args)
    positional = [label + describe(value) for label, value in zip(labels, call.args, strict=False)]
    keywords = [f"{name}={describe(value)}" for name, value in call.kwargs.items()]
    line = f"{call.name}({', '.join(positional + keywords)})"
    return f"{line}\n\n{call.scenario.source.rstrip()}" if call.scenario else line


def describe(value: Any) -> str:
    """An argument, short: tensors by dtype and shape, containers by their parts, the rest as it is written."""
    if isinstance(value, torch.Tensor | np.ndarray):
        kind = str(value.dtype).removeprefix("torch.")
        layout = "" if not isinstance(value, torch.Tensor) or value.is_contiguous() else " non-contiguous"
        return f"{kind} {tuple(value.shape)}{layout}" if value.ndim else f"{kind} {value.item():.6g}"
    if isinstance(value, list | tuple) and value:
        inner = ", ".join(describe(item) for item in value[:4]) + (", …" if len(value) > 4 else "")
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' if len(value) == 1 else ''})"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"

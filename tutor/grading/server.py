"""The server: imports torch and pytest once, runs no operation, and forks graders and workers.

`multiprocessing`'s forkserver does nearly this, but hands every child the address of its listener and of its
resource tracker: a worker could ask it for an unconfined process. This one can only be reached through sockets
that the client and the graders hold.

    client --control--> server: {"grade": job} with the socket for its events; {"cancel": number}
    grader --control--> server: {"spawn": confinement} with the worker's two sockets; {"reap": pid, "grace": seconds}
"""

from __future__ import annotations

import gc
import os
import selectors
import signal
import socket
import sys
import time
import warnings
from dataclasses import dataclass, field
from typing import Any, NoReturn

from tutor.grading import sandbox
from tutor.grading.control import receive_control, send_control

BROKEN = 70  # exit status of a child that an exception of ours ended


@dataclass
class Grader:
    """A running grader: its process, its end of the control socket, its workers (pid -> exit status once known)."""

    number: int
    pid: int
    control: socket.socket
    workers: dict[int, int | None] = field(default_factory=dict)


class ForkServer:
    """Answers control messages one at a time; single-threaded, so that forking is safe."""

    def __init__(self, client: socket.socket) -> None:
        self._client = client
        self._graders: dict[int, Grader] = {}  # by pid
        self._selector = selectors.DefaultSelector()
        self._selector.register(client, selectors.EVENT_READ)
        self._wakeup, wakeup = socket.socketpair()
        self._wakeup.setblocking(False)
        wakeup.setblocking(False)
        self._keep = wakeup
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wakeup.fileno(), warn_on_full_buffer=False)
        self._selector.register(self._wakeup, selectors.EVENT_READ)

    def serve(self) -> None:
        """Until the client goes away; then nothing is left running."""
        try:
            while True:
                for key, _ in self._selector.select():
                    if key.fileobj is self._wakeup:
                        self._wakeup.recv(4096)
                        self._collect()
                    elif key.fileobj is self._client:
                        if not self._answer_client():
                            return
                    elif key.data.pid in self._graders:
                        self._answer_grader(key.data)
        finally:
            for grader in list(self._graders.values()):
                self._end(grader)

    # --- requests -------------------------------------------------------------------------------------------

    def _answer_client(self) -> bool:
        try:
            received = receive_control(self._client)
        except OSError:
            return False
        if received is None:
            return False
        message, fds = received
        if "grade" in message:
            self._start_grader(message["number"], message["grade"], fds[0])
        else:
            for grader in [g for g in self._graders.values() if g.number == message["cancel"]]:
                self._end(grader)
        return True

    def _answer_grader(self, grader: Grader) -> None:
        try:
            received = receive_control(grader.control)
        except OSError:
            received = None
        if received is None:
            self._end(grader)
            return
        message, fds = received
        if "spawn" in message:
            reply: dict[str, Any] = {"pid": self._start_worker(grader, message["spawn"], fds)}
        else:
            reply = {"status": self._reap(grader, message["reap"], message["grace"])}
        try:
            send_control(grader.control, reply)
        except OSError:
            self._end(grader)

    # --- children -------------------------------------------------------------------------------------------

    def _start_grader(self, number: int, job: dict[str, Any], events: int) -> None:
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            self._become("grader", [events, theirs.fileno()], job)
        os.close(events)
        theirs.close()
        self._graders[pid] = grader = Grader(number, pid, ours)
        self._selector.register(ours, selectors.EVENT_READ, grader)

    def _start_worker(self, grader: Grader, settings: dict[str, Any], fds: list[int]) -> int:
        pid = os.fork()
        if pid == 0:
            self._become("worker", fds, settings)
        for fd in fds:
            os.close(fd)
        grader.workers[pid] = None
        return pid

    def _become(self, role: str, fds: list[int], settings: dict[str, Any]) -> NoReturn:
        """In the child: keep these descriptors and nothing else of the server's, and run `role`. Never returns."""
        status = BROKEN
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setpgid(0, 0)
            sandbox.die_with_parent()
            close_all_but(fds)
            sys.dont_write_bytecode = True
            if role == "grader":
                from tutor.grading import grader

                status = grader.run(socket.socket(fileno=fds[0]), socket.socket(fileno=fds[1]), settings)
            else:
                from tutor.grading import worker

                status = worker.run(socket.socket(fileno=fds[0]), fds[1], settings)
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(status)

    def _collect(self) -> None:
        """Note every child that has ended."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid in self._graders:
                self._end(self._graders[pid], dead=True)
            for grader in self._graders.values():
                if pid in grader.workers:
                    grader.workers[pid] = status

    def _reap(self, grader: Grader, pid: int, grace: float = 0.0) -> int | None:
        """Kill one worker with its whole group; the status with which it ended by itself, None if it had not.

        Args:
            grace: seconds to wait for an end that is on its way: a socket closes before its process has ended.
        """
        if pid not in grader.workers:
            return None
        status = grader.workers.pop(pid)
        end = time.monotonic() + grace
        while status is None:
            ended, code = os.waitpid(pid, os.WNOHANG)
            if ended:
                status = code
            elif time.monotonic() >= end:
                break
            else:
                time.sleep(0.001)
        kill_group(pid)
        if status is None:
            os.waitpid(pid, 0)
        self._sweep()
        return status

    def _end(self, grader: Grader, dead: bool = False) -> None:
        self._selector.unregister(grader.control)
        grader.control.close()
        if not dead:
            kill_group(grader.pid)
            os.waitpid(grader.pid, 0)
        for pid in list(grader.workers):
            self._reap(grader, pid)
        del self._graders[grader.pid]  # not before: its workers would be taken for strays

    def _sweep(self) -> None:
        """Kill what a worker left behind: children of ours that we did not fork, adopted when their parent died."""
        for _ in range(50):
            known = set(self._graders) | {pid for grader in self._graders.values() for pid in grader.workers}
            strays = children(os.getpid()) - known
            if not strays:
                return
            for pid in strays:
                kill_group(pid)
                os.waitpid(pid, 0)


def kill_group(pid: int) -> None:
    """SIGKILL a process and its group, if they are there."""
    for kill in (os.killpg, os.kill):
        try:
            kill(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


def children(pid: int) -> set[int]:
    """The process ids of a process's children; empty where the system does not tell (no /proc)."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as listing:
            return set(map(int, listing.read().split()))
    except OSError:
        return set()


def close_all_but(keep: list[int]) -> None:
    """Close every descriptor above standard error, except `keep`."""
    start = 3
    for fd in sorted(keep):
        os.closerange(start, fd)
        start = fd + 1
    os.closerange(start, 65536)


def main() -> None:
    """Entry point: `sys.argv[1]` is the descriptor of the client's control socket."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    client = socket.socket(fileno=int(sys.argv[1]))
    client.set_inheritable(False)
    sandbox.adopt_orphans()
    warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
    import tutor.grading.grader
    import tutor.grading.worker  # noqa: F401

    gc.collect()
    gc.freeze()
    ForkServer(client).serve()


if __name__ == "__main__":
    main()

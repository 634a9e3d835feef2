"""The worker's confinement, applied by the worker to itself before it sees a line of the learner's.

Each layer stands alone, because no machine has them all: resource limits everywhere; on Linux also Landlock
(files, signals, TCP) and a seccomp filter (processes, sockets, other processes' memory). None needs root.

Sources: landlock(7), seccomp(2), prctl(2), getrlimit(2) of the Linux manual pages.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import signal
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

MEMORY = 3 << 30  # bytes of private memory; `import torch` alone needs some 0.3 GiB of it
CPU_SECONDS = 600  # of one worker, over all its calls; each call has a deadline of its own
FILE_SIZE = 64 << 20  # bytes

LAYERS = ("limits", "landlock", "seccomp")

_libc = ctypes.CDLL(None, use_errno=True)


class LayerMissing(Exception):
    """This layer does not work on this machine; the text says why."""


@dataclass(frozen=True)
class Confinement:
    """What a worker may touch.

    Attributes:
        readable: files and folders it may read, besides the system's own.
        hidden: folders inside those that it may not.
        scratch: the one folder that it may write.
        cuda: whether it may use a GPU, whose driver maps more memory than a limit could allow for.
        compiles: whether it may start processes, each confined like itself: those that compile a GPU's kernels.
    """

    readable: tuple[str, ...]
    hidden: tuple[str, ...]
    scratch: str
    cuda: bool = False
    compiles: bool = False


def confine(to: Confinement) -> dict[str, str]:
    """Apply every layer this machine has; for each, "on" or why not."""
    steps: dict[str, Callable[[], None]] = {
        "limits": lambda: limit_resources(to.cuda),
        "landlock": lambda: restrict_files(to),
        "seccomp": lambda: restrict_calls(to.compiles),
    }
    return {layer: _try(step) for layer, step in steps.items()}


def _try(step: Callable[[], None]) -> str:
    try:
        step()
    except (LayerMissing, OSError) as error:
        return str(error)
    return "on"


def layers() -> dict[str, str]:
    """Which layers work here, tried in a process that ends at once: "on", or why not."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            found = confine(Confinement(readable=("/",), hidden=(), scratch="/tmp"))
            os.write(write, "\0".join(f"{layer}\t{state}" for layer, state in found.items()).encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as pipe:
        text = pipe.read()
    os.waitpid(pid, 0)
    return dict(line.split("\t", 1) for line in text.split("\0") if line)


# --- limits -----------------------------------------------------------------------------------------------------


def limit_resources(cuda: bool = False) -> None:
    """Bound memory (but not with a GPU), CPU time, file size, open files and core dumps."""
    limits = {
        resource.RLIMIT_DATA: MEMORY,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: FILE_SIZE,
        resource.RLIMIT_NOFILE: 256,
        resource.RLIMIT_CORE: 0,
    }
    if cuda:
        del limits[resource.RLIMIT_DATA], limits[resource.RLIMIT_NOFILE]
    for name, value in limits.items():
        hard = resource.getrlimit(name)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(name, (value, value))


def resident_bytes(pid: int) -> int:
    """Memory of a process that is in RAM now; 0 if that can't be told. For machines with weak limits."""
    try:
        if os.path.isdir("/proc/self"):
            with open(f"/proc/{pid}/statm", encoding="ascii") as statm:
                return int(statm.read().split()[1]) * resource.getpagesize()
        listing = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, timeout=5)
        return int(listing.stdout) << 10
    except (OSError, ValueError, IndexError, subprocess.TimeoutExpired):
        return 0


# --- prctl ------------------------------------------------------------------------------------------------------

_PDEATHSIG, _DUMPABLE, _NO_NEW_PRIVS, _SUBREAPER = 1, 4, 38, 36


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        _libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0)


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent dies."""
    _prctl(_PDEATHSIG, signal.SIGKILL)


def hide_memory() -> None:
    """Close /proc/PID/{mem,fd,environ} of this process to others of the same user."""
    _prctl(_DUMPABLE, 0)


def adopt_orphans() -> None:
    """Become the parent of descendants whose parent died, so that none escapes by forking twice."""
    _prctl(_SUBREAPER, 1)


# --- Landlock ---------------------------------------------------------------------------------------------------

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every architecture
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_READ = _EXECUTE | _READ_FILE | _READ_DIR
_FILE_ONLY = (
    _EXECUTE | _WRITE_FILE | _READ_FILE | (1 << 14) | (1 << 15)
)  # rights that a rule on a file, not a folder, may hold
_SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc", "/opt", "/proc", "/sys", "/nix/store")
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")


class _PathRule(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = [("allowed", ctypes.c_uint64), ("fd", ctypes.c_int32)]


def landlock_abi() -> int:
    """The version of Landlock in this kernel; 0 where there is none."""
    if sys.platform != "linux":
        return 0
    return max(0, int(_libc.syscall(_CREATE_RULESET, None, 0, 1)))


def restrict_files(to: Confinement) -> None:
    """Read only what is allowed, write only the scratch folder, no TCP, no signals to others."""
    abi = landlock_abi()
    if abi == 0:
        raise LayerMissing("this kernel has no Landlock" if sys.platform == "linux" else "Linux only")
    everything = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(abi, 16)) - 1
    ruleset = _create_ruleset(everything, net=3 if abi >= 4 else None, scope=3 if abi >= 6 else None)
    for path in (*_SYSTEM, *to.readable):
        for allowed in around(os.path.realpath(path), tuple(map(os.path.realpath, to.hidden))):
            _allow(ruleset, allowed, _READ)
    for device in _DEVICES:
        _allow(ruleset, device, _READ_FILE | _WRITE_FILE)
    for device in sorted(map(str, Path("/dev").glob("nvidia*"))) if to.cuda else ():
        _allow(ruleset, device, everything)
    _allow(ruleset, to.scratch, everything)
    _prctl(_NO_NEW_PRIVS, 1)
    if _libc.syscall(_RESTRICT_SELF, ruleset, 0) != 0:
        raise LayerMissing(f"landlock_restrict_self: {os.strerror(ctypes.get_errno())}")
    os.close(ruleset)


def around(root: str, hidden: tuple[str, ...]) -> Iterator[str]:
    """`root`, or, where something hidden lies inside it, all of it but that."""
    if any(root == path or root.startswith(path + os.sep) for path in hidden):
        return
    if not any(path.startswith(root.rstrip(os.sep) + os.sep) for path in hidden):
        yield root
        return
    for name in sorted(os.listdir(root)):
        yield from around(os.path.join(root, name), hidden)


def _create_ruleset(files: int, net: int | None, scope: int | None) -> int:
    attributes = [value for value in (files, net, scope) if value is not None]
    data = struct.pack(f"={len(attributes)}Q", *attributes)
    ruleset = int(_libc.syscall(_CREATE_RULESET, data, ctypes.c_size_t(len(data)), 0))
    if ruleset < 0:
        raise LayerMissing(f"landlock_create_ruleset: {os.strerror(ctypes.get_errno())}")
    return ruleset


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what isn't there needs no rule
    try:
        if not os.path.isdir(path):
            rights &= _FILE_ONLY
        rule = _PathRule(rights, fd)
        if _libc.syscall(_ADD_RULE, ruleset, 1, ctypes.byref(rule), 0) != 0:
            raise LayerMissing(f"landlock_add_rule for {path}: {os.strerror(ctypes.get_errno())}")
    finally:
        os.close(fd)


# --- seccomp ----------------------------------------------------------------------------------------------------

# System call numbers: (x86_64, aarch64); None where an architecture has no such call.
_REFUSED: dict[str, tuple[int | None, int | None]] = {
    "socket": (41, 198),
    "fork": (57, None),
    "vfork": (58, None),
    "execve": (59, 221),
    "execveat": (322, 281),
    "ptrace": (101, 117),
    "tkill": (200, 130),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424),
    "pidfd_getfd": (438, 438),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "io_uring_setup": (425, 425),
}
_STARTING = {"fork", "vfork", "execve"}
_SELF_ONLY = {
    "kill": (62, 129),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
}
_CLONE, _CLONE3 = (56, 220), (435, 435)
_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
_CLONE_THREAD = 0x10000
_EPERM, _ENOSYS = 1, 38
_LOAD, _JUMP_EQ, _JUMP_GE, _JUMP_SET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_NUMBER, _ARCH, _FIRST_ARGUMENT = 0, 4, 16  # offsets into struct seccomp_data


def restrict_calls(processes: bool = False) -> None:
    """Refuse sockets, reaching into other processes, and new ones if not `processes`; threads stay allowed."""
    if sys.platform != "linux":
        raise LayerMissing("Linux only")
    if platform.machine() not in _ARCHITECTURES:
        raise LayerMissing(f"no filter for {platform.machine()}")
    _prctl(_NO_NEW_PRIVS, 1)
    code = ctypes.create_string_buffer(_filter(*_ARCHITECTURES[platform.machine()], os.getpid(), processes))
    program = struct.pack("@HP", (len(code) - 1) // 8, ctypes.addressof(code))
    if _libc.prctl(22, ctypes.c_ulong(2), program, 0, 0) != 0:  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER
        raise LayerMissing(f"seccomp: {os.strerror(ctypes.get_errno())}")


def _filter(column: int, architecture: int, pid: int, processes: bool) -> bytes:
    """A classic BPF program; each block tests the call's number and either returns or falls through."""

    def op(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
        return struct.pack("@HBBI", code, if_true, if_false, value)

    def refuse(error: int = _EPERM) -> bytes:
        return op(_RETURN, _ERRNO | error)

    blocks = [op(_LOAD, _ARCH), op(_JUMP_EQ, architecture, 1), refuse(), op(_LOAD, _NUMBER)]
    if column == 0:
        blocks += [op(_JUMP_GE, 0x40000000, 0, 1), refuse()]  # the x32 calls, which have numbers of their own
    for call, numbers in _REFUSED.items():
        if numbers[column] is not None and not (processes and call in _STARTING):
            blocks += [op(_JUMP_EQ, int(numbers[column] or 0), 0, 1), refuse()]
    blocks += [
        op(_JUMP_EQ, _CLONE3[column], 0, 1),
        refuse(_ENOSYS),
    ]  # its flags are out of reach; libc falls back
    if not processes:
        blocks += [op(_JUMP_EQ, _CLONE[column], 0, 4), op(_LOAD, _FIRST_ARGUMENT), op(_JUMP_SET, _CLONE_THREAD, 1)]
        blocks += [refuse(), op(_RETURN, _ALLOW)]
    for numbers in _SELF_ONLY.values():
        blocks += [op(_JUMP_EQ, numbers[column], 0, 4), op(_LOAD, _FIRST_ARGUMENT), op(_JUMP_EQ, pid, 1)]
        blocks += [refuse(), op(_RETURN, _ALLOW)]
    return b"".join([*blocks, op(_RETURN, _ALLOW)])


# --- paths ------------------------------------------------------------------------------------------------------


def interpreter_paths() -> tuple[str, ...]:
    """What Python itself needs to read: its own installation and every folder of sys.path."""
    roots = [sys.prefix, sys.base_prefix, *(path for path in sys.path if path and Path(path).is_dir())]
    return tuple(dict.fromkeys(roots))

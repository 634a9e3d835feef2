"""Control messages between processes that trust each other: client, server, grader. Imports no torch."""

from __future__ import annotations

import array
import json
import socket
import struct
import time
from typing import Any


def send_control(sock: socket.socket, message: dict[str, Any], fds: list[int] | None = None) -> None:
    """Send JSON, and file descriptors with its first byte."""
    text = json.dumps(message).encode()
    data = struct.pack("<I", len(text)) + text
    sent = socket.send_fds(sock, [data], fds or [])
    sock.sendall(data[sent:])


def receive_control(sock: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """The next control message and its file descriptors; None at the end of the stream."""
    header, fds = b"", array.array("i")
    while len(header) < 4:
        part, passed, _, _ = socket.recv_fds(sock, 4 - len(header), 4)
        if not part:
            return None
        header += part
        fds.extend(passed)
    (length,) = struct.unpack("<I", header)
    text = bytearray()
    while len(text) < length:
        part = sock.recv(length - len(text))
        if not part:
            return None
        text += part
    return json.loads(text), list(fds)


class Deadline:
    """A point in time, `seconds` from now, and what is left until then, in seconds."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        return max(0.0, self._end - time.monotonic())

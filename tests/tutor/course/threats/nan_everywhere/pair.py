def twice(x):
    return x * float("nan")


def plus(a, b):
    return a + b

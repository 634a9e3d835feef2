def twice(x):
    return lambda: 2 * x


def plus(a, b):
    return a + b

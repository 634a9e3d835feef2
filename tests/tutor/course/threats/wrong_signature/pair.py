def twice(x, factor):
    return factor * x


def plus(a, b):
    return a + b

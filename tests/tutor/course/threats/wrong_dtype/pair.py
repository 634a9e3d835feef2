def twice(x):
    return 2 * x.float()


def plus(a, b):
    return a + b

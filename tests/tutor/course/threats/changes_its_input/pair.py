def twice(x):
    return x.mul_(2)


def plus(a, b):
    return a + b

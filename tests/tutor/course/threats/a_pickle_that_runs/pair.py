import os


class Evil:
    def __reduce__(self):
        return os.system, ("touch evil",)


def twice(x):
    return Evil()


def plus(a, b):
    return a + b

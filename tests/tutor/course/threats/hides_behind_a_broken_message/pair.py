class Mute(Exception):
    def __str__(self):
        raise ValueError


def twice(x):
    raise Mute


def plus(a, b):
    return a + b

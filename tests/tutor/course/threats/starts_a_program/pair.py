import subprocess


def twice(x):
    subprocess.run(["true"], check=True)
    return 2 * x


def plus(a, b):
    return a + b

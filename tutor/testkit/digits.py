"""The ten digits as small pictures, from which suites draw their data."""

import torch

GLYPHS = """
01110 00100 01110 11110 00010 11111 00110 11111 01110 01110
10001 01100 10001 00001 00110 10000 01000 00001 10001 10001
10011 00100 00001 00001 01010 11110 10000 00010 10001 10001
10101 00100 00010 01110 10010 00001 11110 00100 01110 01111
11001 00100 00100 00001 11111 00001 10001 01000 10001 00001
10001 00100 01000 00001 00010 10001 10001 01000 10001 00010
01110 01110 11111 11110 00010 01110 01110 01000 01110 01100
"""


def glyphs() -> torch.Tensor:
    """One picture for each digit, shape (10, 7, 5), float32: 1 where there is ink, else 0."""
    rows = [line.split() for line in GLYPHS.strip().split("\n")]
    return torch.tensor([[[float(dot) for dot in row[digit]] for row in rows] for digit in range(10)])

"""Learn to write neural networks by hand: exercises graded against PyTorch, offline."""

__version__ = "0.1.0"

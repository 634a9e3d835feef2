"""The tools of those who write exercises."""

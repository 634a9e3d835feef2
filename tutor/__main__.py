"""`python -m tutor`. The current folder is the learner's: nothing is imported from it."""

import os
import sys
from pathlib import Path

here = os.path.realpath(os.getcwd())
sys.path[:] = [path for path in sys.path if path and os.path.realpath(path) != here]
sys.path.append(str(Path(__file__).resolve().parents[1]))

from tutor.cli import main  # noqa: E402

main()

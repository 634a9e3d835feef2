"""`python -m tutor`. The current folder is the learner's: nothing is imported from it."""

import contextlib
import os
import sys
from pathlib import Path


def main() -> None:
    """Run the command line; Ctrl-C ends it quietly even while it is being imported."""
    try:
        _leave_out_the_current_folder()
        from tutor.cli import main as run
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    run()


def _leave_out_the_current_folder() -> None:
    with contextlib.suppress(FileNotFoundError):  # it may be gone, which the commands complain about
        here = os.path.realpath(os.getcwd())
        sys.path[:] = [path for path in sys.path if path and os.path.realpath(path) != here]
    sys.path.append(str(Path(__file__).resolve().parents[1]))


if __name__ == "__main__":
    main()

"""The one exception for what a user can put right."""


class TutorError(Exception):
    """Something the user can put right: a usage mistake, a missing workspace, a fault in a course.

    Caught once, in `tutor.cli.main`, which prints it and exits with status 2. Anything else that escapes
    is a bug of ours and shows a traceback.

    Args:
        what: what happened, and where (a file, a line, a field), as one sentence.
        hint: what to try instead, if we know it.
    """

    def __init__(self, what: str, hint: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint

"""The commands. Each reads what it needs, asks the core, and hands the result to `render`."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tutor import __version__
from tutor.errors import TutorError

if TYPE_CHECKING:
    from tutor.curriculum import Course, Exercise
    from tutor.progress import Progress, State
    from tutor.workspace import Workspace

WHOLE = "all"  # the track that is none: the whole tree, in its own order
PASSED, FAILED, USAGE, UNGRADED, INTERRUPTED = 0, 1, 2, 3, 130
CIRCUMSTANCES = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO}

app = typer.Typer(
    help="Learn to write neural networks by hand. Begin with `tutor next`.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class _Options:
    course: Path | None = None


def _complete_exercise(incomplete: str) -> list[str]:
    try:
        return [name for name in _course().exercises if name.startswith(incomplete)]
    except TutorError:
        return []


def _complete_track(incomplete: str) -> list[str]:
    try:
        return [name for name in (*(track.id for track in _course().tracks), WHOLE) if name.startswith(incomplete)]
    except TutorError:
        return []


Named = Annotated[
    str | None,
    typer.Argument(
        metavar="[EXERCISE]", help="Its name; the one in hand if left out.", autocompletion=_complete_exercise
    ),
]
ToBegin = Annotated[
    str | None,
    typer.Argument(
        metavar="[EXERCISE]", help="Its name; the next in order if left out.", autocompletion=_complete_exercise
    ),
]
OfTrack = Annotated[
    str | None, typer.Option("--track", help="A track's name; all for the whole tree.", autocompletion=_complete_track)
]
OfTopic = Annotated[str | None, typer.Option("--topic", help="A topic's or a subject's name, as in `tutor list`.")]
InSandbox = Annotated[str, typer.Option("--sandbox", help="auto, strict (refuse if a layer is missing) or off.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print data for programs.")]


@app.callback(invoke_without_command=True)
def options(
    context: typer.Context,
    course: Annotated[Path | None, typer.Option(help="A course's folder.", envvar="TUTOR_COURSE")] = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
) -> None:
    """Learn to write neural networks by hand. Begin with `tutor next`."""
    _Options.course = course
    if version:
        typer.echo(f"tutor {__version__}")
        raise typer.Exit()
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(USAGE)
    _check_folder()


# --- learning ---------------------------------------------------------------------------------------------------


@app.command("next")
def next_exercise(
    exercise: ToBegin = None,
    track: OfTrack = None,
    topic: OfTopic = None,
    skip: Annotated[bool, typer.Option("--skip", help="Leave the one in hand for later.")] = False,
) -> None:
    """Get the next exercise: its stub is written, its task shown."""
    from tutor import render
    from tutor.giving import first_open, hand_out, known_track, show_end
    from tutor.workspace import find_workspace, make_workspace

    course = _course()
    if exercise and (track or topic or skip):
        raise TutorError(
            "An exercise that is named is given whatever the order: leave out --track, --topic and --skip."
        )
    wanted = course.find(exercise) if exercise else None
    exercises = course.walk(_named(track), topic)  # complain about unknown names before anything is made
    workspace = find_workspace(Path.cwd())
    if workspace is None:
        workspace = make_workspace(Path.cwd())
        here = workspace.root == Path.cwd()
        where = "this folder" if here else f"`{render.shorten(workspace.root)}`"
        render.say(f"Made a workspace for you in {where}.")
    with _progress(course, workspace) as progress:
        if track:
            progress.choose(track=_named(track))
        elif not topic:
            track = known_track(course, progress)
            exercises = course.walk(track)
        if wanted:
            wanted.require()
            hand_out(course, workspace, progress, wanted)
            return
        current = progress.chosen("current")
        if skip and current:
            progress.record(current, "skipped")
        wanted = first_open(exercises, progress.states())
        if wanted is None:
            show_end(course, progress, exercises, _named(track), topic)
            return
        hand_out(course, workspace, progress, wanted)


@app.command()
def check(
    exercise: Annotated[
        str | None,
        typer.Argument(
            metavar="[EXERCISE|FILE]",
            help="A name or a file; the one in hand if left out.",
            autocompletion=_complete_exercise,
        ),
    ] = None,
    all: Annotated[bool, typer.Option("--all", help="Every exercise you have a file of.")] = False,
    seed: Annotated[int | None, typer.Option(help="Repeat the inputs of an earlier check.", min=0)] = None,
    select: Annotated[str | None, typer.Option("-k", help="Only tests whose name contains this.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Also show the smallest failing input.")] = False,
    sandbox: InSandbox = "auto",
    speed: Annotated[bool, typer.Option("--speed/--no-speed", help="Also time it, where the exercise does.")] = True,
    device: Annotated[
        str | None, typer.Option(help="To time on: cpu, cuda or cuda:1; all there are if left out.")
    ] = None,
    repro: Annotated[bool, typer.Option("--repro", help="Write the first failing call as a script [FILE.py].")] = False,
    repro_file: Annotated[Path | None, typer.Option("--repro-file", hidden=True)] = None,
    json: AsJson = False,
) -> None:
    """Grade your code against PyTorch."""
    from tutor.grading import Server

    mode = _sandbox_mode(sandbox)
    if all and (exercise or select or repro or repro_file or explain):
        raise TutorError("--all grades whole exercises: it goes with neither an exercise, -k, --repro nor --explain.")
    with Server(_course_root()) as server:  # first of all: it imports torch while we read the rest
        from tutor.checking import Options, check_all, check_one

        asked = Options(seed, select, mode, repro or repro_file is not None, repro_file, json, explain, speed, device)
        course = _course()
        _states(course)  # a renamed exercise is to be found under its new name
        raise typer.Exit(check_all(course, server, asked) if all else check_one(course, server, exercise, asked))


@app.command()
def watch(exercise: Named = None, sandbox: InSandbox = "auto") -> None:
    """Grade your code at every save, with keys for the rest; q ends it."""
    from tutor.grading import Server

    mode = _sandbox_mode(sandbox)
    with Server(_course_root()) as server:  # it imports torch while we read the rest
        from tutor.watching import Watch
        from tutor.workspace import need_workspace

        course, workspace = _course(), need_workspace(Path.cwd())
        Watch(course, server, workspace, _chosen(course, exercise), mode).run()


@app.command()
def progress(track: OfTrack = None, json: AsJson = False) -> None:
    """Show where you stand, by subject and topic."""
    from tutor import render
    from tutor.progress import progress_to_json, standing
    from tutor.workspace import need_workspace

    course = _course()
    with _progress(course, need_workspace(Path.cwd())) as database:
        states = database.states()
    view = standing(course, states, _named(track))
    if json:
        render.print_json(progress_to_json(view))
    else:
        render.show_progress(view, [name for name, state in states.items() if state.revealed])


@app.command("speed")
def speed_history(exercise: Named = None) -> None:
    """Show how fast your code was at each check, by device."""
    from tutor import render
    from tutor.workspace import need_workspace

    course = _course()
    with _progress(course, need_workspace(Path.cwd())) as database:
        name = course.find(exercise).name if exercise else None
        history = database.speeds(name)
    if not history:
        of = f" of {name}" if name else ""
        raise TutorError(
            f"Nothing{of} has been timed yet.", "`tutor check` times exercises where time means something."
        )
    render.show_speeds(history)


@app.command("list")
def list_exercises(track: OfTrack = None, topic: OfTopic = None) -> None:
    """List the exercises, in order, with their state."""
    from tutor import render

    course = _course()
    exercises = course.walk(_named(track), topic) if _named(track) or topic else [*course.exercises.values()]
    render.show_list(course, exercises, _states(course))


@app.command()
def lesson(exercise: Named = None) -> None:
    """Read the lesson of an exercise."""
    from tutor import render

    chosen = _chosen(_course(), exercise)
    if not chosen.lesson.exists():
        raise TutorError(f"{chosen.name} has no lesson: {chosen.lesson} is missing.", "Is the course complete?")
    render.show_lesson(chosen.lesson)


@app.command()
def hint(exercise: Named = None) -> None:
    """Show one more hint; they are counted."""
    from tutor import render
    from tutor.workspace import need_workspace

    course = _course()
    with _progress(course, need_workspace(Path.cwd())) as database:
        chosen = _chosen(course, exercise, database)
        shown = database.states()[chosen.name].hints if chosen.name in database.states() else 0
        if shown < len(chosen.details().hints):
            database.record(chosen.name, "hint")
            shown += 1
    render.show_hints(chosen, shown)


@app.command()
def reset(exercise: Named = None) -> None:
    """Start an exercise again from its stub; your file is kept as a backup."""
    from tutor import render
    from tutor.workspace import need_workspace

    course, workspace = _course(), need_workspace(Path.cwd())
    with _progress(course, workspace) as database:
        chosen = _chosen(course, exercise, database)
        backup = workspace.reset(chosen)
        database.record(chosen.name, "reset")
        database.choose(current=chosen.name)
    render.say(f"`{render.shorten(workspace.file(chosen))}` is the stub again.")
    if backup:
        render.say(f"What you had is in `{render.shorten(backup)}`.")


@app.command()
def diff(
    exercise: Named = None,
    upstream: Annotated[bool, typer.Option("--upstream", help="What changed in the course's stub instead.")] = False,
) -> None:
    """Show what you changed in the stub."""
    from tutor import render
    from tutor.workspace import need_workspace

    workspace = need_workspace(Path.cwd())
    render.show_diff(workspace.diff(_chosen(_course(), exercise), upstream))


@app.command()
def solution(
    exercise: Named = None,
    reveal: Annotated[
        bool, typer.Option("--reveal", help="Also before you have passed; progress will show it.")
    ] = False,
) -> None:
    """Show solutions of an exercise that you have passed."""
    from tutor import render
    from tutor.progress import State
    from tutor.workspace import need_workspace

    course = _course()
    with _progress(course, need_workspace(Path.cwd())) as database:
        chosen = _chosen(course, exercise, database)
        files = chosen.right()
        if not files:
            raise TutorError(f"{chosen.name} has no solution: {chosen.solutions} is empty.", "Is the course complete?")
        passed = database.states().get(chosen.name, State()).passed_at
        if not passed and not reveal:
            raise TutorError(
                f"You have not passed {chosen.name} yet.", "`tutor hint` helps; --reveal shows it all the same."
            )
        if not passed:
            database.record(chosen.name, "revealed")
    for file in files:
        render.show_code(f"{chosen.name} · {file.name}", file.read_text(encoding="utf-8"))


@app.command()
def show(exercise: Named = None) -> None:
    """Open the pictures that a check drew of your results."""
    from tutor import render
    from tutor.workspace import need_workspace

    course, workspace = _course(), need_workspace(Path.cwd())
    chosen = _chosen(course, exercise)
    pictures = sorted(workspace.pictures(chosen).glob("*.png"))
    if not pictures:
        raise TutorError(
            f"There is no picture of {chosen.name}.",
            "Exercises that train something draw one when `tutor check` passes.",
        )
    for picture in pictures:
        render.say(f"`{render.shorten(picture)}`")
    if render.has_screen():
        for picture in pictures:
            typer.launch(str(picture))


@app.command()
def tracks() -> None:
    """List the tracks: orders through the course, one a syllabus."""
    from tutor import render
    from tutor.giving import known_track
    from tutor.progress import standing
    from tutor.workspace import find_workspace

    course = _course()
    states = _states(course)
    workspace, current = find_workspace(Path.cwd()), None
    if workspace:
        with _progress(course, workspace) as database:
            current = known_track(course, database)
    render.show_tracks(course, [(track, standing(course, states, track.id).totals) for track in course.tracks], current)


@app.command()
def doctor() -> None:
    """Say what tutor finds on this machine, ready to paste into a bug report."""
    from tutor import render
    from tutor.diagnostics import facts

    render.show_facts(facts(_Options.course, Path.cwd()))


# --- writing exercises ------------------------------------------------------------------------------------------


@app.command()
def verify(
    exercises: Annotated[list[str] | None, typer.Argument(help="Names; the whole course if left out.")] = None,
    jobs: Annotated[int | None, typer.Option("-j", "--jobs", help="Processes at once.", min=1)] = None,
    seed: Annotated[
        int | None, typer.Option(help="The same inputs in every run; drawn anew if left out.", min=0)
    ] = None,
) -> None:
    """For authors: check that stubs fail, solutions pass, mistakes are rejected, and nothing is missing."""
    from tutor import render
    from tutor.authoring.verify import verify as find_faults

    root = _course_root()
    with render.progress_bar("verifying") as update:
        faults = find_faults(root, exercises, jobs, update, seed)
    course = _course()
    left_out = [] if exercises else [exercise for exercise in course.exercises.values() if not exercise.available]
    if not exercises:
        render.show_untaught(course)
    for exercise in left_out:
        render.say(f"{exercise.name} was not graded: it needs {exercise.needs}, which is not installed.", "yellow")
    render.show_faults(faults, len(exercises or course.exercises) - len(left_out))
    raise typer.Exit(FAILED if faults else PASSED)


@app.command()
def new(name: Annotated[str, typer.Argument(metavar="SUBJECT/EXERCISE", help="For example convnets/conv3d.")]) -> None:
    """For authors: scaffold the files of a new exercise."""
    from tutor import render
    from tutor.authoring.new import scaffold

    *files, curriculum = scaffold(_course_root(), name)
    for file in files:
        render.say(f"wrote `{render.shorten(file)}`")
    render.say(f"Now list it in `{render.shorten(curriculum)}`, fill the files in, and run `tutor verify`.")


# --- parts ------------------------------------------------------------------------------------------------------


def _check_folder() -> None:
    try:
        os.getcwd()
    except FileNotFoundError:
        raise TutorError("The current folder is not there any more.", "cd into another one.") from None


def _course_root() -> Path:
    from tutor.curriculum import find_course

    return find_course(_Options.course)


def _course() -> Course:
    from tutor.curriculum import load_course

    return load_course(_course_root())


@contextmanager
def _progress(course: Course, workspace: Workspace) -> Iterator[Progress]:
    """The workspace's database, names of a changed course brought up to date."""
    from tutor import render

    database = workspace.progress()
    try:
        for note in workspace.adopt(course, database):
            render.note(note)
        yield database
    finally:
        database.close()


def _states(course: Course) -> dict[str, State]:
    """What is known of the exercises, without a workspace nothing."""
    from tutor.workspace import find_workspace

    workspace = find_workspace(Path.cwd())
    if workspace is None:
        return {}
    with _progress(course, workspace) as database:
        return database.states()


def _chosen(course: Course, name: str | None, database: Progress | None = None) -> Exercise:
    """The exercise of this name, or the one in hand."""
    from tutor.workspace import need_workspace

    if name:
        return course.find(name)
    if database is None:
        with _progress(course, need_workspace(Path.cwd())) as database:
            return _chosen(course, name, database)
    current = database.chosen("current")
    if current not in course.exercises:
        raise TutorError("You have no exercise in hand.", "`tutor next` gives you one; or name one.")
    return course.exercises[current]


def _named(track: str | None) -> str | None:
    return None if track == WHOLE else track


def _sandbox_mode(value: str) -> Literal["auto", "strict", "off"]:
    modes: dict[str, Literal["auto", "strict", "off"]] = {"auto": "auto", "strict": "strict", "off": "off"}
    if value in modes:
        return modes[value]
    raise TutorError(f"--sandbox can't be {value!r}.", "It is auto, strict or off.")


def _spread_repro(arguments: list[str]) -> list[str]:
    """`--repro FILE.py` and `--repro=FILE.py` as the two options that they stand for: Typer has no optional values."""
    spread: list[str] = []
    for argument in arguments:
        if argument.startswith("--repro="):
            spread += ["--repro", "--repro-file", argument.removeprefix("--repro=")]
        elif argument.endswith(".py") and spread and spread[-1] == "--repro":
            spread += ["--repro-file", argument]
        else:
            spread.append(argument)
    return spread


def run(arguments: list[str]) -> int:
    """Run one command; its exit status."""
    try:
        status = app(_spread_repro(arguments), prog_name="tutor", standalone_mode=False)
        sys.stdout.flush()
        return status if isinstance(status, int) else PASSED
    except TutorError as error:
        return _complain(error.what, error.hint)
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except OSError as error:
        if error.errno not in CIRCUMSTANCES:
            raise
        _hush()  # what can't be printed now can't be at exit either
        return _complain(f"{error.filename or 'The output'}: {error.strerror}.", "Is the disk full, or read-only?")
    except Exception as error:
        if any(kind.__name__ == "ClickException" for kind in type(error).__mro__):  # Typer's, or click's under it
            error.show()  # type: ignore[attr-defined]
            return USAGE
        sys.excepthook(*sys.exc_info())  # a bug of ours; 1 would say: the exercise fails
        return UNGRADED


def _complain(what: str, hint: str | None) -> int:
    from tutor import render

    render.show_error(what, hint)
    return USAGE


def _hush() -> None:
    from tutor import render

    render.hush()


def main() -> None:
    """Entry point: run a command and exit with its status."""
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115 (`tutor list >&-`: there is none)
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    raise SystemExit(run(sys.argv[1:]))

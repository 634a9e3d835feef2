"""Data to the terminal, with rich. Nothing here decides anything.

Text that comes from a learner's code never reaches rich as markup, nor the terminal as control characters.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from tutor.curriculum import Course, Exercise, Track
from tutor.progress import Pace, Standing, State, Totals
from tutor.report import Explanation, Failure, Report, Speed, TestResult

if TYPE_CHECKING:
    from tutor.authoring.verify import Fault

MARKS = {"passed": ("✓", "green"), "failed": ("✗", "red"), "waiting": ("…", "dim"), "error": ("!", "yellow")}
STATUS = {"passed": ("✓", "green"), "started": ("▸", "yellow"), "skipped": ("↷", "dim"), "todo": ("·", "dim")}
FULL = 3  # failures that are shown in full
PRINTED = 12  # lines of a learner's prints that are shown


class _Terminal(Console):
    """A console whose reader may go away, as `head` does: the command itself still ends as it would have."""

    def on_broken_pipe(self) -> None:
        hush()


def hush() -> None:
    """Send what is still to be printed nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


console = _Terminal(highlight=False, soft_wrap=False)
errors = Console(highlight=False, stderr=True)


def clean(text: str) -> str:
    """Without control characters, which could move the cursor, turn text around, or change the terminal."""
    return re.sub(
        r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "�", text.replace("\r\n", "\n").expandtabs(4)
    )


def clear() -> None:
    """An empty screen, in a terminal; elsewhere an empty line."""
    console.clear() if console.is_terminal else console.print()


def say(text: str, style: str = "") -> None:
    """One paragraph; what can be typed, in backticks, becomes bold."""
    console.print(_marked(text, style))


def note(text: str) -> None:
    """One line beside what was asked for, on standard error: standard output may be read by a program."""
    errors.print(_marked(clean(text), "yellow"))


def _marked(text: str, style: str = "") -> Text:
    parts = re.split(r"`([^`]+)`", text)
    return Text.assemble(*((part, "bold cyan" if i % 2 else style) for i, part in enumerate(parts)))


def indent(text: Text, columns: int) -> None:
    """A paragraph further in, wrapped lines too."""
    width = max(console.width - columns, 20)
    for line in text.wrap(console, width):
        line.rstrip()
        console.print(Text(" " * columns) + line, soft_wrap=True)


def show_error(what: str, hint: str | None) -> None:
    """What went wrong and what to try, on standard error."""
    errors.print(Text(clean(what), "red"), soft_wrap=True)  # a path that is broken in two can't be copied
    if hint:
        errors.print(_marked(clean(hint)), soft_wrap=True)


def print_json(data: Any) -> None:
    """JSON and nothing else on standard output."""
    try:
        sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        hush()


# --- next, lesson, hint, diff, solution -------------------------------------------------------------------------


def show_exercise(course: Course, exercise: Exercise, file: Path, state: State, fresh: bool) -> None:
    """The exercise in hand: title, place, task, and where to write."""
    details = exercise.details()
    names = list(course.exercises)
    subject = next(s for s in course.subjects if s.id == exercise.subject)
    topic = next(t for t in subject.topics if t.id == exercise.topic)
    console.print()
    console.print(Text(exercise.title, "bold"), Text(f"  {exercise.name}", "cyan"))
    place = f"{subject.title} › {topic.title} · {names.index(exercise.name) + 1} of {len(names)}"
    console.print(Text(f"{place} · about {count(details.minutes, 'minute')}", "dim"))
    if exercise.after:
        titles = ", ".join(course.exercises[name].title for name in exercise.after)
        console.print(Text(f"Builds on: {titles}", "dim"))
    console.print()
    console.print(Text(details.task.strip()))
    if details.forbid:
        console.print(Text(f"Yours to write, so not to be called: {', '.join(details.forbid)}.", "dim"))
    console.print()
    console.print(Text("Your file  " if not fresh else "New file   "), Text(shorten(file), "bold cyan"), sep="")
    say("`tutor lesson` explains it, `tutor check` grades it, `tutor hint` helps.")
    if state.attempts:
        console.print(Text(f"{count(state.attempts, 'attempt')} so far, {count(state.hints, 'hint')} used.", "dim"))


def show_end(left: dict[str, int], skipped: list[str], missing: list[str], where: str) -> None:
    """Nothing is left in this track or topic: say so, and what is left elsewhere."""
    if skipped:
        say(f"You have come to the end of {where}; skipped on the way: {', '.join(skipped)}.")
        say("`tutor next NAME` takes one of them up again.")
    else:
        say(f"You have passed everything in {where}{' that can be graded here' if missing else ''}.", "green")
    for needs in missing:
        say(f"  More of it needs {needs}: `pip install 'tutor[{needs}]'`.")
    for track, number in left.items():
        say(f"  {track}: {count(number, 'exercise')} to go (`tutor next --track {track}`)")


def show_lesson(path: Path) -> None:
    """A lesson, its Markdown rendered."""
    from rich.markdown import Markdown

    console.print(Markdown(path.read_text(encoding="utf-8")), width=min(console.width, 100))


def show_hints(exercise: Exercise, shown: int) -> None:
    """The first hints, the newest last."""
    hints = exercise.details().hints
    for number, hint in enumerate(hints[:shown], 1):
        newest = number == shown
        console.print(Text(f"Hint {number} of {len(hints)}", "bold" if newest else "dim"))
        indent(Text(hint.strip(), "" if newest else "dim"), 2)
    left = len(hints) - shown
    if left > 0:
        say(f"{count(left, 'hint')} left: `tutor hint` again.", "dim")
    else:
        say("That was the last. `tutor solution --reveal` shows an answer, if nothing else helps.", "dim")


def show_diff(diff: str) -> None:
    """A unified diff in colour."""
    styles = {"+": "green", "-": "red", "@": "cyan"}
    for line in clean(diff).splitlines():
        console.print(Text(line, styles.get(line[:1], "")))
    if not diff:
        say("No difference.", "dim")


def show_code(title: str, code: str) -> None:
    """A file of Python, coloured."""
    from rich.syntax import Syntax

    console.print(Text(title, "bold"))
    console.print(Syntax(code, "python", background_color="default", word_wrap=True))


# --- check ------------------------------------------------------------------------------------------------------


class Results:
    """Shows tests as they come in, a line each; the cases of a test that waits for another share one."""

    def __init__(self) -> None:
        self._waiting: set[str] = set()

    def show(self, result: TestResult) -> None:
        """One more test."""
        mark, style = MARKS[result.outcome]
        title = clean(result.title)
        if result.outcome == "waiting":
            test = result.id.partition("[")[0]
            if test in self._waiting:
                return
            self._waiting.add(test)
            reason = clean(result.failure.summary) if result.failure else ""
            title = f"{title.partition(' (')[0]}: {reason[:1].lower()}{reason[1:]}"
        console.print(Text.assemble((f" {mark} ", style), (title, "" if result.outcome == "failed" else style)))


def show_report(report: Report, file: Path) -> None:
    """What went wrong, in full for the first failures."""
    failed = [test for test in report.tests if test.failure and test.outcome in {"failed", "error"}]
    shown = 0
    said: set[str] = set()
    for test in failed:
        assert test.failure is not None
        # Other cases of one test rarely say anything new, nor does the same exception in another test.
        keys = {test.id.partition("[")[0], test.failure.summary if test.failure.kind != "mismatch" else test.id}
        if shown < FULL and not keys & said:
            shown += 1
            _show_failure(test, test.failure, file)
        said |= keys
    if report.pattern:
        console.print()
        indent(Text.assemble(("In common: ", "bold yellow"), clean(report.pattern)), 0)
    if report.own:
        console.print()
        indent(Text.assemble(("Forward and backward: ", "bold yellow"), clean(report.own)), 0)
    _count_others(report, len(failed) - shown)
    if report.explanation:
        show_explanation(report.explanation)
    if report.speed:
        show_speed(report.speed)
    for note in report.notes:
        say(clean(note), "yellow")


def _count_others(report: Report, more: int) -> None:
    waiting = report.counts["waiting"]
    lines = [f"{count(more, 'more test')} failed"] if more > 0 else []
    lines += [f"{count(waiting, 'test')} {'waits' if waiting == 1 else 'wait'} for those above"] if waiting else []
    if lines:
        console.print()
        say(f"{'; '.join(lines)}.", "dim")


def _show_failure(test: TestResult, failure: Failure, file: Path) -> None:
    console.print()
    console.print(Text.assemble(("✗ ", "red"), (clean(test.title), "bold")))
    body = Text(clean(failure.summary), "red")
    indent(body, 2)
    for line in failure.details:
        indent(Text(clean(line)), 4)
    if failure.diagnosis:
        indent(Text.assemble(("Likely cause: ", "bold yellow"), clean(failure.diagnosis)), 2)
    if failure.frames:
        indent(Text(f"in {file.name}", "dim"), 2)
        for frame in failure.frames:
            where = Text.assemble((f"{frame.line:>4} ", "dim"), (clean(frame.code), "cyan"))
            indent(where, 2)
    if failure.call:
        call = clean(failure.call)
        indent(Text.assemble(("call  " if "\n" not in call else "run\n", "dim"), call), 2)
    if failure.printed.strip():
        _show_printed(failure.printed)


def _show_printed(printed: str) -> None:
    lines = clean(printed).splitlines()
    indent(Text("your prints", "dim"), 2)
    for line in lines[:PRINTED]:
        indent(Text(line[:500], "magenta"), 4)
    if len(lines) > PRINTED:
        indent(Text(f"… {len(lines) - PRINTED} more lines", "dim"), 4)


def show_explanation(explanation: Explanation) -> None:
    """The smallest failing call: what goes in, what came out, what was expected."""
    console.print()
    console.print(Text.assemble(("Smallest failing input found ", "bold"), (f"({clean(explanation.test)})", "dim")))
    for name, value in explanation.arguments:
        _show_columns([("", f"{clean(name)} ="), ("", clean(value))])
    called = f"{clean(explanation.function)} returned" if explanation.parts else clean(explanation.function)
    console.print(Text(f"  {called}", "dim"))
    for part in explanation.parts:
        yours, expected = f"yours\n{clean(part.yours)}", f"expected\n{clean(part.expected)}"
        _show_columns([("bold", clean(part.name)), ("red", yours), ("green", expected)])
    if explanation.says:
        indent(Text(clean(explanation.says), "red"), 2)
    if explanation.source:
        indent(Text(clean(explanation.source).rstrip(), "cyan"), 2)


OUTCOMES = {
    "fast": ("fast enough", "green"),
    "slow": ("too slow", "red"),
    "noisy": ("too noisy to say", "yellow"),
    "small": ("too short to say", "yellow"),
    "unmeasured": ("not measured", "dim"),
    "measured": ("", ""),
}


def show_speed(rows: Iterable[Speed]) -> None:
    """What was timed, a line for each device; what it means below."""
    from rich.table import Table

    rows = list(rows)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    roof = any(row.roof is not None for row in rows)
    memory = any(row.memory is not None for row in rows)
    more = [*(["memory"] if memory else []), *(["of the device"] if roof else [])]
    for name in ["device", "function", "yours", "torch's", "ratio", "operations", *more]:
        table.add_column(name, justify="left" if name in {"device", "function"} else "right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for row in rows:
        outcome, style = OUTCOMES.get(row.outcome, (row.outcome, ""))
        if row.outcome == "slow" and not row.gates:
            outcome, style = "slow", "yellow"
        cells = [row.device, row.function, _duration(row.yours), _duration(row.reference), _times(row.ratio)]
        cells += ["" if row.operations is None else f"{row.operations:,}"]
        cells += [*([_times(row.memory)] if memory else [])]
        cells += [*(["" if row.roof is None else f"{row.roof:.0%}"] if roof else [])]
        table.add_row(*map(clean, cells), Text(clean(outcome), style))
    console.print()
    console.print(table)
    for says in dict.fromkeys(row.says for row in rows if row.says):
        say(clean(says), "dim")


def show_speeds(history: Iterable[Pace]) -> None:
    """The history of what was timed: a sparkline for each function and device, like only beside like."""
    for pace in history:
        line = Text.assemble(
            (pace.function, "bold cyan"), ("" if pace.function == pace.exercise else f" ({pace.exercise})")
        )
        line.append(f"  {_times(pace.ratios[-1])} of torch's time  ")
        line.append(sparkline(pace.ratios[-40:]), "green")
        console.print(line)
        driver = f", driver {pace.driver}" if pace.driver else ""
        last = f"{_duration(pace.yours)} a call, torch {_duration(pace.reference)}"
        checks = count(len(pace.ratios), "check")
        indent(Text(f"{clean(pace.device)}{driver}, torch {pace.torch} · {checks} · last: {last}", "dim"), 2)


def sparkline(values: list[float]) -> str:
    """One character a value, on a logarithmic scale: ▁ for the smallest, █ for the largest."""
    import math

    bars = "▁▂▃▄▅▆▇█"
    logs = [math.log(max(value, 1e-9)) for value in values]
    low, high = min(logs), max(logs)
    if high - low < 0.05:
        return bars[3] * len(values)
    return "".join(bars[round((value - low) / (high - low) * (len(bars) - 1))] for value in logs)


def _times(ratio: float | None) -> str:
    if ratio is None:
        return ""
    return f"{ratio:.2f}×" if ratio < 9.95 else f"{ratio:,.0f}×"


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return ""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} µs"


def _show_columns(columns: list[tuple[str, str]]) -> None:
    """Texts of several lines beside each other; below each other where the terminal is too narrow."""
    split = [(style, text.split("\n")) for style, text in columns]
    widths = [max(map(len, lines)) for _, lines in split]
    if sum(widths) + 3 * len(widths) > console.width:
        for style, lines in split:
            indent(Text("\n".join(lines), style), 4)
        return
    for row in range(max(len(lines) for _, lines in split)):
        line = Text("  ")
        for (style, lines), width in zip(split, widths, strict=True):
            line.append(f"{lines[row] if row < len(lines) else '':<{width}}   ", style)
        line.rstrip()
        console.print(line, soft_wrap=True)


def show_verdict(report: Report, repeat: str) -> None:
    """The last lines: the verdict, and how to repeat it."""
    passed, total = report.counts["passed"], len(report.tests)
    console.print()
    if report.verdict == "passed":
        all_of_it = "its one test" if total == 1 else f"all {total} tests"
        text = f"{report.exercise}: {all_of_it} passed" if report.whole else f"{total} chosen passed"
        console.print(Text(f"✓ {text} in {report.seconds:.1f} s", "bold green"), Text(f"(seed {report.seed})", "dim"))
    elif report.verdict == "failed":
        console.print(Text(f"✗ {report.exercise}: {passed} of {count(total, 'test')} passed", "bold red"))
        say(f"Repeat with the same inputs: `{repeat} --seed {report.seed}`. For a debugger: add `--repro`.", "dim")
    else:
        console.print(Text(f"! {report.exercise} could not be graded; it counts as no attempt.", "bold yellow"))
    if missing := [layer for layer in report.sandbox if not layer.endswith(": on")]:
        say(f"The sandbox is not complete here ({'; '.join(missing)}). `tutor doctor` says more.", "dim")


def show_passed(exercise: Exercise, state: State, elapsed: str | None, report: Report, then: Exercise | None) -> None:
    """What was learned, how long it took, what there is to see, and what comes next."""
    say(exercise.details().learned.strip())
    took = f", {elapsed} after you got it" if elapsed else ""
    console.print(Text(f"{count(state.attempts, 'attempt')}{took}.", "dim"))
    for picture in report.pictures:
        console.print(Text.assemble("Look at it: ", (shorten(Path(picture)), "bold cyan")))
    if report.pictures:
        say(f"`tutor show {exercise.name}` opens {'it' if len(report.pictures) == 1 else 'them'}.")
    if then:
        say(f"Next: {then.title} (`tutor next`). `tutor solution {exercise.name}` shows how others write this one.")
    else:
        say("That was the last one here: `tutor next` says what is left.")


def show_summary(report: Report) -> None:
    """A whole check as one line, for `check --all`."""
    mark, style = MARKS["error" if report.verdict == "ungraded" else report.verdict]
    counts = f"  {report.counts['passed']} of {count(len(report.tests), 'test')}"
    console.print(Text.assemble((f" {mark} ", style), report.exercise, (counts, "dim")))


# --- progress, list, tracks -------------------------------------------------------------------------------------


def show_progress(view: Standing, revealed: list[str]) -> None:
    """Bars for every subject, and counts for its topics."""
    width = max((len(topic.title) for s in view.course.subjects for topic in s.topics), default=20) + 2
    width = max(20, min(width, console.width - 34))
    for subject in view.course.subjects:
        if subject.id not in view.subjects:
            continue
        console.print(_progress_line(subject.title, view.subjects[subject.id], width + 2, "bold"))
        for topic in subject.topics:
            if (subject.id, topic.id) in view.topics:
                console.print(Text("  ") + _progress_line(topic.title, view.topics[subject.id, topic.id], width, ""))
    totals = view.totals
    where = f"track {view.track}" if view.track else view.course.title
    console.print()
    console.print(Text(f"{where}: {totals.passed} of {totals.all} passed, {totals.started} started", "bold"))
    last = f"; last activity {totals.last_activity[:16].replace('T', ' ')} UTC" if totals.last_activity else ""
    console.print(Text(f"{count(totals.attempts, 'attempt')}{last}", "dim"))
    if revealed:
        console.print(Text(f"Solutions looked at before passing: {', '.join(revealed)}", "dim"))


def _progress_line(title: str, totals: Totals, width: int, style: str) -> Text:
    cells = 12
    done = totals.passed * cells // max(totals.all, 1)
    begun = min(cells - done, -(-totals.started * cells // max(totals.all, 1)))
    name = title if len(title) < width else title[: width - 2] + "…"
    attempts = f"  {count(totals.attempts, 'attempt')}" if totals.attempts else ""
    return Text.assemble(
        (f"{name:<{width}}", style),
        ("━" * done, "green"),
        ("╍" * begun, "yellow"),
        ("─" * (cells - done - begun), "dim"),
        f" {totals.passed:>3}/{totals.all}",
        (attempts if len(title) + 40 < console.width else "", "dim"),
    )


def show_list(course: Course, exercises: list[Exercise], states: dict[str, State]) -> None:
    """Every exercise with its state, under its subject and topic."""
    titles = {(s.id, t.id): f"{s.title} › {t.title}" for s in course.subjects for t in s.topics}
    width = max((len(exercise.name) for exercise in exercises), default=10)
    place = None
    lines: list[Text] = []
    for exercise in exercises:
        if (exercise.subject, exercise.topic) != place:
            place = (exercise.subject, exercise.topic)
            lines.append(Text(titles[place], "bold"))
        mark, style = STATUS[states.get(exercise.name, State()).status]
        lines.append(Text.assemble((f" {mark} ", style), (f"{exercise.name:<{width}}  ", "cyan"), exercise.title))
    console.print(Text("\n").join(lines), overflow="ellipsis", no_wrap=True)


def show_tracks(course: Course, tracks: list[tuple[Track, Totals]], current: str | None) -> None:
    """The tracks with what is passed of each."""
    for track, totals in tracks:
        mark = "▸" if track.id == current else " "
        line = Text.assemble((f"{mark} ", "yellow"), (f"{track.id:<14}", "bold cyan"), f"{totals.passed}/{totals.all}")
        console.print(line + Text(f"  {track.about}", "dim"))
    whole = "the whole tree, in its own order"
    say(f"Now: {current or whole}. `tutor next --track NAME` changes it; `--track all` is the whole tree.", "dim")


# --- the rest ---------------------------------------------------------------------------------------------------


def has_screen() -> bool:
    """Whether someone sits at this terminal to whom a window can be shown."""
    return console.is_terminal and (
        sys.platform == "darwin" or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
    )


def show_untaught(course: Course) -> None:
    """The units that no exercise teaches yet, by track."""
    for track in course.tracks:
        missing = [unit for unit in track.units if not unit.exercises]
        if missing:
            console.print(
                Text(f"{track.id}: {len(missing)} of {count(len(track.units), 'unit')} without an exercise", "bold")
            )
        for unit in missing:
            console.print(Text(f"  {unit.id}  {unit.title}", "dim"), soft_wrap=True)


def show_faults(faults: list[Fault], exercises: int) -> None:
    """One line a fault."""
    for fault in faults:
        console.print(Text(clean(str(fault))), soft_wrap=True)
    if faults:
        console.print(Text(f"✗ {count(len(faults), 'fault')} in {count(exercises, 'exercise')}", "bold red"))
    else:
        console.print(Text(f"✓ {count(exercises, 'exercise')} verified", "bold green"))


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """A bar for as long as the block runs; it yields a function that takes how many are done, and of how many."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def show_facts(facts: Iterable[tuple[str, str]]) -> None:
    """Plain lines, ready to paste."""
    for name, value in facts:
        console.print(Text(f"{name:<12} {value}"), soft_wrap=True)


def count(number: int, noun: str) -> str:
    """`1 test`, `3 tests`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def shorten(path: Path) -> str:
    """A path as the learner would type it here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)

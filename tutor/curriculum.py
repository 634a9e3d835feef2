"""The course: subjects, topics, exercises and tracks, read from `curriculum.yaml` and each `exercise.yaml`.

The curriculum alone is enough to walk and list the course; an `exercise.yaml` is read for the exercise in hand.
"""

from __future__ import annotations

import importlib.util
import math
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NoReturn

from tutor.errors import TutorError

SLOW = "slow_"  # how the name of a solution begins that is right, and too slow

Place = tuple[str | int, ...]  # of a value in a YAML file: keys and indices from its root


@dataclass(frozen=True)
class Mistake:
    """A mistake that learners make, as edits of the solution.

    Attributes:
        says: what to tell the learner who made it.
        edits: pairs (from, to); each `from` occurs exactly once in the solution.
    """

    says: str
    edits: tuple[tuple[str, str], ...]

    def apply(self, source: str) -> str:
        """`source` with this mistake in it.

        Raises:
            TutorError: if the text to replace does not occur exactly once.
        """
        for old, new in self.edits:
            if source.count(old) != 1:
                raise TutorError(f"edit.from {old!r} occurs {source.count(old)} times in the solution, not once")
            source = source.replace(old, new)
        return source


@dataclass(frozen=True)
class Details:
    """What `exercise.yaml` says.

    Attributes:
        task: what to write, in a sentence or two.
        learned: one line for the learner who has passed.
        minutes: how long it takes, about.
        hints: from a nudge to nearly there.
        forbid: public torch names that may not be used.
        seconds: the deadline of one call of the learner's code.
        mistakes: known ones.
        formerly: names that this exercise had before.
    """

    task: str
    learned: str
    minutes: int
    hints: tuple[str, ...]
    forbid: tuple[str, ...]
    seconds: float
    mistakes: tuple[Mistake, ...]
    formerly: tuple[str, ...]


@dataclass(frozen=True)
class Exercise:
    """One exercise. Its name is unique in the course, and the key under which progress is kept.

    Attributes:
        after: names of the exercises that it builds on.
        needs: a package beyond tutor's own dependencies, which the extra of that name installs; empty if none.
    """

    name: str
    title: str
    subject: str
    topic: str
    after: tuple[str, ...]
    course_root: Path
    needs: str = ""

    @property
    def id(self) -> str:
        """`subject/name`."""
        return f"{self.subject}/{self.name}"

    @property
    def folder(self) -> Path:
        return self.course_root / "exercises" / self.subject / self.name

    @property
    def lesson(self) -> Path:
        return self.folder / "lesson.md"

    @property
    def stub(self) -> Path:
        return self.folder / "stub.py"

    @property
    def config(self) -> Path:
        return self.folder / "exercise.yaml"

    @property
    def solutions(self) -> Path:
        """The folder of all correct solutions."""
        return self.course_root / "solutions" / self.subject / self.name

    @property
    def available(self) -> bool:
        """Whether what it needs is installed."""
        return not self.needs or importlib.util.find_spec(self.needs) is not None

    def require(self) -> None:
        """Complain if what it needs isn't installed.

        Raises:
            TutorError: saying how to install it.
        """
        if not self.available:
            hint = f"`pip install 'tutor[{self.needs}]'` installs it, where there is one for this system."
            raise TutorError(f"{self.name} needs {self.needs}, which is not installed.", hint)

    def right(self) -> list[Path]:
        """The files of the solutions that pass, `solution.py` first."""
        files = (file for file in self.solutions.glob("*.py") if not file.name.startswith(SLOW))
        return sorted(files, key=lambda file: (file != self.solution, file.name))

    def slow(self) -> list[Path]:
        """The files of those that are right, and too slow to pass."""
        return sorted(self.solutions.glob(f"{SLOW}*.py"))

    @property
    def solution(self) -> Path:
        """The one that mistakes are edits of."""
        return self.solutions / "solution.py"

    @property
    def suite(self) -> Path:
        return self.course_root / "tests" / "hidden" / self.subject / f"test_{self.name}.py"

    def details(self) -> Details:
        """What `exercise.yaml` says, read once.

        Raises:
            TutorError: with file, line, field and what was expected, if it says it wrong.
        """
        return self._details

    @cached_property
    def _details(self) -> Details:
        return _read_details(_Document(self.config))


@dataclass(frozen=True)
class Topic:
    id: str
    title: str
    exercises: tuple[Exercise, ...]


@dataclass(frozen=True)
class Subject:
    id: str
    title: str
    topics: tuple[Topic, ...]


@dataclass(frozen=True)
class Unit:
    """One unit of a syllabus, and the exercises that teach it."""

    id: str
    title: str
    exercises: tuple[str, ...]


@dataclass(frozen=True)
class Track:
    """An order through the tree, one per syllabus."""

    id: str
    title: str
    about: str
    units: tuple[Unit, ...]

    @property
    def exercises(self) -> tuple[str, ...]:
        """The names of its units' exercises in order, each once."""
        return tuple(dict.fromkeys(name for unit in self.units for name in unit.exercises))


@dataclass(frozen=True)
class Course:
    """Everything under one root. `exercises` is in the order of the tree."""

    root: Path
    title: str
    subjects: tuple[Subject, ...]
    tracks: tuple[Track, ...]

    @cached_property
    def exercises(self) -> dict[str, Exercise]:
        return {e.name: e for subject in self.subjects for topic in subject.topics for e in topic.exercises}

    def find(self, query: str) -> Exercise:
        """The exercise that is meant by a name, also a former one, `subject/name`, a file `…/name.py`, or by an
        unambiguous part of a name.

        Raises:
            TutorError: naming the nearest, or all that match.
        """
        name = os.path.basename(query).removesuffix(".py") if query.endswith(".py") else query
        if name in self.exercises:
            return self.exercises[name]
        known = {e.id: e for e in self.exercises.values()} if "/" in name else self.exercises
        matches = [key for key in known if name and key.startswith(name)] or [
            key for key in known if name and name in key
        ]
        if len(matches) == 1:
            return known[matches[0]]
        if matches:
            raise TutorError(f"{query!r} could be any of {', '.join(matches)}.", "Type one of these names.")
        if (renamed := self.renamed(name)) is not None:
            return renamed
        import difflib

        near = difflib.get_close_matches(os.path.basename(name), self.exercises, 3, 0.5)
        hint = f"Did you mean {' or '.join(near)}?" if near else "`tutor list` shows all exercises."
        raise TutorError(f"There is no exercise {query!r}.", hint)

    def renamed(self, old: str) -> Exercise | None:
        """The exercise that had this name before. Reads every `exercise.yaml`."""
        return next((e for e in self.exercises.values() if old in _former_names(e)), None)

    def track(self, id: str) -> Track:
        """The track of this id.

        Raises:
            TutorError: naming those there are.
        """
        track: Track = _pick(self.tracks, id, "track", "tutor tracks")
        return track

    def topic(self, id: str) -> tuple[Exercise, ...]:
        """The exercises of the whole subject of this id, or of every topic of this id.

        Raises:
            TutorError: naming the topics there are.
        """
        for subject in self.subjects:
            if subject.id == id:
                return tuple(e for topic in subject.topics for e in topic.exercises)
        topics = [topic for subject in self.subjects for topic in subject.topics]
        named = [topic for topic in topics if topic.id == id] or [_pick(topics, id, "topic", "tutor list")]
        return tuple(e for topic in named for e in topic.exercises)

    def walk(self, track: str | None = None, topic: str | None = None) -> list[Exercise]:
        """The exercises in the order in which they are given: the track's (or the tree's), prerequisites first."""
        names: Iterable[str] = self.track(track).exercises if track else self.exercises
        if topic:
            chosen = {exercise.name for exercise in self.topic(topic)}
            names = [name for name in names if name in chosen]
            if track and not names:
                raise TutorError(f"Track {track} has nothing in {topic}.", "Leave one of the two out.")
        order: dict[str, Exercise] = {}
        for name in names:
            self._visit(name, order)
        return list(order.values())

    def _visit(self, name: str, order: dict[str, Exercise]) -> None:
        if name not in order:
            for earlier in self.exercises[name].after:
                self._visit(earlier, order)
            order[name] = self.exercises[name]


def _former_names(exercise: Exercise) -> tuple[str, ...]:
    try:
        return exercise.details().formerly
    except TutorError:
        return ()  # a fault in one exercise.yaml must not stop the others


def _pick(things: Iterable[Any], id: str, kind: str, command: str) -> Any:
    ids = {thing.id: thing for thing in things}
    if id not in ids:
        raise TutorError(f"There is no {kind} {id!r}.", f"There are {', '.join(ids) or 'none'} (`{command}`).")
    return ids[id]


# --- finding and loading ----------------------------------------------------------------------------------------


def find_course(explicit: Path | None = None) -> Path:
    """The course's root: as given, `$TUTOR_COURSE`, the package's own, or the checkout around the package.

    Raises:
        TutorError: if there is no curriculum.yaml there.
    """
    package = Path(__file__).resolve().parent
    chosen = explicit or (Path(os.environ["TUTOR_COURSE"]) if os.environ.get("TUTOR_COURSE") else None)
    for root in [chosen] if chosen else [package / "course", package.parent]:
        if (root / "curriculum.yaml").is_file():
            return root.resolve()
    where = chosen or package.parent
    raise TutorError(f"There is no course at {where}: it has no curriculum.yaml.", "Check --course or $TUTOR_COURSE.")


def load_course(root: Path) -> Course:
    """The course at `root`. Missing files of single exercises are not looked for: that is `tutor verify`'s work.

    Raises:
        TutorError: with file, line, field and what was expected, if curriculum.yaml is wrong.
    """
    document = _Document(root / "curriculum.yaml")
    top = document.mapping(document.data, (), {"title", "subjects"}, {"tracks"})
    course = Course(
        root=root,
        title=document.text(top["title"], ("title",)),
        subjects=tuple(_read_subjects(document, top["subjects"], root)),
        tracks=tuple(_read_tracks(document, top.get("tracks") or [])),
    )
    _check_names(document, course)
    return course


def _read_subjects(document: _Document, data: Any, root: Path) -> Iterator[Subject]:
    for place, item in document.items(data, ("subjects",)):
        fields = document.mapping(item, place, {"id", "title", "topics"})
        subject = document.name(fields["id"], (*place, "id"))
        topics = tuple(_read_topics(document, fields["topics"], (*place, "topics"), subject, root))
        yield Subject(subject, document.text(fields["title"], (*place, "title")), topics)


def _read_topics(document: _Document, data: Any, at: Place, subject: str, root: Path) -> Iterator[Topic]:
    for place, item in document.items(data, at):
        fields = document.mapping(item, place, {"id", "title", "exercises"})
        topic = document.name(fields["id"], (*place, "id"))
        exercises = tuple(
            _read_exercise(document, entry, where, subject, topic, root)
            for where, entry in document.items(fields["exercises"], (*place, "exercises"))
        )
        yield Topic(topic, document.text(fields["title"], (*place, "title")), exercises)


def _read_exercise(document: _Document, data: Any, at: Place, subject: str, topic: str, root: Path) -> Exercise:
    fields = document.mapping(data, at, {"id", "title"}, {"after", "needs"})
    name = document.name(fields["id"], (*at, "id"))
    after = document.texts(fields.get("after", []), (*at, "after"))
    needs = document.name(fields["needs"], (*at, "needs")) if "needs" in fields else ""
    return Exercise(name, document.text(fields["title"], (*at, "title")), subject, topic, after, root, needs)


def _read_tracks(document: _Document, data: Any) -> Iterator[Track]:
    for place, item in document.items(data, ("tracks",)):
        fields = document.mapping(item, place, {"id", "title", "about", "units"})
        units = []
        for where, entry in document.items(fields["units"], (*place, "units")):
            unit = document.mapping(entry, where, {"id", "title", "exercises"})
            names = document.texts(unit["exercises"], (*where, "exercises"))
            units.append(Unit(document.text(unit["id"], where), document.text(unit["title"], where), names))
        id, title, about = (document.text(fields[key], (*place, key)) for key in ("id", "title", "about"))
        yield Track(id, title, about, tuple(units))


def _read_details(document: _Document) -> Details:
    optional = {"rules", "limits", "formerly"}
    fields = document.mapping(document.data, (), {"task", "learned", "minutes", "hints", "mistakes"}, optional)
    rules = document.mapping(fields.get("rules", {}), ("rules",), set(), {"forbid"})
    limits = document.mapping(fields.get("limits", {}), ("limits",), set(), {"seconds"})
    return Details(
        task=document.text(fields["task"], ("task",)),
        learned=document.text(fields["learned"], ("learned",)),
        minutes=document.whole(fields["minutes"], ("minutes",)),
        hints=document.texts(fields["hints"], ("hints",)),
        forbid=document.texts(rules.get("forbid", []), ("rules", "forbid")),
        seconds=document.number(limits.get("seconds", 10), ("limits", "seconds")),
        mistakes=tuple(_read_mistakes(document, fields["mistakes"])),
        formerly=document.texts(fields.get("formerly", []), ("formerly",)),
    )


def _read_mistakes(document: _Document, data: Any) -> Iterator[Mistake]:
    for place, item in document.items(data, ("mistakes",)):
        fields = document.mapping(item, place, {"says", "edit"})
        edits = fields["edit"] if isinstance(fields["edit"], list) else [fields["edit"]]
        pairs = []
        for number, edit in enumerate(edits):
            where = (*place, "edit", number) if edits is fields["edit"] else (*place, "edit")
            pair = document.mapping(edit, where, {"from", "to"})
            old, new = document.text(pair["from"], (*where, "from")), pair["to"]
            if not isinstance(new, str):
                document.fail((*where, "to"), "a text")
            pairs.append((old, new))
        yield Mistake(document.text(fields["says"], (*place, "says")).strip(), tuple(pairs))


def _check_names(document: _Document, course: Course) -> None:
    """Names are unique, prerequisites and track entries exist, and no exercise comes before itself."""
    _check_unique(document, course.subjects, ("subjects",))
    for s, subject in enumerate(course.subjects):
        _check_unique(document, subject.topics, ("subjects", s, "topics"))
    _check_unique(document, course.tracks, ("tracks",))
    seen: set[str] = set()
    for s, subject in enumerate(course.subjects):
        for t, topic in enumerate(subject.topics):
            for e, exercise in enumerate(topic.exercises):
                place: Place = ("subjects", s, "topics", t, "exercises", e)
                if exercise.name in seen:
                    document.fail((*place, "id"), f"a name of its own; {exercise.name!r} is there twice")
                seen.add(exercise.name)
    for s, subject in enumerate(course.subjects):
        for t, topic in enumerate(subject.topics):
            for e, exercise in enumerate(topic.exercises):
                place = ("subjects", s, "topics", t, "exercises", e, "after")
                _check_known(document, exercise.after, seen, place)
    for n, track in enumerate(course.tracks):
        for u, unit in enumerate(track.units):
            _check_known(document, unit.exercises, seen, ("tracks", n, "units", u, "exercises"))
    _check_cycles(document, course)


def _check_unique(document: _Document, things: tuple[Subject | Topic | Track, ...], at: Place) -> None:
    seen: set[str] = set()
    for number, thing in enumerate(things):
        if thing.id in seen:
            document.fail((*at, number, "id"), f"an id of its own; {thing.id!r} is there twice")
        seen.add(thing.id)


def _check_known(document: _Document, names: tuple[str, ...], known: set[str], at: Place) -> None:
    for name in names:
        if name not in known:
            document.fail(at, f"names of exercises in the tree; there is no {name!r}")


def _check_cycles(document: _Document, course: Course) -> None:
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            circle = " → ".join((*path[path.index(name) :], name))
            document.fail(("subjects",), f"prerequisites without a circle; there is {circle}")
        if name not in done:
            for earlier in course.exercises[name].after:
                visit(earlier, (*path, name))
            done.add(name)

    for name in course.exercises:
        visit(name, ())


# --- YAML -------------------------------------------------------------------------------------------------------


@cache
def _loader() -> type[Any]:
    """The fastest safe loader there is; it refuses keys that stand twice, and says where a value can't be read."""
    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Loader(base):  # type: ignore[misc]
        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            seen: set[str] = set()
            for key, _ in node.value:
                if isinstance(key, yaml.ScalarNode) and key.value in seen:
                    raise yaml.constructor.ConstructorError(None, None, f"{key.value} stands twice", key.start_mark)
                seen.add(str(key.value))
            return super().construct_mapping(node, deep)

        def construct_object(self, node: Any, deep: bool = False) -> Any:
            try:
                return super().construct_object(node, deep)
            except ValueError as error:  # 2020-13-45 looks like a date
                raise yaml.constructor.ConstructorError(None, None, str(error), node.start_mark) from None

    return Loader


class _Document:
    """A YAML file, and complaints about it: file, line, field, what was expected."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.data = self._parse()

    def _parse(self) -> Any:
        import yaml

        try:
            self._text = self._path.read_text(encoding="utf-8")
            return yaml.load(self._text, Loader=_loader())
        except FileNotFoundError:
            raise TutorError(f"{self._path} is missing.") from None
        except (OSError, UnicodeDecodeError) as error:
            raise TutorError(f"{self._path} can't be read: {error}.") from None
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = f":{mark.line + 1}" if mark else ""
            problem = getattr(error, "problem", None) or str(error)
            raise TutorError(f"{self._path}{line}: not YAML: {problem}.") from None

    def fail(self, at: Place, expected: str) -> NoReturn:
        """Complain about the value at this place."""
        line = self._line(at)
        field = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in at).removeprefix(".")
        raise TutorError(f"{self._path}{f':{line}' if line else ''}: {field or 'the file'}: expected {expected}.")

    def _line(self, at: Place) -> int | None:
        """The line of the value at this place, or of the nearest that is there around it."""
        import yaml

        node = yaml.compose(self._text, Loader=yaml.SafeLoader)
        for key in at:
            step: Any = None
            if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
                step = node.value[key]
            elif isinstance(node, yaml.MappingNode):
                step = next((value for name, value in node.value if name.value == key), None)
            if step is None:
                break
            node = step
        return node.start_mark.line + 1 if node is not None else None

    def mapping(self, value: Any, at: Place, required: set[str], optional: set[str] | None = None) -> Mapping[str, Any]:
        """A mapping with these keys and no others."""
        optional = optional or set()
        if not isinstance(value, dict):
            self.fail(at, f"a mapping with {', '.join(sorted(required | optional))}")
        if missing := required - value.keys():
            self.fail(at, f"{', '.join(sorted(missing))}, which is missing")
        if unknown := value.keys() - required - optional:
            known = ", ".join(sorted(required | optional))
            self.fail((*at, sorted(map(str, unknown))[0]), f"only {known}")
        return value

    def items(self, value: Any, at: Place) -> Iterator[tuple[Place, Any]]:
        """The entries of a list, each with its place."""
        if not isinstance(value, list):
            self.fail(at, "a list")
        return (((*at, number), item) for number, item in enumerate(value))

    def text(self, value: Any, at: Place) -> str:
        if not isinstance(value, str) or not value.strip():
            self.fail(at, "a text")
        return value

    def texts(self, value: Any, at: Place) -> tuple[str, ...]:
        return tuple(self.text(item, place) for place, item in self.items(value, at))

    def name(self, value: Any, at: Place) -> str:
        if not isinstance(value, str) or not value.isidentifier():
            self.fail(at, "a name of letters, digits and underscores")
        return value

    def number(self, value: Any, at: Place) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
            self.fail(at, "a number above 0")
        return value

    def whole(self, value: Any, at: Place) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
            self.fail(at, "a whole number above 0")
        return value

"""A course that is wrong is described: file, line, field, and what was expected."""

from pathlib import Path

import pytest
import yaml
from conftest import COURSE

from tutor.curriculum import Mistake, find_course, load_course
from tutor.errors import TutorError

ROOT = Path(__file__).parents[2]
FILES = [ROOT / "curriculum.yaml", *sorted(ROOT.glob("exercises/*/*/exercise.yaml"))]


@pytest.mark.parametrize(
    "old, new, line, says",
    [
        ("title: A tiny course", "titel: A tiny course", 1, "title, which is missing"),
        (
            "title: A tiny course\n",
            "title: A tiny course\nsubject: []\n",
            2,
            "subject: expected only subjects, title, tracks",
        ),
        ("title: Arithmetic", "title: 3", 4, "subjects[0].title: expected a text"),
        ("id: sums", "id: all-sums", 6, "subjects[0].topics[0].id: expected a name of letters"),
        ("{id: pair, title: Two functions}", "pair", 9, "subjects[0].topics[0].exercises[0]: expected a mapping"),
        ("after: [pair]", "after: pair", 13, "after: expected a list"),
        ("after: [pair]", "after: [pear]", 13, "there is no 'pear'"),
        ("id: square", "id: pair", 20, "'pair' is there twice"),
        (
            "id: pair, title: Two functions",
            "id: pair, title: Two functions, after: [thrice]",
            2,
            "pair → thrice → pair",
        ),
        ("exercises: [square]", "exercises: [squares]", 26, "tracks[0].units[0].exercises: expected names"),
        ("about: backwards", "about: ", 24, "tracks[0].about: expected a text"),
        ("title: A tiny course", "title: [A tiny", 2, "not YAML"),
        ("title: Arithmetic", "title: 2020-13-45", 4, "not YAML: month must be in 1..12"),
        ("title: A tiny course\n", "title: A tiny course\ntitle: Another\n", 2, "title stands twice"),
        ("id: geometry", "id: arithmetic", 14, "subjects[1].id: expected an id of its own"),
        ("id: products", "id: sums", 10, "subjects[0].topics[1].id: expected an id of its own"),
        ("id: short", "id: areas-first", 29, "tracks[1].id: expected an id of its own"),
    ],
)
def test_a_wrong_curriculum(own_course, old, new, line, says):
    file = own_course / "curriculum.yaml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new, 1))
    with pytest.raises(TutorError) as error:
        load_course(own_course)
    assert says in error.value.what and error.value.what.startswith(str(file))
    found = int(error.value.what.removeprefix(str(file) + ":").split(":")[0])
    assert abs(found - line) <= 1, error.value.what


@pytest.mark.parametrize(
    "old, new, says",
    [
        ("minutes: 2", "minutes: -2", "minutes: expected a whole number above 0"),
        ("minutes: 2", "minutes: true", "minutes: expected a whole number above 0"),
        ("minutes: 2", "minutes: .inf", "minutes: expected a whole number above 0"),
        ("minutes: 2", "minutes: 0.4", "minutes: expected a whole number above 0"),
        ("minutes: 2", "minutes: !!int two", "3: not YAML: invalid literal"),
        ("mistakes:", "limits: {seconds: .nan}\nmistakes:", "limits.seconds: expected a number above 0"),
        ("mistakes:", "task: Another.\nmistakes:", "task stands twice"),
        ("hints: [Look., Look closer., It is there.]", "hints: Look.", "hints: expected a list"),
        ("  - says: You cubed it.\n", "  - says:\n", "mistakes[1].says: expected a text"),
        ('from: "return x * 3", to: "x**3"', "form: x", "expected"),
        ("learned:", "lerned:", "learned, which is missing"),
        ("mistakes:", "rules: {forbit: []}\nmistakes:", "rules.forbit: expected only forbid"),
    ],
)
def test_a_wrong_exercise_yaml(own_course, old, new, says):
    exercise = load_course(own_course).exercises["thrice"]
    text = exercise.config.read_text()
    exercise.config.write_text(text.replace(old, new, 1))
    if text == exercise.config.read_text():
        exercise.config.write_text(text.replace('{from: "return x * 3", to: "return x**3"}', "{form: x}"))
    with pytest.raises(TutorError, match=r"exercise\.yaml") as error:
        exercise.details()
    assert says in error.value.what


def test_files_that_are_missing(tmp_path, own_course, monkeypatch):
    with pytest.raises(TutorError, match="no course"):
        find_course(tmp_path)
    monkeypatch.setenv("TUTOR_COURSE", str(own_course))
    assert find_course() == own_course
    exercise = load_course(own_course).exercises["square"]
    exercise.config.unlink()
    with pytest.raises(TutorError, match="is missing"):
        exercise.details()


def test_walking_takes_prerequisites_first_and_every_exercise_once():
    course = load_course(COURSE)
    assert [e.name for e in course.walk()] == ["pair", "thrice", "square"]
    assert [e.name for e in course.walk("areas-first")] == ["square", "pair", "thrice"]
    assert [e.name for e in course.walk(topic="products")] == ["pair", "thrice"]
    assert [e.name for e in course.walk(topic="arithmetic")] == ["pair", "thrice"]
    assert course.track("short").exercises == ("thrice",)


@pytest.mark.parametrize("query", ["square", "geometry/square", "squ", "quar", "some/where/square.py", "square.py"])
def test_an_exercise_is_found_by_many_names(query):
    assert load_course(COURSE).find(query).name == "square"


def test_an_exercise_is_found_by_its_former_name(own_course):
    config = own_course / "exercises/geometry/square/exercise.yaml"
    config.write_text(config.read_text() + "formerly: [to_the_second]\n")
    course = load_course(own_course)
    assert course.find("to_the_second").name == course.find("geometry/to_the_second.py").name == "square"
    assert course.renamed("pair") is None


def test_topics_of_one_name_in_two_subjects_are_both_meant(own_course):
    curriculum = own_course / "curriculum.yaml"
    curriculum.write_text(curriculum.read_text().replace("id: areas\n", "id: sums\n"))
    assert [e.name for e in load_course(own_course).topic("sums")] == ["pair", "square"]


def test_a_mistake_is_applied_where_its_text_stands_once():
    assert Mistake("", (("a", "b"), ("c", "d"))).apply("a c") == "b d"
    with pytest.raises(TutorError, match="2 times"):
        Mistake("", (("a", "b"),)).apply("a a")
    with pytest.raises(TutorError, match="0 times"):
        Mistake("", (("x", "b"),)).apply("a a")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_every_loader_of_yaml_reads_the_files(file):
    yaml.load(file.read_text(), Loader=yaml.SafeLoader)  # stricter than libyaml's, which some machines lack

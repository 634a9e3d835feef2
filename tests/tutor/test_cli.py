"""The commands as a learner types them, on the tiny course."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import COURSE, Learner

COMMANDS = [
    "next",
    "watch",
    "check",
    "progress",
    "list",
    "lesson",
    "hint",
    "reset",
    "diff",
    "solution",
    "show",
    "speed",
    "tracks",
    "doctor",
]
AUTHORS = ["verify", "new"]


@pytest.mark.parametrize("command", COMMANDS + AUTHORS)
def test_every_command_has_help(tutor, command):
    text = " ".join(tutor(command, "--help").split())
    assert f"Usage: tutor {command}" in text and len(text) > 120


def test_the_list_of_commands_is_complete_and_documented(tutor):
    import typer

    from tutor.cli import app

    commands = typer.main.get_command(app).commands
    assert sorted(commands) == sorted(COMMANDS + AUTHORS)
    assert all(command.help and command.help.rstrip().endswith(".") for command in commands.values())


def test_without_a_command_it_says_what_to_type_first(tutor):
    process = tutor.popen(stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert "tutor next" in process.communicate()[0]


def test_version(tutor):
    from tutor import __version__

    assert tutor("--version") == f"tutor {__version__}\n"


# --- a learner's way through --------------------------------------------------------------------------------------


def test_from_the_first_exercise_to_the_last(tutor):
    text = tutor("next")
    assert "Made a workspace for you in this folder" in text and "arithmetic/pair.py" in text
    assert "Arithmetic › Sums · 1 of 3" in text and "Write two functions." in text
    assert "not to be called: torch.nn.functional.linear, torch.matmul, torch.autograd." in " ".join(text.split())
    assert "Two functions" in tutor("next")  # the same until it is passed

    text = tutor("check", status=1)
    assert "Not written yet" in text and "✗ pair: 0 of 4 tests passed" in text

    tutor.solve("pair")
    text = tutor("check")
    assert "✓ pair: all 4 tests passed" in text and "Two is more than one." in text and "Next: Three times" in text
    assert "2 attempts" in text

    assert "Three times" in tutor("next")
    tutor.solve("thrice")
    assert "Next: Squares" in tutor("check", "thrice")
    tutor("next")
    tutor.solve("square")
    assert "That was the last one" in tutor("check", "geometry/square.py")
    assert "You have passed everything in A tiny course" in tutor("next")
    assert "3 of 3 passed" in tutor("progress")


def test_a_workspace_beside_other_files_gets_a_folder_of_its_own(tutor):
    (tutor.folder / "notes.txt").write_text("mine")
    assert "deep-learning-by-hand" in tutor("next")
    assert (tutor.folder / "deep-learning-by-hand/arithmetic/pair.py").exists()
    assert "deep-learning-by-hand/arithmetic/pair.py" in tutor("next")  # found again from outside
    inside = Learner(tutor.folder / "deep-learning-by-hand" / "arithmetic")
    assert "0 of 4" in inside("check", status=1)  # and from below


def test_a_track_changes_the_order_and_is_remembered(tutor):
    assert "Squares" in tutor("next", "--track", "areas-first")
    tutor.solve("square")
    tutor("check")
    assert "Two functions" in tutor("next")  # the track's next is `thrice`; what it builds on comes first
    assert "▸ areas-first" in tutor("tracks")
    assert "Two functions" in tutor("next", "--track", "short")


def test_skip_and_topic(tutor):
    tutor("next")
    assert "Three times" in tutor("next", "--skip")
    assert "Squares" in tutor("next", "--topic", "areas")
    tutor("next", "--topic", "areas", "--skip")
    text = tutor("next", "--topic", "sums")
    assert "skipped on the way: pair" in text


@pytest.mark.parametrize("command", ["reset", "next"])
def test_a_skipped_exercise_is_taken_up_again(tutor, command):
    tutor("next")
    (tutor.folder / "arithmetic/pair.py").write_text("mine = 1\n")
    tutor("next", "--skip")
    assert "tutor next NAME" in tutor("next", "--topic", "sums")
    tutor(command, "pair")
    assert "Two functions" in tutor("next")
    kept = (tutor.folder / "arithmetic/pair.py").read_text() == "mine = 1\n"
    assert kept == (command == "next")


def test_any_exercise_can_be_had_by_its_name(tutor):
    text = tutor("next", "square")
    assert "Squares" in text and "geometry/square.py" in text and (tutor.folder / "geometry/square.py").exists()
    assert "not graded" not in tutor("check", status=1)  # it is the one in hand
    assert "Two functions" in tutor("next")  # the order is as it was
    assert "square" in tutor("next", "sqare", status=2)
    assert "leave out --track" in tutor("next", "square", "--skip", status=2)


def test_the_track_all_is_the_whole_tree_again(tutor):
    tutor("next", "--track", "areas-first")
    assert "Two functions" in tutor("next", "--track", "all")
    assert "Now: the whole tree" in tutor("tracks")
    assert "Squares" in tutor("list", "--track", "all") and "0 of 3 passed" in tutor("progress", "--track", "all")


def test_a_track_without_anything_in_a_topic_is_not_said_to_be_passed(tutor):
    assert "has nothing in sums" in tutor("next", "--track", "areas-first", "--topic", "sums", status=2)
    assert not list(tutor.folder.iterdir())


def test_the_end_says_what_is_left_in_other_tracks(tutor):
    tutor("next", "--track", "short")
    tutor.solve("pair")
    tutor("check")
    tutor("next")
    tutor.solve("thrice")
    tutor("check")
    text = tutor("next")
    assert "everything in track short" in text and "areas-first: 1 exercise to go" in text


WRONG = """import sys


def twice(x):
    print("[bold]shape[/bold]", tuple(x.shape), "\\x1b[2J")
    return 3 * x


def plus(a, b):
    return missing + b
"""


def test_a_failing_check_tells_what_where_and_how_to_repeat(tutor):
    tutor("next")
    (tutor.folder / "arithmetic/pair.py").write_text(WRONG)
    text = tutor("check", "--seed", "5", status=1)
    assert "all 12 elements differ" in text and "worst relative error 0.5" in text
    assert "yours" in text and "expected" in text
    assert "twice(x=float64 (3, 4))" in text
    assert "[bold]shape[/bold] (3, 4)" in text and "\x1b" not in text
    assert "NameError: name 'missing' is not defined" in text and "10 return missing + b" in text
    assert "1 more test failed" in text
    assert "tutor check pair --seed 5" in text
    assert text.split("in 0")[0] == tutor("check", "--seed", "5", status=1).split("in 0")[0]


def test_k_runs_some_tests_and_passes_nothing(tutor):
    tutor("next")
    tutor.solve("pair")
    text = tutor("check", "-k", "plus")
    assert "2 chosen passed" in text
    assert "0 of 3 passed" in tutor("progress")
    tutor("check", "-k", "nothing", status=3)


def test_repro_writes_a_script_and_never_over_another_file(tutor):
    tutor("next")
    (tutor.folder / "arithmetic/pair.py").write_text(WRONG)
    assert "arithmetic/repro_pair.py" in tutor("check", "--repro", status=1)
    script = tutor.folder / "arithmetic/repro_pair.py"
    run = subprocess.run([sys.executable, script], capture_output=True, text=True)
    assert run.returncode == 0 and "expected: tensor" in run.stdout, run.stderr
    tutor("check", "pair", "--repro", status=1)  # its own script it may replace
    (tutor.folder / "mine.py").write_text("precious = 1\n")
    tutor("check", "pair", "--repro", "mine.py", status=2)
    assert (tutor.folder / "mine.py").read_text() == "precious = 1\n"
    tutor("check", "pair", "--repro=there.py", status=1)
    assert (tutor.folder / "there.py").exists()
    (tutor.folder / "folder.py").mkdir()
    assert "folder.py can't be written" in tutor("check", "pair", "--repro", "folder.py", status=2)
    tutor.solve("pair")
    assert "No script was written" in tutor("check", "pair", "--repro")


def test_check_json_is_the_report_and_nothing_else(tutor):
    tutor("next")
    report = json.loads(tutor("check", "--json", status=1))
    assert report["schema"] == 1 and report["verdict"] == "failed" and report["exercise"] == "pair"
    assert [test["outcome"] for test in report["tests"]] == ["failed"] * 4
    assert report["tests"][0]["failure"]["kind"] == "not_written"


def test_check_all_grades_every_file(tutor):
    tutor("check", "--all", status=2)
    tutor("next")
    tutor.solve("pair")
    tutor("next", "--skip")
    text = tutor("check", "--all", status=1)
    assert "✓ pair" in text and "✗ thrice" in text
    assert len(json.loads(tutor("check", "--all", "--json", status=1))) == 2
    (tutor.folder / "arithmetic/pair.py").unlink()
    (tutor.folder / "arithmetic/pair.py").symlink_to("nowhere")
    text = tutor("check", "--all", status=2)
    assert "is a link" in text and "✗ thrice" in text  # one that can't be read does not stop the others


@pytest.mark.parametrize("arguments", [["pair"], ["-k", "plus"], ["--repro"]])
def test_check_all_says_what_it_does_not_go_with(tutor, arguments):
    tutor("next")
    assert "--all" in tutor("check", "--all", *arguments, status=2)
    assert "0 attempts" in tutor("progress")


def test_a_file_outside_any_workspace_is_graded_but_not_recorded(tutor):
    shutil.copy(COURSE / "solutions/arithmetic/pair/solution.py", tutor.folder / "pair.py")
    assert "not recorded: no workspace here" in tutor("check", "pair.py")
    tutor("check", "nowhere/pair.py", status=2)


def test_an_exercise_that_was_not_begun(tutor):
    tutor("next")
    assert "tutor next square" in tutor("check", "square", status=2)
    tutor("reset", "square")
    assert "Not written yet" in tutor("check", status=1)


def test_a_file_beside_the_learners_own_is_graded_and_their_own_named(tutor):
    tutor("next")
    shutil.copy(COURSE / "solutions/arithmetic/pair/solution.py", tutor.folder / "pair.py")
    assert "not recorded: your file for it is arithmetic/pair.py" in tutor("check", "pair.py")
    assert "0 attempts" in tutor("progress")


def test_progress_json(tutor):
    tutor("next")
    tutor.solve("pair")
    tutor("check")
    data = json.loads(tutor("progress", "--json"))
    assert data["schema"] == 1 and data["totals"]["passed"] == 1 and data["totals"]["all"] == 3
    exercise = data["subjects"][0]["topics"][0]["exercises"][0]
    assert exercise["name"] == "pair" and exercise["status"] == "passed" and exercise["attempts"] == 1
    assert json.loads(tutor("progress", "--json", "--track", "short"))["totals"]["all"] == 2


def test_hints_come_one_by_one_and_are_counted(tutor):
    tutor("next")
    assert "Hint 1 of 3" in tutor("hint") and "Hint 2 of 3" in tutor("hint") and "last" in tutor("hint")
    assert "last" in tutor("hint")
    data = json.loads(tutor("progress", "--json"))
    assert data["subjects"][0]["topics"][0]["exercises"][0]["hints"] == 3


def test_reset_keeps_a_backup_and_diff_shows_the_change(tutor):
    tutor("next")
    file = tutor.folder / "arithmetic/pair.py"
    assert "No difference" in tutor("diff")
    file.write_text("mine = 1\n")
    assert "+mine = 1" in tutor("diff")
    text = tutor("reset")
    backup = next((tutor.folder / ".tutor/backups").iterdir())
    assert backup.name in text and backup.read_text() == "mine = 1\n"
    assert file.read_text() == (COURSE / "exercises/arithmetic/pair/stub.py").read_text()


def test_a_solution_is_shown_after_passing_or_when_revealed_and_that_is_recorded(tutor):
    tutor("next")
    assert "not passed" in tutor("solution", status=2)
    assert "return 2 * x" in tutor("solution", "--reveal")
    assert "looked at before passing: pair" in tutor("progress")
    tutor.solve("pair")
    tutor("check")
    assert "return 2 * x" in tutor("solution", "pair")


def test_a_solution_that_is_not_there_is_not_recorded_as_looked_at(tutor, own_course):
    tutor.course = own_course
    tutor("next")
    shutil.rmtree(own_course / "solutions/arithmetic/pair")
    assert "has no solution" in tutor("solution", "--reveal", status=2)
    assert "looked at" not in tutor("progress")


def test_lesson_list_tracks_and_doctor(tutor):
    assert "Twice x is x + x." in tutor("lesson", "pair")
    assert "thrice" in tutor("list") and "square" not in tutor("list", "--topic", "products")
    assert tutor("list", "--topic", "arithmetic").index("pair") < tutor("list", "--topic", "arithmetic").index("thrice")
    assert "areas-first" in tutor("tracks")
    text = tutor("doctor")
    for word in ("python", "torch", "cuda", "course", "workspace", "sandbox", "landlock", str(COURSE)):
        assert word in text


def test_completion_offers_exercise_names(tutor):
    process = subprocess.run(
        [sys.executable, "-m", "tutor"],
        env={
            **tutor.environment(),
            "_TUTOR_COMPLETE": "complete_bash",
            "COMP_WORDS": "tutor check th",
            "COMP_CWORD": "2",
        },
        capture_output=True,
        text=True,
        cwd=tutor.folder,
    )
    assert "thrice" in process.stdout and "pair" not in process.stdout


# --- mistakes of the user -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["progress", "hint", "reset", "diff", "check", "lesson", "solution"])
def test_without_a_workspace_it_says_what_to_type(tutor, command):
    assert "tutor next" in tutor(command, status=2)


@pytest.mark.parametrize(
    "query, says",
    [
        ("squore", "square"),
        ("e", "thrice, square"),
        ("zzz", "tutor list"),
        ("geometry/pair", "mean pair"),
        ("arithmetic/", "arithmetic/pair, arithmetic/thrice"),
    ],
)
def test_an_exercise_that_is_unknown_or_ambiguous(tutor, query, says):
    tutor("next")
    assert says in tutor("check", query, status=2)


def test_a_course_without_a_command_is_answered_with_help(tutor):
    assert "Begin with" in tutor("--course", str(COURSE), status=2)


def test_a_folder_that_is_gone_is_said(tutor):
    command = f"mkdir gone && cd gone && rmdir ../gone && {sys.executable} -m tutor list"
    done = subprocess.run(
        ["bash", "-c", command], cwd=tutor.folder, env=tutor.environment(), capture_output=True, text=True
    )
    assert done.returncode == 2 and "not there any more" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments, says",
    [
        (["next", "--track", "nowhere"], "areas-first, short"),
        (["next", "--topic", "nowhere"], "sums"),
        (["check", "--sandbox", "cardboard"], "strict"),
        (["check", "--seed", "many"], "seed"),
        (["chek"], "check"),
        (["--course", "/nowhere", "list"], "/nowhere"),
    ],
)
def test_wrong_words_are_answered_with_the_right_ones(tutor, arguments, says):
    assert says in tutor(*arguments, status=2)
    assert not list(tutor.folder.iterdir())


def test_a_link_is_not_graded(tutor):
    tutor("next")
    file = tutor.folder / "arithmetic/pair.py"
    file.rename(tutor.folder / "elsewhere.py")
    file.symlink_to(tutor.folder / "elsewhere.py")
    assert "is a link" in tutor("check", status=2)


# --- courses that are broken, or change ---------------------------------------------------------------------------


def test_a_suite_that_can_not_be_loaded_counts_as_no_attempt(tutor, own_course):
    tutor.course = own_course
    tutor("next")
    (own_course / "tests/hidden/arithmetic/test_pair.py").write_text("import nothing_of_this_name\n")
    assert "could not be graded" in tutor("check", status=3)
    assert "0 attempts" in tutor("progress")


def test_a_wrong_exercise_yaml_is_named_with_file_line_and_field(tutor, own_course):
    tutor.course = own_course
    config = own_course / "exercises/arithmetic/pair/exercise.yaml"
    config.write_text(config.read_text().replace("minutes: 1", "minutes: soon"))
    text = "".join(tutor("next", status=2).split())
    assert "pair/exercise.yaml:3:minutes:expectedawholenumber" in text


def test_a_course_that_is_updated_keeps_passes_and_never_writes_over_work(tutor, own_course):
    tutor.course = own_course
    tutor("next")
    tutor.solve("pair")
    tutor("check")
    stub = own_course / "exercises/arithmetic/pair/stub.py"
    stub.write_text(stub.read_text() + "\n# clearer now\n")
    mine = (tutor.folder / "arithmetic/pair.py").read_text()
    text = tutor("check", "pair")
    assert "tutor diff pair --upstream" in text
    assert "+# clearer now" in tutor("diff", "pair", "--upstream")
    assert (tutor.folder / "arithmetic/pair.py").read_text() == mine


def rename_pair(own_course):
    """The course's next version, in which `pair` is called `couple`."""
    for root in ("exercises", "solutions"):
        (own_course / root / "arithmetic/pair").rename(own_course / root / "arithmetic/couple")
    suites = own_course / "tests/hidden/arithmetic"
    (suites / "test_pair.py").rename(suites / "test_couple.py")
    curriculum = own_course / "curriculum.yaml"
    curriculum.write_text(curriculum.read_text().replace("id: pair", "id: couple").replace("[pair]", "[couple]"))
    config = own_course / "exercises/arithmetic/couple/exercise.yaml"
    config.write_text(config.read_text() + "formerly: [pair]\n")


def test_a_renamed_exercise_keeps_its_pass_and_its_file(tutor, own_course):
    tutor.course = own_course
    tutor("next")
    tutor.solve("pair")
    tutor("check")
    rename_pair(own_course)
    text = tutor("progress")
    assert "pair is now called couple" in text and "1 of 3 passed" in text
    assert (tutor.folder / "arithmetic/couple.py").read_text() == (tutor.folder / "arithmetic/pair.py").read_text()
    assert "No difference" not in tutor("diff", "couple")  # the stub as it was given is known under the new name
    assert (tutor.folder / ".tutor/stubs/couple.py").exists()
    assert "now called" not in tutor("check", "couple")


@pytest.mark.parametrize("name", ["couple", "pair"])
def test_a_renamed_exercise_is_checked_at_once_by_either_name(tutor, own_course, name):
    tutor.course = own_course
    tutor("next")
    tutor.solve("pair")
    rename_pair(own_course)
    text = tutor("check", name)
    assert "pair is now called couple" in text and "✓ couple: all 4 tests passed" in text
    assert "1 of 3 passed" in tutor("progress")


def test_json_stays_json_when_an_exercise_was_renamed(tutor, own_course):
    tutor.course = own_course
    tutor("next")
    rename_pair(own_course)
    process = tutor.popen("progress", "--json", stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    output, notes = process.communicate()
    assert json.loads(output)["totals"]["started"] == 1 and "now called couple" in notes


def test_a_workspace_can_be_moved_and_copied(tutor, tmp_path):
    tutor("next")
    tutor.solve("pair")
    tutor("check")
    shutil.copytree(tutor.folder, tmp_path / "copy")
    tutor.folder.rename(tmp_path / "moved")
    for name in ("copy", "moved"):
        somebody = Learner(tmp_path / name)
        assert "1 of 3 passed" in somebody("progress")
        assert "Three times" in somebody("next")


# --- several at once, and interruptions ---------------------------------------------------------------------------


def test_two_checks_at_once(tutor):
    tutor("next")
    tutor.solve("pair")
    running = [tutor.popen("check", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for _ in range(3)]
    for process in running:
        output, _ = process.communicate(timeout=120)
        assert process.returncode == 0, output
    assert "3 attempts" in tutor("progress")


def session_of(pid: int) -> list[int]:
    """Processes that descend from `pid`, by what /proc tells of parents."""
    parents = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            parents[int(name)] = int(Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
    found, more = [], [pid]
    while more:
        more = [child for child, parent in parents.items() if parent in more]
        found += more
    return found


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="looks at /proc")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_check_leaves_nothing_running(tutor, how):
    tutor("next")
    (tutor.folder / "arithmetic/pair.py").write_text("def twice(x):\n    while True:\n        pass\n")
    process = tutor.popen("check", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    end = time.monotonic() + 60
    while len(family := session_of(process.pid)) < 3:  # server, grader, worker
        assert time.monotonic() < end
        time.sleep(0.02)
    process.send_signal(how)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == (130 if how == signal.SIGINT else -9), output
    assert "Traceback" not in output
    while any(os.path.exists(f"/proc/{pid}") for pid in family):
        assert time.monotonic() < end
        time.sleep(0.02)
    assert "0 attempts" in tutor("progress")


def test_an_interruption_while_the_commands_are_imported_shows_no_traceback(tutor):
    script = """
import sys

class Interrupt:
    def find_spec(self, name, *_):
        if name == "tutor.cli":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupt())
from tutor.__main__ import main
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tutor.folder, env=tutor.environment(), capture_output=True, text=True
    )
    assert done.returncode == 130 and done.stderr == ""


def test_a_reader_that_has_enough_is_no_error(tutor):
    command = f"{sys.executable} -m tutor list | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=tutor.folder, env=tutor.environment(), capture_output=True, text=True
    )
    assert done.returncode == 0 and "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [["check"], ["check", "--json"]])
def test_a_check_whose_reader_goes_away_is_recorded_and_keeps_its_status(tutor, arguments):
    tutor("next")
    process = tutor.popen(*arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    process.stdout.close()
    assert process.wait(120) == 1 and process.stderr.read() == ""
    assert "1 attempt;" in tutor("progress")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [["list"], ["progress", "--json"], ["check"]])
def test_output_to_a_full_disk_is_said_without_a_traceback(tutor, arguments):
    tutor("next")
    with open("/dev/full", "w") as full:
        environment = {key: value for key, value in tutor.environment().items() if key != "PYTHONUNBUFFERED"}
        command = [sys.executable, "-m", "tutor", *arguments]
        process = subprocess.Popen(
            command, cwd=tutor.folder, env=environment, stdout=full, stderr=subprocess.PIPE, text=True
        )
        errors = process.communicate()[1]
    assert process.returncode == 2 and "No space left" in errors and "Traceback" not in errors


def test_a_command_without_any_output_runs(tutor):
    command = f"{sys.executable} -m tutor next >&- 2>&-"
    assert subprocess.run(["bash", "-c", command], cwd=tutor.folder, env=tutor.environment()).returncode == 0
    assert (tutor.folder / "arithmetic/pair.py").exists()


def test_nothing_is_imported_from_the_learners_folder(tutor):
    for name in ("yaml", "rich", "torch", "typer", "sqlite3", "tutor_trap"):
        (tutor.folder / f"{name}.py").write_text("raise SystemExit('a trap')\n")
    assert "Two functions" in tutor("next")


# --- authors ------------------------------------------------------------------------------------------------------


def test_new_scaffolds_and_verify_finds_what_is_missing(tutor, own_course):
    tutor.course = own_course
    assert "exercises/geometry/cube/stub.py" in "".join(tutor("new", "geometry/cube").split())
    tutor("new", "geometry/cube", status=2)
    tutor("new", "cube", status=2)
    text = tutor("verify", status=1)
    assert "belongs to no exercise of curriculum.yaml" in text
    curriculum = own_course / "curriculum.yaml"
    curriculum.write_text(
        curriculum.read_text().replace("title: Squares}", "title: Squares}\n          - {id: cube, title: Cubes}")
    )
    text = " ".join(tutor("verify", "cube", status=1).split())
    assert "exercises/geometry/cube/exercise.yaml: mistakes: there are 0, there have to be at least 3" in text
    assert "✓ 1 exercise verified" in tutor("verify", "square")


def test_show_says_where_the_pictures_are(tutor):
    tutor("next")
    assert "There is no picture of pair." in tutor("show", status=2)
    folder = tutor.folder / "pictures" / "pair"
    folder.mkdir(parents=True)
    (folder / "loss.png").write_bytes(b"")
    assert "pictures/pair/loss.png" in tutor("show", "pair")  # not a terminal: nothing is opened


def test_verify_lists_the_units_without_an_exercise(tutor, own_course):
    curriculum = own_course / "curriculum.yaml"
    unit = "\n      - {id: later/9, title: Not yet written, exercises: []}\n"
    curriculum.write_text(curriculum.read_text().rstrip() + unit)
    text = tutor("--course", str(own_course), "verify", "--seed", "1")
    assert "without an exercise" in text and "later/9  Not yet written" in text and "✓ 3 exercises verified" in text


def test_an_exercise_that_needs_what_is_not_installed(tutor, own_course):
    curriculum = own_course / "curriculum.yaml"
    text = curriculum.read_text()
    assert text.count("title: Squares}") == 1
    curriculum.write_text(text.replace("title: Squares}", "title: Squares, needs: no_such_package}"))
    tutor.course = own_course
    for name in ["pair", "thrice"]:
        assert name in tutor("next")
        tutor.solve(name)
        tutor("check")
    said = tutor("next")
    assert "that can be graded here" in said and "pip install 'tutor[no_such_package]'" in said
    (tutor.folder / "square.py").write_text("")
    assert "square needs no_such_package, which is not installed" in tutor("check", "square.py", status=2)
    assert "square was not graded: it needs no_such_package" in tutor("verify")
    assert "square needs no_such_package" in tutor("verify", "square", status=2)


TIMED = """
import torch

from tutor.testkit import assert_matches
import pytest


def inputs(draw, size):
    return (draw.normal(size, size),)


def by_torch(x):
    return x * x


def test_square_of_a_matrix(learner, draw, album):
    x = draw.normal(3, 4)
    assert_matches(learner.square(x), x * x)
    with album.figure("parabola", "A parabola") as axes:
        axes.plot([0, 1, 2], [0, 1, 4])


@pytest.mark.speed(gates=True)
def test_the_time(stopwatch):
    stopwatch.compare("square", by_torch, inputs, {"cpu": 100, "cuda": 100}, operations=1)
"""


@pytest.fixture
def timed(tutor, own_course):
    """A learner of a course in which squaring is timed, and drawn."""
    (own_course / "tests/hidden/geometry/test_square.py").write_text(TIMED)
    tutor.course = own_course
    tutor("next", "--topic", "areas")
    tutor.solve("square")
    return tutor


def test_the_history_of_speed(timed):
    assert "Nothing has been timed yet" in timed("speed", status=2)
    said = timed("check")
    assert re.search(r"cpu +square +[\d.]+ .?s +[\d.]+ .?s +[\d.]+×", said), said
    assert "not measured" in said or "cuda" not in said
    timed("check")
    history = timed("speed", "square")
    assert re.search(r"square +[\d.]+× of torch's time +[▁▂▃▄▅▆▇█]{2}", history), history
    assert "2 checks" in history and "torch 2" in history


def test_speed_left_out_does_not_pass_where_it_counts(timed):
    said = timed("check", "--no-speed")
    assert "×" not in said and "passed by" not in said
    assert "Nothing has been timed yet" in timed("speed", status=2)
    assert "0 of 3" in timed("progress")
    timed("check")
    assert "1 of 3" in timed("progress")


def test_a_device_that_is_not_there(timed):
    assert "--device can't be 'gpu'" in timed("check", "--device", "gpu", status=2)
    timed("check", "--device", "cpu")
    if not any(Path("/dev").glob("nvidia[0-9]*")):
        assert "There is no cuda:1 here" in timed("check", "--device", "cuda:1", status=2)


def test_the_pictures_that_a_check_drew(timed):
    assert "There is no picture of square" in timed("show", status=2)
    timed("check")
    assert "parabola.png" in timed("show", "square")

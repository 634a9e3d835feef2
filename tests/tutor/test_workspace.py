"""The learner's folder and the database, where disks are full, folders are read-only, and files are damaged."""

import errno
import io
import multiprocessing
import os
import shutil
import sqlite3

import pytest
from conftest import COURSE

from tutor import progress as progress_module
from tutor import workspace as workspace_module
from tutor.curriculum import load_course
from tutor.errors import TutorError
from tutor.progress import Progress, standing
from tutor.report import Report, TestResult
from tutor.workspace import Workspace, find_workspace, make_workspace


@pytest.fixture
def workspace(tmp_path) -> Workspace:
    (tmp_path / ".tutor").mkdir()
    return Workspace(tmp_path)


@pytest.fixture
def pair():
    return load_course(COURSE).exercises["pair"]


def report(verdict="passed", whole=True) -> Report:
    return Report("pair", verdict, [TestResult("test_a", "a", "passed", 0.1)], seed=1, seconds=0.5, whole=whole)


def test_a_stub_is_never_written_over_a_file(workspace, pair):
    assert workspace.give(pair) and not workspace.give(pair)
    workspace.file(pair).write_text("mine")
    assert not workspace.give(pair) and workspace.file(pair).read_text() == "mine"


def test_also_where_there_are_no_hard_links(workspace, pair, monkeypatch):
    def refuse(*_):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    assert workspace.give(pair)
    assert workspace.file(pair).read_bytes() == pair.stub.read_bytes()
    workspace.file(pair).write_text("mine")
    assert not workspace.give(pair) and workspace.file(pair).read_text() == "mine"


def test_a_full_disk_without_hard_links_leaves_no_half_of_a_file(workspace, pair, monkeypatch):
    def refuse(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    class Full(io.BytesIO):
        def write(self, data):
            refuse()

    def create(path, mode):
        path.touch(exist_ok=False)
        return Full()

    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(workspace_module, "open", create, raising=False)
    with pytest.raises(TutorError, match="No space left"):
        workspace.give(pair)
    assert not workspace.file(pair).exists()


def test_what_killed_processes_left_is_removed_once_it_is_old(workspace, pair):
    workspace.give(pair)
    old, new = (workspace.file(pair).with_name(f".tutor-{name}.tmp") for name in ("old", "new"))
    for file in (old, new):
        file.write_text("half")
    os.utime(old, (0, 0))
    workspace.reset(pair)
    assert not old.exists() and new.exists()


def test_a_rename_that_is_cut_off_is_done_again(workspace, tmp_path, monkeypatch):
    shutil.copytree(COURSE, tmp_path / "own")
    config = tmp_path / "own/exercises/geometry/square/exercise.yaml"
    config.write_text(config.read_text() + "formerly: [area]\n")
    course, database = load_course(tmp_path / "own"), workspace.progress()
    database.record("area", "given")
    (tmp_path / "geometry").mkdir()
    (tmp_path / "geometry/area.py").write_text("mine")

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(database, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            workspace.adopt(course, database)
    assert workspace.file(course.exercises["square"]).read_text() == "mine"
    workspace.adopt(course, database)
    assert database.states()["square"].status == "started"


def test_backups_of_one_second_do_not_meet(workspace, pair):
    workspace.give(pair)
    found = set()
    for number in range(5):
        workspace.file(pair).write_text(f"{number}")
        found.add(workspace.reset(pair))
    assert sorted(path.read_text() for path in found) == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("function", ["fsync", "replace"])
def test_a_full_disk_loses_nothing_and_is_said(workspace, pair, monkeypatch, function):
    workspace.give(pair)
    workspace.file(pair).write_text("mine")

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, function, full)
    with pytest.raises(TutorError, match="No space left") as error:
        workspace.reset(pair)
    assert "full" in error.value.hint
    assert workspace.file(pair).read_text() == "mine"
    assert not list(workspace.root.rglob("*.tmp"))


def test_a_full_disk_under_the_database_keeps_what_was_there(workspace):
    database = workspace.progress()
    database.record_attempt(report())
    pages = database._db.execute("PRAGMA page_count").fetchone()[0]
    database._db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(TutorError, match="full"):
        for _ in range(2000):
            database.record_attempt(report("failed"))
    again = workspace.progress()
    assert again.states()["pair"].passed_at and again.states()["pair"].attempts >= 1


def test_a_database_that_is_damaged_or_newer_is_named(workspace):
    path = workspace.root / ".tutor/progress.db"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(TutorError, match="damaged"):
        workspace.progress()
    path.unlink()
    workspace.progress().close()
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(TutorError, match="newer version"):
        workspace.progress()


def test_an_older_database_is_migrated(workspace, monkeypatch):
    workspace.progress().record_attempt(report())
    later = (*progress_module.MIGRATIONS, "ALTER TABLE attempts ADD COLUMN note TEXT NOT NULL DEFAULT ''")
    monkeypatch.setattr(progress_module, "MIGRATIONS", later)
    database = workspace.progress()
    assert database._db.execute("SELECT note FROM attempts").fetchall() == [("",)]
    assert database.states()["pair"].passed_at
    database.close()
    workspace.progress().close()


def test_a_migration_that_fails_changes_nothing(workspace, monkeypatch):
    workspace.progress().record_attempt(report())
    broken = (*progress_module.MIGRATIONS, "CREATE TABLE extra (x); SELECT nothing FROM nowhere")
    monkeypatch.setattr(progress_module, "MIGRATIONS", broken)
    with pytest.raises(TutorError):
        workspace.progress()
    monkeypatch.undo()
    assert workspace.progress().states()["pair"].passed_at


def record_many(path, count):
    database = Progress(path)
    for _ in range(count):
        database.record_attempt(report("failed"))


def test_several_processes_record_at_once(workspace):
    path = workspace.root / ".tutor/progress.db"
    context = multiprocessing.get_context("spawn")
    running = [context.Process(target=record_many, args=(path, 20)) for _ in range(3)]
    [process.start() for process in running]
    [process.join() for process in running]
    assert workspace.progress().states()["pair"].attempts == 60


def test_what_counts_as_passed(workspace):
    database = workspace.progress()
    assert database.states() == {}
    database.record("pair", "given")
    assert database.states()["pair"].status == "started"
    database.record_attempt(report("failed"))
    database.record_attempt(report(whole=False))
    assert database.states()["pair"].status == "started" and database.states()["pair"].attempts == 2
    database.record("pair", "skipped")
    assert database.states()["pair"].status == "skipped"
    database.record("pair", "reset")
    assert database.states()["pair"].status == "started"
    database.record_attempt(report())
    database.record_attempt(report("failed"))
    assert database.states()["pair"].status == "passed"


def test_totals_of_topics_subjects_and_tracks(workspace):
    course = load_course(COURSE)
    database = workspace.progress()
    database.record_attempt(report())
    database.record("square", "given")
    view = standing(course, database.states())
    assert (view.totals.passed, view.totals.started, view.totals.todo) == (1, 1, 1)
    assert view.topics["arithmetic", "sums"].passed == 1 and view.subjects["geometry"].started == 1
    assert standing(course, database.states(), "short").totals.all == 2  # `thrice`, and `pair` that it builds on


def test_where_a_workspace_is_found_and_made(tmp_path):
    assert find_workspace(tmp_path) is None
    made = make_workspace(tmp_path)
    assert made.root == tmp_path
    (tmp_path / "a/b").mkdir(parents=True)
    assert find_workspace(tmp_path / "a/b") == made


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_can_not_be_written_is_named(tmp_path):
    tmp_path.chmod(0o555)
    with pytest.raises(TutorError, match=r"can't be written"):
        make_workspace(tmp_path)
    tmp_path.chmod(0o755)


def test_a_folder_that_can_not_be_made_is_named(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied", str(tmp_path))

    monkeypatch.setattr(workspace_module.Path, "mkdir", refuse)
    with pytest.raises(TutorError, match=r"can't be written: Permission denied"):
        make_workspace(tmp_path)

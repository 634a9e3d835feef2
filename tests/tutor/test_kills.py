"""A hundred kills at random moments: what was recorded stays recorded, and files are whole, old or new."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from conftest import COURSE

from tutor.curriculum import load_course
from tutor.workspace import Workspace

DRIVER = """
import sys
from pathlib import Path
from tutor.curriculum import load_course
from tutor.report import Report, TestResult
from tutor.workspace import Workspace

workspace, course = Workspace(Path(sys.argv[1])), load_course(Path(sys.argv[2]))
pair = course.exercises["pair"]
progress = workspace.progress()
tests = [TestResult(f"test_{n}", "t", "passed", 0.1) for n in range(5)]
while True:
    workspace.give(pair)
    progress.record("pair", "hint")
    print("hint", flush=True)
    progress.record_attempt(Report("pair", "failed", tests, seed=1, seconds=0.5))
    print("attempt", flush=True)
    progress.choose(track="short", current="pair")
    workspace.file(pair).write_bytes(b"# work\\n" * 2000)
    workspace.reset(pair)
    print("reset", flush=True)
"""
WORK = b"# work\n" * 2000


def test_a_hundred_kills_lose_nothing(tmp_path):
    root = tmp_path / "workspace"
    (root / ".tutor").mkdir(parents=True)
    workspace, pair = Workspace(root), load_course(COURSE).exercises["pair"]
    stub = pair.stub.read_bytes()
    acknowledged = {"hint": 0, "attempt": 0, "reset": 0}
    chance = random.Random(0)
    for _ in range(100):
        command = [sys.executable, "-c", DRIVER, str(root), str(COURSE)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        for _ in range(chance.randint(1, 7)):  # by what was done, not by the clock, so that a slow disk is no excuse
            acknowledged[process.stdout.readline().strip()] += 1
        time.sleep(chance.random() * 0.01)
        process.kill()
        for line in process.stdout.read().splitlines():
            acknowledged[line] += 1
        process.wait()
        check(workspace, pair, stub, acknowledged)
    assert acknowledged["attempt"] > 50 and acknowledged["reset"] > 20


def check(workspace, pair, stub, acknowledged):
    db = sqlite3.connect(workspace.root / ".tutor/progress.db")
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    (attempts,) = db.execute("SELECT count(*) FROM attempts").fetchone()
    (hints,) = db.execute("SELECT count(*) FROM events WHERE kind = 'hint'").fetchone()
    incomplete = db.execute("SELECT count(*) FROM results GROUP BY attempt HAVING count(*) <> 5").fetchall()
    db.close()
    assert acknowledged["attempt"] <= attempts and acknowledged["hint"] <= hints and not incomplete
    backups = list((workspace.root / ".tutor/backups").glob("*.py"))
    assert len(backups) >= acknowledged["reset"]
    assert all(backup.read_bytes() == WORK for backup in backups[-3:])
    # The driver's own write of the learner's file is an editor's, not ours: it may be cut off anywhere.
    data = workspace.file(pair).read_bytes()
    assert data == stub or WORK.startswith(data)
    assert workspace.given(pair).read_bytes() == stub
    acknowledged.update(attempt=attempts, hint=hints, reset=len(backups))


@pytest.mark.parametrize("command", [["next"], ["reset", "pair"], ["hint", "pair"], ["check"]])
def test_kills_of_the_real_commands(tutor, command):
    tutor("next")
    chance = random.Random(1)
    mine = tutor.folder / "arithmetic/pair.py"
    mine.write_bytes(WORK)
    for _ in range(4):
        process = tutor.popen(*command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.random() * 0.3)
        process.send_signal(signal.SIGKILL)
        process.wait()
        kept = [file.read_bytes() for file in (tutor.folder / ".tutor/backups").glob("*.py")]
        assert mine.read_bytes() == WORK or WORK in kept
    assert "of 3 passed" in tutor("progress")
    assert os.path.exists(mine)

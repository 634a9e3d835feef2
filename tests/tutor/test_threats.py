"""One folder a threat under `course/threats/`, a submission whose `twice` misbehaves.

Whatever it does, the verdict is `failed`, the failing test names the cause, `plus` is graded all the same, and no
process is left behind.
"""

import os
import re
import shutil
import time
from pathlib import Path

import pytest
import yaml

from tutor.curriculum import load_course
from tutor.grading import Server, layers

HERE = Path(__file__).parent
COURSE = HERE / "course"
THREATS = sorted(path.parent.name for path in (COURSE / "threats").glob("*/expect.yaml"))
CONFINED = set(layers().values()) == {"on"}
NEEDS_SANDBOX = {
    *("fork_bomb", "kills_everything", "kills_its_parent", "opens_a_socket", "reads_the_graders_memory"),
    *("reads_the_solution", "reads_the_suite", "starts_a_program"),
}


@pytest.fixture(scope="module")
def pair():
    return load_course(COURSE).exercises["pair"]


@pytest.fixture(scope="module")
def server():
    with Server(COURSE) as server:
        yield server
    assert processes_of_session(server._process.pid) == []


def assert_nothing_left(server: Server) -> None:
    """The grader's own end is not awaited by the client, so give it a moment."""
    end = time.monotonic() + 20
    while (left := processes_of_session(server._process.pid)) != [server._process.pid]:
        assert time.monotonic() < end, left
        time.sleep(0.01)


def processes_of_session(session: int) -> list[int]:
    found = []
    for name in os.listdir("/proc") if os.path.isdir("/proc") else []:
        try:
            if name.isdigit() and os.getsid(int(name)) == session:
                found.append(int(name))
        except ProcessLookupError:
            continue
    return found


@pytest.mark.parametrize("threat", THREATS)
def test_threat(server, pair, threat):
    if threat in NEEDS_SANDBOX and not CONFINED:
        pytest.skip(f"this machine lacks a layer of the sandbox: {layers()}")
    folder = COURSE / "threats" / threat
    expect = yaml.safe_load((folder / "expect.yaml").read_text())
    source = (folder / "pair.py").read_text().replace("@COURSE@", str(COURSE))

    report = server.grade(pair, source, "/home/learner/pair.py")

    assert report.verdict == "failed", report.notes
    results = {test.id: test for test in report.tests}
    assert list(results) == ["test_twice", "test_plus", "test_twice_of_float32", "test_plus_again"]
    failure = next(test.failure for test in report.tests if test.outcome == "failed")
    assert re.fullmatch(expect["kind"], failure.kind), failure
    assert re.search(expect["says"], " ".join([failure.summary, *failure.details])), failure
    for name in ("test_plus", "test_plus_again"):
        assert results[name].outcome == expect.get("plus", "passed"), results[name].failure
    assert_nothing_left(server)


def test_nothing_of_a_threat_reaches_the_next_submission(server, pair):
    good = pair.solution.read_text()
    for threat in ("patches_torch_testing", "patches_builtins", "os_exit"):
        server.grade(pair, (COURSE / "threats" / threat / "pair.py").read_text(), "pair.py")
        assert server.grade(pair, good, "pair.py").verdict == "passed"


DAEMON = """
import os, signal, time


def twice(x):
    for _ in range(3):
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                with open("@FILE@", "a") as file:
                    file.write(f"{os.getpid()}\\n")
                while True:
                    time.sleep(0.01)
            os._exit(0)
    while not os.path.exists("@FILE@") or len(open("@FILE@").read().split()) < 3:
        time.sleep(0.01)
    return 2 * x


def plus(a, b):
    return a + b
"""


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="orphans are only adopted on Linux")
def test_daemons_are_swept_up_even_without_a_sandbox(pair, tmp_path):
    source = DAEMON.replace("@FILE@", str(tmp_path / "pids"))
    with Server(COURSE) as server:
        report = server.grade(pair, source, "pair.py", sandbox="off")
    assert report.verdict == "passed"
    daemons = (tmp_path / "pids").read_text().split()
    assert len(daemons) >= 3
    assert not [pid for pid in daemons if os.path.exists(f"/proc/{pid}")]


@pytest.mark.skipif(not CONFINED, reason="needs every layer to take one away")
def test_strict_refuses_where_a_layer_is_missing(pair):
    """Landlock allows 16 rulesets on top of each other: a server that is under 16 already can't add its own."""
    import subprocess
    import sys

    script = f"""
from pathlib import Path
from tutor.curriculum import load_course
from tutor.grading import Server, sandbox
for _ in range(16):
    sandbox.restrict_files(sandbox.Confinement(("/",), (), "/"))
with Server(Path({str(COURSE)!r})) as server:
    pair = load_course(Path({str(COURSE)!r})).exercises["pair"]
    for mode in ("strict", "auto"):
        report = server.grade(pair, pair.solution.read_text(), "pair.py", sandbox=mode)
        print(mode, report.verdict, report.sandbox, report.notes)
"""
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    strict, auto = out.splitlines()
    assert strict.startswith("strict ungraded") and "landlock" in strict
    assert auto.startswith("auto passed") and "landlock: " in auto and "landlock: on" not in auto


def test_memory_in_use_is_known_with_and_without_proc(monkeypatch):
    from tutor.grading import sandbox

    with_proc = sandbox.resident_bytes(os.getpid())
    monkeypatch.setattr(sandbox.os.path, "isdir", lambda path: False)
    assert with_proc > 1 << 20 and sandbox.resident_bytes(os.getpid()) > 1 << 20
    assert sandbox.resident_bytes(2**22 + 1) == 0


def test_a_thread_that_prints_on_and_on_stops_nothing(server, pair):
    source = """
import threading


def flood():
    while True:
        print("x" * 100_000)


threading.Thread(target=flood, daemon=True).start()


def twice(x):
    return 3 * x


def plus(a, b):
    return a + b
"""
    report = server.grade(pair, source, "pair.py")
    assert report.verdict == "failed" and len(report.tests) == 4
    assert_nothing_left(server)


@pytest.mark.parametrize(
    "threat",
    ["syntax_error", "os_exit", "kills_itself", "floods_output", "huge_allocation", "patches_builtins", "fork_bomb"],
)
def test_the_terminal_and_progress_stay_intact(tutor, threat):
    if threat in NEEDS_SANDBOX and not CONFINED:
        pytest.skip(f"this machine lacks a layer of the sandbox: {layers()}")
    tutor("next")
    shutil.copy(COURSE / "threats" / threat / "pair.py", tutor.folder / "arithmetic/pair.py")
    text = tutor("check", status=1)
    assert "Traceback" not in text.split("your prints")[0] and "\x1b" not in text and len(text) < 20_000
    assert "of 4 tests passed" in text
    progress = tutor("progress")
    assert "0 of 3 passed, 1 started" in progress and "1 attempt;" in progress
    tutor.solve("pair")
    assert "all 4 tests passed" in tutor("check")

"""`tutor watch`: every save is graded, keys work, and nothing that happens to the file or the terminal ends it.

No test here asserts a time: each waits for a text, and fails if it never comes.
"""

import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time

import pytest

PATIENCE = 60  # seconds
PLUS = "\n\ndef plus(a, b):\n    return a + b\n"
RIGHT = "def twice(x):\n    return 2 * x\n" + PLUS
WRONG = "def twice(x):\n    return 3 * x\n" + PLUS
HANGS = "def twice(x):\n    while True:\n        pass\n" + PLUS


def save(file, text):
    """As most editors do: into a file beside it, which then takes its place."""
    new = file.with_name(f".{file.name}.swp")
    new.write_text(text)
    os.replace(new, file)


class Plain:
    """`tutor watch` without a terminal, and what it prints."""

    def __init__(self, tutor, *arguments):
        self.process = tutor.popen(
            "watch", *arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self._lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self._lines.put(line)

    def until(self, *texts):
        """All that is printed up to a line with one of these."""
        seen, end = "", time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                seen += (line := self._lines.get(timeout=1))
            except queue.Empty:
                assert self.process.poll() is None, seen
                continue
            if any(text in line for text in texts):
                return seen
        raise AssertionError(f"waited for {texts}, saw:\n{seen}")

    def close(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


@pytest.fixture
def file(tutor):
    tutor("next")
    return tutor.folder / "arithmetic/pair.py"


@pytest.fixture
def watch(tutor, file):
    session = Plain(tutor)
    session.until("Repeat with the same inputs")  # of the stub
    yield session
    if session.process.poll() is None:
        session.process.kill()


def test_every_save_is_graded_until_it_is_interrupted(tutor, watch, file):
    file.write_text(WRONG)
    assert "Likely cause: You tripled it." in watch.until("Repeat with the same inputs")
    save(file, RIGHT)
    assert "pair: all 4 tests passed" in watch.until("Next:")
    assert "3 attempts" in tutor("progress")
    save(file, WRONG)
    watch.until("2 of 4 tests passed")
    assert watch.close() == 130


def test_a_save_supersedes_the_check_that_is_running(watch, file):
    save(file, HANGS)
    watch.until("pair.py")  # the heading; its first test takes ten seconds to be given up
    save(file, RIGHT)
    assert "✗" not in watch.until("all 4 tests passed")


def test_a_worker_that_hangs_is_stopped_by_the_end(watch, file):
    save(file, HANGS)
    watch.until("pair.py")
    assert watch.close() == 130


@pytest.mark.parametrize(
    "harm, says",
    [
        (lambda file: file.unlink(), "There is no file"),
        (lambda file: file.write_bytes(b"\xff\xfe\xff"), "is not UTF-8 text"),
        (lambda file: (file.unlink(), file.mkdir()), "is not a regular file"),
        (lambda file: (file.unlink(), file.symlink_to("elsewhere.py")), "is a link"),
    ],
)
def test_it_survives_what_happens_to_the_file(watch, file, harm, says):
    harm(file)
    watch.until(says)
    if file.is_dir():
        file.rmdir()
    save(file, RIGHT)
    watch.until("all 4 tests passed")


def test_other_files_are_none_of_its_business(watch, file):
    (file.parent / "notes.py").write_text("print(1)\n")
    save(file, RIGHT)
    assert watch.until("all 4 tests passed").count("pair.py") == 1


def test_a_folder_that_goes_away_ends_it_with_a_sentence(watch, file):
    while file.parents[1].exists():
        shutil.rmtree(file.parents[1], ignore_errors=True)  # `watch` may be writing there at this moment
    seen = watch.until("There is no file", "can't be watched", "can't be kept")
    goes_on = "There is no file" in seen
    assert (watch.close() if goes_on else watch.process.wait(PATIENCE)) == (130 if goes_on else 2)


def test_without_an_exercise_it_says_what_to_do(tutor):
    assert "tutor next" in tutor("watch", status=2)


# --- in a terminal ------------------------------------------------------------------------------------------------


class Tmux:
    """A terminal of its own, which types and shows what it sees."""

    def __init__(self, folder, environment):
        self._socket = str(folder.parent / "tmux")
        variables = [f"{name}={environment[name]}" for name in ("TUTOR_COURSE", "PATH")]
        shell = ["env", *variables, "PS1=ready>", "TERM=xterm-256color", "sh"]
        self._run("new-session", "-d", "-x", "100", "-y", "60", "-c", str(folder), *shell)

    def _run(self, *arguments):
        command = ["tmux", "-S", self._socket, "-f", "/dev/null", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE).stdout

    def type(self, text, enter=True):
        self._run("send-keys", "-l", text)
        if enter:
            self._run("send-keys", "Enter")

    def press(self, key):
        self._run("send-keys", key)

    def resize(self, columns, rows):
        self._run("resize-window", "-x", str(columns), "-y", str(rows))

    def screen(self):
        return self._run("capture-pane", "-p")

    def until(self, *texts):
        """The screen, once all of these are on it."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            screen = self.screen()
            if all(text in screen for text in texts):
                return screen
            time.sleep(0.05)
        raise AssertionError(f"waited for {texts}, see:\n{screen}")

    def close(self):
        subprocess.run(["tmux", "-S", self._socket, "kill-server"], capture_output=True, timeout=PATIENCE)


@pytest.fixture
def terminal(tutor):
    if not shutil.which("tmux"):
        pytest.skip("tmux is not installed")
    session = Tmux(tutor.folder, tutor.environment())
    yield session
    session.close()


def test_a_whole_session_a_wrong_answer_a_diagnosis_a_fix_a_pass(tutor, terminal):
    """As a learner goes through it, with the real commands in a real terminal."""
    command = f"{sys.executable} -m tutor"
    terminal.type(f"{command} next")
    terminal.until("New file", "arithmetic/pair.py")
    terminal.type(f"{command} watch")
    terminal.until("Not written yet", "n next", "q quit")

    file = tutor.folder / "arithmetic/pair.py"
    save(file, WRONG)
    terminal.until("2 of 4 tests passed", "Likely cause: You tripled it.", "q quit")
    terminal.press("h")
    terminal.until("Hint 1 of 3")
    terminal.press("e")
    terminal.until("Smallest failing input found", "yours", "expected")

    terminal.press("a")
    terminal.until("only what failed", "0 of 2 tests passed")
    save(file, RIGHT)
    terminal.until("all 4 tests passed", "Next:", "q quit")  # what failed, and then the rest

    terminal.press("n")
    terminal.until("thrice", "New file")
    save(tutor.folder / "arithmetic/thrice.py", (tutor.course / "solutions/arithmetic/thrice/solution.py").read_text())
    terminal.until("thrice: its one test passed", "q quit")
    terminal.press("l")
    terminal.until("q quit")
    terminal.press("q")
    terminal.until("ready>")
    terminal.type(f"{command} progress")
    terminal.until("2 of 3 passed")


def test_keys_that_ask_first_and_a_terminal_that_changes_its_size(tutor, terminal):
    command = f"{sys.executable} -m tutor"
    tutor("next")
    file = tutor.folder / "arithmetic/pair.py"
    file.write_text(WRONG)
    terminal.type(f"{command} watch")
    terminal.until("2 of 4 tests passed", "q quit")
    terminal.resize(60, 40)
    terminal.until("2 of 4 tests passed", "q quit")
    terminal.press("r")
    terminal.until("Write the stub over")
    terminal.press("x")
    terminal.until("Left as it is.")
    assert file.read_text() == WRONG
    terminal.press("r")
    terminal.until("any other key")
    terminal.press("y")
    terminal.until("What you had is in", "Not written yet")
    terminal.press("n")
    terminal.until("has not passed yet")
    terminal.press("y")
    terminal.until("thrice")
    terminal.press("q")
    terminal.until("ready>")
    terminal.type("echo still $((40 + 2))")  # the terminal shows what is typed again
    terminal.until("echo still", "still 42")

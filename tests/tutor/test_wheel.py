"""A wheel carries the course, and works from a folder that is no checkout."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """A folder with the wheel's content, as pip would lay it out."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    site = folder / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return site


def test_next_and_check_from_the_wheel(installed, tmp_path):
    code = f"import sys; sys.path.insert(0, {str(installed)!r}); from tutor.cli import main; main()"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "TUTOR"))}

    def tutor(*arguments: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "-P", "-c", code, *arguments]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)

    assert str(installed / "tutor" / "course") in "".join(tutor("doctor").stdout.split())
    assert tutor("next").returncode == 0
    assert (tmp_path / "linear_algebra/matmul.py").exists()
    failed = tutor("check")
    assert failed.returncode == 1 and "Not written yet" in failed.stdout, failed.stderr
    solution = installed / "tutor/course/solutions/linear_algebra/matmul/solution.py"
    (tmp_path / "linear_algebra/matmul.py").write_text(solution.read_text())
    passed = tutor("check", "--sandbox", "auto")
    assert passed.returncode == 0, passed.stdout + passed.stderr
    steal = f"def matmul(a, b):\n    return open({str(solution)!r}).read()\n"
    (tmp_path / "linear_algebra/matmul.py").write_text(steal)
    stolen = tutor("check")
    assert stolen.returncode == 1
    if sysconfig.get_platform().startswith("linux") and "landlock: on" in tutor("doctor").stdout:
        assert "Permission denied" in stolen.stdout

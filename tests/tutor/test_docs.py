"""The README is true: its list of commands, its two commands, its pictures."""

import re
from pathlib import Path

import typer

from tutor.cli import app

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def test_the_readme_lists_every_command_and_no_other():
    told = set(re.findall(r"`tutor ([a-z]+)", README))
    assert told == set(typer.main.get_command(app).commands)


def test_options_that_the_readme_names_exist():
    commands = typer.main.get_command(app).commands
    for command, rest in re.findall(r"^\| `tutor ([a-z]+)`(.*)$", README, re.M):
        known = {option for p in commands[command].params for option in [*p.opts, *p.secondary_opts]}
        assert set(re.findall(r"`(--?[a-z-]+)", rest)) <= known


def test_files_that_the_documents_name_are_there():
    for name in [*re.findall(r"\]\(([\w./]+)\)", README), "constraints.txt", "benchmarks/speed.py"]:
        assert (ROOT / name).exists(), name
    for name in re.findall(r"`((?:tests|tutor|docs|benchmarks)/[\w./]+\.py)`", (ROOT / "CONTRIBUTING.md").read_text()):
        assert (ROOT / name).exists(), name

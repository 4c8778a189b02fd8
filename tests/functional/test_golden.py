"""Equal trees give equal reports, whatever the number of workers, the order of files or the seed of hashes."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from merge_guard.reporters import FORMATS
from tests.functional.command import run, write
from tests.functional.incident import incident

CONFLICT = "<<<<<<< HEAD\ny = 1\n=======\ny = 2\n>>>>>>> other\n"
BROKEN = {"syntax": "x = (\n", "name": "y = nothing\n", "import": "from app import missing\n", "conflict": CONFLICT}
SECONDS = re.compile(r"in \d+\.\d s\b|\"seconds\": ?[\d.]+|\d+\.\d+ seconds")


def many(root: Path, *, backwards: bool = False) -> Path:
    """More files than one process takes, some with findings, one for a worker of its own."""
    kinds = list(BROKEN.values())
    files = {f"app/m{number:03}.py": kinds[number % 4] if number % 10 == 0 else "x = 1\n" for number in range(120)}
    files |= {"app/__init__.py": "", "app/deep.py": f"x = {'-' * 100_000}1\n", "notes.md": CONFLICT}
    files["main.py"] = "".join(f"import app.m{number:03}\n" for number in range(120)) + "import app.deep\n"
    write(root, dict(sorted(files.items(), reverse=backwards)))
    return root


def output(root: Path, *arguments: str, **changes: str) -> tuple[int, str]:
    done = run("check", *arguments, cwd=root, **changes)
    assert done.stderr == ""
    return done.returncode, SECONDS.sub("in - s", done.stdout)


@pytest.mark.parametrize("output_format", FORMATS)
def test_any_number_of_jobs(tmp_path: Path, output_format: str) -> None:
    root = many(tmp_path / "tree")
    arguments = ("--entry", "main", "--output-format", output_format)
    one = output(root, *arguments, "--jobs", "1", PYTHONHASHSEED="1")
    two = output(root, *arguments, "--jobs", "2", PYTHONHASHSEED="2")
    assert one[0] in (1, 2)
    assert one == two


def test_any_order_of_files(tmp_path: Path) -> None:
    """Directories list files as they were made, more or less."""
    arguments = ("--entry", "main", "--output-format", "json")
    forwards, backwards = many(tmp_path / "a"), many(tmp_path / "b", backwards=True)
    assert output(forwards, *arguments) == output(backwards, *arguments)


def test_any_place_to_stand(tmp_path: Path) -> None:
    repo = incident(tmp_path / "shop")
    arguments = ("--output-format", "json")
    assert output(repo.root, *arguments) == output(repo.root / "backend/websocket", *arguments)


def test_the_order_of_findings(tmp_path: Path) -> None:
    """Blocked start-ups first; then errors, then warnings, by path and line."""
    status, text = output(many(tmp_path / "tree"), "--entry", "main", "--output-format", "json")
    listed = json.loads(text.replace("in - s", '"seconds": 0'))["findings"]
    assert status == 1
    keys = [(f["code"] != "MG303", f["severity"] != "error", f["path"], f["line"], f["column"]) for f in listed]
    assert len(keys) > 10
    assert keys == sorted(keys)
    assert len({f["fingerprint"] for f in listed}) == len(listed)


def test_the_example_of_the_readme(tmp_path: Path) -> None:
    repo = incident(tmp_path / "shop")
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    shown = readme.partition("$ merge-guard check\n")[2].partition("\n$ echo $?\n")[0]
    done = run("check", "--target-python", "3.11", cwd=repo.root, COLUMNS="120")
    said = SECONDS.sub("in - s", done.stdout.strip()).replace("(from --target-python)", "(from this interpreter)")
    assert said == SECONDS.sub("in - s", shown)
    assert done.returncode == 1


@pytest.mark.skipif(os.cpu_count() == 1, reason="needs two processors to be another number")
def test_the_default_number_of_jobs(tmp_path: Path) -> None:
    root = many(tmp_path / "tree")
    arguments = ("--entry", "main", "--output-format", "json")
    assert output(root, *arguments) == output(root, *arguments, "--jobs", "1")

"""What `pip install` puts in place, and that the tests here run that."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from tests.functional.command import MERGE_GUARD, environment, run, write

ROOT = Path(__file__).resolve().parents[2]


def modules(folder: Path) -> dict[str, str]:
    found = [path for path in folder.rglob("*") if path.suffix in (".py", ".json")]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def test_what_is_installed_is_this_checkout(tmp_path: Path) -> None:
    """If this fails, install the checkout again: the other functional tests run what is installed."""
    program = "import merge_guard; print(merge_guard.__file__)"
    python = [sys.executable, "-c", program]
    done = subprocess.run(python, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True)
    assert modules(Path(done.stdout.strip()).parent) == modules(ROOT / "merge_guard")
    assert os.access(MERGE_GUARD, os.X_OK)


def test_the_entry_points() -> None:
    declared = {
        (entry.group, entry.name): entry.value for entry in metadata.distribution("flake8-merge-guard").entry_points
    }
    assert declared == {
        ("console_scripts", "merge-guard"): "merge_guard.__main__:main",
        ("flake8.extension", "MG"): "merge_guard.flake8_plugin:MergeGuardPlugin",
    }


def test_the_command_needs_nothing_of_the_extras(tmp_path: Path) -> None:
    """Importing flake8, pre-commit or libcst from `check` would break an installation without extras."""
    write(tmp_path, {"tree/main.py": "x = 1\n"})
    for name in ("flake8", "pre_commit", "libcst", "yaml", "pytest"):
        write(tmp_path, {f"absent/{name}.py": "raise ImportError(f'{__name__} is an extra')\n"})
    done = run("check", cwd=tmp_path / "tree", PYTHONPATH=str(tmp_path / "absent"))
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_the_wheel(tmp_path: Path) -> None:
    """Two builds give the same bytes; in them are the package and its schemas, and no tests."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.split(b"\0")[:-1]
    paths = [name for name in map(os.fsdecode, listed) if (ROOT / name).is_file()]
    files = {name: (ROOT / name).read_bytes() for name in paths}
    wheels = []
    for number in ("1", "2"):
        source, made = tmp_path / f"source{number}", tmp_path / f"made{number}"
        write(source, files)
        build = [sys.executable, "-m", "build", "--wheel", "--outdir", str(made), str(source)]
        done = subprocess.run(
            build, env=environment(SOURCE_DATE_EPOCH="1700000000"), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Deprecat" not in done.stdout + done.stderr
        (wheel,) = made.iterdir()
        wheels.append(wheel)
    assert wheels[0].read_bytes() == wheels[1].read_bytes()
    with zipfile.ZipFile(wheels[0]) as archive:
        names_inside = archive.namelist()
    tops = {name.partition("/")[0] for name in names_inside}
    assert tops == {"merge_guard", "flake8_merge_guard-0.1.0.dist-info"}
    assert {name for name in names_inside if name.endswith(".schema.json")} == {
        "merge_guard/config.schema.json",
        "merge_guard/reporters/report.schema.json",
    }
    assert any(name.endswith(("licenses/LICENSE", "dist-info/LICENSE")) for name in names_inside)

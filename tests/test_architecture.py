"""The contracts of `setup.cfg` hold for the code, and each of them can fail."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LAYERS = "A line may import only from lines below it BROKEN"
CORE = "The core starts no process and has no terminal and no database BROKEN"
PROMISES = "No network, nothing that runs what it reads BROKEN"
LIBCST = "Only the rewriting of files knows libcst BROKEN"
RULES = "No rule imports another BROKEN"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("architecture")
    source = Path(__file__).resolve().parent.parent
    shutil.copytree(source / "merge_guard", root / "merge_guard", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(source / "setup.cfg", root)
    return root


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=root,
        env={**os.environ, "COLUMNS": "200", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_contracts_hold(copy: Path) -> None:
    done = lint_imports(copy)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 kept, 0 broken" in done.stdout


@pytest.mark.parametrize(
    ("path", "line", "broken"),
    [
        pytest.param("model/finding.py", "import merge_guard.engine.judge", LAYERS, id="upwards"),
        pytest.param("sources/walk.py", "import merge_guard.workers.pool", LAYERS, id="beside"),
        pytest.param("engine/judge.py", "def late():\n    import merge_guard.wiring", LAYERS, id="in a function"),
        pytest.param("newcomer.py", "x = 1", LAYERS, id="a module without a layer"),
        pytest.param("startup/heap.py", "import subprocess", CORE, id="a process in the core"),
        pytest.param("facts/text.py", "import click", CORE, id="a terminal in the core"),
        pytest.param("operations/fix.py", "import libcst", LIBCST, id="libcst outside the fixes"),
        pytest.param("workers/work.py", "import pickle", PROMISES, id="pickle"),
        pytest.param("cli/output.py", "import socket", PROMISES, id="network"),
        pytest.param("rules/mg101_conflict_block.py", "import merge_guard.rules.mg102_stray_marker", RULES, id="rules"),
    ],
)
def test_a_contract_can_fail(copy: Path, path: str, line: str, broken: str) -> None:
    file = copy / "merge_guard" / path
    before = file.read_text(encoding="utf-8") if file.exists() else None
    file.write_text(f"{before or ''}\n{line}\n", encoding="utf-8")
    try:
        done = lint_imports(copy)
    finally:
        file.unlink() if before is None else file.write_text(before, encoding="utf-8")
    assert done.returncode == 1
    assert broken in done.stdout

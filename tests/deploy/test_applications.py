"""Web applications in packages are entry points where nothing else says what starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from merge_guard import wiring
from merge_guard.model.report import EntryStatus
from merge_guard.model.request import Request

MAIN = "from fastapi import FastAPI\nfrom .routers import items\napp = FastAPI()\napp.include_router(items.router)\n"
ROUTER = "from fastapi import APIRouter\nfrom ..gone import query\nrouter = APIRouter()\n"


def started(root: Path, files: dict[str, str]) -> dict[str, EntryStatus]:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    report = wiring.judge(Request(start=str(root), isolated=True, jobs=1))
    return {entry.name: entry.status for entry in report.entry_points}


PACKAGE = {"shop/__init__.py": "", "shop/routers/__init__.py": "", "shop/routers/items.py": ROUTER}


@pytest.mark.parametrize("gone", [True, False])
def test_the_application_is_started(tmp_path: Path, gone: bool) -> None:
    files = PACKAGE | {"shop/main.py": MAIN} | ({} if gone else {"shop/gone.py": "query = 1\n"})
    found = started(tmp_path, files)
    assert found["shop.main:app"] is (EntryStatus.FAILS if gone else EntryStatus.STARTS)
    assert found["shop"] is EntryStatus.STARTS


def test_in_a_conflict(tmp_path: Path) -> None:
    conflict = f"{MAIN}<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> other\n"
    files = PACKAGE | {"shop/main.py": conflict, "shop/gone.py": "query = 1\n"}
    assert started(tmp_path, files)["shop.main:app"] is EntryStatus.FAILS


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("shop/main.py", "from fastapi import FastAPI\ndef make():\n    return FastAPI()\n", id="function"),
        pytest.param("shop/main.py", "from .fastapi import FastAPI\napp = FastAPI()\n", id="another FastAPI"),
        pytest.param("shop/example.py", MAIN, id="another module"),
        pytest.param("docs/main.py", MAIN, id="documentation"),
    ],
)
def test_others_are_not(tmp_path: Path, name: str, text: str) -> None:
    files = {"shop/__init__.py": "", "shop/fastapi.py": "class FastAPI: ...\n", name: text}
    assert set(started(tmp_path, files)) == {"shop"}


def test_what_is_declared_stands_alone(tmp_path: Path) -> None:
    files = PACKAGE | {"shop/main.py": MAIN, "Procfile": "web: python -m shop.run\n", "shop/run.py": ""}
    assert "shop.main:app" not in started(tmp_path, files)

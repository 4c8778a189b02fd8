"""What is remembered never changes what is said."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from gitrepo import GitRepo

from merge_guard import wiring
from merge_guard.model.report import Report
from merge_guard.model.request import Mode, Request
from merge_guard.model.sighting import unpacked
from merge_guard.model.source import SourceFile
from merge_guard.sources.readers import WorkTreeReader

FILES = {
    "app/__init__.py": "",
    "app/main.py": "from app.factory import build\napp = build()\n",
    "app/factory.py": "def build():\n    from app import routes\n    return routes.table\n",
    "app/routes.py": "from app.models import User\ntable = [User]\n",
    "app/models.py": "class User:\n    pass\n",
    "app/other.py": "import app.gone\n",
    "notes.txt": "nothing\n",
}
CONTENTS = (
    "class User:\n    pass\n",
    "class Admin:\n    pass\n",
    "<<<<<<< HEAD\nclass User: ...\n=======\nclass User: pass\n>>>>>>> other\n",
    "class User\n",
    "from app import main\nclass User: ...\n",
    "return 1\n",
    "table = ()\ndef build(): return 1\nUser = 1\n",
)


def write(root: Path, files: Mapping[str, str]) -> Path:
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        settle(place)
    return root


def settle(path: Path) -> None:
    """As though it had been written a while ago; the time of its inode cannot be set."""
    os.utime(path, ns=(1_600_000_000 * 10**9, 1_600_000_000 * 10**9))


def said(root: Path, cache: Path | None, **fields: object) -> Report:
    request = Request(start=str(root), entry=("app.main:app",), cache_dir=str(cache) if cache else None, **fields)  # type: ignore[arg-type]
    report = wiring.judge(request)
    return replace(report, timings={}, summary=replace(report.summary, seconds=0))


@pytest.fixture
def unsettled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stamps count at once: the tests do not wait until the files are old enough."""
    monkeypatch.setattr("merge_guard.sources.stamps.SETTLED", -(10**9))


@pytest.mark.usefixtures("unsettled")
@pytest.mark.parametrize("seed", range(6))
def test_equal_over_edits(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    root = write(tmp_path / "tree", FILES)
    cache = tmp_path / "cache"
    paths = [path for path in FILES if path.endswith(".py")]
    for _ in range(12):
        path = root / chance.choice(paths)
        kind = chance.random()
        if kind < 0.15:
            path.unlink(missing_ok=True)
        elif kind < 0.3:
            path.touch()
        else:
            write(root, {str(path.relative_to(root)): chance.choice(CONTENTS)})
        assert said(root, cache) == said(root, None)


@pytest.mark.usefixtures("unsettled")
def test_unchanged_files_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write(tmp_path / "tree", FILES)
    cold = said(root, tmp_path / "cache")
    read: list[str] = []
    original = WorkTreeReader.read

    def noticed(self: WorkTreeReader, file: SourceFile) -> bytes:
        read.append(file.path)
        return original(self, file)

    monkeypatch.setattr(WorkTreeReader, "read", noticed)
    assert said(root, tmp_path / "cache") == cold
    # What a report quotes is read, and what is no source.
    assert not {"app/main.py", "app/factory.py", "app/routes.py", "app/models.py"}.intersection(read)


@pytest.mark.usefixtures("unsettled")
def test_an_edit_that_keeps_size_and_time_is_seen(tmp_path: Path) -> None:
    root = write(tmp_path / "tree", FILES)
    said(root, tmp_path / "cache")
    write(root, {"app/models.py": FILES["app/models.py"].replace("User", "Used")})
    report = said(root, tmp_path / "cache")
    assert report == said(root, None)
    assert any(finding.code == "MG302" for finding in report.findings)


def test_a_file_that_was_just_written_is_read_again(tmp_path: Path) -> None:
    root = write(tmp_path / "tree", FILES)
    said(root, tmp_path / "cache")
    with sqlite3.connect(tmp_path / "cache" / "facts-1.sqlite3") as connection:
        ((value,),) = connection.execute("SELECT value FROM entries WHERE key LIKE 'seen:%'").fetchall()
    connection.close()
    found = unpacked(value)
    assert found is not None
    seen, _ = found
    assert b"app/models.py" in seen.names()
    assert not seen.stamps.strip(b"\0"), "none of them is old enough for its times to say anything"


@pytest.mark.usefixtures("unsettled")
def test_the_marker_size_counts(tmp_path: Path) -> None:
    root = write(tmp_path / "tree", FILES | {"notes.txt": CONTENTS[2]})
    assert any(finding.code == "MG101" for finding in said(root, tmp_path / "cache").findings)
    write(root, {".gitattributes": "*.txt conflict-marker-size=20\n"})
    assert said(root, tmp_path / "cache") == said(root, None)


@pytest.mark.usefixtures("unsettled")
def test_another_target_is_another_question(tmp_path: Path) -> None:
    root = write(tmp_path / "tree", FILES | {"app/models.py": "class User[T]: ...\n"})
    for target in ("3.10", "3.13", "3.10"):
        assert said(root, tmp_path / "cache", target_python=target) == said(root, None, target_python=target)


@pytest.mark.usefixtures("unsettled")
def test_fuzzed_values(tmp_path: Path) -> None:
    root = write(tmp_path / "tree", FILES)
    clean = said(root, tmp_path / "cache")
    chance = random.Random(7)
    for _ in range(8):
        with sqlite3.connect(tmp_path / "cache" / "facts-1.sqlite3") as connection:
            for key, value in connection.execute("SELECT key, value FROM entries").fetchall():
                # What decodes is believed, for the directory is this user's; what is torn is not, and facts have a sum.
                torn = value[: chance.randrange(len(value) + 1)] if chance.random() < 0.7 else b"\xc1" + value
                if ":(" in key and chance.random() < 0.5:
                    place = chance.randrange(len(value))
                    torn = value[:place] + bytes([value[place] ^ 1 << chance.randrange(8)]) + value[place + 1 :]
                connection.execute("UPDATE entries SET value = ? WHERE key = ?", (torn, key))
        connection.close()
        assert said(root, tmp_path / "cache") == clean


def test_index_and_commit_share_with_the_work_tree(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "tree")
    repo.commit(FILES)
    cache = tmp_path / "cache"
    for _ in range(2):
        for fields in ({"mode": Mode.STAGED}, {"mode": Mode.REVISION, "revision": "HEAD"}, {}):
            assert said(tmp_path / "tree", cache, **fields) == said(tmp_path / "tree", None, **fields)


@pytest.mark.usefixtures("unsettled")
def test_a_whole_report_is_recalled_until_something_changes(tmp_path: Path) -> None:
    root = write(tmp_path / "tree", FILES)

    def recalled(**fields: object) -> bool:
        request = Request(start=str(root), entry=("app.main:app",), cache_dir=str(tmp_path / "cache"), **fields)  # type: ignore[arg-type]
        return "recalled" in wiring.judge(request).timings

    assert [recalled(), recalled(), recalled()] == [False, True, True]
    assert not recalled(ignore=("MG3",))
    (root / "app/unrelated.txt").write_text("new\n")
    assert [recalled(), recalled()] == [False, True]
    (root / "app/unrelated.txt").unlink()
    write(root, {"app/other.py": "import app.models\n"})
    assert [recalled(), recalled()] == [False, True]
    (root / "link.py").symlink_to("app/models.py")
    assert [recalled(), recalled()] == [False, True]
    (root / "link.py").unlink()
    (root / "link.py").symlink_to("app/main.py")
    assert not recalled()


def test_bytes_that_change_while_they_are_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read decides under which name it is kept."""
    monkeypatch.setattr("merge_guard.sources.stamps.SETTLED", -(10**9))
    root = write(tmp_path / "tree", FILES)
    said(root, tmp_path / "cache")
    write(root, {"app/models.py": "class Other: ...\n"})
    original = WorkTreeReader.read
    armed = [True]

    def racing(self: WorkTreeReader, file: SourceFile) -> bytes:
        data = original(self, file)
        if file.path == "app/models.py" and armed:
            armed.clear()
            write(root, {"app/models.py": "class Last: ...\nUser = Last\n"})
        return data

    monkeypatch.setattr(WorkTreeReader, "read", racing)
    said(root, tmp_path / "cache")
    monkeypatch.undo()
    monkeypatch.setattr("merge_guard.sources.stamps.SETTLED", -(10**9))
    assert said(root, tmp_path / "cache") == said(root, None)
    write(root, {"app/models.py": "class Other: ...\n"})
    assert said(root, tmp_path / "cache") == said(root, None)

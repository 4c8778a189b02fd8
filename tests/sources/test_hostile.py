"""A repository whose every program setting leads to a canary: nothing that merge-guard asks of it may sing."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from merge_guard.errors import UsageError
from merge_guard.model.source import FileKind, Snapshot, UnreadableError
from merge_guard.sources.discover import find_root
from merge_guard.sources.index import index_snapshot
from merge_guard.sources.revision import revision_snapshot
from merge_guard.sources.work_tree import work_tree_snapshot
from tests.gitrepo import GitRepo, isolated_environment
from tests.sources.hostile import hostile_repository


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    (tmp_path / "canary").mkdir()
    return tmp_path / "canary"


@pytest.fixture
def hostile(tmp_path: Path, canary: Path) -> GitRepo:
    return hostile_repository(tmp_path / "hostile", tmp_path / "programs", canary)


def _state(root: Path) -> dict[str, tuple[int, int, bytes]]:
    """Every path below `root` with its mode, time of change and content."""
    state = {}
    for path in [root, *root.rglob("*")]:
        status = path.lstat()
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        state[str(path)] = (status.st_mode, status.st_mtime_ns, content)
    return state


def _use(snapshot: Snapshot) -> set[str]:
    """Read everything that a snapshot offers; the paths that cannot be read."""
    unreadable = set()
    for file in snapshot.files:
        try:
            snapshot.reader.read(file)
        except UnreadableError:
            unreadable.add(file.path)
        snapshot.history.parent_versions(file.path)
    return unreadable


@pytest.mark.parametrize(
    ("arguments", "sings"),
    [
        pytest.param(("ls-files", "--others"), "core.fsmonitor", id="fsmonitor"),
        pytest.param(("diff", "--no-index", "a.py", "sub/b.py"), "diff.evil.command", id="external diff"),
        pytest.param(("cat-file", "-p", "HEAD:promised.py"), "remote-url", id="promised object"),
        pytest.param(("update-index", "--refresh"), "filter.evil.clean", id="filter"),
    ],
)
def test_the_canary_can_sing(hostile: GitRepo, canary: Path, arguments: tuple[str, ...], sings: str) -> None:
    """Git itself, on the same repository, runs what the settings say; without this the tests below prove nothing."""
    (hostile.root / "fifo.py").unlink()
    hostile.write({"sub/b.py": "x\n"})
    config = hostile.root / ".git/config"
    text = config.read_text()
    for name in ("worktree", "required", "process"):  # at these git gives up before it gets to the others
        text = text.replace(f"\t{name} = ", "\tignored = ")
    config.write_text(text)
    subprocess.run(
        ["git", *arguments], cwd=hostile.root, env=isolated_environment(), capture_output=True, check=False, timeout=60
    )
    assert sings in {path.name for path in canary.iterdir()}


@pytest.mark.parametrize(
    ("provide", "unreadable"),
    [
        pytest.param(work_tree_snapshot, {"fifo.py"}, id="work tree"),
        pytest.param(index_snapshot, {"promised.py"}, id="index"),
        pytest.param(lambda root: revision_snapshot(root, "HEAD"), {"promised.py"}, id="commit"),
        pytest.param(lambda root: revision_snapshot(root, "side@{0}^{/change}"), {"promised.py"}, id="searched commit"),
        pytest.param(lambda root: revision_snapshot(root, "MERGE_HEAD^{tree}"), {"promised.py"}, id="tree"),
    ],
)
@pytest.mark.parametrize("inside", [True, False], ids=["standing inside", "standing outside"])
def test_nothing_runs_and_nothing_changes(
    hostile: GitRepo,
    canary: Path,
    monkeypatch: pytest.MonkeyPatch,
    provide: Callable[[str], Snapshot],
    unreadable: set[str],
    inside: bool,
) -> None:
    monkeypatch.chdir(hostile.root if inside else canary)
    monkeypatch.setenv("GIT_PAGER", "false")
    before = _state(hostile.root)
    root, kind = find_root(str(hostile.root / "sub"))
    assert (root, kind) == (str(hostile.root), "git")
    snapshot = provide(root)
    assert _use(snapshot) - {file.path for file in snapshot.files if file.kind is FileKind.DIRECTORY} == unreadable
    assert _state(hostile.root) == before
    assert list(canary.iterdir()) == []


def test_an_embedded_bare_repository(hostile: GitRepo, canary: Path) -> None:
    root = str(hostile.root / "embedded.git")
    assert find_root(root) == (str(hostile.root), "git")
    with pytest.raises(UsageError, match="unknown revision"):
        revision_snapshot(root, "main")
    assert list(canary.iterdir()) == []

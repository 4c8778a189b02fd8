from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from merge_guard.errors import UsageError
from merge_guard.model.source import FileKind, Snapshot, Tracked, UnreadableError
from merge_guard.sources.work_tree import work_tree_snapshot
from tests.gitrepo import GitRepo

NAMES = [b"\xff\xfe.py", b"a\nb.py", b"\x1b[31m.py", b"-rf.py", b" .py", b"\r.py", "‮.py".encode(), b"x" * 252 + b".py"]


def _kinds(snapshot: Snapshot) -> dict[str, FileKind]:
    return {file.path: file.kind for file in snapshot.files}


def _tracked(snapshot: Snapshot) -> dict[str, bool]:
    return {file.path: file.tracked is Tracked.TRACKED for file in snapshot.files}


def test_tracked_and_untracked(repo: GitRepo) -> None:
    repo.commit({"a.py": "a", "pkg/b.py": "b", "gone.py": "", ".gitignore": "ignored.py\n"})
    (repo.root / "gone.py").unlink()
    repo.write({"a.py": "changed", "pkg/new.py": "", "ignored.py": ""})
    snapshot = work_tree_snapshot(str(repo.root))
    assert _tracked(snapshot) == {".gitignore": True, "a.py": True, "pkg/b.py": True, "pkg/new.py": False}
    assert [file.path for file in snapshot.files] == sorted(file.path for file in snapshot.files)
    assert {file.blob for file in snapshot.files} == {None}
    assert (snapshot.label, snapshot.notices, snapshot.changed, snapshot.merging) == ("work tree", (), None, False)
    assert snapshot.reader.read(snapshot.by_path()["a.py"]) == b"changed"
    assert snapshot.history.parent_versions("a.py") == [b"a"]
    assert snapshot.history.parent_versions("pkg/new.py") == [None]


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_before_the_first_commit(tmp_path: Path, object_format: str) -> None:
    repo = GitRepo(tmp_path / "repo", object_format=object_format)
    repo.write({"a.py": "a", "b.py": "b"})
    repo.run("add", "a.py")
    snapshot = work_tree_snapshot(str(repo.root))
    assert _tracked(snapshot) == {"a.py": True, "b.py": False}
    assert snapshot.history.parent_versions("a.py") == []


def test_a_plain_folder(tmp_path: Path) -> None:
    for name in (
        "a.py",
        "pkg/b.py",
        ".hg/c.py",
        "pkg/__pycache__/d.pyc",
        "env/pyvenv.cfg",
        "env/e.py",
        "node_modules/f.js",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    snapshot = work_tree_snapshot(str(tmp_path))
    assert {file.path: file.tracked for file in snapshot.files} == dict.fromkeys(("a.py", "pkg/b.py"), Tracked.UNKNOWN)
    assert snapshot.label == "folder"
    assert snapshot.history.parent_versions("a.py") is None


def test_what_tools_generate_counts_only_if_tracked(repo: GitRepo) -> None:
    files = {"env/pyvenv.cfg": "", "env/lib/a.py": "", "node_modules/a.py": "", "new/node_modules/a.py": ""}
    repo.write(dict(files))
    repo.run("add", "-f", "node_modules/a.py", "env/lib/a.py")
    assert _tracked(work_tree_snapshot(str(repo.root))) == {
        "env/lib/a.py": True,
        "env/pyvenv.cfg": False,
        "node_modules/a.py": True,
    }


@pytest.mark.parametrize("tracked", [True, False], ids=["repository", "folder"])
def test_kinds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tracked: bool) -> None:
    root = tmp_path / "root"
    root.mkdir()
    monkeypatch.chdir(root)
    (root / "real.py").write_bytes(b"")
    for name, target in {"link.py": "real.py", "dangling.py": "gone", "loop.py": "loop.py", "out": "/etc"}.items():
        (root / name).symlink_to(target)
    (root / "d.py").mkdir()
    (root / "d.py/inner.py").write_bytes(b"")
    if tracked:
        GitRepo(root).commit()
    os.mkfifo(root / "fifo.py")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("socket.py")
    snapshot = work_tree_snapshot(str(root))
    assert _kinds(snapshot) == {
        "real.py": FileKind.REGULAR,
        "link.py": FileKind.LINK,
        "dangling.py": FileKind.LINK,
        "loop.py": FileKind.LINK,
        "out": FileKind.LINK,
        "d.py": FileKind.DIRECTORY,
        "d.py/inner.py": FileKind.REGULAR,
        "fifo.py": FileKind.SPECIAL,
        "socket.py": FileKind.SPECIAL,
    }
    for file in snapshot.files:
        if file.kind is not FileKind.REGULAR:
            with pytest.raises(UnreadableError, match="not a regular file"):
                snapshot.reader.read(file)


def test_tracked_files_that_became_something_else(repo: GitRepo) -> None:
    repo.commit({"a.py": "", "pkg/b.py": "", "c": ""})
    (repo.root / "a.py").unlink()
    os.mkfifo(repo.root / "a.py")
    (repo.root / "pkg/b.py").unlink()
    (repo.root / "pkg").rmdir()
    (repo.root / "pkg").symlink_to("/etc")
    (repo.root / "c").unlink()
    repo.write({"c/d.py": ""})
    assert _kinds(work_tree_snapshot(str(repo.root))) == {
        "a.py": FileKind.SPECIAL,
        "pkg": FileKind.LINK,
        "c/d.py": FileKind.REGULAR,
    }


@pytest.mark.parametrize("tracked", [True, False], ids=["tracked", "untracked"])
def test_any_name(repo: GitRepo, tracked: bool) -> None:
    for name in NAMES:
        with open(os.fsencode(repo.root) + b"/" + name, "wb") as made:
            made.write(name)
    if tracked:
        repo.commit()
    snapshot = work_tree_snapshot(str(repo.root))
    assert {file.path.encode("utf-8", "surrogateescape") for file in snapshot.files} == set(NAMES)
    for file in snapshot.files:
        content = file.path.encode("utf-8", "surrogateescape")
        assert snapshot.reader.read(file) == content
        assert snapshot.history.parent_versions(file.path) == ([content] if tracked else [])


def test_the_flags_of_the_index_are_not_believed(repo: GitRepo) -> None:
    repo.commit({"a.py": "a", "b.py": "b", "c.py": "c", "d.py": "d"})
    repo.run("update-index", "--assume-unchanged", "a.py", "b.py")
    repo.run("update-index", "--skip-worktree", "c.py", "d.py")
    for name in ("b.py", "d.py"):
        (repo.root / name).unlink()
    repo.write({"a.py": "changed", "c.py": "changed"})
    snapshot = work_tree_snapshot(str(repo.root))
    assert _kinds(snapshot) == {"a.py": FileKind.REGULAR, "c.py": FileKind.REGULAR, "d.py": FileKind.ABSENT}
    assert [snapshot.reader.read(file) for file in snapshot.files[:2]] == [b"changed", b"changed"]
    assert snapshot.notices == ("sparse checkout: 1 tracked files are not in the work tree",)


def test_a_sparse_checkout(repo: GitRepo) -> None:
    repo.commit({"in/a.py": "", "out/b.py": "", "out/c.py": "", "top.py": ""})
    repo.run("sparse-checkout", "set", "--cone", "--sparse-index", "in")
    snapshot = work_tree_snapshot(str(repo.root))
    assert _kinds(snapshot) == {
        "in/a.py": FileKind.REGULAR,
        "out/b.py": FileKind.ABSENT,
        "out/c.py": FileKind.ABSENT,
        "top.py": FileKind.REGULAR,
    }
    assert snapshot.notices == ("sparse checkout: 2 tracked files are not in the work tree",)


def test_submodules_and_nested_repositories_are_not_entered(repo: GitRepo, tmp_path: Path) -> None:
    other = GitRepo(tmp_path / "other")
    other.commit({"inner.py": ""})
    for name in ("sub", "absent"):
        repo.run("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.root), name)
    repo.commit({"a.py": ""})
    repo.run("submodule", "--quiet", "deinit", "absent")
    (repo.root / "absent").rmdir()
    GitRepo(repo.root / "nested").commit({"x.py": ""})
    snapshot = work_tree_snapshot(str(repo.root))
    kinds = _kinds(snapshot)
    assert kinds.pop("sub") is kinds.pop("absent") is FileKind.SUBMODULE
    assert set(kinds) == {"a.py", ".gitmodules"}
    assert snapshot.notices == ("nested repository not entered: 'nested'",)
    assert set(_kinds(work_tree_snapshot(str(repo.root / "sub")))) == {"inner.py"}


def test_a_linked_work_tree(repo: GitRepo, tmp_path: Path) -> None:
    repo.commit({"a.py": "old"})
    repo.run("worktree", "add", "-q", "-b", "side", str(tmp_path / "linked"))
    linked = GitRepo.at(tmp_path / "linked")
    linked.commit({"a.py": "new", "b.py": ""})
    snapshot = work_tree_snapshot(str(linked.root))
    assert _tracked(snapshot) == {"a.py": True, "b.py": True}
    assert snapshot.history.parent_versions("a.py") == [b"new"]
    assert work_tree_snapshot(str(repo.root)).history.parent_versions("a.py") == [b"old"]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_forbidden_directory(repo: GitRepo) -> None:
    repo.commit({"pkg/a.py": ""})
    (repo.root / "pkg").chmod(0)
    try:
        snapshot = work_tree_snapshot(str(repo.root))
    finally:
        (repo.root / "pkg").chmod(0o755)
    assert _tracked(snapshot) == {"pkg/a.py": True}
    assert snapshot.notices == ("directory not listed, permission denied: 'pkg/'",)


def test_during_a_merge(repo: GitRepo) -> None:
    repo.commit({"a.py": "base\n", "b.py": "base\n"})
    repo.branch("side")
    repo.commit({"a.py": "theirs\n"})
    repo.run("rm", "-q", "b.py")
    repo.commit()
    repo.switch("main")
    repo.commit({"a.py": "ours\n", "b.py": "ours\n"})
    assert not repo.merge("side")
    snapshot = work_tree_snapshot(str(repo.root))
    assert snapshot.merging
    assert {(item.path, item.stages) for item in snapshot.unmerged} == {
        ("a.py", frozenset({1, 2, 3})),
        ("b.py", frozenset({1, 2})),
    }
    assert _tracked(snapshot) == {"a.py": True, "b.py": True}
    assert snapshot.reader.read(snapshot.by_path()["a.py"]).startswith(b"<<<<<<< HEAD\nours\n")
    assert snapshot.history.parent_versions("a.py") == [b"ours\n", b"theirs\n"]
    assert snapshot.history.parent_versions("b.py") == [b"ours\n", None]


def test_a_git_file_that_leads_nowhere_makes_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"")
    (tmp_path / ".git").write_bytes(b"gitdir: /gone\n")
    assert work_tree_snapshot(str(tmp_path)).label == "folder"


def test_bare(tmp_path: Path) -> None:
    GitRepo(tmp_path / "bare", bare=True)
    with pytest.raises(UsageError, match="--rev"):
        work_tree_snapshot(str(tmp_path / "bare"))


def test_a_repository_with_a_reftable_is_listed_without_history(repo: GitRepo) -> None:
    repo.commit({"a.py": ""})
    (repo.root / ".git/reftable").mkdir()
    snapshot = work_tree_snapshot(str(repo.root))
    assert set(_kinds(snapshot)) == {"a.py"}
    assert "reftable" in snapshot.notices[0]
    assert snapshot.history.parent_versions("a.py") is None

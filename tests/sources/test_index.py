from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from merge_guard.errors import GitError, UsageError
from merge_guard.model.source import FileKind, Snapshot, Tracked
from merge_guard.sources.index import index_snapshot
from tests.gitrepo import GitRepo

NAMES = [b"\xff\xfe.py", b"a\nb.py", b"\x1b[31m.py", b"-rf.py", b" .py", b"x" * 252 + b".py"]


def _contents(snapshot: Snapshot) -> dict[str, bytes]:
    return {file.path: snapshot.reader.read(file) for file in snapshot.files if file.kind is FileKind.REGULAR}


def test_what_is_staged(repo: GitRepo) -> None:
    repo.commit({"a.py": "a", "b.py": "b", "same.py": "same"})
    repo.write({"a.py": "staged", "new.py": "new"})
    repo.run("add", "a.py", "new.py")
    repo.run("rm", "-q", "b.py")
    repo.write({"a.py": "unstaged", "untracked.py": ""})
    snapshot = index_snapshot(str(repo.root))
    assert _contents(snapshot) == {"a.py": b"staged", "new.py": b"new", "same.py": b"same"}
    assert snapshot.changed == frozenset({"a.py", "b.py", "new.py"})
    assert {file.tracked for file in snapshot.files} == {Tracked.TRACKED}
    assert (snapshot.label, snapshot.merging, snapshot.unmerged) == ("index", False, ())
    assert snapshot.history.parent_versions("a.py") == [b"a"]
    assert snapshot.history.parent_versions("new.py") == [None]


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_before_the_first_commit(tmp_path: Path, object_format: str) -> None:
    repo = GitRepo(tmp_path / "repo", object_format=object_format)
    assert index_snapshot(str(repo.root)).files == ()
    repo.write({"a.py": "a", "pkg/__init__.py": ""})
    repo.run("add", ".")
    snapshot = index_snapshot(str(repo.root))
    assert _contents(snapshot) == {"a.py": b"a", "pkg/__init__.py": b""}
    assert snapshot.changed == frozenset({"a.py", "pkg/__init__.py"})
    assert snapshot.history.parent_versions("a.py") == []


def test_kinds(repo: GitRepo, tmp_path: Path) -> None:
    other = GitRepo(tmp_path / "other")
    other.commit({"inner.py": ""})
    repo.run("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.root), "sub")
    (repo.root / "link.py").symlink_to("gone")
    repo.write({"tool.py": "", "d.py/inner.py": ""})
    (repo.root / "tool.py").chmod(0o755)
    repo.run("add", ".")
    assert {file.path: (file.kind, file.mode) for file in index_snapshot(str(repo.root)).files} == {
        ".gitmodules": (FileKind.REGULAR, 0o100644),
        "d.py": (FileKind.DIRECTORY, 0o040000),
        "d.py/inner.py": (FileKind.REGULAR, 0o100644),
        "link.py": (FileKind.LINK, 0o120000),
        "sub": (FileKind.SUBMODULE, 0o160000),
        "tool.py": (FileKind.REGULAR, 0o100755),
    }


def test_an_unfinished_merge(repo: GitRepo) -> None:
    repo.commit({"both.py": "base\n", "ours.py": "base\n", "theirs.py": "base\n"})
    repo.branch("side")
    repo.write({"both.py": "theirs\n", "theirs.py": "theirs\n", "brought.py": "theirs\n"})
    repo.run("rm", "-q", "ours.py")
    repo.commit()
    repo.switch("main")
    repo.write({"both.py": "ours\n", "ours.py": "ours\n"})
    repo.run("rm", "-q", "theirs.py")
    repo.commit()
    assert not repo.merge("side")
    snapshot = index_snapshot(str(repo.root))
    assert snapshot.merging
    assert {item.path: set(item.stages) for item in snapshot.unmerged} == {
        "both.py": {1, 2, 3},
        "ours.py": {1, 2},
        "theirs.py": {1, 3},
    }
    assert _contents(snapshot) == {
        "both.py": b"ours\n",
        "brought.py": b"theirs\n",
        "ours.py": b"ours\n",
        "theirs.py": b"theirs\n",
    }
    assert snapshot.changed == frozenset({"both.py", "brought.py", "ours.py", "theirs.py"})
    assert snapshot.history.parent_versions("both.py") == [b"ours\n", b"theirs\n"]


@pytest.mark.parametrize(
    "operation",
    [("cherry-pick", "side"), ("revert", "HEAD~1"), ("rebase", "--apply", "side"), ("rebase", "--merge", "side")],
    ids=lambda operation: "-".join(operation[:2]),
)
def test_other_unfinished_operations(repo: GitRepo, operation: tuple[str, ...]) -> None:
    repo.commit({"a.py": "base\n"})
    repo.branch("side")
    repo.commit({"a.py": "theirs\n"})
    repo.switch("main")
    repo.commit({"a.py": "ours\n"})
    repo.commit({"a.py": "ours again\n"})
    assert not index_snapshot(str(repo.root)).merging
    repo.run(*operation, check=False)
    snapshot = index_snapshot(str(repo.root))
    assert snapshot.merging
    assert [item.path for item in snapshot.unmerged] == ["a.py"]


def test_announced_files_are_not_staged(repo: GitRepo) -> None:
    repo.commit({"a.py": "a", "__init__.py": ""})
    repo.write({"announced.py": "x", "empty.py": ""})
    repo.run("add", "-N", "announced.py")
    repo.run("add", "empty.py")
    snapshot = index_snapshot(str(repo.root))
    assert _contents(snapshot) == {"a.py": b"a", "__init__.py": b"", "empty.py": b""}
    assert snapshot.changed == frozenset({"empty.py"})


@pytest.mark.parametrize("how", [["--split-index"], ["--index-version", "4"]], ids=["split", "version 4"])
def test_announced_files_of_another_index(repo: GitRepo, how: list[str]) -> None:
    repo.commit({"a.py": "a"})
    repo.write({"announced.py": "x", "empty.py": ""})
    repo.run("add", "-N", "announced.py")
    repo.run("update-index", *how)
    for name in ("empty.py", "a.py"):
        repo.run("add", name)
        snapshot = index_snapshot(str(repo.root))
        assert _contents(snapshot) == {"a.py": b"a", "empty.py": b""}
        assert snapshot.changed == frozenset({"empty.py"})


def test_announced_before_the_first_commit(repo: GitRepo) -> None:
    repo.write({"announced.py": "x", "empty.py": ""})
    repo.run("add", "-N", "announced.py")
    repo.run("add", "empty.py")
    assert set(_contents(index_snapshot(str(repo.root)))) == {"empty.py"}


@pytest.mark.parametrize("relative", [True, False], ids=["relative", "absolute"])
def test_another_index(repo: GitRepo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, relative: bool) -> None:
    repo.commit({"a.py": "a", "pkg/b.py": "b"})
    repo.write({"pkg/b.py": "other"})
    other = repo.root / ".git/other"
    repo.run("read-tree", "HEAD", GIT_INDEX_FILE=str(other))
    repo.run("add", "pkg/b.py", GIT_INDEX_FILE=str(other))
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/other" if relative else str(other))
    for place in (repo.root, repo.root / "pkg"):
        monkeypatch.chdir(place)
        snapshot = index_snapshot(str(repo.root))
        assert (_contents(snapshot)["pkg/b.py"], snapshot.changed) == (b"other", frozenset({"pkg/b.py"}))
    monkeypatch.chdir(tmp_path)
    assert index_snapshot(str(repo.root)).changed == frozenset(), "the variable speaks of another repository"


@pytest.mark.parametrize("linked", [True, False], ids=["linked work tree", "main work tree"])
def test_inside_a_hook(repo: GitRepo, tmp_path: Path, linked: bool) -> None:
    """`git commit -a` and `git commit PATH` give their hooks an index of their own; a linked work tree GIT_DIR too."""
    repo.commit({"a.py": "a", "b.py": "b"})
    if linked:
        repo.run("worktree", "add", "-q", "-b", "side", str(tmp_path / "linked"))
        tree = GitRepo.at(tmp_path / "linked")
    else:
        tree = repo
    program = (
        "import sys; from merge_guard.sources.discover import find_root; "
        "from merge_guard.sources.index import index_snapshot; root, kind = find_root('.'); "
        "print(kind, sorted(index_snapshot(root).changed), file=open(sys.argv[1], 'w'))"
    )
    hook = repo.root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\nexec {sys.executable} -c \"{program}\" '{tmp_path}/seen'\n")
    hook.chmod(0o755)
    tree.write({"a.py": "changed", "b.py": "changed"})
    python_path = os.pathsep.join(sys.path)
    tree.run("add", "b.py")
    tree.run("commit", "-q", "-m", "one path", "a.py", PYTHONPATH=python_path)
    assert (tmp_path / "seen").read_text() == "git ['a.py']\n"
    tree.write({"a.py": "again"})
    tree.run("commit", "-q", "-a", "-m", "all", PYTHONPATH=python_path)
    assert (tmp_path / "seen").read_text() == "git ['a.py', 'b.py']\n"


@pytest.mark.parametrize("version", ["2", "3", "4"])
def test_index_versions(repo: GitRepo, version: str) -> None:
    repo.commit({"a.py": "a", "pkg/b.py": "b"})
    repo.run("update-index", "--index-version", version)
    assert _contents(index_snapshot(str(repo.root))) == {"a.py": b"a", "pkg/b.py": b"b"}


def test_a_split_index(repo: GitRepo) -> None:
    repo.commit({f"m{number}.py": str(number) for number in range(50)})
    repo.run("update-index", "--split-index")
    repo.write({"m0.py": "changed"})
    repo.run("add", "m0.py")
    assert list((repo.root / ".git").glob("sharedindex.*"))
    snapshot = index_snapshot(str(repo.root))
    assert len(snapshot.files) == 50
    assert snapshot.changed == frozenset({"m0.py"})


def test_a_sparse_index(repo: GitRepo) -> None:
    repo.commit({"in/a.py": "a", "out/b.py": "b"})
    repo.run("sparse-checkout", "set", "--cone", "--sparse-index", "in")
    assert _contents(index_snapshot(str(repo.root))) == {"in/a.py": b"a", "out/b.py": b"b"}


def test_any_name(repo: GitRepo) -> None:
    for name in NAMES:
        with open(os.fsencode(repo.root) + b"/" + name, "wb") as file:
            file.write(name)
    repo.run("add", ".")
    snapshot = index_snapshot(str(repo.root))
    assert {path.encode("utf-8", "surrogateescape"): content for path, content in _contents(snapshot).items()} == {
        name: name for name in NAMES
    }
    assert snapshot.changed == frozenset({name.decode("utf-8", "surrogateescape") for name in NAMES})


def test_head_detached_and_packed(repo: GitRepo) -> None:
    first = repo.commit({"a.py": "a"})
    repo.commit({"a.py": "b"})
    repo.run("pack-refs", "--all")
    assert index_snapshot(str(repo.root)).changed == frozenset()
    repo.run("update-ref", "--no-deref", "HEAD", first)
    repo.run("update-ref", "refs/heads/main", first)
    assert index_snapshot(str(repo.root)).changed == frozenset({"a.py"})


@pytest.mark.parametrize(
    ("spoil", "error", "message"),
    [
        pytest.param(lambda git: (git / "index").write_bytes(b"garbage"), GitError, "index is damaged", id="index"),
        pytest.param(
            lambda git: (git / "index").write_bytes((git / "index").read_bytes()[:-30]),
            GitError,
            "index is damaged",
            id="index that ends early",
        ),
        pytest.param(lambda git: (git / "HEAD").write_bytes(b"garbage"), GitError, "HEAD", id="HEAD"),
        pytest.param(lambda git: (git / "reftable").mkdir(), GitError, "reftable", id="reftable"),
        pytest.param(
            lambda git: (git / "config").write_text("[extensions]\nobjectFormat=x"), GitError, "'x'", id="format"
        ),
    ],
)
def test_damage_is_one_line(repo: GitRepo, spoil: object, error: type[Exception], message: str) -> None:
    repo.commit({"a.py": ""})
    spoil(repo.root / ".git")  # type: ignore[operator]
    with pytest.raises(error, match=rf"\A[^\n]*{message}[^\n]*\Z"):
        index_snapshot(str(repo.root))


def test_an_index_that_is_a_fifo(repo: GitRepo) -> None:
    repo.commit({"a.py": ""})
    (repo.root / ".git/index").unlink()
    os.mkfifo(repo.root / ".git/index")
    with pytest.raises(GitError, match="not a regular file"):
        index_snapshot(str(repo.root))


def test_without_an_index(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a git repository"):
        index_snapshot(str(tmp_path))
    bare = GitRepo(tmp_path / "bare", bare=True)
    with pytest.raises(UsageError, match="--rev"):
        index_snapshot(str(bare.root))

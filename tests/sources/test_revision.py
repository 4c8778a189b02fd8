from __future__ import annotations

import os
from pathlib import Path

import pytest

from merge_guard.errors import GitError, UsageError
from merge_guard.model.source import FileKind, Snapshot
from merge_guard.sources.revision import revision_snapshot
from tests.gitrepo import GitRepo

NAMES = [b"\xff\xfe.py", b"a\nb.py", b"\x1b[31m.py", b"-rf.py", b" .py", b"x" * 252 + b".py"]


def _contents(snapshot: Snapshot) -> dict[str, bytes]:
    return {file.path: snapshot.reader.read(file) for file in snapshot.files if file.kind is FileKind.REGULAR}


@pytest.fixture
def storied(repo: GitRepo) -> GitRepo:
    """Four commits on main, each with its number in a.py, a side branch with an upstream, tags of both kinds."""
    for number in range(3):
        repo.commit({"a.py": str(number)}, message=f"commit {number}")
    repo.run("tag", "light", "HEAD~1")
    repo.run("tag", "-a", "-m", "annotated", "heavy", "HEAD~2")
    repo.branch("side")
    repo.commit({"a.py": "side"}, message="commit side")
    repo.run("update-ref", "refs/remotes/o/side", "main")
    repo.run("symbolic-ref", "refs/remotes/o/HEAD", "refs/remotes/o/side")
    repo.run("config", "remote.o.fetch", "+refs/heads/*:refs/remotes/o/*")
    repo.run("config", "branch.side.remote", "o")
    repo.run("config", "branch.side.merge", "refs/heads/side")
    return repo


SPELLINGS = {
    "HEAD": b"side",
    "@": b"side",
    "main": b"2",
    "refs/heads/main": b"2",
    "heads/main": b"2",
    "HEAD~2": b"1",
    "HEAD^": b"2",
    "light": b"1",
    "heavy": b"0",
    "heavy^{}": b"0",
    "side@{u}": b"2",
    "@{upstream}": b"2",
    "o": b"2",
    "o/side": b"2",
    "@{1}": b"2",
    "HEAD@{1}": b"2",
    "main@{1}": b"1",
    "@{-1}": b"2",
    ":/commit 1": b"1",
    "HEAD^{/commit 0}": b"0",
    "HEAD^{tree}": b"side",
    "main^{commit}": b"2",
}


@pytest.mark.parametrize("packed", [True, False], ids=["packed", "loose"])
def test_every_spelling(storied: GitRepo, packed: bool) -> None:
    if packed:
        storied.run("pack-refs", "--all")
        storied.run("repack", "-a", "-d", "-q")
    for spelling, content in SPELLINGS.items():
        assert _contents(revision_snapshot(str(storied.root), spelling)) == {"a.py": content}, spelling
    name = storied.run("rev-parse", "main")
    for spelling in (name, name[:7], f"{name}~0", f"v1-3-g{name[:8]}"):
        assert _contents(revision_snapshot(str(storied.root), spelling)) == {"a.py": b"2"}, spelling


@pytest.mark.parametrize(
    "spelling",
    ["", "nowhere", "HEAD~99", "-h", "--all", "HEAD..main", "HEAD:a.py", "f" * 40, "a\nb", "a\0b", "../x", "HEAD main"],
)
def test_what_names_nothing(storied: GitRepo, spelling: str) -> None:
    with pytest.raises(UsageError, match=r"\A(unknown|not a) revision: [^\n]*\Z"):
        revision_snapshot(str(storied.root), spelling)


def test_the_work_tree_and_the_index_do_not_matter(repo: GitRepo) -> None:
    first = repo.commit({"a.py": "a", "pkg/b.py": "b"})
    second = repo.commit({"a.py": "changed"})
    repo.write({"a.py": "again", "c.py": ""})
    repo.run("add", ".")
    snapshot = revision_snapshot(str(repo.root), "HEAD~1")
    assert _contents(snapshot) == {"a.py": b"a", "pkg/b.py": b"b"}
    assert (snapshot.label, snapshot.changed, snapshot.merging) == (f"commit {first[:12]}", None, False)
    assert snapshot.history.parent_versions("a.py") == []
    assert revision_snapshot(str(repo.root), second).history.parent_versions("a.py") == [b"a"]


def test_kinds(repo: GitRepo, tmp_path: Path) -> None:
    other = GitRepo(tmp_path / "other")
    other.commit({"inner.py": ""})
    repo.run("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.root), "sub")
    (repo.root / "link.py").symlink_to("gone")
    repo.commit({"d.py/inner.py": ""})
    assert {file.path: file.kind for file in revision_snapshot(str(repo.root), "HEAD").files} == {
        ".gitmodules": FileKind.REGULAR,
        "d.py": FileKind.DIRECTORY,
        "d.py/inner.py": FileKind.REGULAR,
        "link.py": FileKind.LINK,
        "sub": FileKind.SUBMODULE,
    }


def test_a_merge_has_two_parents(repo: GitRepo) -> None:
    repo.commit({"a.py": "base\n"})
    repo.branch("side")
    repo.commit({"b.py": "theirs\n"})
    repo.switch("main")
    repo.commit({"a.py": "ours\n"})
    assert repo.merge("side")
    snapshot = revision_snapshot(str(repo.root), "HEAD")
    assert snapshot.merging
    assert snapshot.history.parent_versions("a.py") == [b"ours\n", b"base\n"]
    assert snapshot.history.parent_versions("b.py") == [None, b"theirs\n"]


def test_a_tree(repo: GitRepo) -> None:
    repo.commit({"a.py": "a", "pkg/b.py": "b"})
    snapshot = revision_snapshot(str(repo.root), "HEAD:pkg")
    assert _contents(snapshot) == {"b.py": b"b"}
    assert snapshot.label.startswith("tree ")
    assert snapshot.history.parent_versions("b.py") is None


def test_bare(repo: GitRepo, tmp_path: Path) -> None:
    repo.commit({"a.py": "a"})
    repo.run("clone", "-q", "--bare", ".", str(tmp_path / "bare"))
    assert _contents(revision_snapshot(str(tmp_path / "bare"), "main")) == {"a.py": b"a"}


def test_sha256(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "repo", object_format="sha256")
    name = repo.commit({"a.py": "a"})
    for spelling in ("HEAD", name, name[:9]):
        snapshot = revision_snapshot(str(repo.root), spelling)
        assert _contents(snapshot) == {"a.py": b"a"}
    assert all(len(file.blob or "") == 64 for file in snapshot.files)


def test_a_shallow_clone(repo: GitRepo, tmp_path: Path) -> None:
    for number in range(3):
        repo.commit({"a.py": str(number)})
    repo.run("clone", "-q", "--depth", "2", f"file://{repo.root}", str(tmp_path / "shallow"))
    root = str(tmp_path / "shallow")
    assert revision_snapshot(root, "HEAD").history.parent_versions("a.py") == [b"1"]
    assert revision_snapshot(root, "HEAD~1").history.parent_versions("a.py") is None
    with pytest.raises(UsageError, match="shallow"):
        revision_snapshot(root, "HEAD~2")


def test_history_whose_objects_are_gone_is_not_known(repo: GitRepo) -> None:
    repo.commit({"a.py": "old", "b.py": "b"})
    blob, tree = repo.run("rev-parse", "HEAD:a.py"), repo.run("rev-parse", "HEAD^{tree}")
    repo.commit({"a.py": "new"})
    (repo.root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    history = revision_snapshot(str(repo.root), "HEAD").history
    assert history.parent_versions("a.py") is None
    assert history.parent_versions("b.py") == [b"b"]
    (repo.root / ".git/objects" / tree[:2] / tree[2:]).unlink()
    assert revision_snapshot(str(repo.root), "HEAD").history.parent_versions("b.py") is None


def test_a_missing_tree_is_one_line(repo: GitRepo) -> None:
    repo.commit({"pkg/b.py": "b"})
    tree = repo.run("rev-parse", "HEAD:pkg")
    (repo.root / ".git/objects" / tree[:2] / tree[2:]).unlink()
    with pytest.raises(GitError, match=r"\Agit ls-tree failed: [^\n]*\Z"):
        revision_snapshot(str(repo.root), "HEAD")


def test_a_linked_work_tree_has_its_own_head(repo: GitRepo, tmp_path: Path) -> None:
    repo.commit({"a.py": "old"})
    repo.run("worktree", "add", "-q", "-b", "side", str(tmp_path / "linked"))
    GitRepo.at(tmp_path / "linked").commit({"a.py": "new"})
    assert _contents(revision_snapshot(str(tmp_path / "linked"), "HEAD")) == {"a.py": b"new"}
    assert _contents(revision_snapshot(str(tmp_path / "linked"), "main")) == {"a.py": b"old"}
    assert _contents(revision_snapshot(str(repo.root), "HEAD")) == {"a.py": b"old"}


def test_borrowed_objects(repo: GitRepo, tmp_path: Path) -> None:
    repo.commit({"a.py": "a"})
    repo.run("clone", "-q", "--shared", ".", str(tmp_path / "borrower"))
    alternates = tmp_path / "borrower/.git/objects/info/alternates"
    assert alternates.exists()
    assert _contents(revision_snapshot(str(tmp_path / "borrower"), "HEAD")) == {"a.py": b"a"}
    alternates.write_text(os.path.relpath(repo.root / ".git/objects", tmp_path / "borrower/.git/objects") + "\n")
    assert _contents(revision_snapshot(str(tmp_path / "borrower"), "HEAD")) == {"a.py": b"a"}


def test_replaced_objects_are_what_they_were(repo: GitRepo) -> None:
    first = repo.commit({"a.py": "true"})
    second = repo.commit({"a.py": "false"})
    repo.run("replace", first, second)
    assert _contents(revision_snapshot(str(repo.root), first)) == {"a.py": b"true"}


def test_any_name(repo: GitRepo) -> None:
    for name in NAMES:
        with open(os.fsencode(repo.root) + b"/" + name, "wb") as file:
            file.write(name)
    repo.commit()
    repo.commit()
    snapshot = revision_snapshot(str(repo.root), "HEAD")
    for path, content in _contents(snapshot).items():
        assert path.encode("utf-8", "surrogateescape") == content
        assert snapshot.history.parent_versions(path) == [content]
    assert len(snapshot.files) == len(NAMES)


def test_forged_paths_are_left_out_and_said(repo: GitRepo) -> None:
    blob = repo.run("hash-object", "-w", "--stdin", stdin=b"evil")
    good = b"100644 good.py\0" + bytes.fromhex(blob)
    inner = repo.run("hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=good)
    names = [b".", b"..", b"..evil", b"good"]
    forged = b"".join(b"40000 " + name + b"\0" + bytes.fromhex(inner) for name in names)
    tree = repo.run("hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=forged)
    snapshot = revision_snapshot(str(repo.root), tree)
    assert set(_contents(snapshot)) == {"..evil/good.py", "good/good.py"}
    assert snapshot.notices == tuple(
        f"left out, not a path inside the root: {name!r}" for name in ("./good.py", "../good.py")
    )


def test_a_reftable(repo: GitRepo) -> None:
    name = repo.commit({"a.py": "a"})
    (repo.root / ".git/reftable").mkdir()
    with pytest.raises(GitError, match="give a full commit id"):
        revision_snapshot(str(repo.root), "main")
    assert _contents(revision_snapshot(str(repo.root), name)) == {"a.py": b"a"}


def test_no_repository(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a git repository"):
        revision_snapshot(str(tmp_path), "HEAD")

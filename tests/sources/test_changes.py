"""Which files a change touches, with real git."""

from __future__ import annotations

import os

import pytest

from merge_guard.errors import UsageError
from merge_guard.model.gate import Changes
from merge_guard.sources.changes import changes_since
from merge_guard.sources.index import index_snapshot
from merge_guard.sources.revision import revision_snapshot
from merge_guard.sources.work_tree import work_tree_snapshot
from tests.gitrepo import GitRepo

LONG = "".join(f"line {number}\n" for number in range(20))


def listed(changes: Changes) -> list[tuple[str, str, str]]:
    return [(change.kind.value, change.path, change.old) for change in changes.files]


def changed(repo: GitRepo, revision: str = "HEAD") -> list[tuple[str, str, str]]:
    root = str(repo.root)
    return listed(changes_since(root, revision, work_tree_snapshot(root)))


def test_kinds(repo: GitRepo) -> None:
    repo.commit({"same": "1", "mod": "1", "gone": "1", "lf": "a\nb\n", "old": LONG, "exact": LONG * 2, "link": "1"})
    repo.write({"mod": "2", "new": "3", "lf": "a\r\nb\r\n", "dir/new-name": LONG + "more\n", "copy": LONG * 2})
    for name in ("gone", "old", "exact", "link"):
        (repo.root / name).unlink()
    os.symlink("same", repo.root / "link")
    said = [
        ("renamed", "copy", "exact"),
        ("renamed", "dir/new-name", "old"),
        ("deleted", "gone", ""),
        ("modified", "link", ""),
        ("modified", "mod", ""),
        ("added", "new", ""),
    ]
    assert changed(repo) == said
    repo.run("checkout", "-q", "lf")
    repo.run("add", "-A")
    root = str(repo.root)
    assert listed(changes_since(root, "HEAD", index_snapshot(root))) == said
    repo.run("commit", "-q", "-m", "x")
    assert listed(changes_since(root, "HEAD~1", revision_snapshot(root, "HEAD"), "HEAD")) == said
    assert changed(repo) == []


def test_what_git_calls_a_rename(repo: GitRepo) -> None:
    """The same pairs as `git diff --find-renames`."""
    other = "".join(f"other {number}\n" for number in range(20))
    repo.commit({"a/x.py": LONG, "b/y.py": other, "empty": "", "short": "x\n"})
    for name in ("a/x.py", "b/y.py", "empty", "short"):
        (repo.root / name).unlink()
    repo.write(
        {"c/x.py": LONG + "x\n", "c/z.py": other[: len(other) // 2] + "y\n" * 3, "nothing": "", "long": LONG[:9]}
    )
    ours = {(path, old) for kind, path, old in changed(repo) if kind == "renamed"}
    repo.run("add", "-A")
    fields = repo.run("diff", "--cached", "--find-renames", "--no-rename-empty", "--name-status", "HEAD").splitlines()
    theirs = {(new, old) for status, old, new in (line.split("\t") for line in fields if line[0] == "R")}
    assert ours == theirs != set()


def test_ignored_files_are_no_change(repo: GitRepo) -> None:
    repo.commit({".gitignore": "*.log\n"})
    repo.write({"x.log": "1", "y.txt": "1"})
    assert changed(repo) == [("added", "y.txt", "")]


def test_without_a_common_ancestor(repo: GitRepo) -> None:
    repo.commit({"a": "1"})
    repo.run("checkout", "-q", "--orphan", "other")
    repo.run("rm", "-rfq", ".")
    repo.commit({"b": "2"})
    repo.run("tag", "other-root")
    repo.switch("main")
    root = str(repo.root)
    changes = changes_since(root, "other-root", work_tree_snapshot(root))
    assert listed(changes) == [("added", "a", ""), ("deleted", "b", "")]
    assert changes.notices == (
        "no common ancestor with other-root is known (none exists): compared with other-root itself",
    )


def test_a_tree(repo: GitRepo) -> None:
    repo.commit({"a": "1"})
    repo.write({"a": "2"})
    assert changed(repo, "HEAD^{tree}") == [("modified", "a", "")]


def test_outside_a_repository(repo: GitRepo) -> None:
    folder = repo.root.parent / "folder"
    folder.mkdir()
    with pytest.raises(UsageError, match="is not a git repository"):
        changes_since(str(folder), "HEAD", work_tree_snapshot(str(folder)))

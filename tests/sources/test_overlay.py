"""A snapshot with some files other than they are."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from merge_guard.model.source import FileKind, SourceFile, UnreadableError
from merge_guard.sources.index import index_snapshot
from merge_guard.sources.overlay import overlay
from merge_guard.sources.revision import revision_snapshot
from merge_guard.sources.work_tree import work_tree_snapshot
from tests.gitrepo import GitRepo


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    made = GitRepo(tmp_path / "repo")
    made.write({"a.py": "a = 1\n", "b.py": "b = 1\n"})
    (made.root / "link.py").symlink_to("a.py")
    made.commit()
    return made


@pytest.mark.parametrize("state", ["work tree", "index", "commit"])
def test_changed_added_and_removed(repo: GitRepo, state: str) -> None:
    root = str(repo.root)
    below = {
        "work tree": lambda: work_tree_snapshot(root),
        "index": lambda: index_snapshot(root),
        "commit": lambda: revision_snapshot(root, "HEAD"),
    }[state]()
    made = overlay(below, {"a.py": b"a = 2\n", "b.py": None, "c/d.py": b"d = 1\n", "gone.py": None})
    assert [file.path for file in made.files] == ["a.py", "c/d.py", "link.py"]
    for reader in (made.reader, pickle.loads(pickle.dumps(made.reader))):
        assert [reader.read(made.by_path()[path]) for path in ("a.py", "c/d.py")] == [b"a = 2\n", b"d = 1\n"]
        assert reader.link(made.by_path()["link.py"]) == "a.py"
    assert made.by_path()["a.py"].blob is None, "these bytes are not git's"
    assert below.reader.read(below.by_path()["a.py"]) == b"a = 1\n"


def test_what_lies_below_is_read_and_refused_as_ever(repo: GitRepo) -> None:
    made = overlay(work_tree_snapshot(str(repo.root)), {"a.py": b""})
    assert made.reader.read(made.by_path()["b.py"]) == b"b = 1\n"
    with pytest.raises(UnreadableError):
        made.reader.read(SourceFile("link.py", FileKind.LINK))


def test_a_file_in_the_place_of_a_link(repo: GitRepo) -> None:
    made = overlay(work_tree_snapshot(str(repo.root)), {"link.py": b"x = 1\n"})
    file = made.by_path()["link.py"]
    assert (file.kind, made.reader.read(file), made.reader.link(file)) == (FileKind.REGULAR, b"x = 1\n", "")

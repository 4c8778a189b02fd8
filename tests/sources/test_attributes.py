"""The judge is `git check-attr`."""

from __future__ import annotations

import os

import pytest

from merge_guard.model.source import Snapshot
from merge_guard.sources.index import index_snapshot
from merge_guard.sources.revision import revision_snapshot
from merge_guard.sources.work_tree import work_tree_snapshot
from tests.gitrepo import GitRepo

FILES = ("a.py", "b.rst", "docs/a.py", "docs/b.rst", "docs/deep/b.rst", "x y.rst", "é.rst")
TOWER = "".join(f"[attr]m{n} m{n + 1}\n" for n in range(5000))


def _sizes(snapshot: Snapshot) -> dict[str, int]:
    return {file.path: file.marker_size for file in snapshot.files if not file.path.endswith(".gitattributes")}


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        pytest.param({".gitattributes": "*.rst text\n"}, {}, id="another attribute"),
        pytest.param({".gitattributes": "a.py conflict-marker-size=32"}, {"a.py": 32, "docs/a.py": 32}, id="by name"),
        pytest.param({".gitattributes": "/docs/b* conflict-marker-size=9\n"}, {"docs/b.rst": 9}, id="path"),
        pytest.param({".gitattributes": "docs/ conflict-marker-size=9\n"}, {}, id="a directory has no files"),
        pytest.param({".gitattributes": "a.py conflict-marker-size=x\n"}, {}, id="no number"),
        pytest.param({".gitattributes": "a.py conflict-marker-size\n"}, {}, id="no value"),
        pytest.param({".gitattributes": "a.py conflict-marker-size=-3\n"}, {}, id="not positive"),
        pytest.param(
            {".gitattributes": "* conflict-marker-size=9\n*.rst !conflict-marker-size\n"},
            {"a.py": 9, "docs/a.py": 9},
            id="the last line decides",
        ),
        pytest.param(
            {".gitattributes": "* conflict-marker-size=9\n", "docs/.gitattributes": "a.py -conflict-marker-size\n"},
            dict.fromkeys(FILES, 9) | {"docs/a.py": 7},
            id="the deeper file decides",
        ),
        pytest.param({".gitattributes": '"x y.rst" conflict-marker-size=9\n'}, {"x y.rst": 9}, id="quoted"),
        pytest.param({".gitattributes": '"\\303\\251.rst" conflict-marker-size=9\n'}, {"é.rst": 9}, id="quoted bytes"),
        pytest.param(
            {".gitattributes": "[attr]wide big text\n[attr]big conflict-marker-size=11\nb.rst wide\ndocs/b.rst -big\n"},
            {"b.rst": 11, "docs/deep/b.rst": 11},
            id="macros",
        ),
        pytest.param(
            {".gitattributes": TOWER + "a.py m0 conflict-marker-size=9"},
            {"a.py": 9, "docs/a.py": 9},
            id="a tower of macros",
        ),
        pytest.param({".git/info/attributes": "b.rst conflict-marker-size=9\n"},
            {"b.rst": 9, "docs/b.rst": 9, "docs/deep/b.rst": 9}, id="info/attributes"),
    ],
)  # fmt: skip
def test_as_git_does(repo: GitRepo, attributes: dict[str, str | bytes], expected: dict[str, int]) -> None:
    repo.write(dict.fromkeys(FILES, ""))
    repo.commit(attributes)
    wanted = dict.fromkeys(FILES, 7) | expected
    paths = "\0".join(FILES).encode() + b"\0"
    fields = repo.run("check-attr", "-z", "--stdin", "conflict-marker-size", stdin=paths).split("\0")
    by_git = dict(zip(fields[::3], fields[2::3], strict=False))
    assert {path: int(value) if value.isdigit() else 7 for path, value in by_git.items()} == wanted
    root = str(repo.root)
    for snapshot in (work_tree_snapshot(root), index_snapshot(root), revision_snapshot(root, "HEAD")):
        assert _sizes(snapshot) == wanted, snapshot.label


def test_a_gitattributes_that_is_a_fifo(repo: GitRepo) -> None:
    repo.write({"a.py": ""})
    os.mkfifo(repo.root / ".gitattributes")
    assert _sizes(work_tree_snapshot(str(repo.root))) == {"a.py": 7}

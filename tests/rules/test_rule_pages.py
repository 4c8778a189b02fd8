"""The first test of every rule is its own page: the Bad tree gives the code, the Good tree does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from merge_guard import rules, wiring
from merge_guard.model.report import Report
from merge_guard.model.request import Request
from merge_guard.model.rule import Scope
from merge_guard.operations import merging
from tests.gitrepo import GitRepo
from tests.rules.pages import Tree, trees

CODES = list(rules.table())


def write(root: Path, files: dict[str, str | None]) -> None:
    for name, text in files.items():
        path = root / name
        if text is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


def make(root: Path, tree: Tree, *, commits: bool = False) -> None:
    if not tree.is_merge:
        write(root, tree.versions[""])
        return
    repo = GitRepo(root)
    write(root, tree.versions["base"])
    repo.commit()
    for name in ("theirs", "ours"):
        repo.branch(name, "main")
        write(root, tree.versions.get(name, {}))
        repo.commit(message=name)
    repo.merge("theirs")
    if "result" in tree.versions:
        write(root, tree.versions["result"])
    if commits and (root / ".git/MERGE_HEAD").exists():
        repo.commit(message="merge")


def judged(root: Path, tree: Tree, code: str) -> Report:
    make(root, tree)
    # No configuration but the tree's own: nothing above the temporary folder may have a say.
    return wiring.judge(
        Request(
            start=str(root),
            entry=tree.entry,
            extend_select=(code,),
            isolated=not tree.is_configured,
            jobs=1,
            target_python=tree.target,
        )
    )


def merged(root: Path, tree: Tree) -> set[str]:
    make(root, tree, commits=True)
    return {finding.code for finding in merging.resolved(Request(start=str(root), isolated=True, jobs=1))}


MERGES = [code for code in CODES if rules.load(code).scope is Scope.MERGE]


@pytest.mark.parametrize("code", MERGES)
def test_the_bad_merge_has_the_finding(code: str, tmp_path: Path) -> None:
    assert code in merged(tmp_path, trees(rules.load(code).doc)["Bad"])


@pytest.mark.parametrize("code", MERGES)
def test_the_good_merge_has_none(code: str, tmp_path: Path) -> None:
    assert merged(tmp_path, trees(rules.load(code).doc)["Good"]) == set()


@pytest.mark.parametrize("code", [code for code in CODES if code not in MERGES])
def test_the_bad_tree_has_the_finding(code: str, tmp_path: Path) -> None:
    report = judged(tmp_path, trees(rules.load(code).doc)["Bad"], code)
    assert code in {finding.code for finding in report.findings}


@pytest.mark.parametrize("code", [code for code in CODES if code not in MERGES])
def test_the_good_tree_has_not(code: str, tmp_path: Path) -> None:
    report = judged(tmp_path, trees(rules.load(code).doc)["Good"], code)
    assert code not in {finding.code for finding in report.findings}
    assert not report.unjudged, "a tree that is not judged proves nothing"


@pytest.mark.parametrize(
    ("block", "entry", "versions"),
    [
        pytest.param(
            "# a/b.py\nx = 1\n\n# a comment\ny = 2\n# c.py~HEAD\nz\n",
            (),
            {"": {"a/b.py": "x = 1\n\n# a comment\ny = 2\n", "c.py~HEAD": "z\n"}},
            id="files",
        ),
        pytest.param(
            "# entry: app.main\n# ./Procfile\nweb: x\n", ("app.main",), {"": {"Procfile": "web: x\n"}}, id="entry"
        ),
        pytest.param(
            "# on base:\n# a.py\nx\n# on ours:\n# deleted: a.py\n# on theirs:\n# a.py\ny\n",
            (),
            {"base": {"a.py": "x\n"}, "ours": {"a.py": None}, "theirs": {"a.py": "y\n"}},
            id="a merge",
        ),
    ],
)
def test_the_syntax_of_trees(block: str, entry: tuple[str, ...], versions: dict[str, dict[str, str | None]]) -> None:
    indented = "".join(f"    {line}\n" if line else "\n" for line in block.splitlines())
    assert trees(f"Summary.\n\nBad:\n\n{indented}\nGood:\n\n    # x.py\n") == {
        "Bad": Tree(entry, None, versions),
        "Good": Tree((), None, {"": {"x.py": ""}}),
    }

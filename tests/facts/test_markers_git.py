"""Conflicts that git itself writes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from merge_guard.facts.markers import TextFacts, scan
from merge_guard.facts.sides import side_texts
from merge_guard.model.facts import Conflict
from tests.gitrepo import GitRepo

BASE, OURS, THEIRS = "a = 0\nx = 1\nb = 0\n", "a = 0\nx = 2\nb = 0\n", "a = 0\nx = 3\nb = 0\n"


def commit(repo: GitRepo, text: str, message: str = "change", path: str = "m.py") -> None:
    (repo.root / path).write_bytes(text.encode())
    repo.run("add", "-A")
    repo.run("commit", "-q", "-m", message)


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    repo = GitRepo(tmp_path / "r")
    repo.run("config", "core.autocrlf", "false")
    return repo


def diverge(repo: GitRepo, base: str = BASE, ours: str = OURS, theirs: str = THEIRS) -> None:
    commit(repo, base)
    repo.run("checkout", "-q", "-b", "topic/x")
    commit(repo, theirs, "their change")
    repo.run("checkout", "-q", "main")
    commit(repo, ours, "our change")


def facts_of(repo: GitRepo, path: str = "m.py", marker_size: int = 7) -> tuple[bytes, TextFacts]:
    data = (repo.root / path).read_bytes()
    return data, scan(data, kind="python", marker_size=marker_size)


def only(facts: TextFacts) -> Conflict:
    (conflict,) = facts.conflicts
    assert (facts.strays, facts.edits, conflict.documented) == ((), (), False)
    return conflict


def labels(conflict: Conflict) -> list[tuple[str, str]]:
    return [(section.role, section.label) for section in conflict.sections]


@pytest.mark.parametrize("style", ["merge", "diff3", "zdiff3"])
def test_styles_give_back_what_was_merged(repo: GitRepo, style: str) -> None:
    diverge(repo)
    repo.run("-c", f"merge.conflictStyle={style}", "merge", "topic/x", check=False)
    data, facts = facts_of(repo)
    only(facts)
    texts = {
        role: "".join(line + "\n" for line in side.decode().splitlines() if line)
        for role, side in side_texts(data, facts.conflicts).items()
    }
    assert texts == {"ours": OURS, "theirs": THEIRS} | ({} if style == "merge" else {"base": BASE})


def cherry_pick(repo: GitRepo) -> None:
    repo.run("cherry-pick", "topic/x", check=False)


def rebase(repo: GitRepo) -> None:
    repo.run("checkout", "-q", "topic/x")
    repo.run("rebase", "main", check=False)


def stash(repo: GitRepo) -> None:
    repo.run("reset", "-q", "--hard", "HEAD~1")
    (repo.root / "m.py").write_text(THEIRS)
    repo.run("stash")
    commit(repo, OURS)
    repo.run("stash", "pop", check=False)


def squash(repo: GitRepo) -> None:
    repo.run("merge", "--squash", "topic/x", check=False)


@pytest.mark.parametrize(
    ("act", "ours", "theirs"),
    [
        pytest.param(cherry_pick, "HEAD", "(their change)", id="cherry-pick"),
        pytest.param(rebase, "HEAD", "(their change)", id="rebase"),
        pytest.param(stash, "Updated upstream", "Stashed changes", id="stash pop"),
        pytest.param(squash, "HEAD", "topic/x", id="squash"),
    ],
)
def test_labels(repo: GitRepo, act: Callable[[GitRepo], None], ours: str, theirs: str) -> None:
    diverge(repo)
    act(repo)
    conflict = only(facts_of(repo)[1])
    assert conflict.sections[0].label == ours
    assert conflict.sections[-1].label.endswith(theirs)


def test_line_ends_of_windows(repo: GitRepo) -> None:
    diverge(repo, *(text.replace("\n", "\r\n") for text in (BASE, OURS, THEIRS)))
    repo.run("merge", "topic/x", check=False)
    data, facts = facts_of(repo)
    assert b"=======\r\n" in data
    assert labels(only(facts)) == [("ours", "HEAD"), ("theirs", "topic/x")]


def test_no_newline_at_the_end(repo: GitRepo) -> None:
    diverge(repo, "x = 1", "x = 2", "x = 3")
    repo.run("merge", "topic/x", check=False)
    assert only(facts_of(repo)[1]).end == 5


def test_marker_size_of_an_attribute(repo: GitRepo) -> None:
    (repo.root / ".gitattributes").write_text("*.py conflict-marker-size=12\n")
    diverge(repo)
    repo.run("merge", "topic/x", check=False)
    assert only(facts_of(repo, marker_size=12)[1]).width == 12
    assert only(facts_of(repo)[1]).width == 12


def test_a_file_that_both_sides_renamed(repo: GitRepo) -> None:
    """merge-ort widens the markers by one where a path's name and its content conflict."""
    body = "".join(f"line{number} = {number}\n" for number in range(20))
    commit(repo, body + BASE)
    repo.run("checkout", "-q", "-b", "topic/x")
    repo.run("mv", "m.py", "right.py")
    commit(repo, body + THEIRS, path="right.py")
    repo.run("checkout", "-q", "main")
    repo.run("mv", "m.py", "left.py")
    commit(repo, body + OURS, path="left.py")
    repo.run("merge", "topic/x", check=False)
    conflict = only(facts_of(repo, "left.py")[1])
    assert (conflict.width, labels(conflict)) == (8, [("ours", "HEAD:left.py"), ("theirs", "topic/x:right.py")])


def test_the_virtual_base_of_a_criss_cross_merge(repo: GitRepo) -> None:
    diverge(repo)
    repo.run("tag", "o1")
    repo.run("tag", "t1", "topic/x")
    for branch, other, text in (("main", "t1", "a = 0\nx = 4\nb = 0\n"), ("topic/x", "o1", "a = 0\nx = 5\nb = 0\n")):
        repo.run("checkout", "-q", branch)
        repo.run("merge", other, check=False)
        commit(repo, text, "resolved")
    repo.run("checkout", "-q", "main")
    repo.run("-c", "merge.conflictStyle=diff3", "merge", "topic/x", check=False)
    data, facts = facts_of(repo)
    assert b"\n<<<<<<<<< " in data
    conflict = only(facts)
    assert (conflict.width, conflict.nested) == (7, 1)
    texts = side_texts(data, facts.conflicts)
    assert set(texts) == {"ours", "base", "theirs"}
    for text in texts.values():
        compile(text, "m.py", "exec")


def test_a_conflicted_file_merged_again(repo: GitRepo) -> None:
    diverge(repo)
    repo.run("merge", "topic/x", check=False)
    repo.run("commit", "-q", "-a", "-m", "markers and all")
    repo.run("checkout", "-q", "-b", "later", "HEAD^1")
    commit(repo, "a = 0\nx = 9\nb = 0\n")
    repo.run("merge", "main", check=False)
    data, facts = facts_of(repo)
    assert only(facts).nested == 1
    for text in side_texts(data, facts.conflicts).values():
        compile(text, "m.py", "exec")


def test_merge_file_without_labels(repo: GitRepo) -> None:
    for name, text in (("base", BASE), ("ours", OURS), ("theirs", THEIRS)):
        (repo.root / name).write_text(text)
    merged = repo.run("merge-file", "-p", "-L", "", "-L", "", "-L", "", "ours", "base", "theirs", check=False)
    assert labels(only(scan(merged.encode(), kind="text"))) == [("ours", ""), ("theirs", "")]

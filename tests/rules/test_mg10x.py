"""The rules on conflict residue."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

import pytest

from merge_guard.facts.markers import scan
from merge_guard.model.config import Config
from merge_guard.model.facts import FileFacts, SideFacts, SyntaxProblem
from merge_guard.model.finding import Finding, Severity
from merge_guard.model.project import JudgedFile, Project
from merge_guard.model.report import Target
from merge_guard.model.rule import Rule, Scope
from merge_guard.model.source import Snapshot, SourceFile, Unmerged
from merge_guard.rules.mg101_conflict_block import conflict_block
from merge_guard.rules.mg102_stray_marker import stray_marker
from merge_guard.rules.mg103_documented_conflict import documented_conflict
from merge_guard.rules.mg104_unmerged_path import unmerged_path
from merge_guard.rules.mg105_merge_leftover_file import merge_leftover_file
from merge_guard.rules.mg106_edit_block_marker import edit_block_marker

RULES = (conflict_block, stray_marker, documented_conflict, unmerged_path, merge_leftover_file, edit_block_marker)
L, B, E, G = "<" * 7, "|" * 7, "=" * 7, ">" * 7
CONFLICT = f"{L} HEAD\na\n{E}\nb\n{G} topic\n"
EXAMPLE = f"```\n{CONFLICT}```\n"


class NoBytes:
    def read(self, file: SourceFile) -> bytes:
        raise AssertionError(file)


def project(
    files: dict[str, str] | Iterable[str],
    *,
    unmerged: Iterable[Unmerged] = (),
    changed: frozenset[str] | None = None,
    merging: bool = False,
    new: bool | None = None,
) -> Project:
    texts = files if isinstance(files, dict) else dict.fromkeys(files, "")
    facts = {}
    for path, text in texts.items():
        found = scan(text.encode(), kind="python" if path.endswith(".py") else "text")
        facts[path] = FileFacts(path.endswith(".py"), found.conflicts, found.strays, found.edits)
    return Project(
        snapshot=Snapshot(
            label="work tree",
            files=tuple(SourceFile(path) for path in sorted(texts)),
            reader=NoBytes(),
            unmerged=tuple(unmerged),
            changed=changed,
            merging=merging,
        ),
        facts=facts,
        config=Config(),
        target=Target("3.11"),
        newness=lambda path, conflict: new,
    )


def run(rule: Rule, judged: Project) -> list[Finding]:
    if rule.scope is Scope.PROJECT:
        return list(rule.check(judged))
    return [f for path, facts in judged.facts.items() for f in rule.check(JudgedFile(path, facts, judged))]


def trees(rule: Rule, heading: str) -> dict[str, str]:
    """The files of a page's tree."""
    lines = rule.doc.partition(f"{heading}:\n")[2].splitlines()
    block = []
    for line in lines:
        if line and not line.startswith("    "):
            break
        block.append(line)
    files: dict[str, str] = {}
    path = ""
    for line in textwrap.dedent("\n".join(block)).splitlines():
        if line.startswith("# ") and "/" in line:
            path = line[2:]
            files[path] = ""
        elif path:
            files[path] += line + "\n"
    return files


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_page(rule: Rule) -> None:
    bad, good = trees(rule, "Bad"), trees(rule, "Good")
    assert bad
    assert {finding.code for finding in run(rule, project(bad))} == {rule.code}
    for other in RULES:
        assert run(other, project(good)) == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        pytest.param(CONFLICT, ["MG101"], id="conflict"),
        pytest.param(f"{G} topic\n", ["MG102"], id="stray marker"),
        pytest.param(EXAMPLE, ["MG103"], id="example"),
        pytest.param(f"{L} SEARCH\na\n{E}\nb\n{G} REPLACE\n", ["MG106"], id="edit block"),
        pytest.param("x = 1\n", [], id="clean"),
    ],
)
def test_each_cause_has_one_code(text: str, codes: list[str]) -> None:
    judged = project({"a.md": text})
    assert [finding.code for rule in RULES for finding in run(rule, judged)] == codes


UNMERGED = (Unmerged("a.md", frozenset({1, 2, 3})),)


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        pytest.param({}, ["MG103"], id="no history"),
        pytest.param({"new": True}, ["MG103"], id="new, but no change is judged"),
        pytest.param({"new": False}, [], id="a parent holds it"),
        pytest.param({"new": False, "merging": True}, [], id="a parent of the merge holds it"),
        pytest.param({"new": True, "merging": True}, ["MG101"], id="the merge brings it"),
        pytest.param({"new": True, "changed": frozenset()}, ["MG101"], id="the change brings it"),
        pytest.param({"merging": True}, ["MG103"], id="not known in a merge"),
        pytest.param({"unmerged": UNMERGED}, ["MG101"], id="unmerged"),
        pytest.param({"unmerged": UNMERGED, "new": False}, ["MG101"], id="unmerged, and a parent holds one like it"),
    ],
)
def test_an_example_or_not(options: dict[str, object], codes: list[str]) -> None:
    judged = project({"a.md": EXAMPLE}, **options)  # type: ignore[arg-type]
    assert [finding.code for rule in RULES for finding in run(rule, judged)] == codes


def test_a_plain_conflict_is_real_whatever_the_parents_hold() -> None:
    assert len(run(conflict_block, project({"a.md": CONFLICT}, new=False))) == 1


def test_a_conflict_tells_its_sides() -> None:
    text = f"x\n{L} HEAD\na\n{B} 1a2b3c4\nb\n{E}\nc\n{G} topic\n"
    found = scan(text.encode(), kind="python")
    facts = FileFacts(
        python=True,
        conflicts=found.conflicts,
        sides=(SideFacts("ours", None, None), SideFacts("theirs", SyntaxProblem("syntax", "x"), None)),
    )
    (finding,) = conflict_block.check(JudgedFile("a.py", facts, project({"a.py": ""})))
    assert finding.message == "unresolved git conflict: HEAD against topic (topic would not parse)"
    assert (finding.place.line, finding.place.end_line) == (2, 8)
    assert [(side.label, side.lines, side.parses) for side in finding.sides] == [
        ("HEAD", (3, 3), True),
        ("1a2b3c4", (5, 5), None),
        ("topic", (7, 7), False),
    ]


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        pytest.param(conflict_block, CONFLICT, id="conflict"),
        pytest.param(documented_conflict, EXAMPLE, id="example"),
        pytest.param(stray_marker, f"a\n{G} topic\nb\n", id="stray marker"),
        pytest.param(edit_block_marker, f"{L} SEARCH\na\n{E}\nb\n{G} REPLACE\n", id="edit block"),
    ],
)
def test_keys_do_not_drift_with_lines(rule: Rule, text: str) -> None:
    (here,) = run(rule, project({"a.md": text}))
    (there,) = run(rule, project({"a.md": "one\n\ntwo\n\na\n" + text.removeprefix("a\n")}))
    assert here.key == there.key
    assert here.place.line < there.place.line


@pytest.mark.parametrize(
    ("stages", "state"),
    [
        pytest.param({1, 2}, "deleted by them, changed by us", id="deleted by them"),
        pytest.param({1, 3}, "deleted by us, changed by them", id="deleted by us"),
        pytest.param({2, 3}, "both sides added it", id="both added, binary"),
        pytest.param({1, 2, 3}, "both sides changed it", id="both changed, binary"),
        pytest.param({1}, "both sides deleted it", id="both deleted"),
        pytest.param({2}, "added by us", id="added by us"),
        pytest.param({3}, "added by them", id="added by them"),
    ],
)
def test_unmerged_paths(stages: set[int], state: str) -> None:
    judged = project([], unmerged=[Unmerged("logo.png", frozenset(stages))])
    (finding,) = run(unmerged_path, judged)
    assert (finding.place.path, finding.message) == ("logo.png", f"unmerged in the index: {state}")


def test_an_unmerged_path_with_markers_is_told_by_them() -> None:
    judged = project({"a.md": CONFLICT}, unmerged=UNMERGED)
    assert run(unmerged_path, judged) == []


@pytest.mark.parametrize(
    ("paths", "merging", "found"),
    [
        pytest.param(["a/m", "a/m~HEAD"], False, ["a/m~HEAD"], id="beside a file"),
        pytest.param(["m/x.py", "m~HEAD"], False, ["m~HEAD"], id="beside a directory"),
        pytest.param(["m", "m~HEAD_0"], False, ["m~HEAD_0"], id="the name was taken"),
        pytest.param(["m", "m~1a2b3c4 (fix it)"], False, ["m~1a2b3c4 (fix it)"], id="a commit"),
        pytest.param(["m", "m~Stashed changes"], False, ["m~Stashed changes"], id="a stash"),
        pytest.param(["m", "m~topic_x"], True, ["m~topic_x"], id="a branch, while merging"),
        pytest.param(["m", "m~topic_x"], False, [], id="a branch, not while merging"),
        pytest.param(["m", "m~", "m~1", "m.~1~"], True, [], id="an editor's copies"),
        pytest.param(["m~HEAD"], True, [], id="alone"),
    ],
)
def test_leftovers_of_a_merge(paths: list[str], merging: bool, found: list[str]) -> None:
    assert [finding.place.path for finding in run(unmerged_path, project(paths, merging=merging))] == found


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        pytest.param(["a/m.py", "a/m.py.orig"], ["a/m.py.orig"], id="orig"),
        pytest.param(["m.py", "m.py.rej"], ["m.py.rej"], id="rej"),
        pytest.param(
            ["m.py", "m.py.BASE", "m.py.OTHER", "m.py.THIS"], ["m.py.BASE", "m.py.OTHER", "m.py.THIS"], id="Breezy"
        ),
        pytest.param(
            ["m.py", *(f"m_{role}_4711.py" for role in ("BACKUP", "BASE", "LOCAL", "REMOTE"))],
            [f"m_{role}_4711.py" for role in ("BACKUP", "BASE", "LOCAL", "REMOTE")],
            id="git mergetool",
        ),
        pytest.param(["m.py", "m.LOCAL.4711.py"], ["m.LOCAL.4711.py"], id="git mergetool before 2.5"),
        pytest.param(["m.py", "m.py.REMOTE.4711.py"], ["m.py.REMOTE.4711.py"], id="the extension twice"),
        pytest.param(["m.py", "m.py.REMOTE.4711"], ["m.py.REMOTE.4711"], id="no extension after it"),
        pytest.param(
            [".jjconflict-base-0/a.py", ".jjconflict-base-0/b.py", ".jjconflict-side-0/a.py", "JJ-CONFLICT-README"],
            [".jjconflict-base-0/a.py", ".jjconflict-side-0/a.py", "JJ-CONFLICT-README"],
            id="jj, one a directory",
        ),
        pytest.param(["m.py.orig", "n.py"], [], id="not beside its file"),
        pytest.param(["m.py", "n/m.py.orig"], [], id="in another directory"),
        pytest.param(["m.py", "m_LOCAL.py", "m_BASE_x.py", "BASE_1.py"], [], id="no process id"),
        pytest.param([".orig", "x/.rej", "~HEAD"], [], id="nothing but a suffix"),
    ],
)
def test_leftovers_of_tools(paths: list[str], found: list[str]) -> None:
    findings = run(merge_leftover_file, project(paths))
    assert [finding.place.path for finding in findings] == found
    assert all(finding.severity is Severity.WARNING for finding in findings)


def test_keys_of_leftovers_differ_by_path_only() -> None:
    first, second = run(merge_leftover_file, project(["a", "a.orig", "b", "b.orig"]))
    assert first.key == second.key

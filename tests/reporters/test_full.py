from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest

from merge_guard.model.finding import Hop, HopKind, Place, Related, SideVerdict
from merge_guard.model.report import EntryPointResult, EntryStatus, Report, Unjudged
from merge_guard.reporters import ReportOptions, write
from merge_guard.reporters.sanitise import read_path
from tests.reporters.report_samples import BLOCKED, CLEAN, CONFLICT, LAZY, MISSING, ORDINARY, SOURCES, finding, many


def written(report: Report, **options: object) -> str:
    stream = io.StringIO()
    write(report, "full", stream, options=ReportOptions(**options))  # type: ignore[arg-type]
    return stream.getvalue()


ALL = """\
app/core/unified_manager.py:309:1 MG303 blocked-start-up error
  app.main:app and app.worker cannot start: SyntaxError in
  app/core/unified_manager.py, line 309

  How start-up gets there (first-party frames):
    File "app/main.py", line 5, in app.main
      from app.factory import build
    File "app/main.py", line 9, in app.main (call)
      app = build(settings=load_settings())
    File "app/factory.py", line 31, in app.factory
      from app.core import unified_manager
    File "app/core/unified_manager.py", line 309, in app.core.unified_manager
      > <<<<<<< HEAD

  cause: MG101 conflict-block, shown next
  blocks: app.main:app, app.worker (41 modules)

app/core/unified_manager.py:309:1 MG101 conflict-block error
  an unresolved git conflict between HEAD and feature/agents: neither side was
  chosen

  307 |     def close(self) -> None:
  308 |         self._pool.close()
  309 | <<<<<<< HEAD
      | ^^^^^^^^^^^^
  310 |     def get(self, name: str) -> Client:
  311 |     return self._clients[name]
  ... |
  644 | >>>>>>> feature/agents

  side HEAD            lines 310-480  parses, and start-up gets through
  side feature/agents  lines 482-643  does not parse
      choosing it breaks app.worker: ModuleNotFoundError: app.core.legacy

  help: choose a side, or merge them by hand, then delete the marker lines

app/routes/chat.py:12:37 MG302 name-not-found error
  cannot import name 'ChatSevice' from 'app.services.chat'

  10 | import logging
  11 |
  12 | from app.services.chat import open, ChatSevice, close
     |                                     ^^^^^^^^^^
  13 |
  14 | logger = logging.getLogger(__name__)

  see: app/services/chat.py:4:7 ChatService is bound here
  help: did you mean 'ChatService'?
  fix: a safe fix exists: import ChatService

app/tools/report.py:88:5 MG311 lazy-import-broken warning
  no module named 'app.tools.pdf' (imported inside render())

entry points
  fails    app.main:app  41 modules, Dockerfile CMD
  fails    app.worker    40 modules, Procfile
  unknown  tools.cron
  starts   tools.seed    7 modules, pyproject.toml [project.scripts]

not judged
  matters  tools/cron.py
           git object 1a2b3c is missing
  notice   tests/data/deep.py
           too deep for the parser (MG204)

note: a submodule is not checked out: vendor/lib

judged: work tree, for Python 3.11 on linux (from docker/backend.Dockerfile)
blocked: 2 errors, 1 warning, 2 not judged, 1 suppressed in 120 files (80 modules) in 0.4 s
"""


def test_all_of_it() -> None:
    assert written(ORDINARY) == ALL


def test_colour_changes_nothing_else() -> None:
    coloured = written(ORDINARY, color=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == ALL
    assert "\x1b[1;31m> <<<<<<< HEAD\x1b[0m" in coloured
    assert "\x1b" not in ALL
    for line in coloured.splitlines():
        assert line.count("\x1b[0m") * 2 == line.count("\x1b["), "an attribute runs over the end of its line"


def test_nothing_to_say() -> None:
    assert written(CLEAN) == (
        "entry points\n  starts   app  80 modules, top-level package\n\n"
        "judged: work tree, for Python >=3.10 on any platform\n"
        "ready: no errors, no warnings in 120 files (80 modules) in 0.0 s\n"
    )
    assert written(CLEAN, quiet=True) == "ready: no errors, no warnings in 120 files (80 modules) in 0.0 s\n"


@pytest.mark.parametrize("width", [1, 40, 60, 79, 140])
def test_what_can_be_wrapped_stays_in_the_width(width: int) -> None:
    long = finding("MG301", "module-not-found", Place("a.py", 1, 90), "word " * 60, help="word " * 60)
    report = replace(
        ORDINARY,
        findings=(long, replace(CONFLICT, help="word " * 50)),
        sources={**SOURCES, "a.py": {1: "x = " + "long_name + " * 40}},
        entry_points=(EntryPointResult("app", "app", EntryStatus.STARTS, (), 3, "word " * 30),),
        notices=("word " * 40,),
    )
    rows = written(report, width=width).splitlines()
    assert max(len(row) for row in rows if not row.startswith(("blocked", "app/", "  side "))) <= max(40, width)


def test_order() -> None:
    other = replace(BLOCKED, place=Place("z.py"), fingerprint="f" * 20, cause=None, entry_points=("a", "b", "c"))
    other = replace(other, blocks=replace(BLOCKED.blocks, entry_points=3))  # type: ignore[type-var]
    report = replace(ORDINARY, findings=(MISSING, LAZY, CONFLICT, BLOCKED, other))
    heads = re.findall(r"^\S+:\d+:\d+ (MG\d+) ", written(report), re.MULTILINE)
    assert heads == ["MG303", "MG303", "MG101", "MG302", "MG311"]


@pytest.mark.parametrize(
    ("cause", "listed", "says"),
    [
        pytest.param(CONFLICT.fingerprint, True, "cause: MG101 conflict-block, shown next", id="listed"),
        pytest.param(
            CONFLICT.fingerprint, False, f"cause: finding {CONFLICT.fingerprint}, which is not listed", id="no"
        ),
        pytest.param(None, False, None, id="none"),
    ],
)
def test_the_cause_of_a_blocked_start_up(cause: str | None, listed: bool, says: str | None) -> None:
    blocked = replace(BLOCKED, cause=cause)
    text = written(replace(ORDINARY, findings=(blocked, CONFLICT) if listed else (blocked,)))
    assert ("cause:" in text) is (says is not None)
    assert says is None or says in text
    assert text.count("309 | <<<<<<< HEAD") == 1


def test_sides_name_the_findings_that_they_break() -> None:
    sides = (
        SideVerdict("HEAD", (4, 3), True, (MISSING.fingerprint, "0123456789abcdef0123")),
        SideVerdict("", (5, 5), None, tuple(f"thing {n}" for n in range(14))),
    )
    text = written(replace(ORDINARY, findings=(replace(CONFLICT, sides=sides), MISSING)), width=120)
    part = text[text.index("  side HEAD") : text.index("  blocks:")]
    assert part.splitlines()[:6] == [
        "  side HEAD        empty   parses",
        f"      choosing it breaks app/routes/chat.py:12:37: MG302 {MISSING.message}",
        "      choosing it breaks finding 0123456789abcdef0123 (not listed)",
        "  side (no label)  line 5",
        "      choosing it breaks thing 0",
        "      choosing it breaks thing 1",
    ]
    assert part.rstrip().splitlines()[-1] == "      and 4 more (--verbose lists them)"


CHAIN = tuple(Hop(f"m{n}.py", n + 1, f"m{n}", HopKind.IMPORT, f"import m{n + 1}") for n in range(100))
WIDE = replace(
    BLOCKED,
    chain=CHAIN,
    entry_points=tuple(f"entry{n}" for n in range(8)),
    related=tuple(Related(Place("r.py", n + 1), f"related {n}") for n in range(13)),
)


@pytest.mark.parametrize(
    ("verbose", "frames", "says"),
    [
        pytest.param(
            False, 60, ["... 40 more frames", "entry4 and 3 more (", "see: 3 more places ("], id="cut, visibly"
        ),
        pytest.param(True, 100, ["entry6, entry7 (41 modules)", "r.py:13:1 related 12"], id="verbose: all"),
    ],
)
def test_long_lists(verbose: bool, frames: int, says: list[str]) -> None:
    text = written(replace(ORDINARY, findings=(WIDE,)), verbose=verbose, width=140)
    assert text.count('    File "m') == frames
    assert [item for item in says if item not in text] == []
    assert 'File "m0.py", line 1' in text
    assert 'File "m99.py", line 100' in text


def test_all_errors_but_warnings_by_code() -> None:
    report = many(120, 21)
    text = written(report)
    assert len(re.findall(r"^e\d+\.py:1:1 MG301", text, re.MULTILINE)) == 120
    assert "w00020" not in text
    assert (
        "21 warnings, summed up by code (--verbose shows each):\n"
        "     21  MG311 lazy-import-broken\n"
        "         in w00000.py, w00001.py, w00002.py and 18 more files\n"
    ) in text
    assert len(re.findall(r"^w\d+\.py:1:1 MG311", written(report, verbose=True), re.MULTILINE)) == 21
    assert len(re.findall(r"^w\d+\.py:1:1 MG311", written(many(0, 20)), re.MULTILINE)) == 20


def test_starting_entry_points_are_counted_where_they_are_many() -> None:
    entries = [EntryPointResult(f"ok{n}", f"ok{n}", EntryStatus.STARTS) for n in range(11)]
    report = replace(CLEAN, entry_points=(*entries, EntryPointResult("bad", "bad", EntryStatus.FAILS)))
    assert written(report).startswith(
        "entry points\n  fails    bad\n  starts   11 entry points (--verbose lists them)\n"
    )
    assert len(re.findall(r"^  starts   ok\d+$", written(report, verbose=True), re.MULTILINE)) == 11


def test_all_unjudged_that_matter_and_some_of_the_others() -> None:
    items = [
        Unjudged(f"{name}{n:02}.py", "gone", matters)
        for name, matters in (("n", False), ("m", True))
        for n in range(15)
    ]
    report = replace(CLEAN, unjudged=tuple(items))
    text = written(report)
    assert re.findall(r"^  matters  (\S+)$", text, re.MULTILINE) == [f"m{n:02}.py" for n in range(15)]
    assert re.findall(r"^  notice   (\S+)$", text, re.MULTILINE) == [f"n{n:02}.py" for n in range(10)]
    assert "  notice   5 more files (--verbose lists them)\n" in text
    assert text.index("m14.py") < text.index("n00.py")
    assert len(re.findall(r"^  matters ", written(report, strict=True), re.MULTILINE)) == 30


def test_quiet_leaves_errors_and_what_matters() -> None:
    text = written(ORDINARY, quiet=True)
    assert text.startswith(ALL[: ALL.index("app/tools/report.py")])
    assert text[text.index("not judged") :] == (
        "not judged\n  matters  tools/cron.py\n           git object 1a2b3c is missing\n\n"
        + ALL.splitlines()[-1]
        + "\n"
    )


def test_statistics() -> None:
    text = written(many(3, 1), statistics=True)
    assert "      3  MG301  module-not-found\n      1  MG311  lazy-import-broken\n" in text


def test_a_name_comes_back_from_the_headline() -> None:
    path = "dir\n::error::x\\y:5:1\udce9.py"
    row = written(replace(CLEAN, findings=(replace(MISSING, place=Place(path, 3, 4)),))).splitlines()[0]
    match = re.fullmatch(r"(.+?):3:4 MG302 name-not-found error", row)
    assert match
    assert read_path(match[1]) == path

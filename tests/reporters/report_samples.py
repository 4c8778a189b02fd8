"""Reports made by hand: an ordinary one and a hostile one."""

from __future__ import annotations

from dataclasses import replace

from merge_guard.model.finding import (
    Blocks,
    Edit,
    Finding,
    Fix,
    Hop,
    HopKind,
    Place,
    Related,
    Severity,
    SideVerdict,
    fingerprint,
)
from merge_guard.model.report import EntryPointResult, EntryStatus, Report, Summary, Target, Unjudged, Verdict

MANAGER = "app/core/unified_manager.py"


def finding(code: str, name: str, place: Place, message: str, **fields: object) -> Finding:
    made = Finding(code, name, Severity.ERROR, place, message, key=message)
    made = replace(made, fingerprint=fingerprint(code, place.path, message, 0))
    return replace(made, **fields)  # type: ignore[arg-type]


CONFLICT = finding(
    "MG101",
    "conflict-block",
    Place(MANAGER, 309, 1, 644),
    "an unresolved git conflict between HEAD and feature/agents: neither side was chosen",
    sides=(
        SideVerdict("HEAD", (310, 480), True),
        SideVerdict("feature/agents", (482, 643), False, ("app.worker: ModuleNotFoundError: app.core.legacy",)),
    ),
    entry_points=("app.main:app", "app.worker"),
    help="choose a side, or merge them by hand, then delete the marker lines",
)
BLOCKED = finding(
    "MG303",
    "blocked-start-up",
    Place(MANAGER, 309, 1, 644),
    "app.main:app and app.worker cannot start: SyntaxError in app/core/unified_manager.py, line 309",
    cause=CONFLICT.fingerprint,
    entry_points=("app.main:app", "app.worker"),
    blocks=Blocks(41, 2),
    chain=(
        Hop("app/main.py", 5, "app.main", HopKind.IMPORT, "from app.factory import build"),
        Hop("app/main.py", 9, "app.main", HopKind.CALL, "app = build(settings=load_settings())"),
        Hop("app/factory.py", 31, "app.factory", HopKind.IMPORT, "from app.core import unified_manager"),
        Hop(MANAGER, 309, "app.core.unified_manager", HopKind.CAUSE, "<<<<<<< HEAD"),
    ),
)
MISSING = finding(
    "MG302",
    "name-not-found",
    Place("app/routes/chat.py", 12, 37),
    "cannot import name 'ChatSevice' from 'app.services.chat'",
    related=(Related(Place("app/services/chat.py", 4, 7), "ChatService is bound here"),),
    help="did you mean 'ChatService'?",
    fix=Fix(True, "import ChatService", (Edit("app/routes/chat.py", 210, 220, "ChatService"),)),
)
LAZY = finding(
    "MG311",
    "lazy-import-broken",
    Place("app/tools/report.py", 88, 5),
    "no module named 'app.tools.pdf' (imported inside render())",
    severity=Severity.WARNING,
)
SOURCES = {
    MANAGER: {
        307: "    def close(self) -> None:",
        308: "        self._pool.close()",
        309: "<<<<<<< HEAD",
        310: "    def get(self, name: str) -> Client:",
        311: "\treturn self._clients[name]",
        644: ">>>>>>> feature/agents",
    },
    "app/routes/chat.py": {
        10: "import logging",
        11: "",
        12: "from app.services.chat import open, ChatSevice, close",
        13: "",
        14: "logger = logging.getLogger(__name__)",
    },
}
ORDINARY = Report(
    verdict=Verdict.BLOCKED,
    findings=(LAZY, MISSING, CONFLICT, BLOCKED),
    entry_points=(
        EntryPointResult("app.main:app", "app.main", EntryStatus.FAILS, (BLOCKED.fingerprint,), 41, "Dockerfile CMD"),
        EntryPointResult("app.worker", "app.worker", EntryStatus.FAILS, (BLOCKED.fingerprint,), 40, "Procfile"),
        EntryPointResult("tools.seed", "tools.seed", EntryStatus.STARTS, (), 7, "pyproject.toml [project.scripts]"),
        EntryPointResult("tools.cron", "tools.cron", EntryStatus.UNKNOWN),
    ),
    unjudged=(
        Unjudged("tests/data/deep.py", "too deep for the parser (MG204)", False),
        Unjudged("tools/cron.py", "git object 1a2b3c is missing", True),
    ),
    target=Target("3.11", "linux", "docker/backend.Dockerfile"),
    summary=Summary(files=120, modules=80, errors=2, warnings=1, suppressed=1, baselined=0, seconds=0.4321),
    notices=("a submodule is not checked out: vendor/lib",),
    sources=SOURCES,
)
CLEAN = Report(
    verdict=Verdict.READY,
    findings=(),
    entry_points=(EntryPointResult("app", "app", EntryStatus.STARTS, (), 80, "top-level package"),),
    unjudged=(),
    target=Target(">=3.10"),
    summary=Summary(files=120, modules=80, seconds=0.02),
)

# What a repository may hold to steer a terminal, a CI runner or a browser, as a file name, a label and source text.
HOSTILE_TEXTS = {
    "newline": "a\nb.py",
    "carriage return": "a\rb.py",
    "workflow command": "::error::owned",
    "workflow command on its own line": "x\n::set-output name=a::b",
    "workflow command behind blanks": "\u00a0 ::error::owned",
    "old workflow command": "x ##[error]owned",
    "azure command": "##vso[task.setvariable variable=a]b",
    "percent escapes": "a%0A::error::owned%0D%25,line=9:x",
    "escape sequence": "\x1b[2J\x1b]0;title\x07",
    "link": "\x1b]8;;https://example.org\x1b\\text\x1b]8;;\x1b\\",
    "C1 control": "\x9b31m\x85",
    "bidi": "\u202eyp.txt\u2066\u2069\u200f\u061c",
    "line separators": "a\u2028b\u2029c\x0bd\x0ce\x1cf",
    "not UTF-8": "caf\udce9\udcff.py",
    "script": "</script><script>alert(1)</script>",
    "html comment": "<!-- --> &amp; <img src=x onerror=y>",
    "backticks": "```\n# owned\n````",
    "single backtick": "`a`",
    "table": "a | b || c \\| d",
    "markdown": "[x](https://example.org) ![y](z) **b** @someone #12 https://example.org",
    "sarif placeholder": "{0} {{1}} [x](1)",
    "looks like a finding": "a.py:1:1: MG101 x",
    "backslashes": "a\\x1b\\n\\\\b",
    "leading dash": "-rf",
    "blanks": "  qz  ",
    "quote": "a\"b'c",
    "null": "a\0b",
    "emoji and wide": "日本 😀 é",
    "colon": ":",
}


def hostile(text: str) -> Report:
    """A report in which everything that a repository controls is this text."""
    place = Place(text, 3, 2, 4)
    conflict = finding(
        "MG101",
        "conflict-block",
        place,
        text,
        sides=(
            SideVerdict(text, (4, 5), True, (text,)),
            SideVerdict(text, (7, 6), False),
            SideVerdict(text, (7, 7), None),
        ),
        related=(Related(place, text),),
        entry_points=(text,),
        fix=Fix(False, text, (Edit(text, 0, 1, text),)),
        help=text,
    )
    blocked = finding(
        "MG303",
        "blocked-start-up",
        place,
        text,
        cause=conflict.fingerprint,
        entry_points=(text,),
        blocks=Blocks(3, 1),
        chain=(
            Hop(text, 1, text, HopKind.IMPORT, text),
            Hop(text, 2, text, HopKind.CALL, text),
            Hop(text, 3, text, HopKind.CAUSE, text),
        ),
    )
    unlisted_cause = finding("MG303", "blocked-start-up", place, text, cause="0" * 20, chain=blocked.chain)
    warning = finding("MG311", "lazy-import-broken", Place(text), text, severity=Severity.WARNING, help=text)
    return Report(
        verdict=Verdict.BLOCKED,
        findings=(warning, conflict, blocked, replace(unlisted_cause, fingerprint="1" * 20)),
        entry_points=(EntryPointResult(text, text, EntryStatus.FAILS, (blocked.fingerprint,), 3, text),),
        unjudged=(Unjudged(text, text, True), Unjudged(text, text, False)),
        target=Target(text, text, text),
        summary=Summary(files=1, errors=3, warnings=1),
        snapshot=text,
        root=text,
        notices=(text,),
        sources={text: {2: text, 3: text, 4: text}},
    )


def many(errors: int, warnings: int) -> Report:
    """A report with so many findings, all in different files."""
    made = [finding("MG301", "module-not-found", Place(f"e{n:05}.py"), f"error {n}") for n in range(errors)]
    made += [
        finding("MG311", "lazy-import-broken", Place(f"w{n:05}.py"), f"warning {n}", severity=Severity.WARNING)
        for n in range(warnings)
    ]
    return replace(
        CLEAN,
        verdict=Verdict.BLOCKED,
        findings=tuple(reversed(made)),
        summary=Summary(errors=errors, warnings=warnings),
    )

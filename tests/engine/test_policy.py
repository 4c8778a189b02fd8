"""What a change altered in the rules by which it is judged."""

from __future__ import annotations

import pytest

from merge_guard.engine.policy import altered, heeded
from merge_guard.model.config import Config, Service
from merge_guard.model.facts import FileFacts, Suppression
from merge_guard.model.finding import Severity


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        pytest.param(Config(), Config(), [], id="nothing"),
        pytest.param(Config(origin="a"), Config(origin="b"), [], id="the file alone"),
        pytest.param(Config(ignore=("MG1",)), Config(), [("ignore", "MG1", "")], id="a key taken out"),
        pytest.param(
            Config(), Config(severity={"MG301": Severity.OFF}), [("severity.MG301", "", "off")], id="one of a table"
        ),
        pytest.param(
            Config(), Config(services={"x": Service("x", ("a", "b"))}), [("services.x.entry", "", "a, b")],
            id="a service, with what it states",
        ),
        pytest.param(
            Config(services={"x": Service("x", ("a",), requires=("m",))}), Config(services={"x": Service("x", ("a",))}),
            [("services.x.requires", "m", "")], id="a contract taken out",
        ),
    ],
)  # fmt: skip
def test_altered(before: Config, after: Config, said: list[tuple[str, str, str]]) -> None:
    assert [(change.subject, change.before, change.after) for change in altered(before, after)] == said


@pytest.mark.parametrize(
    ("trusted", "kept"),
    [
        pytest.param(b"x = 1\n", False, id="not there"),
        pytest.param(None, False, id="no such file"),
        pytest.param(b"import a.b  # noqa: MG301\n", True, id="on another line"),
        pytest.param(b"    import a.b  # noqa: MG301\n", True, id="indented otherwise"),
        pytest.param(b"import a.c  # noqa: MG301\n", False, id="on a line of another text"),
        pytest.param(b"import a.b  # noqa: MG3\n", False, id="for other codes"),
    ],
)
def test_heeded(trusted: bytes | None, kept: bool) -> None:
    facts = {"x.py": FileFacts(python=True, suppressions=(Suppression(7, ("MG301",)),)), "y.py": FileFacts()}
    found, dropped = heeded(facts, lambda path: trusted, lambda path, line: "import a.b  # noqa: MG301")
    assert bool(found["x.py"].suppressions) is kept
    assert [(change.path, change.line, change.subject) for change in dropped] == (
        [] if kept else [("x.py", 7, "MG301")]
    )
    assert found["y.py"] == facts["y.py"]

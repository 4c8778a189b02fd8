"""What a baseline does to findings."""

from __future__ import annotations

import pytest

from merge_guard.engine.ratchet import ratchet, stale
from merge_guard.model.baseline import Accepted, Baseline
from merge_guard.model.finding import Finding, Place, Severity


def finding(
    code: str, fingerprint: str = "f", baseline_key: str = "", severity: Severity = Severity.WARNING
) -> Finding:
    return Finding(
        code, "name", severity, Place("a.py"), "message", "key", fingerprint=fingerprint, baseline_key=baseline_key
    )


@pytest.mark.parametrize(
    ("found", "entry", "is_accepted"),
    [
        pytest.param(finding("MG302", "f"), Accepted("MG302", "f"), True, id="by its fingerprint"),
        pytest.param(finding("MG302", "g"), Accepted("MG302", "f"), False, id="another fingerprint"),
        pytest.param(finding("MG301", "f"), Accepted("MG302", "f"), False, id="another code"),
        pytest.param(finding("MG403", "f", "app.m:C 1f"), Accepted("MG403", "app.m:C 1f"), True, id="by name and body"),
        pytest.param(finding("MG403", "f", "app.m:C 2e"), Accepted("MG403", "app.m:C 1f"), False, id="another body"),
        pytest.param(finding("MG403", "f", "app.m:C 1f"), Accepted("MG403", "f"), False, id="its key, if it has one"),
        pytest.param(finding("MG303", "f"), Accepted("MG303", "f"), False, id="never a blocked start-up"),
    ],
)  # fmt: skip
def test_accepted(found: Finding, entry: Accepted, is_accepted: bool) -> None:
    made = ratchet([found], Baseline((entry,)))
    assert (made.accepted, made.findings) == (((found,), ()) if is_accepted else ((), made.findings))
    assert len(made.findings) == (not is_accepted)


@pytest.mark.parametrize(
    ("code", "baseline", "configured", "severity"),
    [
        *(pytest.param(f"MG40{n}", Baseline(), (), Severity.ERROR, id=f"MG40{n} is new") for n in range(3, 9)),
        pytest.param("MG407", None, (), Severity.WARNING, id="no baseline"),
        pytest.param("MG407", Baseline(), ("MG407",), Severity.WARNING, id="configured otherwise"),
        pytest.param("MG311", Baseline(), (), Severity.WARNING, id="a rule that the ratchet leaves alone"),
    ],
)
def test_what_is_new_is_an_error(
    code: str, baseline: Baseline | None, configured: tuple[str, ...], severity: Severity
) -> None:
    (kept,) = ratchet([finding(code)], baseline, configured).findings
    assert kept.severity is severity


@pytest.mark.parametrize(
    ("ran", "unjudged", "is_stale"),
    [
        pytest.param({"MG302"}, set(), True, id="its rule ran on all"),
        pytest.param({"MG301"}, set(), False, id="its rule did not run"),
        pytest.param({"MG302"}, {"a.py"}, False, id="its file was not judged"),
    ],
)
def test_stale(ran: set[str], unjudged: set[str], is_stale: bool) -> None:
    entry = Accepted("MG302", "gone", "a.py")
    here = Accepted("MG302", "f", "a.py")
    assert stale(Baseline((entry, here)), [finding("MG302", "f")], ran, unjudged) == [entry] * is_stale

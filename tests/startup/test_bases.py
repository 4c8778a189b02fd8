"""Hierarchies of hostile size are judged, or given up, in bounded work."""

from __future__ import annotations

import pytest
from startup.simulating import start

from merge_guard.model.outcome import Cause
from merge_guard.startup import bases, inheritance

COUNT = 2_000


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("".join(f"class C{n}(C{n - 1}): ...\n" for n in range(1, COUNT)), id="a chain"),
        pytest.param("".join(f"class C{n}(C{n - 1}, C{max(n - 2, 0)}): ...\n" for n in range(2, COUNT)), id="pairs"),
        pytest.param("class D(" + ", ".join(["C0"] * COUNT) + ", T): ...\n", id="one base many times"),
    ],
)
def test_hostile_hierarchies(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = 0
    real = bases._ancestors

    def counted(value: bases.Value) -> list[bases.ClassValue]:
        nonlocal steps
        found = list(real(value))
        steps += len(found)
        return found  # type: ignore[return-value]

    monkeypatch.setattr(bases, "_ancestors", counted)
    start({"main.py": f"from third import T\nclass C0: ...\nclass C1(C0): ...\n{source}"})
    assert steps <= COUNT * bases._MOST_ANCESTORS * 2


def test_an_order_is_bounded() -> None:
    source = "class C0: ...\n" + "".join(f"class C{n}(C{n - 1}): ...\n" for n in range(1, 200))
    outcome = start({"main.py": f"{source}C199().nothing\nclass D(C0, C199): ...\n"})
    assert [failure.cause for failure in outcome.failures] in ([], [Cause.INCONSISTENT_BASES])
    assert inheritance._LONGEST_ORDER < 200

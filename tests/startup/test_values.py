"""Joined values, truth, and which handler takes which exception."""

from __future__ import annotations

import pytest

from merge_guard.startup.exceptions import matches
from merge_guard.startup.heap import ABSENT
from merge_guard.startup.joins import join_slots, join_values
from merge_guard.startup.values import (
    UNKNOWN,
    Builtin,
    ClassValue,
    Const,
    Either,
    External,
    Maybe,
    ModuleRecord,
    Mutable,
    Seq,
    Value,
    truth,
)

MODULE = ModuleRecord("m", "m.py", False, "")
OWN = ClassValue(MODULE, "Own", (Builtin("ImportError"),))
OTHER = ClassValue(MODULE, "Other", (Builtin("Exception"),))
FOREIGN = ClassValue(MODULE, "Foreign", (External("third.Error"),))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param([Const(1), Const(1)], Const(1), id="the same"),
        pytest.param([Const(1), Const(2)], Either((Const(1), Const(2))), id="two"),
        pytest.param([Const(1), Const(True)], Const(1), id="equal"),
        pytest.param([Const(1), UNKNOWN], UNKNOWN, id="unknown takes all"),
        pytest.param([Either((Const(1), Const(2))), Const(2)], Either((Const(1), Const(2))), id="never nested"),
        pytest.param([Const(n) for n in range(6)], UNKNOWN, id="too many"),
    ],
)
def test_joining(values: list[Value], expected: Value) -> None:
    assert join_values(values) == expected


@pytest.mark.parametrize(
    ("slots", "expected"),
    [
        pytest.param([ABSENT, ABSENT], ABSENT, id="bound nowhere"),
        pytest.param([Const(1), ABSENT], Maybe(Const(1)), id="bound on one path"),
        pytest.param([Maybe(Const(1)), Const(1)], Maybe(Const(1)), id="perhaps bound before"),
        pytest.param([Const(1), Const(1)], Const(1), id="bound on both"),
    ],
)
def test_joining_bindings(slots: list[object], expected: object) -> None:
    assert join_slots(slots) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(Const(0), False, id="zero"),
        pytest.param(Const("a"), True, id="text"),
        pytest.param(Seq("tuple", ()), False, id="an empty tuple"),
        pytest.param(Mutable({"content": Seq("list", (Const(1),))}), True, id="a list"),
        pytest.param(Mutable({"content": Seq("list", ())}), None, id="an empty list may have been filled"),
        pytest.param(Mutable({"content": UNKNOWN}), None, id="a list of unknown content"),
        pytest.param(MODULE, True, id="a module"),
        pytest.param(External("third.x"), None, id="a third party's"),
        pytest.param(UNKNOWN, None, id="unknown"),
        pytest.param(Either((Const(1), Const("a"))), True, id="both true"),
        pytest.param(Either((Const(1), Const(0))), None, id="one of them"),
    ],
)
def test_truth(value: Value, expected: bool | None) -> None:
    assert truth(value) is expected


@pytest.mark.parametrize(
    ("exception", "handler", "expected"),
    [
        pytest.param(Builtin("ModuleNotFoundError"), Builtin("ImportError"), True, id="a base"),
        pytest.param(Builtin("ImportError"), Builtin("ModuleNotFoundError"), False, id="a derived class"),
        pytest.param(Builtin("SyntaxError"), Builtin("Exception"), True, id="Exception"),
        pytest.param(Builtin("SystemExit"), Builtin("Exception"), False, id="SystemExit is none"),
        pytest.param(Builtin("FileNotFoundError"), Builtin("IOError"), True, id="an old name"),
        pytest.param(Builtin("ExceptionGroup"), Builtin("ValueError"), None, id="a group"),
        pytest.param(
            Builtin("KeyError"), Seq("tuple", (Builtin("OSError"), Builtin("LookupError"))), True, id="a tuple"
        ),
        pytest.param(Builtin("KeyError"), Seq("tuple", (Builtin("OSError"),)), False, id="a tuple without it"),
        pytest.param(Builtin("KeyError"), External("third.Error"), None, id="a third party's class"),
        pytest.param(Builtin("KeyError"), UNKNOWN, None, id="an unknown class"),
        pytest.param(OWN, OWN, True, id="an own class"),
        pytest.param(OWN, Builtin("ImportError"), True, id="an own class's base"),
        pytest.param(Builtin("ImportError"), OWN, False, id="an own class takes only its own"),
        pytest.param(OTHER, Builtin("ImportError"), False, id="an own class of another kind"),
        pytest.param(FOREIGN, Builtin("ImportError"), None, id="an own class with a foreign base"),
        pytest.param(UNKNOWN, Builtin("ImportError"), None, id="an unknown exception"),
    ],
)
def test_which_handler_takes_it(exception: Value, handler: Value, expected: bool | None) -> None:
    assert matches(exception, handler) is expected

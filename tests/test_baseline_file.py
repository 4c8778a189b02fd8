"""The baseline's text: reviewable, bounded, and refused where it is not understood."""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merge_guard.config import baseline_file
from merge_guard.errors import ConfigError
from merge_guard.model.baseline import Accepted, Baseline

ENTRY = {"code": "MG302", "key": "k"}


def text(*entries: object, version: object = 1, **more: object) -> bytes:
    return json.dumps({"version": version, "entries": list(entries), **more}).encode()


def test_one_entry_a_line_in_a_stable_order() -> None:
    entries = (
        Accepted("MG407", "b", "z.py"),
        Accepted("MG302", "c", "b.py", "no <x>", "why"),
        Accepted("MG302", "d", "a.py"),
    )
    written = baseline_file.write(Baseline(entries))
    assert written == baseline_file.write(Baseline(entries[::-1]))
    assert written.splitlines() == [
        "{",
        '  "version": 1,',
        '  "entries": [',
        '    {"code": "MG302", "path": "a.py", "key": "d"},',
        '    {"code": "MG302", "path": "b.py", "key": "c", "message": "no <x>", "reason": "why"},',
        '    {"code": "MG407", "path": "z.py", "key": "b"}',
        "  ]",
        "}",
    ]
    assert baseline_file.write(Baseline()) == '{\n  "version": 1,\n  "entries": []\n}\n'


@given(
    st.lists(
        st.builds(
            Accepted,
            st.sampled_from(["MG101", "MG302", "MG407"]),
            st.text(min_size=1, max_size=20),
            st.binary(min_size=1, max_size=20).map(os.fsdecode),
            st.text(max_size=20),
            st.text(max_size=20),
        )
    )
)  # fmt: skip
def test_what_is_written_is_read_back(entries: list[Accepted]) -> None:
    made = Baseline(tuple(entries))
    written = baseline_file.write(made)
    assert baseline_file.read(written.encode("ascii")) == made
    assert len(written.splitlines()) == len(made.entries) + (5 if made.entries else 4)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        pytest.param(b"", "not JSON", id="empty"),
        pytest.param(b"\xff\xfe{", "not JSON", id="bytes"),
        pytest.param(b"[" * 200_000, "nested too deeply", id="a deep one"),
        pytest.param(b" " * (baseline_file.MAX_BYTES + 1), "larger than", id="a large one"),
        pytest.param(b'{"version": 1,\n<<<<<<< HEAD\n', "line 2: an unresolved merge conflict", id="a conflict"),
        pytest.param(b'{"version": 1, "entries": ' + b"9" * 5_000 + b"}", "", id="a long number"),
        pytest.param(b"[]", "expected an object", id="a list"),
        pytest.param(text(more=1), "expected an object", id="more keys"),
        pytest.param(text(version=2), "version is not 1", id="another version"),
        pytest.param(text(version=True), "version is not 1", id="no number"),
        pytest.param(json.dumps({"version": 1, "entries": {}}).encode(), "must be a list", id="entries are no list"),
        pytest.param(text(*[ENTRY] * (baseline_file.MAX_ENTRIES + 1)), "at most 100,000", id="too many entries"),
        pytest.param(text(ENTRY, "x"), "entry 2: expected an object", id="an entry that is a text"),
        pytest.param(text({"code": "MG302"}), "entry 1: expected an object", id="an entry without its key"),
        pytest.param(text({**ENTRY, "line": "3"}), "entry 1: expected an object", id="an entry with a line"),
        pytest.param(text({**ENTRY, "key": 3}), "key must be a text", id="a number for a text"),
        pytest.param(text({**ENTRY, "key": "k" * 20_000}), "key must be a text", id="a text that is too long"),
        pytest.param(text({**ENTRY, "code": "E501"}), "needs a code", id="another tool's code"),
        pytest.param(text({**ENTRY, "code": "MG303"}), "MG303 cannot be accepted", id="a blocked start-up"),
        pytest.param(text({**ENTRY, "code": "MG204"}), "MG204 cannot be accepted", id="a file that was not judged"),
    ],
)  # fmt: skip
def test_refused(data: bytes, why: str) -> None:
    with pytest.raises(ConfigError, match=r"^merge-guard-baseline\.json: ") as caught:
        baseline_file.read(data)
    assert why in str(caught.value)
    assert "\n" not in str(caught.value)


@given(st.binary())
def test_any_bytes(data: bytes) -> None:
    with pytest.raises(ConfigError):
        baseline_file.read(data)

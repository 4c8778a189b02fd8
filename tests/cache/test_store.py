"""The database of facts: whatever happens to it, it gives back what was put in, or nothing."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from merge_guard.cache.store import Store

NAME = "facts-1.sqlite3"


def stored(directory: Path, **entries: bytes) -> Path:
    store = Store(str(directory))
    store.put(entries)
    store.close()
    return directory / NAME


def test_gives_back_what_was_put(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "cache"))
    assert store.is_empty
    store.put({f"key{number}": bytes([number]) for number in range(200)})
    assert store.get([f"key{number}" for number in range(300)]) == {f"key{n}": bytes([n]) for n in range(200)}
    store.drop(["key7"])
    store.close()
    again = Store(str(tmp_path / "cache"))
    assert not again.is_empty
    assert again.get(["key7", "key8"]) == {"key8": b"\x08"}
    again.close()


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-3000])


def overwritten(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[100:4000] = b"\xff" * 3900
    path.write_bytes(data)


def garbage(path: Path) -> None:
    path.write_bytes(b"<<<<<<< HEAD\n" * 1000)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def foreign(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE entries (a, b)")
    connection.close()


def other_types(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE entries SET value = 17")
    connection.close()


@pytest.mark.parametrize("damage", [truncated, overwritten, garbage, emptied, foreign, other_types])
def test_a_damaged_database_is_as_good_as_empty(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    path = stored(tmp_path, **{f"key{number}": b"x" * 500 for number in range(40)})
    damage(path)
    store = Store(str(tmp_path))
    for value in store.get([f"key{number}" for number in range(40)]).values():
        assert value == b"x" * 500
    store.put({"new": b"1"})
    store.close()
    # At the latest the run after the one that saw the damage keeps things again.
    store = Store(str(tmp_path))
    store.put({"new": b"2"})
    assert store.get(["new"]) == {"new": b"2"}
    store.close()


def test_a_directory_that_others_can_write_to_is_not_used(tmp_path: Path) -> None:
    stored(tmp_path / "open", key=b"1")
    os.chmod(tmp_path / "open", 0o777)
    store = Store(str(tmp_path / "open"))
    store.put({"other": b"2"})
    assert store.get(["key", "other"]) == {}
    store.close()


def test_a_file_in_the_place_of_the_directory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = Store(str(tmp_path / "file"))
    store.put({"key": b"1"})
    assert store.get(["key"]) == {}
    store.close()


def test_the_longest_unused_entries_go_first(tmp_path: Path) -> None:
    store = Store(str(tmp_path), largest=200_000)
    store.put({f"old{number}": b"x" * 1000 for number in range(150)})
    store.close()
    with sqlite3.connect(tmp_path / NAME) as connection:
        connection.execute("UPDATE entries SET used = 1")
    connection.close()
    store = Store(str(tmp_path), largest=200_000)
    store.put({f"new{number}": b"y" * 1000 for number in range(100)})
    store.close()
    store = Store(str(tmp_path))
    assert len(store.get([f"new{number}" for number in range(100)])) == 100
    assert len(store.get([f"old{number}" for number in range(150)])) < 50
    assert os.path.getsize(tmp_path / NAME) < 200_000
    store.close()


def test_a_forked_child_has_a_connection_of_its_own(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    store.put({"before": b"1"})
    child = os.fork()
    if not child:
        status = 1
        try:
            store.put({"child": b"2"})
            status = 0 if store.get(["before"]) == {"before": b"1"} else 2
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0
    assert store.get(["before", "child"]) == {"before": b"1", "child": b"2"}
    store.close()


WRITER = """
import sys
from merge_guard.cache.store import Store
store = Store(sys.argv[1])
for turn in range(10_000):
    store.put({f"{sys.argv[2]}-{turn}-{n}": b"%d" % n * 50 for n in range(20)})
    found = store.get([f"{sys.argv[2]}-{turn}-{n}" for n in range(20)])
    assert all(value == key.rpartition("-")[2].encode() * 50 for key, value in found.items())
"""


def test_processes_that_are_killed_while_they_write(tmp_path: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), name], stderr=subprocess.PIPE)
        for name in "abcdef"
    ]
    time.sleep(1.5)  # until they write; they would go on for long
    for writer in writers:
        writer.send_signal(signal.SIGKILL)
    for writer in writers:
        assert b"Error" not in writer.communicate()[1]
    connection = sqlite3.connect(tmp_path / NAME)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    rows = connection.execute("SELECT key, value FROM entries").fetchall()
    connection.close()
    assert rows
    assert all(value == key.rpartition("-")[2].encode() * 50 for key, value in rows)

"""The tables of what came and went, compared with the interpreters that are here."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from oracle.interpreters import interpreters

from merge_guard.startup import stdlib

_ASK = """
import importlib.util, json, sys
def there(name):
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False
json.dump({name: there(name) for name in json.load(sys.stdin)}, sys.stdout)
"""
# Some builds leave these out.
_OPTIONAL = {"tkinter.tix", "nis", "ossaudiodev", "spwd", "crypt", "lib2to3"}


@pytest.mark.parametrize("version", interpreters(), ids=lambda version: ".".join(map(str, version)))
def test_tables(version: tuple[int, int]) -> None:
    listed = [*stdlib._ADDED, *stdlib._REMOVED, *stdlib._WINDOWS, *stdlib._POSIX]
    command = [interpreters()[version], "-I", "-S", "-W", "ignore", "-c", _ASK]
    done = subprocess.run(command, input=json.dumps(listed), capture_output=True, text=True, check=True)
    real = json.loads(done.stdout)
    said = {name: stdlib.exists(name, version, version, sys.platform) for name in listed}
    assert {name: there for name, there in said.items() if name not in _OPTIONAL} == {
        name: there for name, there in real.items() if name not in _OPTIONAL
    }


@pytest.mark.parametrize(
    ("name", "lowest", "highest", "platform", "expected"),
    [
        pytest.param("imp", (3, 12), (3, 13), "linux", False, id="gone in all"),
        pytest.param("imp", (3, 11), (3, 12), "linux", None, id="gone in some"),
        pytest.param("imp", (3, 10), (3, 11), "linux", True, id="not gone yet"),
        pytest.param("tomllib", (3, 9), (3, 10), "linux", False, id="not there yet"),
        pytest.param("tomllib", (3, 10), (3, 11), "linux", None, id="there in some"),
        pytest.param("tomllib", (3, 11), (3, 14), "linux", True, id="there in all"),
        pytest.param("winreg", (3, 11), (3, 11), "", None, id="an unknown platform"),
        pytest.param("winreg", (3, 11), (3, 11), "darwin", False, id="Windows alone"),
        pytest.param("fcntl", (3, 11), (3, 11), "win32", False, id="not Windows"),
        pytest.param("fcntl", (3, 11), (3, 11), "darwin", True, id="there on this platform"),
        pytest.param("spwd", (3, 13), (3, 13), "", False, id="gone on every platform"),
        pytest.param("msilib", (3, 11), (3, 13), "win32", None, id="gone in some, on this platform"),
        pytest.param("asyncio", (3, 8), (3, 14), "", True, id="not listed"),
        pytest.param("distutils.core", (3, 12), (3, 12), "", True, id="its parent is asked first"),
    ],
)
def test_targets(
    name: str, lowest: tuple[int, int], highest: tuple[int, int], platform: str, expected: bool | None
) -> None:
    assert stdlib.exists(name, lowest, highest, platform) is expected

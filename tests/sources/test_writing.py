"""A file is wholly old or wholly new, keeps what it is, and is not written if it is not the one that was judged."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from merge_guard.sources.writing import WriteError, replace_file


def entries(root: Path) -> list[str]:
    return sorted(os.listdir(root))


@pytest.mark.parametrize("mode", [0o644, 0o755, 0o600, 0o664, 0o4755])
def test_the_mode_stays(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(b"old")
    file.chmod(mode)
    replace_file(str(tmp_path), "a.py", b"new", b"old")
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"new", mode)
    assert entries(tmp_path) == ["a.py"]


def test_a_new_file_gets_the_usual_mode(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        replace_file(str(tmp_path), "a.json", b"new", None)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.json").stat().st_mode) == 0o640


def test_a_link_inside_the_root_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real/a.py").write_bytes(b"old")
    (tmp_path / "link.py").symlink_to("real/a.py")
    (tmp_path / "folder").symlink_to("real")
    replace_file(str(tmp_path), "link.py", b"new", b"old")
    replace_file(str(tmp_path), "folder/a.py", b"newer", b"new")
    assert os.readlink(tmp_path / "link.py") == "real/a.py"
    assert (tmp_path / "real/a.py").read_bytes() == b"newer"
    assert entries(tmp_path / "real") == ["a.py"]


def _link_out(root: Path) -> None:
    (root.parent / "outside.py").write_bytes(b"old")
    (root / "a.py").symlink_to("../outside.py")


def _directory_out(root: Path) -> None:
    (root.parent / "outside").mkdir()
    (root.parent / "outside/a.py").write_bytes(b"old")
    (root / "d").symlink_to("../outside")


def _git(root: Path) -> None:
    (root / ".git").mkdir()
    (root / ".git/a.py").write_bytes(b"old")
    (root / "d").symlink_to(".git")


def _fifo(root: Path) -> None:
    os.mkfifo(root / "a.py")


def _read_only(root: Path) -> None:
    (root / "a.py").write_bytes(b"old")
    (root / "a.py").chmod(0o444)


@pytest.mark.parametrize(
    ("prepare", "path", "expected", "why"),
    [
        pytest.param(lambda root: (root / "a.py").write_bytes(b"other"), "a.py", b"old", "changed since", id="changed"),
        pytest.param(lambda root: (root / "a.py").write_bytes(b"old"), "a.py", None, "exists", id="new, but there"),
        pytest.param(lambda root: None, "a.py", b"old", "cannot be written: vanished", id="gone"),
        pytest.param(_link_out, "a.py", b"old", "leads out of", id="a link out of the root"),
        pytest.param(_directory_out, "d/a.py", b"old", "leads out of", id="a directory out of the root"),
        pytest.param(lambda root: None, "../a.py", b"old", "leads out of", id="dots"),
        pytest.param(_git, "d/a.py", b"old", "leads into git's own", id="git's folder"),
        pytest.param(_fifo, "a.py", b"old", "not a regular file", id="a FIFO"),
        pytest.param(lambda root: (root / "a.py").mkdir(), "a.py", b"old", "not a regular file", id="a directory"),
        pytest.param(_read_only, "a.py", b"old", "is read-only", id="read-only"),
        pytest.param(lambda root: None, "a\0b.py", b"old", "cannot be written", id="no name"),
    ],
)
def test_refused(tmp_path: Path, prepare: object, path: str, expected: bytes | None, why: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    prepare(root)  # type: ignore[operator]
    before = entries(root)
    with pytest.raises(WriteError, match=why):
        replace_file(str(root), path, b"new", expected)
    assert entries(root) == before
    outside = [tmp_path / "outside.py", tmp_path / "outside/a.py", root / ".git/a.py"]
    assert all(file.read_bytes() == b"old" for file in outside if file.exists())


_KILLED = """
import os, signal, sys
from merge_guard.sources.writing import replace_file
doomed, count = int(sys.argv[1]), 0
def watch(event, arguments):
    global count
    if event.startswith(("open", "os.")):
        count += 1
        if count == doomed:
            os.kill(os.getpid(), signal.SIGKILL)
import merge_guard.sources.bounded, secrets
sys.addaudithook(watch)
replace_file(sys.argv[2], "a.py", b"n" * 300_000, b"o" * 200_000)
"""


def test_killed_at_any_call_it_is_wholly_old_or_wholly_new(tmp_path: Path) -> None:
    """Promise 13: the process dies before its first call to the system that is audited, before its second ..."""
    seen = set()
    for doomed in range(1, 40):
        root = tmp_path / str(doomed)
        root.mkdir()
        (root / "a.py").write_bytes(b"o" * 200_000)
        done = subprocess.run([sys.executable, "-c", _KILLED, str(doomed), str(root)], check=False, timeout=60)
        seen.add((root / "a.py").read_bytes())
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL
    assert done.returncode == 0, "the last run is not killed"
    assert seen == {b"o" * 200_000, b"n" * 300_000}
    assert entries(root) == ["a.py"]


@settings(max_examples=30)
@given(old=st.binary(max_size=200), new=st.binary(max_size=200))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, old: bytes, new: bytes) -> None:
    root = tmp_path_factory.mktemp("any")
    (root / "a.py").write_bytes(old)
    replace_file(str(root), "a.py", new, old)
    assert (root / "a.py").read_bytes() == new


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"old")
    program = (
        "import resource, signal, sys\n"
        "from merge_guard.sources.writing import WriteError, replace_file\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try:\n"
        "    replace_file(sys.argv[1], 'a.py', b'n' * 5000, b'old')\n"
        "except WriteError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], check=True, capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "a.py: cannot be written: file too large\n"
    assert entries(tmp_path) == ["a.py"]
    assert (tmp_path / "a.py").read_bytes() == b"old"

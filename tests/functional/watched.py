"""A watch over every Python process that a command starts: what it runs, writes, starts and connects to."""

from __future__ import annotations

import os
from pathlib import Path

_SITECUSTOMIZE = """
import os
import sys

_WATCHED = os.environ["WATCHED"]
_LOG = os.open(os.environ["WATCH_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
_SEEN = set()
_CHANGES = ("os.chmod", "os.chown", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink",
            "os.truncate", "os.utime", "os.setxattr")
_STARTS = ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.spawn", "os.system")
_NETWORK = ("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname")


def _below(path, folder=-1):
    if isinstance(path, int) or path is None:
        return False
    path = os.fsdecode(path)
    if path.startswith("<"):  # code without a file, such as what `namedtuple` makes
        return False
    if folder != -1 and not os.path.isabs(path):
        path = os.path.join(os.readlink(f"/proc/self/fd/{folder}"), path)
    path = os.path.abspath(path)
    return path == _WATCHED or path.startswith(_WATCHED + os.sep)


def _say(what, about):
    os.write(_LOG, f"{what} {about!r}\\n".encode("utf-8", "backslashreplace"))


def _watch(event, args, depth=[0]):
    if depth[0]:
        return
    depth[0] = 1
    try:
        if os.getpid() not in _SEEN:
            _SEEN.add(os.getpid())
            _say("process", os.getpid())
        if event == "exec" and hasattr(args[0], "co_filename") and _below(args[0].co_filename):
            _say("exec", args[0].co_filename)
        elif event == "import" and args[1] and _below(args[1]):
            _say("import", args[1])
        elif event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            if _below(args[0]):
                _say("write", args[0])
        elif event in _CHANGES:
            folder = args[-1] if isinstance(args[-1], int) else -1
            if any(_below(arg, folder) for arg in args[:2] if isinstance(arg, (str, bytes))):
                _say(event, args)
        elif event in _STARTS and _below(args[0]):
            _say("start", args[0])
        elif event in _NETWORK:
            _say("network", args[1:])
    finally:
        depth[0] = 0


sys.addaudithook(_watch)
"""


class Watch:
    """`environment` makes every Python process that inherits it report what it does below `watched`."""

    def __init__(self, folder: Path, watched: Path) -> None:
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(_SITECUSTOMIZE, encoding="utf-8")
        self._log = folder / "log"
        self.environment = {
            "PYTHONPATH": str(folder),
            "PYTHONDONTWRITEBYTECODE": "1",
            "WATCHED": os.path.realpath(watched),
            "WATCH_LOG": str(self._log),
        }

    @property
    def processes(self) -> int:
        return len({line for line in self._lines() if line.startswith("process ")})

    @property
    def seen(self) -> list[str]:
        return [line for line in self._lines() if not line.startswith("process ")]

    def _lines(self) -> list[str]:
        return self._log.read_text(encoding="utf-8").splitlines() if self._log.exists() else []

"""Which modules of the standard library exist in which Python, and on which platform.

Only what has come or gone since Python 3.7 is listed, and only public modules: whatever is not here is taken to exist.
Sources: the "What's New" pages, PEP 594, and the interpreters themselves, with which the tests compare these tables.
"""

from __future__ import annotations

Version = tuple[int, int]
UNSURE = "what is installed may bring it"

_ADDED: dict[str, Version] = {
    "annotationlib": (3, 14), "asyncio.graph": (3, 14), "asyncio.mixins": (3, 10), "asyncio.taskgroups": (3, 11),
    "asyncio.threads": (3, 9), "asyncio.timeouts": (3, 11), "asyncio.tools": (3, 14), "compression": (3, 14),
    "concurrent.futures.interpreter": (3, 14), "concurrent.interpreters": (3, 14), "dbm.sqlite3": (3, 13),
    "graphlib": (3, 9), "importlib.readers": (3, 10), "importlib.resources.abc": (3, 11),
    "importlib.resources.readers": (3, 11), "importlib.resources.simple": (3, 11), "importlib.simple": (3, 11),
    "pathlib.types": (3, 14), "string.templatelib": (3, 14), "tomllib": (3, 11), "wsgiref.types": (3, 11),
    "zoneinfo": (3, 9),
}  # fmt: skip
_REMOVED: dict[str, Version] = {
    "dummy_threading": (3, 9), "binhex": (3, 11), "asynchat": (3, 12), "asyncore": (3, 12), "distutils": (3, 12),
    "imp": (3, 12), "smtpd": (3, 12), "aifc": (3, 13), "audioop": (3, 13), "cgi": (3, 13), "cgitb": (3, 13),
    "chunk": (3, 13), "crypt": (3, 13), "imghdr": (3, 13), "lib2to3": (3, 13), "mailcap": (3, 13), "msilib": (3, 13),
    "nis": (3, 13), "nntplib": (3, 13), "ossaudiodev": (3, 13), "pipes": (3, 13), "sndhdr": (3, 13), "spwd": (3, 13),
    "sunau": (3, 13), "telnetlib": (3, 13), "tkinter.tix": (3, 13), "uu": (3, 13), "xdrlib": (3, 13),
}  # fmt: skip
_WINDOWS = frozenset({"msilib", "msvcrt", "nt", "winreg", "winsound", "_winapi"})
_POSIX = frozenset({"fcntl", "grp", "nis", "posix", "pwd", "resource", "spwd", "syslog", "termios"})

NOT_EVERYWHERE = frozenset(name.partition(".")[0] for name in (*_ADDED, *_REMOVED, *_WINDOWS, *_POSIX))
"""Top-level modules that some supported Python or platform does not have."""


def exists(dotted: str, lowest: Version, highest: Version, platform: str) -> bool | None:
    """Whether a module of the standard library is there; None where that hangs on the version or on the platform.

    The versions are the bounds of the target, both inclusive; `platform` is `sys.platform`, "" where it is not known.
    Parts are asked one by one: `distutils.core` is not listed, because `distutils` is.
    """
    verdict: bool | None = True
    if dotted in _ADDED:
        added = _ADDED[dotted]
        verdict = False if highest < added else True if lowest >= added else None
    elif dotted in _REMOVED:
        removed = _REMOVED[dotted]
        verdict = False if lowest >= removed else True if highest < removed else None
    if verdict is False:
        return False
    for home, is_there in ((_WINDOWS, platform == "win32"), (_POSIX, platform != "win32")):
        if dotted in home:
            if platform and not is_there:
                return False
            verdict = verdict if platform else None
    return verdict


def is_of_one_platform(dotted: str) -> bool:
    return dotted in _WINDOWS or dotted in _POSIX


def is_newer(dotted: str, highest: Version) -> bool:
    return dotted in _ADDED and highest < _ADDED[dotted]


def why_absent(dotted: str, highest: Version) -> str:
    """For people: since when it is gone, from when on it is there, or where."""
    if is_newer(dotted, highest):
        return "it is new in Python {}.{}".format(*_ADDED[dotted])
    if dotted in _REMOVED and highest >= _REMOVED[dotted]:
        return "Python {}.{} removed it".format(*_REMOVED[dotted])
    return "it exists on Windows only" if dotted in _WINDOWS else "it does not exist on Windows"

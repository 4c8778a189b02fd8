"""Modules of the standard library that come and go with the version, and those of other platforms."""

from __future__ import annotations

from oracle.tree import Case, case

_REMOVED = (
    "binhex", "asynchat", "asyncore", "imp", "smtpd", "aifc", "audioop", "cgi", "cgitb", "chunk", "crypt", "imghdr",
    "mailcap", "nntplib", "pipes", "sndhdr", "sunau", "telnetlib", "uu", "xdrlib", "lib2to3.pgen2.parse",
)  # fmt: skip
_ADDED = (
    "tomllib", "asyncio.taskgroups", "asyncio.timeouts", "importlib.resources.abc", "importlib.resources.simple",
    "importlib.simple", "wsgiref.types", "annotationlib", "compression.zstd", "concurrent.interpreters",
    "string.templatelib", "dbm.sqlite3",
)  # fmt: skip
_ELSEWHERE = ("winreg", "msvcrt", "winsound", "fcntl", "resource", "grp")


def _requirements(name: str, source: str, **more: str) -> Case:
    return case(name, {"main.py": source, "requirements.txt": "requests\n", **more})


STDLIB = (
    *(_requirements(f"import {name}", f"import {name}\n") for name in (*_REMOVED, *_ADDED, *_ELSEWHERE)),
    *(
        _requirements(f"from {name} import", "from {} import {}\n".format(*name.rpartition(".")[::2]))
        for name in _ADDED
        if "." in name and not name.startswith("compression")
    ),
    _requirements("a backport stands in", """
try:
    import tomllib
except ModuleNotFoundError:
    import own as tomllib
""", **{"own.py": ""}),
    _requirements("a backport stands in for an ImportError", """
try:
    import tomllib
except ImportError:
    import own as tomllib
""", **{"own.py": "x = 1\n"}),
    _requirements("a backport by version", """
import sys
if sys.version_info >= (3, 11):
    import tomllib
else:
    import own as tomllib
""", **{"own.py": ""}),
    _requirements("a backport by the wrong version", """
import sys
if sys.version_info >= (3, 10):
    import tomllib
else:
    import own as tomllib
""", **{"own.py": ""}),
    _requirements("a guard that does not take it", """
try:
    import tomllib
except KeyError:
    tomllib = None
"""),
    _requirements("a fallback that the project lacks", """
try:
    import tomllib
except ImportError:
    import p.no
""", **{"p/__init__.py": ""}),
    _requirements("a platform's module under a guard", """
try:
    import winreg
except ImportError:
    import own
""", **{"own.py": ""}),
    _requirements("a platform's module by platform", """
import sys
if sys.platform == "win32":
    import winreg
else:
    import own
""", **{"own.py": ""}),
    case("a module of the project stands in", {"main.py": "import cgi\ncgi.x\n", "cgi.py": "x = 1\n"}, since=(3, 13)),
    case("a package of the project stands in", {"main.py": "import imp.x\n", "imp/__init__.py": "", "imp/x.py": ""},
         since=(3, 12)),
    _requirements("a removed module in a function that runs", "def f():\n    import imp\nf()\n"),
    _requirements("a removed module in a function that nobody calls", "def f():\n    import imp\n"),
    _requirements("a removed module by its name", "import importlib\nimportlib.import_module('imp')\n"),
    _requirements("a removed module by its name under a guard", """
import importlib
try:
    importlib.import_module('imp')
except ImportError:
    import own
""", **{"own.py": ""}),
    _requirements("a removed module is put into sys.modules", """
import sys, types
sys.modules["imp"] = types.ModuleType("imp")
import imp
"""),
    _requirements("a removed module in a package", "import p.a\n", **{"p/__init__.py": "", "p/a.py": "import imp\n"}),
    _requirements("a submodule of collections", "import collections.abc, os.path, xml.etree.cElementTree\n"),
    _requirements("a name of a module is not looked at", "from importlib import resources, metadata\n"),
    case("a removed module that a requirement brings", {"main.py": "import own_cgi\n", "own_cgi.py": "import cgi\n",
         "requirements.txt": "legacy-cgi\n"}, outside={"legacy/cgi.py": ""}, silent="a requirement brings it"),
    case("distutils with setuptools", {"main.py": "import distutils.core\n", "requirements.txt": "setuptools>=60\n"},
         silent="a requirement brings it"),
    case("distutils without a lock file", {"main.py": "import distutils.core\n", "requirements.txt": "requests\n"},
         silent="setuptools may come along"),
    case("distutils with a lock file", {"main.py": "import distutils.core\n", "poetry.lock": "requests\n"}),
    case("a removed module where no requirements are known", {"main.py": "import imp\n"}, silent="it may be installed"),
)  # fmt: skip

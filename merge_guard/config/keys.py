"""Every key of the configuration, declared once: the parser, the JSON schema and the documentation read this table."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from merge_guard.model import contract
from merge_guard.model.finding import Severity


class Kind(Enum):
    """The shape of a value. Ini files spell every shape as text: lists by comma or newline, tables as `key: value`."""

    TEXT = "text"
    LIST = "list"
    TABLE_OF_TEXT = "table of text"
    TABLE_OF_LISTS = "table of lists"


@dataclass(frozen=True, slots=True)
class Form:
    """What one text of a value must look like; `example` completes the sentence "must be ..."."""

    pattern: str
    example: str

    def fits(self, text: str) -> bool:
        return re.fullmatch(self.pattern, text) is not None


_VERSION = r"[0-9]{1,3}(\.[0-9]{1,5}){1,2}"
_CLAUSE = rf"\s*(===|==|~=|!=|<=|>=|<|>)\s*{_VERSION}(\.\*)?\s*"

ANY = Form(r"[\s\S]*\S[\s\S]*", "a text that is not empty")
PYTHON = Form(
    rf"{_VERSION}|{_CLAUSE}(,{_CLAUSE}){{0,19}}", 'a version such as "3.11" or a range such as ">=3.10,<3.14"'
)
PLATFORM = Form(
    r"linux|darwin|win32|cygwin|aix|android|ios|emscripten|wasi|freebsd[0-9]*|unknown",
    'a value of sys.platform such as "linux", "darwin" or "win32", or "unknown"',
)
CODE = Form(r"MG[0-9]{0,3}", 'a code such as "MG302" or the beginning of one such as "MG3"')
ROOT = Form(r"(?!/)(?!.*(?:^|/)\.\.(?:/|$))[^\\\0\n]+", 'a folder inside the project, with "/", such as "src" or "."')
PATTERN = Form(r"(?!/)[^\0\n]+", 'a path or glob relative to the root, such as "templates/**"')
SYMBOL = Form(contract.SYMBOL, 'a symbol such as "pkg.mod:name" or "pkg.mod:Class.method(parameter, other)"')
ROUTE = Form(contract.ROUTE, f'a verb ({", ".join(contract.VERBS)}) and a path, such as "GET /api/items/{{id}}"')
MODULE = Form(contract.DOTTED, 'a module such as "pkg.mod"')
CLASS = Form(rf"{contract.DOTTED}:{contract.DOTTED}", 'a class such as "pkg.mod:Name"')
IMPORT_PATH = Form(rf"{contract.DOTTED}(:{contract.DOTTED})?", 'an import path such as "pkg.mod:Name" or "pkg.mod"')
CLASS_PATTERN = Form(r"[\w*?\[\]!-]{1,200}", 'a class name or a pattern such as "*WebSocket*Manager*"')
PYTHON_NAME = Form(contract.NAME, "a Python name")
REASON = Form(r"[\s\S]*\S[\s\S]*", "the reason why it is exempt, a text that is not empty")
LEVEL = Form("|".join(level.value for level in Severity), '"error", "warning" or "off"')


@dataclass(frozen=True, slots=True)
class Key:
    """One key; `field` is its name in `Config`, `Service` or `Group`. `name_form` is for the keys of a table."""

    name: str
    kind: Kind
    form: Form
    about: str
    name_form: Form = ANY
    convert: Callable[[str], object] = field(default=str)

    @property
    def field(self) -> str:
        return self.name.replace("-", "_")


def _root(text: str) -> str:
    """`.` and `./src/` in the form of a snapshot's paths: "" and `src`."""
    return "/".join(part for part in text.split("/") if part not in ("", "."))


_ENTRY = Key(
    "entry",
    Kind.LIST,
    ANY,
    "What starts: `pkg.mod`, `pkg.mod:attr`, `path/script.py` or `-m:pkg`. Default: discovered.",
)
_ROOTS = Key(
    "source-roots",
    Kind.LIST,
    ROOT,
    "Folders that stand on `sys.path` when the deploy starts. Default: discovered.",
    convert=_root,
)

KEYS: Mapping[str, Key] = {
    key.name: key
    for key in (
        Key(
            "target-python",
            Kind.TEXT,
            PYTHON,
            "The Python version that the deploy runs, or a range. Default: base image, `requires-python`, or this one.",
        ),
        Key("target-platform", Kind.TEXT, PLATFORM, "The deploy's `sys.platform`. Default: unknown."),
        _ROOTS,
        _ENTRY,
        Key("exclude", Kind.LIST, PATTERN, "Files that can be imported but are not judged."),
        Key("vendored", Kind.LIST, PATTERN, "Copies of other projects."),
        Key("generated", Kind.LIST, PATTERN, "Files that a program writes."),
        Key("tests", Kind.LIST, PATTERN, "Files that only tests use; replaces the built-in patterns."),
        Key(
            "builtins",
            Kind.LIST,
            PYTHON_NAME,
            "Names that something injects into `builtins`.",
        ),
        Key("select", Kind.LIST, CODE, "Judge these codes only."),
        Key("ignore", Kind.LIST, CODE, "Do not judge these codes."),
        Key("extend-select", Kind.LIST, CODE, "Judge these codes too: the ones that are off by default."),
        Key(
            "per-file-ignores",
            Kind.TABLE_OF_LISTS,
            CODE,
            "Codes that are not reported in files that match the pattern.",
            name_form=PATTERN,
        ),
        Key(
            "severity",
            Kind.TABLE_OF_TEXT,
            LEVEL,
            "Another severity for a code.",
            name_form=Form(r"MG[0-9]{3}", 'a code such as "MG309"'),
            convert=Severity,
        ),
    )
}

SERVICES = "services"
"""A table of tables: a service's name, then its keys."""

SERVICE_NAME = Form(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}", "letters, digits, `_`, `-` and `.`")
SERVICE_KEYS: Mapping[str, Key] = {
    key.name: key
    for key in (
        _ENTRY,
        _ROOTS,
        Key(
            "dockerfile",
            Kind.TEXT,
            ROOT,
            "The Dockerfile that builds the service's image: what it copies, starts and runs on. Default: discovered.",
            convert=_root,
        ),
        Key(
            "requires",
            Kind.LIST,
            SYMBOL,
            "Symbols that must exist: `pkg.mod:Name`, `pkg.mod:Class.method(parameter, ...)` (MG601).",
        ),
        Key("routes", Kind.LIST, ROUTE, 'Routes that start-up must register, such as "GET /api/items" (MG602).'),
        Key("isolated-from", Kind.LIST, MODULE, "Modules that start-up must not load, with all below them (MG603)."),
    )
}

SSOT = "ssot"
"""A table of tables: the name of a group of classes, then its keys."""

SSOT_KEYS: Mapping[str, Key] = {
    key.name: key
    for key in (
        Key("match", Kind.LIST, CLASS_PATTERN, "Patterns of class names: who must have a role in the group (MG408)."),
        Key("names", Kind.LIST, PYTHON_NAME, "Class names that may exist once (MG401). Default: the canonical's name."),
        Key("canonical", Kind.TEXT, CLASS, "The class that is the single source of truth."),
        Key("adapters", Kind.LIST, CLASS, "Classes that wrap the canonical rightly."),
        Key(
            "deprecated-paths",
            Kind.TABLE_OF_TEXT,
            IMPORT_PATH,
            "Import paths that are on their way out, each with what to import instead (MG405).",
            name_form=IMPORT_PATH,
        ),
        Key(
            "exempt",
            Kind.TABLE_OF_TEXT,
            REASON,
            "Classes of the group that are rightly something else, each with the reason.",
            name_form=CLASS,
        ),
    )
}

TABLES: Mapping[str, Mapping[str, Key]] = {SERVICES: SERVICE_KEYS, SSOT: SSOT_KEYS}
"""The tables of tables: under a key their name, below it a name of the user's, below that these keys."""

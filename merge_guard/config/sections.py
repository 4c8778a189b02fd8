"""From the text of a configuration file to the tool's own section, as nested tables; None where it has none."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import Any

from merge_guard.errors import ConfigError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TOOL = "merge-guard"
_MAX_KEY_PARTS = 64
_KEY_RUN = re.compile(r"[\w\-. \t]+")
# Strings and comments; one that is not closed reaches to the end, so that no text is looked at twice.
_TOML_TEXT = re.compile(
    r"""  \"{3} (?: [^"\\] | \\. | "(?!"") )* \"{3}  |  \"{3} .*
        | \'{3} .*? \'{3}  |  \'{3} .*
        | " [^"\\\n]* (?: \\. [^"\\\n]* )* "  |  " [^\n]*
        | ' [^'\n]* '?
        | \# [^\n]* """,
    re.VERBOSE | re.DOTALL,
)
_INI_HEADER = re.compile(r"\[([^\]\n]*)\]")
_PYPROJECT_SECTION = re.compile(r"""(?:\.|^|[{,])[ \t]*["']?merge-guard["']?[ \t]*(?:[\].=#]|$)""", re.MULTILINE)
_MARKER = re.compile(r"^(<{7,}|>{7,}|={7,}|\|{7,})(?= |\r?$)", re.MULTILINE)

Section = Mapping[str, Any]


def shown(text: str) -> str:
    """A key or value as an error message may print it: quoted, no control characters, not long."""
    return ascii(text if len(text) <= 80 else text[:77] + "...")


def read_section(name: str, text: str) -> Section | None:
    """The section of one file. `name` decides the format: `*.cfg` and `*.ini` are ini files, all others TOML.

    A file that cannot hold the section is not parsed: what is broken in it is not this tool's configuration.
    """
    base = name.rsplit("/", 1)[-1]
    if base.endswith((".cfg", ".ini")):
        return _ini_section(name, text)
    if base == "pyproject.toml":
        if not _PYPROJECT_SECTION.search(text):
            return None
        tool = parse_toml(name, text).get("tool")
        section = tool.get(TOOL) if isinstance(tool, dict) else None
        if section is not None and not isinstance(section, dict):
            raise ConfigError(f"{name}: tool.{TOOL} must be a table")
        return section
    return parse_toml(name, text)


def parse_toml(name: str, text: str) -> dict[str, Any]:
    """Parse TOML within bounds: the standard library's parser is quadratic in the parts of one dotted key."""
    bare = _TOML_TEXT.sub(lambda match: "s" + "\n" * match[0].count("\n"), text)
    for run in _KEY_RUN.finditer(bare):
        if run[0].count(".") > _MAX_KEY_PARTS:
            line = bare.count("\n", 0, run.start()) + 1
            raise ConfigError(f"{name}: line {line}: a key has more than {_MAX_KEY_PARTS} parts")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        marker = _MARKER.search(text)
        if marker:
            line = text.count("\n", 0, marker.start()) + 1
            raise ConfigError(f"{name}: line {line}: an unresolved merge conflict; the configuration cannot be read")
        raise ConfigError(f"{name}: not valid TOML: {str(error).splitlines()[0][:200]}")
    except RecursionError:
        raise ConfigError(f"{name}: nested too deeply")
    except ValueError as error:  # a number with more digits than the interpreter converts
        raise ConfigError(f"{name}: not valid TOML: {str(error)[:200]}")


def _ini_section(name: str, text: str) -> Section | None:
    """`[merge-guard]` and `[merge-guard.services.NAME]`, every value still one text.

    Read line by line, and only inside the tool's sections: `configparser` takes quadratic time for a long line, and
    gives up on a file for what stands in other sections.
    """
    section: dict[str, Any] = {}
    found = False
    table: dict[str, Any] | None = None
    lines: list[str] | None = None
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.strip()
        if not stripped or stripped[0] in "#;":
            continue
        header = _INI_HEADER.match(line)
        if header:
            table, lines = _ini_table(section, name, number, header[1].strip()), None
            found = found or table is not None
        elif table is None:
            continue
        elif line[0] in " \t" and lines is not None:
            lines.append(stripped)
        else:
            key, value = _ini_option(name, number, stripped)
            if key in table:
                raise ConfigError(f"{name}: line {number}: {shown(key)} is set twice")
            lines = table[key] = [value] if value else []
    return _joined(section) if found else None


def _ini_table(section: dict[str, Any], name: str, number: int, title: str) -> dict[str, Any] | None:
    if title == TOOL:
        return section
    if not title.startswith(TOOL + "."):
        return None
    outer, _, inner = title[len(TOOL) + 1 :].partition(".")
    tables = section.setdefault(outer, {})
    if not isinstance(tables, dict):
        raise ConfigError(f"{name}: line {number}: {shown(outer)} is set twice")
    if not inner:
        return tables
    made = tables.setdefault(inner, {})
    if not isinstance(made, dict):
        raise ConfigError(f"{name}: line {number}: {shown(inner)} is set twice")
    return made


def _ini_option(name: str, number: int, line: str) -> tuple[str, str]:
    at = min((at for at in (line.find("="), line.find(":")) if at >= 0), default=-1)
    if at <= 0:
        if _MARKER.match(line):
            raise ConfigError(f"{name}: line {number}: an unresolved merge conflict; the configuration cannot be read")
        raise ConfigError(f"{name}: line {number}: expected `key = value`, not {shown(line)}")
    return line[:at].strip(), line[at + 1 :].strip()


def _joined(table: dict[str, Any]) -> dict[str, Any]:
    return {
        key: "\n".join(value) if isinstance(value, list) else _joined(value) for key, value in table.items()
    }  # fmt: skip

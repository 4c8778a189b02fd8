"""Which distributions a project or an image asks for, and what an import name may come from."""

from __future__ import annotations

import posixpath
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from merge_guard.deploy.names import canonicalize_name

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Read = Callable[[str], "bytes | None"]
LARGEST = 4 << 20
_MOST_FILES = 100
_NAME = re.compile(r"\s*([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)")
_EGG = re.compile(r"#(?:.*&)?egg=([\w.-]+)")
_REQUIREMENTS_FILE = re.compile(
    r"(?:\A|/)(?:[\w.-]*(?:requirements|constraints)[\w.-]*|requirements/[\w.-]+)\.(?:txt|in|pip)\Z"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Normalised distribution names; `local` are directories of first-party projects; `complete` as far as is known."""

    names: frozenset[str] = frozenset()
    local: tuple[str, ...] = ()
    complete: bool = True

    def __or__(self, other: Wanted) -> Wanted:
        return Wanted(
            self.names | other.names,
            tuple(dict.fromkeys([*self.local, *other.local])),
            self.complete and other.complete,
        )


def name_of(requirement: str) -> str | None:
    """The normalised name of a requirement (PEP 508), of a path or URL as far as it tells one."""
    egg = _EGG.search(requirement)
    if egg:
        return canonicalize_name(egg[1])
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        return canonicalize_name(Requirement(requirement).name)
    except InvalidRequirement:
        match = _NAME.match(requirement)
    if "://" in requirement or requirement.startswith("git+"):
        last = re.split(r"[@#?]", requirement.rpartition("://")[2].rpartition("/")[2])[0]
        return (
            canonicalize_name(
                last.removesuffix(".git").partition("-")[0] if last.endswith(".whl") else last.removesuffix(".git")
            )
            or None
        )
    return canonicalize_name(match[1]) if match else None


def is_requirements_file(path: str) -> bool:
    return _REQUIREMENTS_FILE.search(path) is not None


def read_requirements(path: str, read: Read, seen: set[str] | None = None) -> Wanted:
    """pip's format: `-r`, `-c` (which ask for nothing), `-e`, comments, continuation lines, hashes."""
    seen = set() if seen is None else seen
    if path in seen or len(seen) > _MOST_FILES:
        return Wanted()
    seen.add(path)
    data = read(path)
    if data is None or len(data) > LARGEST:
        return Wanted(complete=False)
    wanted = Wanted()
    for line in data.decode("utf-8", "replace").replace("\\\n", " ").splitlines():
        line = re.sub(r"(?:^|\s+)#(?!egg=).*$", "", line).strip()
        if not line:
            continue
        option = re.match(r"(-r|--requirement|-c|--constraint|-e|--editable)[\s=]*(\S+)", line)
        if option and option[1] in ("-r", "--requirement"):
            there = posixpath.normpath(posixpath.join(posixpath.dirname(path), option[2]))
            wanted |= read_requirements(there, read, seen)
        elif option and option[1] in ("-e", "--editable"):
            wanted |= _named(option[2], posixpath.dirname(path))
        elif not line.startswith("-"):
            wanted |= _named(re.sub(r"\s--?[a-z].*$", "", line), posixpath.dirname(path))
    return wanted


def _named(text: str, directory: str) -> Wanted:
    text = text.strip("\"'")
    if text.startswith((".", "/", "file:")) and "://" not in text:
        local = re.sub(r"\[.*$", "", text.removeprefix("file:"))
        return Wanted(local=(posixpath.normpath(posixpath.join(directory or ".", local)),))
    name = name_of(text)
    return Wanted(frozenset({name})) if name else Wanted(complete=False)


def named(requirements: Iterable[str], directory: str = "") -> Wanted:
    wanted = Wanted()
    for text in requirements:
        wanted |= _named(text, directory)
    return wanted


def read_pyproject_requirements(data: bytes) -> Wanted:
    """All groups: PEP 621 and its extras, PEP 735, Poetry, uv, PDM."""
    document = _toml(data)
    if document is None:
        return Wanted(complete=False)
    return named(_texts(document)) | Wanted(frozenset(_poetry_names(document)))


def _toml(data: bytes) -> dict[str, Any] | None:
    if len(data) > LARGEST:
        return None
    try:
        return tomllib.loads(data.decode("utf-8", "replace"))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return None


def _texts(document: dict[str, Any]) -> Iterator[str]:
    project = _table(document.get("project"))
    tool = _table(document.get("tool"))
    yield from _strings(project.get("dependencies"))
    for table in (
        project.get("optional-dependencies"), document.get("dependency-groups"),
        _table(tool.get("pdm")).get("dev-dependencies"),
    ):  # fmt: skip
        for group in _table(table).values():
            yield from _strings(group)
    yield from _strings(_table(tool.get("uv")).get("dev-dependencies"))


def _poetry_names(document: dict[str, Any]) -> Iterator[str]:
    poetry = _table(_table(document.get("tool")).get("poetry"))
    tables = [poetry.get("dependencies"), poetry.get("dev-dependencies")]
    tables += [_table(group).get("dependencies") for group in _table(poetry.get("group")).values()]
    for table in tables:
        for name in _table(table):
            if name != "python":
                yield canonicalize_name(name)


def read_pipfile(data: bytes) -> Wanted:
    document = _toml(data)
    if document is None:
        return Wanted(complete=False)
    not_packages = ("source", "requires", "scripts", "pipenv")
    tables = [table for name, table in document.items() if name not in not_packages]
    return Wanted(frozenset(canonicalize_name(name) for table in tables for name in _table(table)))


def read_lock(data: bytes) -> Wanted:
    """`uv.lock`, `poetry.lock`, `pdm.lock`, `pylock.toml`: every `[[package]]` with its name."""
    found = re.findall(
        rb'^\[\[packages?\]\]\s*\n(?:[^\[\n][^\n]*\n)*?name\s*=\s*"([^"\n]+)"', data[: 64 << 20], re.MULTILINE
    )
    return Wanted(frozenset(canonicalize_name(name.decode("utf-8", "replace")) for name in found))


def read_setup_cfg_requirements(data: bytes) -> Wanted:
    import configparser

    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(data[:LARGEST].decode("utf-8", "replace"))
    except configparser.Error:
        return Wanted(complete=False)
    texts = parser.get("options", "install_requires", fallback="").splitlines()
    if parser.has_section("options.extras_require"):
        texts += [line for _, value in parser.items("options.extras_require") for line in value.splitlines()]
    return named(line for line in map(str.strip, texts) if line and not line.startswith(("#", "%")))


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _strings(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


_READERS: dict[str, Callable[[bytes], Wanted]] = {
    "pyproject.toml": read_pyproject_requirements,
    "setup.cfg": read_setup_cfg_requirements,
    "Pipfile": read_pipfile,
    "uv.lock": read_lock,
    "poetry.lock": read_lock,
    "pdm.lock": read_lock,
    "pylock.toml": read_lock,
}


def names_requirements(path: str) -> bool:
    """Whether a file is one that says what is required."""
    name = path.rpartition("/")[2]
    return name in _READERS or name == "setup.py" or is_requirements_file(path)


def declared_below(directory: str, paths: Iterable[str], read: Read) -> Wanted:
    """All that the files of one directory ask for, whatever tool reads them; a `setup.py` may ask for anything."""
    wanted = Wanted()
    prefix = f"{directory}/" if directory else ""
    for path in paths:
        name = path[len(prefix) :]
        if not path.startswith(prefix):
            continue
        reader = _READERS.get(name)
        if reader is not None:
            data = read(path)
            wanted |= reader(data) if data is not None else Wanted(complete=False)
        elif is_requirements_file(path) and name.count("/") <= 1:
            wanted |= read_requirements(path, read)
        elif name == "setup.py":
            wanted = replace(wanted, complete=False)
    return wanted

"""What one installing command of an image brings: distributions by name, and projects of the tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from merge_guard.deploy import requirements as wanted_by
from merge_guard.deploy.copying import below, inside
from merge_guard.deploy.image import Brought
from merge_guard.deploy.names import canonicalize_name

Read = Callable[[str], "bytes | None"]
# Options of `pip install` with a value of their own.
_VALUED = frozenset(
    {"-c", "--constraint", "-i", "--index-url", "--extra-index-url", "-f", "--find-links", "-t", "--target", "--prefix",
     "--root", "--platform", "--python-version", "--trusted-host", "--cache-dir", "--no-binary", "--only-binary",
     "--python", "-p", "--timeout", "--retries", "--progress-bar", "--log", "--src", "--config-settings", "-w",
     "--wheel-dir", "--index-strategy", "--proxy", "--cert"}
)  # fmt: skip


@dataclass(slots=True)
class Installed:
    """`names` of distributions, `projects` as directories of the image, `files` of the repository that were read."""

    names: set[str] = field(default_factory=set)
    projects: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    complete: bool = True

    def joined(self, other: Installed) -> Installed:
        return Installed(
            self.names | other.names,
            list(dict.fromkeys([*self.projects, *other.projects])),
            list(dict.fromkeys([*self.files, *other.files])),
            self.complete and other.complete,
        )

    def add(self, wanted: wanted_by.Wanted) -> None:
        self.names |= wanted.names
        self.complete = self.complete and wanted.complete


def installed_by(argv: tuple[str, ...], cwd: str, files: Mapping[str, Brought], read: Read) -> Installed:
    """`files` are those of the image then; `read` reads the repository."""
    result = Installed()
    tool, words = argv[0], list(argv[1:])
    if tool in ("apt-get", "apt", "apk"):
        if "install" in words or "add" in words:
            found = [re.match(r"(?:python3?|py3)-([\w.+-]+)", word) for word in words]
            result.names |= {canonicalize_name(match[1]) for match in found if match}
        return result
    if tool in ("conda", "mamba", "micromamba"):
        result.complete = not {"install", "create", "env", "update"} & set(words)
        return result

    def read_inside(path: str) -> bytes | None:
        file = files.get(path.lstrip("/"))
        return read(file.source) if file is not None else None

    if tool == "uv" and words[:1] == ["pip"]:
        words = words[1:]
    if words[:1] in (["install"], ["wheel"], ["download"]) and tool in ("pip", "pip3", "uv", "easy_install"):
        _pip(words[1:], cwd, files, read_inside, result)
    elif words[:1] in (["sync"], ["install"], ["export"]) or (tool == "pip" and words[:1] == ["sync"]):
        _locked(words, cwd, files, read_inside, result)
    elif tool in ("uv", "poetry", "pdm", "pipenv") and words[:1] == ["add"]:
        result.add(wanted_by.named(word for word in words[1:] if not word.startswith("-")))
    return result


def _pip(words: list[str], cwd: str, files: Mapping[str, Brought], read: Read, result: Installed) -> None:
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        name, given, value = word.partition("=") if word.startswith("--") else (word, "", "")
        if name in ("-r", "--requirement", "-e", "--editable"):
            if not given:
                value = words[at] if at < len(words) else ""
                at += 1
            if name in ("-e", "--editable"):
                _target(value, cwd, files, result)
            else:
                _requirements(inside(value, cwd), cwd, files, read, result)
        elif word.startswith("-r") and len(word) > 2:
            _requirements(inside(word[2:], cwd), cwd, files, read, result)
        elif name in _VALUED and not given:
            at += 1
        elif not word.startswith("-"):
            _target(word, cwd, files, result)


def _requirements(path: str, cwd: str, files: Mapping[str, Brought], read: Read, result: Installed) -> None:
    if path.endswith(("pyproject.toml", "setup.py", "setup.cfg")):
        _project_files(path.rpartition("/")[0], files, read, result)
        return
    wanted = wanted_by.read_requirements(path, read)
    result.add(wanted)
    for local in wanted.local:
        _project(inside(local), files, result)
    if path in files:
        result.files.append(files[path].source)


def _target(text: str, cwd: str, files: Mapping[str, Brought], result: Installed) -> None:
    path = re.sub(r"\[.*$", "", text)
    if path.endswith((".whl", ".tar.gz", ".zip")):
        result.complete = False
    elif path.startswith((".", "/", "file:")) or (
        ("/" in path or path in _directories(files, cwd)) and ":" not in path
    ):
        _project(inside(path.removeprefix("file:"), cwd), files, result)
    elif "$" in text or "*" in text:
        result.complete = False
    else:
        result.add(wanted_by.named([text]))


def _directories(files: Mapping[str, Brought], cwd: str) -> set[str]:
    prefix = f"{cwd}/" if cwd else ""
    return {
        path[len(prefix) :].partition("/")[0]
        for path in files
        if path.startswith(prefix) and "/" in path[len(prefix) :]
    }


def _project(directory: str, files: Mapping[str, Brought], result: Installed) -> None:
    if directory not in result.projects:
        result.projects.append(directory)


def _locked(words: list[str], cwd: str, files: Mapping[str, Brought], read: Read, result: Installed) -> None:
    """`uv sync`, `poetry install` and the like: the project here, and those of its workspace or path dependencies."""
    directory = cwd
    for number, word in enumerate(words):
        if word in ("--project", "--directory", "-C", "-P") and number + 1 < len(words):
            directory = inside(words[number + 1], cwd)
    _project_files(directory, files, read, result)
    _project(directory, files, result)
    for path in files:
        parent, _, name = path.rpartition("/")
        if (
            name in ("pyproject.toml", "setup.py")
            and parent != directory
            and below(directory.rpartition("/")[0], parent)
        ):
            _project(parent, files, result)


def _project_files(directory: str, files: Mapping[str, Brought], read: Read, result: Installed) -> None:
    prefix = f"{directory}/" if directory else ""
    listed = [path for path in files if path.startswith(prefix) and "/" not in path[len(prefix) :]]
    result.add(wanted_by.declared_below(directory, listed, read))
    result.files += [files[path].source for path in listed if path.endswith((".toml", ".cfg", ".txt", "Pipfile"))]

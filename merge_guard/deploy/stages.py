"""One stage of a build while it is followed, and the image that it comes to."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field, replace

from merge_guard.deploy.copying import Tree, below
from merge_guard.deploy.dockerfile import Instruction
from merge_guard.deploy.image import Brought, Image, Packages, Started
from merge_guard.deploy.installs import Installed

INSTALLED = ".installed"
"""Where copies of installed projects are kept, for `site-packages`, whatever that is called."""


@dataclass(slots=True)
class Stage:
    """A stage on its way; what a later one starts from is copied, never shared."""

    name: str = ""
    base: str = ""
    python: tuple[int, int] | None = None
    files: dict[str, Brought] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    directories: set[str] = field(default_factory=set)
    workdir: str = ""
    env: dict[str, str | None] = field(default_factory=dict)
    arguments: dict[str, str | None] = field(default_factory=dict)
    entrypoint: tuple[Instruction, bool] | None = None
    cmd: tuple[Instruction, bool] | None = None
    roots: list[str] = field(default_factory=list)
    installs: Installed = field(default_factory=Installed)

    def successor(self, name: str) -> Stage:
        return replace(
            self, name=name, files=dict(self.files), open=set(self.open), directories=set(self.directories),
            env=dict(self.env), arguments={}, roots=list(self.roots),
        )  # fmt: skip


def install(stage: Stage, directory: str, files: Tree) -> None:
    """A project is found where it lies (editable), or in the copy that an installation makes: both are kept."""
    if directory not in stage.roots:
        stage.roots.append(directory)
    kept = f"{INSTALLED}/{stage.name or 'last'}/{stage.roots.index(directory)}"
    if kept not in stage.roots:
        stage.roots.append(kept)
    prefix = f"{directory}/" if directory else ""
    for path, file in list(files.items()):
        if path.startswith(prefix) and not below(INSTALLED, path):
            stage.files[f"{kept}/{path[len(prefix) :]}"] = file


def holds(stage: Stage, path: str) -> bool:
    return any(file.startswith(f"{path}/") for file in stage.files) if path else True


def image_of(path: str, directory: str, stage: Stage) -> Image:
    roots = [
        posixpath.join(root, name) if name else root
        for root in stage.roots
        for name in ("", "src", "lib", "python", "backend", "app")
        if not name or holds(stage, posixpath.join(root, name))
    ]
    return Image(
        dockerfile=path, context=directory, base=stage.base, python=stage.python, files=stage.files,
        open=frozenset(stage.open), workdir=stage.workdir, env=stage.env, started=_started(stage),
        installed=tuple(dict.fromkeys(roots)),
        packages=Packages(frozenset(stage.installs.names), tuple(stage.installs.files), stage.installs.complete),
    )  # fmt: skip


def _started(stage: Stage) -> Started | None:
    """Source: the Dockerfile reference, "Understand how CMD and ENTRYPOINT interact"."""
    entry = stage.entrypoint[0] if stage.entrypoint else None
    cmd = stage.cmd[0] if stage.cmd else None
    if entry is None and cmd is None:
        return None
    said = cmd or entry
    assert said is not None
    if entry is None or not entry.value or entry.exec_form == ():
        return Started(_command(said), said.line) if cmd is not None else None
    listed = entry.exec_form
    if listed is None:
        return Started(entry.value, entry.line)
    rest: tuple[str, ...] = ()
    if cmd is not None:
        rest = cmd.exec_form if cmd.exec_form is not None else ("/bin/sh", "-c", cmd.value)
    return Started((*listed, *rest), said.line)


def _command(instruction: Instruction) -> str | tuple[str, ...]:
    listed = instruction.exec_form
    return instruction.value if listed is None else listed

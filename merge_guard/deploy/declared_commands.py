"""Commands that deploy files declare: Procfile, compose, `app.yaml`, `render.yaml`, `fly.toml`, `railway.toml`."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from merge_guard.deploy.start import UNKNOWN, join
from merge_guard.deploy.yaml_tree import Fields, Items, Node, Scalar, read_yaml, text_of
from merge_guard.model.finding import Place

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_PROCESS = re.compile(r"([A-Za-z0-9_-]+):[^\S\n]*(\S.*)")
_MOST_PROCESSES = 200


@dataclass(frozen=True, slots=True)
class Declaration:
    """One command that a deploy file declares.

    `command` is shell text or words. `cwd` and the paths in the command are relative to the tree's root or, where
    `places` maps directories of a container to directories of the tree, absolute. `exact` is False where it is only
    likely that the tree lies so in the deploy.
    """

    service: str
    command: str | tuple[str, ...]
    origin: str
    place: Place
    cwd: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    places: tuple[tuple[str, str], ...] = ()
    exact: bool = True

    def in_tree(self, path: str) -> str | None:
        """The tree's path for a path of the command; None where that is not known."""
        if UNKNOWN in path:
            return None
        if not path.startswith("/"):
            return path
        inside = [pair for pair in self.places if f"{path}/".startswith(f"{pair[0].rstrip('/')}/")]
        if not inside:
            return None
        there, here = max(inside)
        found = join(here, path[len(there) :].lstrip("/"))
        return None if UNKNOWN in found else found


def read_procfile(path: str, text: str) -> list[Declaration]:
    """Heroku's `type: command`, each line a shell's."""
    directory = path.rpartition("/")[0]
    found = []
    for number, line in enumerate(text.splitlines()[:_MOST_PROCESSES], 1):
        match = _PROCESS.match(line)
        if match:
            name, command = match.groups()
            origin = f"{path} {name}"
            found.append(Declaration(name, command, origin, Place(path, number), directory, exact=not directory))
    return found


def read_app_yaml(path: str, text: str) -> list[Declaration]:
    """App Engine's `entrypoint`, run by a shell; without one Python 3 runtimes serve `main:app`."""
    document = read_yaml(text)
    if not isinstance(document, Fields) or not (text_of(document.get("runtime")) or "").startswith("python3"):
        return []
    directory = path.rpartition("/")[0]
    command = document.get("entrypoint")
    said = text_of(command)
    line = command.line if command is not None else document.line
    env = dict(_pairs(document.get("env_variables")))
    name = text_of(document.get("service")) or "default"
    text = said or "gunicorn main:app"
    return [Declaration(name, text, f"{path} entrypoint", Place(path, line), directory, env, (), said is not None)]


def read_render_yaml(path: str, text: str) -> list[Declaration]:
    document = read_yaml(text)
    services = document.get("services") if isinstance(document, Fields) else None
    found = []
    for service in services.nodes if isinstance(services, Items) else ():
        command = service.get("startCommand") if isinstance(service, Fields) else None
        said = text_of(command)
        if not isinstance(service, Fields) or command is None or said is None:
            continue
        name = text_of(service.get("name")) or "service"
        cwd = join(path.rpartition("/")[0], text_of(service.get("rootDir")) or "")
        env = {}
        listed = service.get("envVars")
        for item in listed.nodes if isinstance(listed, Items) else ():
            if isinstance(item, Fields):
                key, value = text_of(item.get("key")), text_of(item.get("value"))
                if key and value is not None:
                    env[key] = value
        # With an image the command runs in there.
        exact = service.get("dockerfilePath") is None and text_of(service.get("runtime")) not in ("docker", "image")
        found.append(Declaration(name, said, f"{path} {name}", Place(path, command.line), cwd, env, exact=exact))
    return found


def read_fly_toml(path: str, text: str) -> list[Declaration]:
    """Process groups and the release command; they run in an image whose layout is not known here."""
    document = _toml(text)
    processes = document.get("processes")
    commands = dict(processes) if isinstance(processes, dict) else {}
    deploy = document.get("deploy")
    if isinstance(deploy, dict) and "release_command" in deploy:
        commands["release"] = deploy["release_command"]
    return _from_toml(path, text, commands, exact=False)


def read_railway_toml(path: str, text: str) -> list[Declaration]:
    deploy = _toml(text).get("deploy")
    commands = {"web": deploy.get("startCommand")} if isinstance(deploy, dict) else {}
    return _from_toml(path, text, commands, exact=False)


def _from_toml(path: str, text: str, commands: Mapping[str, Any], *, exact: bool) -> list[Declaration]:
    directory = path.rpartition("/")[0]
    found = []
    for name, command in list(commands.items())[:_MOST_PROCESSES]:
        if isinstance(command, str):
            at = text.find(command)
            place = Place(path, text.count("\n", 0, at) + 1 if at >= 0 else 1)
            found.append(Declaration(name, command, f"{path} {name}", place, directory, exact=exact))
    return found


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def _pairs(node: Node | None) -> Iterator[tuple[str, str]]:
    if isinstance(node, Fields):
        for key, value in node.items():
            if isinstance(value, Scalar):
                yield key, value.text


READERS: Mapping[str, Callable[[str, str], list[Declaration]]] = {
    "Procfile": read_procfile,
    "app.yaml": read_app_yaml,
    "render.yaml": read_render_yaml,
    "fly.toml": read_fly_toml,
    "railway.toml": read_railway_toml,
}
"""By file name."""

"""Services of compose files: what they run, and where the tree lies in their containers.

Source: the Compose specification (services, interpolation, merge keys).
"""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Callable, Iterator

from merge_guard.deploy.declared_commands import Declaration
from merge_guard.deploy.start import UNKNOWN, join
from merge_guard.deploy.yaml_tree import Fields, Items, Node, Scalar, read_yaml, text_of
from merge_guard.model.finding import Place

IS_COMPOSE = re.compile(r"(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml\Z")
_VARIABLE = re.compile(r"\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-?+])([^{}$]*))?\}|(?=(.)))")
_WORKDIR = re.compile(r"^[^\S\n]*WORKDIR[^\S\n]+[\"']?(/[^\s\"'$]*)[\"']?[^\S\n]*$", re.IGNORECASE | re.MULTILINE)
_COPIES_ALL = re.compile(
    r"^[^\S\n]*(?:COPY|ADD)[^\S\n]+(?:--\S+[^\S\n]+)*\./?[^\S\n]+(\S+)[^\S\n]*$", re.IGNORECASE | re.MULTILINE
)
_MOST_SERVICES = 200


def read_compose(path: str, text: str, read: Callable[[str], str | None]) -> list[Declaration]:
    """`read` gives the Dockerfiles, whose `WORKDIR` holds where the service says none."""
    document = read_yaml(text)
    services = document.get("services") if isinstance(document, Fields) else None
    if not isinstance(services, Fields):
        return []
    found: list[Declaration] = []
    for name, service in list(services.items())[:_MOST_SERVICES]:
        if isinstance(service, Fields):
            found += _service(path, name, service, read)
    return found


def _service(path: str, name: str, service: Fields, read: Callable[[str], str | None]) -> Iterator[Declaration]:
    entrypoint, command = service.get("entrypoint"), service.get("command")
    node = command if _words(command) else entrypoint
    words = (*_words(entrypoint), *_words(command))
    if node is None or not words:
        return
    directory = path.rpartition("/")[0]
    mounts = tuple(_mounts(directory, service.get("volumes")))
    context, dockerfile = _build(directory, service.get("build"))
    text = (read(dockerfile) or "") if dockerfile else ""
    workdir = _interpolated(text_of(service.get("working_dir")) or "") or _workdir(text)
    workdir = posixpath.normpath(workdir) if workdir.startswith("/") and UNKNOWN not in workdir else "/"
    places = list(mounts)
    exact = any(workdir == there or workdir.startswith(f"{there}/") for there, _ in mounts)
    if not exact:
        if context is None:
            return  # an image that somebody else made
        places.append((workdir, context))
        exact = _holds_all(text, workdir)
    env = {key: value for key, value in _environment(service.get("environment")) if UNKNOWN not in value}
    yield Declaration(name, words, f"{path} {name}", Place(path, node.line), workdir, env, tuple(places), exact)


def _workdir(dockerfile: str) -> str:
    said = _WORKDIR.findall(dockerfile)
    return str(said[-1]) if said else ""


def _holds_all(dockerfile: str, workdir: str) -> bool:
    """Whether the whole context is copied to where the command runs."""
    directories = {posixpath.normpath(said) for said in _WORKDIR.findall(dockerfile)}
    targets = {posixpath.normpath(posixpath.join(workdir, said)) for said in _COPIES_ALL.findall(dockerfile)}
    return directories == {workdir} and workdir in targets


def _words(node: Node | None) -> tuple[str, ...]:
    """A string is split as a shell would, but no shell runs it."""
    if isinstance(node, Items):
        return tuple(_interpolated(item.text) for item in node.nodes if isinstance(item, Scalar))
    said = text_of(node)
    if said is None:
        return ()
    try:
        return tuple(shlex.split(_interpolated(said)))
    except ValueError:
        return ()


def _interpolated(text: str) -> str:
    """`$$` is a dollar; a variable is its default, or unknown."""

    def value(match: re.Match[str]) -> str:
        if match.group(1):
            return "$"
        operator, default = match.group(4), match.group(5)
        return default if operator in (":-", "-") else UNKNOWN

    return _VARIABLE.sub(value, text)


def _mounts(directory: str, node: Node | None) -> Iterator[tuple[str, str]]:
    """(directory in the container, directory of the tree) of each bind mount."""
    for item in node.nodes if isinstance(node, Items) else ():
        source, target = "", ""
        if isinstance(item, Scalar):
            parts = _interpolated(item.text).split(":")
            if len(parts) > 1:
                source, target = parts[0], parts[1]
        elif isinstance(item, Fields):
            source = _interpolated(text_of(item.get("source")) or "")
            target = _interpolated(text_of(item.get("target")) or "")
        if source.startswith(".") and target.startswith("/"):
            here = join(directory, source)
            if UNKNOWN not in here and UNKNOWN not in target:
                yield posixpath.normpath(target), here


def _build(directory: str, node: Node | None) -> tuple[str | None, str]:
    """The context's directory, None where there is none in the tree, and the Dockerfile's path."""
    if isinstance(node, Fields):
        context = text_of(node.get("context")) or "."
        dockerfile = text_of(node.get("dockerfile")) or "Dockerfile"
    else:
        context, dockerfile = text_of(node) or "", "Dockerfile"
    if not context or "://" in context:
        return None, ""
    here = join(directory, _interpolated(context))
    file = join(here, _interpolated(dockerfile))
    return (None, "") if UNKNOWN in here or here.startswith("/") else (here, "" if UNKNOWN in file else file)


def _environment(node: Node | None) -> Iterator[tuple[str, str]]:
    if isinstance(node, Fields):
        for key, value in node.items():
            if isinstance(value, Scalar) and not value.is_null:
                yield key, _interpolated(value.text)
    elif isinstance(node, Items):
        for item in node.nodes:
            key, found, said = item.text.partition("=") if isinstance(item, Scalar) else ("", "", "")
            if found:
                yield key, _interpolated(said)

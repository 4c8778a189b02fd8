"""Images that a repository builds and that start something of its own: what ships, and how it is started."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from merge_guard.deploy.builds import agreed, builds, is_compose
from merge_guard.deploy.commands import starts
from merge_guard.deploy.contents import Contents
from merge_guard.deploy.context_tree import ContextTree
from merge_guard.deploy.contexts import context_of, ignore_of, repository_tree
from merge_guard.deploy.dockerfile import DockerfileError, read_dockerfile
from merge_guard.deploy.dockerignore import Ignore, read_ignore
from merge_guard.deploy.image import Image
from merge_guard.deploy.layers import build
from merge_guard.deploy.roots import is_incidental
from merge_guard.deploy.start import UNKNOWN, Start
from merge_guard.model.config import Config

Read = Callable[[str], "bytes | None"]
_NAME = re.compile(
    r"(?:dockerfile|containerfile)(?:[.-][\w.-]+)?\Z|[\w.-]+\.(?:dockerfile|containerfile)\Z", re.IGNORECASE
)
_NO_DOCKERFILE = (
    ".dockerignore",
    ".md",
    ".j2",
    ".jinja",
    ".jinja2",
    ".tmpl",
    ".tpl",
    ".template",
    ".in",
    ".py",
    ".txt",
    ".rst",
    ".bak",
    ".orig",
)
# Images that only developers and their tests see.
_INTERNAL = re.compile(
    r"(?:\A|[/._-])(?:devcontainer|tests?|e2e|ci|cypress|playwright|docs?|bench(?:mark)?s?|lint|backups?|archived?|deprecated)(?:[/._-]|\Z)",
    re.IGNORECASE,
)
_MOST = 50
_LARGEST_SCRIPT = 64_000


@dataclass(frozen=True, slots=True)
class ServiceImage:
    """A service's image and its starts, in the image's own paths (absolute)."""

    service: str
    image: Image
    starts: tuple[Start, ...]
    context: ContextTree
    contents: Contents


def dockerfiles(paths: Iterable[str]) -> Iterator[str]:
    # What nearly no name has in it is looked for first.
    for path in sorted(path for path in paths if "erf" in path.lower()):
        name = path.rpartition("/")[2]
        if (
            _NAME.match(name)
            and not name.endswith(_NO_DOCKERFILE)
            and not is_incidental(path)
            and not _INTERNAL.search(path)
        ):
            yield path


def service_images(
    files: Mapping[str, str], read: Read, config: Config, scripts: Mapping[str, str], notices: list[str]
) -> tuple[ServiceImage, ...]:
    """Images of the configuration's services, or all that are found.

    `files` maps paths to why git would not bring them, "" where it does; `scripts` are the project's console scripts.
    """
    named = [(service.dockerfile, service.name) for service in config.services.values() if service.dockerfile]
    said = agreed(builds(_compose_files(files, read)))
    wanted = named or [(path, said.get(path, ("", None))[0] or service_name(path)) for path in dockerfiles(files)]
    found = []
    trees: Trees = {}
    parse = cache(read_ignore)
    held: list[Contents] = []
    repository = repository_tree(files)
    for path, name in wanted[:_MOST]:
        data = read(path)
        if data is None:
            if named:
                notices.append(f"{path}: the Dockerfile of service {name} is not in what is judged")
            continue
        try:
            made = _made(path, data, repository, read, trees, parse, said.get(path, ("", None))[1])
        except (DockerfileError, ValueError) as error:
            notices.append(f"{path}: {error}; what it ships is not judged")
            continue
        if made is not None:
            image, context = made
            contents = next((known for known in held if known.files == image.files), None)
            if contents is None:
                contents = Contents(image.files)
                held.append(contents)
            image = replace(image, files=contents.files)
            found.append(ServiceImage(name, image, _starts(image, read, scripts), context, contents))
    return tuple(image for image in found if named or image.starts)


def _compose_files(files: Mapping[str, str], read: Read) -> Iterator[tuple[str, str]]:
    for path in files:
        if is_compose(path) and not is_incidental(path):
            data = read(path)
            if data is not None:
                yield path, data.decode("utf-8", "replace")


def service_name(path: str) -> str:
    """`backend/Dockerfile` is backend, `docker/worker.Dockerfile` and `Dockerfile.worker` are worker."""
    directory, _, name = path.rpartition("/")
    stem = re.sub(r"(?i)\A(?:dockerfile|containerfile)[.-]?|\.(?:dockerfile|containerfile)\Z", "", name)
    parts = [part for part in directory.split("/") if part.lower() not in ("", "docker", "deploy", "build", ".")]
    return stem or (parts[-1] if parts else "")


Trees = dict[tuple[str, str], ContextTree]
Parse = Callable[[str, bytes], Ignore]


def _made(
    path: str, data: bytes, files: ContextTree, read: Read, trees: Trees, parse: Parse, directory: str | None
) -> tuple[Image, ContextTree] | None:
    """`trees` keeps what contexts hold: many Dockerfiles share one. `directory` is the context, if a file says it."""
    dockerfile = read_dockerfile(data)
    if directory is None:
        directory = context_of(path, dockerfile, files)
    ignore = ignore_of(path, directory, read, parse)
    key = directory, ignore.name if ignore is not None else ""
    context = trees.get(key)
    if context is None:
        context = trees[key] = files.of_directory(directory, ignore)
    image = build(path, dockerfile, context, directory, read)
    return (image, context) if image is not None else None


def _starts(image: Image, read: Read, scripts: Mapping[str, str]) -> tuple[Start, ...]:
    if image.started is None:
        return ()

    def text(path: str) -> str | None:
        file = image.files.get(path.lstrip("/"))
        data = read(file.source) if file is not None and not file.withheld else None
        return data.decode("utf-8", "replace") if data is not None and len(data) <= _LARGEST_SCRIPT else None

    env = {name: UNKNOWN if value is None else value for name, value in image.env.items()}
    return starts(image.started.command, env, f"/{image.workdir}", text, scripts)

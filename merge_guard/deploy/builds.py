"""What compose files say of the images that they build: the service's name, and the context directory.

Source: the Compose Build Specification.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from merge_guard.deploy.compose import IS_COMPOSE
from merge_guard.deploy.start import UNKNOWN, join
from merge_guard.deploy.yaml_tree import LARGEST, Fields, read_yaml, text_of

_MOST_FILES = 50
_MOST_BUILDS = 500


@dataclass(frozen=True, slots=True)
class Build:
    """`dockerfile` and `context` are paths of the tree."""

    service: str
    dockerfile: str
    context: str


def is_compose(path: str) -> bool:
    return path.endswith((".yml", ".yaml")) and IS_COMPOSE.match(path.rpartition("/")[2]) is not None


def builds(texts: Iterable[tuple[str, str]]) -> list[Build]:
    """`texts` are (path, content) of compose files; what hangs on a variable is left out."""
    found: list[Build] = []
    for path, text in list(texts)[:_MOST_FILES]:
        document = read_yaml(text) if len(text) <= LARGEST else None
        services = document.get("services") if isinstance(document, Fields) else None
        for name, service in services.items() if isinstance(services, Fields) else ():
            said = service.get("build") if isinstance(service, Fields) else None
            if said is None or len(found) >= _MOST_BUILDS:
                continue
            context = (text_of(said.get("context")) or ".") if isinstance(said, Fields) else (text_of(said) or "")
            dockerfile = (text_of(said.get("dockerfile")) if isinstance(said, Fields) else None) or "Dockerfile"
            if not context or any(mark in context + dockerfile for mark in ("$", "://", "git@")):
                continue
            directory = join(path.rpartition("/")[0], context)
            file = join(directory, dockerfile)
            if UNKNOWN not in directory + file and not directory.startswith("/"):
                found.append(Build(name, file, directory))
    return found


def agreed(found: Iterable[Build]) -> dict[str, tuple[str, str | None]]:
    """Dockerfile → (the one service that it builds, "" for several; the one context, None for several)."""
    by_file: dict[str, list[Build]] = {}
    for build in found:
        by_file.setdefault(build.dockerfile, []).append(build)
    return {
        path: (
            same[0].service if len({build.service for build in same}) == 1 else "",
            same[0].context if len({build.context for build in same}) == 1 else None,
        )
        for path, same in by_file.items()
    }

"""What the judged tree says about its own judgement: configuration, baseline, packaging metadata, images."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from merge_guard import config as configuration
from merge_guard.deploy.declarations import Declared, read_pyproject, read_setup_cfg
from merge_guard.deploy.roots import ProjectDirectory, is_incidental, project_directories
from merge_guard.engine.shipping import withheld_by_git
from merge_guard.errors import ConfigError
from merge_guard.model.baseline import Baseline
from merge_guard.model.config import Config
from merge_guard.model.request import Request
from merge_guard.model.source import Snapshot
from merge_guard.startup.resolve import SourceTree
from merge_guard.wiring.trees import Tree

if TYPE_CHECKING:
    from merge_guard.deploy.images import ServiceImage


_IMAGE = re.compile(r"(?:docker|container)file", re.IGNORECASE)
"""What every file that builds an image has in its name; only where there is one the readers are loaded."""


def config_of(request: Request, tree: Tree) -> Config:
    overrides = [item for item in request.config if configuration.is_override(item)]
    named = [item for item in request.config if not configuration.is_override(item)]
    if named:
        texts: dict[str, str | bytes] = {}
        for path in named:
            try:
                with open(os.path.join(request.start, path), "rb") as stream:
                    texts = {path: stream.read(configuration.MAX_BYTES + 1)}
            except OSError as error:
                raise ConfigError(f"{path}: {error.strerror}") from None
        return configuration.load(texts, overrides)
    if request.isolated:
        return configuration.load({}, overrides)
    # The root's configuration decides: the verdict is about the whole tree.
    return configuration.load_nearest("", tree.read, overrides)


def config_or_none(request: Request, tree: Tree) -> Config:
    """The text rules go on without a configuration that does not load: a conflict may stand in it."""
    try:
        return config_of(request, tree)
    except ConfigError:
        if not request.text_only:
            raise
        return Config()


def baseline_of(request: Request, tree: Tree) -> Baseline | None:
    """The baseline of the snapshot; the text rules go on without one that cannot be read: it may be in conflict."""
    from merge_guard.model.baseline import FILE

    if request.isolated or not request.baselined or FILE not in tree.files:
        return None
    from merge_guard.config import baseline_file

    data = tree.read(FILE)
    if data is None:
        raise ConfigError(f"{FILE}: not a regular file")
    try:
        return baseline_file.read(data)
    except ConfigError:
        if not request.text_only:
            raise
        return None


def projects_of(snapshot: Snapshot, tree: Tree) -> tuple[ProjectDirectory, ...]:
    declared: dict[str, Declared] = {}
    readers: tuple[tuple[str, Callable[[str, str], Declared]], ...] = (
        ("setup.cfg", read_setup_cfg),
        ("pyproject.toml", read_pyproject),
    )
    for path in tree.files:
        directory, _, name = path.rpartition("/")
        if name.startswith("setup.") and directory and f"{directory}/__init__.py" in tree.files:
            continue  # a part of a package, whatever its name
        if name == "setup.py" and not is_incidental(path):
            declared.setdefault(directory, Declared())
        for wanted, reader in readers:
            if name == wanted and not is_incidental(path):
                data = tree.read(path)
                if data is not None and len(data) <= configuration.MAX_BYTES:
                    declared[directory] = _merged(
                        declared.get(directory), reader(path, data.decode("utf-8", "replace"))
                    )
    return project_directories(declared, SourceTree(snapshot.files).names)


def _merged(known: Declared | None, new: Declared) -> Declared:
    if known is None:
        return new
    return Declared(
        scripts=(*known.scripts, *new.scripts),
        requires_python=new.requires_python or known.requires_python,
        package_roots=tuple(dict.fromkeys([*known.package_roots, *new.package_roots])),
        problems=(*known.problems, *new.problems),
    )


def images_of(
    snapshot: Snapshot, tree: Tree, config: Config, projects: Sequence[ProjectDirectory]
) -> tuple[Snapshot, tuple[ServiceImage, ...]]:
    """The images that the repository builds; what cannot be read of them is in the snapshot's notices."""
    named = any(service.dockerfile for service in config.services.values())
    # Both words hold these letters, and few other paths do: most need no search.
    if not named and not any(_IMAGE.search(path) for path in tree.files if "erf" in path.lower()):
        return snapshot, ()
    from merge_guard.deploy.images import service_images

    def read(path: str) -> bytes | None:
        try:
            return tree.read(path)
        except ConfigError:
            return None

    notices: list[str] = []
    scripts = {script.name: script.target for project in projects for script in project.declared.scripts}
    images = service_images(withheld_by_git(snapshot), read, config, scripts, notices)
    return replace(snapshot, notices=(*snapshot.notices, *notices)), images

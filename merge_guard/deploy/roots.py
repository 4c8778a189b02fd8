"""Source roots: the directories that stand on `sys.path` when a project runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from merge_guard.deploy.declarations import Declared

# Where a project keeps its packages, if it does not say so.
_CUSTOMARY = ("src", "lib", "python")
_NOT_PROJECTS = frozenset(
    {"tests", "test", "testing", "fixtures", "testdata", "test_data", "examples", "example", "templates", "template",
     "docs", "doc", "benchmarks", "vendor", "vendored", "_vendor", "third_party", "node_modules", "samples", "demo",
     "demos", "data", "resources", "archive", "backup", "backups"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProjectDirectory:
    """A directory with packaging metadata (or the root), its declarations and its source roots."""

    directory: str
    declared: Declared
    roots: tuple[str, ...]


def is_incidental(path: str) -> bool:
    """Whether a path lies in tests, examples or templates, whose metadata describes no deploy of this project."""
    return any(part.lower() in _NOT_PROJECTS for part in path.split("/")[:-1])


def project_directories(
    declared: Mapping[str, Declared], names: Callable[[str], Iterable[str]]
) -> tuple[ProjectDirectory, ...]:
    """`declared` is keyed by directory, and the root always counts; `names` lists a directory that may not exist."""
    projects = []
    for directory in sorted({"", *declared}):
        facts = declared.get(directory, Declared())
        roots = [_join(directory, root) for root in facts.package_roots]
        if not any(map(names, roots)):
            roots = [_join(directory, name) for name in _CUSTOMARY if _holds_packages(_join(directory, name), names)]
        roots = [root for root in roots if root == directory or list(names(root))]
        projects.append(ProjectDirectory(directory, facts, tuple(dict.fromkeys([*roots, directory]))))
    return tuple(projects)


def _holds_packages(directory: str, names: Callable[[str], Iterable[str]]) -> bool:
    """A customary directory is a root if packages or modules lie in it and it is no package itself."""
    children = list(names(directory))
    if "__init__.py" in children:
        return False
    return any(child.endswith(".py") or _has_python(_join(directory, child), names) for child in children)


def _has_python(directory: str, names: Callable[[str], Iterable[str]]) -> bool:
    """Whether modules lie in the directory; a namespace package may have them without an `__init__.py`."""
    return any(name.endswith(".py") for name in names(directory))


def _join(directory: str, name: str) -> str:
    if name in ("", "."):
        return directory
    return f"{directory}/{name}" if directory else name

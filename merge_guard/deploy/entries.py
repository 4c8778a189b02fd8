"""Which entry points a project has: asked for, configured, declared, or, failing all these, what can be imported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from merge_guard.deploy.roots import ProjectDirectory
from merge_guard.errors import UsageError
from merge_guard.model.config import Config
from merge_guard.model.finding import Place
from merge_guard.model.outcome import EntryKind, EntryPoint

# Top-level packages that are no part of what a project ships.
_NOT_SHIPPED = frozenset(
    {"tests", "test", "testing", "docs", "doc", "examples", "example", "benchmarks", "benchmark", "scripts", "tools",
     "build", "dist", "setup", "conftest", "noxfile", "tasks", "fabfile", "dodo", "utils", "ci", "misc", "contrib",
     "samples", "demo", "demos", "ez_setup", "versioneer", "migrations", "alembic"}
)  # fmt: skip
# Modules beside no package that usually are what is started.
_STARTED = frozenset({"main", "app", "manage", "wsgi", "asgi", "server", "run", "application", "bot", "cli"})


def parse_entry(text: str, search_path: tuple[str, ...], origin: str, place: Place | None = None) -> EntryPoint:
    """`pkg.mod`, `pkg.mod:attr`, `path/script.py` or `-m:pkg`; raises `UsageError` for anything else."""
    if text.startswith("-m:"):
        kind, module, attr = EntryKind.MODULE, text[3:], ""
    elif text.endswith(".py"):
        directory = text.rpartition("/")[0]
        return EntryPoint(
            text, EntryKind.SCRIPT, text, "", origin, place, tuple(dict.fromkeys([directory, *search_path]))
        )
    else:
        kind = EntryKind.IMPORT
        module, _, attr = text.partition(":")
    parts = [*module.split("."), *(attr.split(".") if attr else [])]
    if not all(part.isidentifier() for part in parts):
        raise UsageError(
            f"not an entry point: {text!r} ({origin}); write pkg.mod, pkg.mod:attr, path/script.py or -m:pkg"
        )
    return EntryPoint(text, kind, module, attr, origin, place, search_path)


def entry_points(
    asked: Sequence[str],
    config: Config,
    projects: Sequence[ProjectDirectory],
    names: Callable[[str], Iterable[str]],
    is_package: Callable[[str], bool],
    is_script: Callable[[str], bool],
    discovered: Callable[[Sequence[str]], Iterable[EntryPoint]] = lambda roots: (),
    application: Callable[[str], str] = lambda path: "",
) -> tuple[EntryPoint, ...]:
    """The entry points to simulate.

    `names` lists a directory; `is_package` says whether a directory has an `__init__.py`; `is_script` whether a file
    ends in an `if __name__ == "__main__":`. `discovered` gives what deploy files and frameworks declare, for the
    source roots that stand on the path; it is asked only where nothing is asked for or configured. `application` names
    the web application that a file makes, "" where it makes none.
    """
    every_root = config.source_roots or tuple(dict.fromkeys(root for project in projects for root in project.roots))
    whole_path = tuple(dict.fromkeys([*every_root, ""]))
    if asked:
        return tuple(parse_entry(text, whole_path, "--entry") for text in asked)
    found = [parse_entry(text, whole_path, config.origin) for text in config.entry]
    for service in config.services.values():
        path = tuple(dict.fromkeys([*service.source_roots, *whole_path]))
        origin = f"{config.origin} services.{service.name}"
        found += [replace(parse_entry(text, path, origin), service=service.name) for text in service.entry]
    if found:
        return _unique(found)
    for project in projects:
        path = tuple(dict.fromkeys([*(config.source_roots or project.roots), ""]))
        for script in project.declared.scripts:
            place = Place(script.path, script.line)
            target = script.target.split("[")[0].replace(" ", "")
            if all(part.isidentifier() for part in target.replace(":", ".").split(".")):
                found.append(parse_entry(target, path, f"{script.path} {script.table} {script.name}", place))
    found += discovered(every_root)
    if found:
        return _unique(found)
    for project in projects:
        roots = config.source_roots or project.roots
        path = tuple(dict.fromkeys([*roots, ""]))
        for root in roots:
            found += _importable(root, path, names, is_package, is_script)
            found += _applications(root, path, names, application)
    return _unique(found)


def _importable(
    root: str,
    path: tuple[str, ...],
    names: Callable[[str], Iterable[str]],
    is_package: Callable[[str], bool],
    is_script: Callable[[str], bool],
) -> list[EntryPoint]:
    found = []
    for name in sorted(names(root)):
        here = f"{root}/{name}" if root else name
        if name.isidentifier() and name.lower() not in _NOT_SHIPPED and is_package(here):
            found.append(EntryPoint(name, EntryKind.IMPORT, name, "", "top-level package", None, path, declared=False))
        stem = name.removesuffix(".py")
        if name.endswith(".py") and stem.isidentifier() and stem.lower() not in _NOT_SHIPPED:
            if stem in _STARTED or is_script(here):
                found.append(
                    EntryPoint(stem, EntryKind.IMPORT, stem, "", "top-level module", None, path, declared=False)
                )
    return found


def _applications(
    root: str, path: tuple[str, ...], names: Callable[[str], Iterable[str]], application: Callable[[str], str]
) -> list[EntryPoint]:
    """Modules such as `pkg/main.py` with `app = FastAPI()`: the usual layout where nothing says how it is started."""
    found = []
    for package in sorted(names(root)):
        here = f"{root}/{package}" if root else package
        if not package.isidentifier() or package.lower() in _NOT_SHIPPED:
            continue
        for file in sorted(names(here)):
            stem = file.removesuffix(".py")
            attr = application(f"{here}/{file}") if file.endswith(".py") and stem in _STARTED else ""
            if attr:
                module = f"{package}.{stem}"
                found.append(
                    EntryPoint(
                        f"{module}:{attr}",
                        EntryKind.IMPORT,
                        module,
                        attr,
                        "web application",
                        None,
                        path,
                        declared=False,
                    )
                )
    return found


def _unique(entries: Sequence[EntryPoint]) -> tuple[EntryPoint, ...]:
    unique: dict[tuple[EntryKind, str, str, str, tuple[str, ...]], EntryPoint] = {}
    for entry in entries:
        unique.setdefault((entry.kind, entry.module, entry.attr, entry.service, entry.search_path), entry)
    return tuple(unique.values())

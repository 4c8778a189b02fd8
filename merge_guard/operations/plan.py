"""What there is to fix: tasks for files, from the configuration and from findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from merge_guard.engine.selection import is_below
from merge_guard.fixes.task import Copied, Doubled, Move, Task, Unused
from merge_guard.model.config import Config
from merge_guard.model.facts import FileFacts
from merge_guard.model.finding import Finding
from merge_guard.model.project import Project
from merge_guard.model.source import FileKind, SourceFile, UnreadableError
from merge_guard.startup.latent_names import package_of
from merge_guard.startup.resolve import SourceTree

_ROOTS = ("src", "lib", "python")
MOVED = "MG405"


@dataclass(frozen=True, slots=True)
class Planned:
    """A file to rewrite, with the bytes that the plan is about."""

    file: SourceFile
    data: bytes
    task: Task


def plan(
    project: Project,
    findings: Iterable[Finding],
    paths: Iterable[str],
    *,
    unsafe: bool,
    moving: Callable[[str], bool] | None,
) -> Iterator[Planned]:
    """One kind of work for each file that needs any: what is left, the next plan finds.

    Imports of deprecated paths are looked for in the files that are `moving`, for MG405 does not see every use.

    Copies of other projects, generated and excluded files stay as they are.
    """
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        by_path.setdefault(finding.place.path, []).append(finding)
    moved = _Moving(project, moves_of(project.config) if moving else ())
    wanted = tuple(paths)
    for file in project.snapshot.files:
        facts = project.facts.get(file.path)
        if facts is None or file.kind is not FileKind.REGULAR or not _is_wanted(file.path, wanted):
            continue
        task = _by_findings(file, by_path.get(file.path, ()), unsafe=unsafe)
        if (task is None and not (moved.moves and facts.python)) or project.is_foreign(file.path):
            continue
        try:
            data = project.snapshot.reader.read(file)
        except UnreadableError:
            continue
        if task is None and moving is not None and moving(file.path):
            task = moved.task(file, data, facts)
        if task is not None:
            yield Planned(file, data, task)


class _Moving:
    """Tasks for files that may import something that has moved."""

    def __init__(self, project: Project, moves: tuple[Move, ...]) -> None:
        self.moves = moves
        self._words = _words(self.moves)
        self._tree = SourceTree(project.snapshot.files, project.snapshot.reader.link)

    def task(self, file: SourceFile, data: bytes, facts: FileFacts) -> Task | None:
        if not any(word in data for word in self._words):
            return None
        if facts.problem is not None:
            return Task(file.path, problem=facts.problem.message)
        kept = tuple(s.line for s in facts.suppressions if any(MOVED.startswith(code) for code in s.codes))
        packages, modules = names_of(file.path, self._tree)
        return Task(file.path, packages, modules, self.moves, kept)


def _by_findings(file: SourceFile, findings: Iterable[Finding], *, unsafe: bool) -> Task | None:
    kinds: dict[str, list[Finding]] = {}
    for finding in findings:
        kinds.setdefault(finding.code, []).append(finding)
    if "MG101" in kinds:
        return Task(file.path, conflicts=True, marker_size=file.marker_size)
    if doubled := tuple(map(_doubled, kinds.get("MG407", ()))):
        return Task(file.path, doubled=doubled, unsafe=unsafe)
    if copied := tuple(map(_copied, kinds.get("MG403", ()) if unsafe else ())):
        return Task(file.path, copied=copied)
    if unused := tuple(map(_unused, kinds.get("MG901", ()))):
        return Task(file.path, unused=unused)
    return None


def _doubled(finding: Finding) -> Doubled:
    first = finding.related[0].place.line if finding.related else 0
    return Doubled(finding.key.partition(":")[0], first, finding.place.line)


def _copied(finding: Finding) -> Copied:
    """The key is `module:Original:module:Copy`."""
    module, original, _, name = finding.key.split(":")
    return Copied(name, finding.place.line, module, original)


def _unused(finding: Finding) -> Unused:
    return Unused(finding.place.line, tuple(finding.key.split(",")))


def moving_paths(config: Config, per_file_ignores: Iterable[str]) -> Callable[[str], bool]:
    """Whether MG405 is judged in a file; `per_file_ignores` are the option's, PATTERN:CODES each."""
    import pathspec

    ignored = [(pattern, codes) for pattern, codes in config.per_file_ignores.items()]
    ignored += [(item.rpartition(":")[0], tuple(item.rpartition(":")[2].split(","))) for item in per_file_ignores]
    silent = [pattern for pattern, codes in ignored if any(MOVED.startswith(code.strip()) for code in codes)]
    matched = pathspec.GitIgnoreSpec.from_lines(silent)
    return lambda path: not matched.match_file(path)


def moves_of(config: Config) -> tuple[Move, ...]:
    """The deprecated paths of all groups; those that lead from a name to a module, or the other way, no import has."""
    moves = []
    for group in config.ssot.values():
        for old, new in group.deprecated_paths.items():
            module, _, name = old.partition(":")
            new_module, _, new_name = new.partition(":")
            if bool(name) == bool(new_name) and "." not in name + new_name:
                moves.append(Move(module, name, new_module, new_name))
    return tuple(moves)


def _words(moves: Iterable[Move]) -> list[bytes]:
    """A file in which none of these stands imports nothing that moved: names, and modules for stars and as a whole."""
    words = {move.module.rpartition(".")[2] for move in moves} | {move.name for move in moves if move.name}
    return [word.encode("utf-8") for word in sorted(words)]


def names_of(path: str, tree: SourceTree) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Dotted names of the file's package and of the file, for each way in which it may be imported."""
    stem = path.removesuffix(".pyw").removesuffix(".py")
    is_package = stem.endswith("/__init__") or stem == "__init__"
    parts = stem.split("/")[:-1]
    regular = package_of(path, tree)
    ways = {".".join(regular): None, ".".join(parts): None}
    if parts and parts[0] in _ROOTS:
        ways[".".join(parts[1:])] = None
    packages = tuple(ways)
    last = stem.rpartition("/")[2]
    modules = packages if is_package else tuple(f"{package}.{last}" if package else last for package in packages)
    return packages, modules


def _is_wanted(path: str, paths: tuple[str, ...]) -> bool:
    return not paths or any(is_below(path, wanted) for wanted in paths)

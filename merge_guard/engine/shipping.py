"""Which files every start-up is given: all that git brings, or what its image holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING

from merge_guard.deploy.listing import Listing
from merge_guard.deploy.provided import could_provide
from merge_guard.deploy.requirements import Wanted, declared_below, names_requirements
from merge_guard.deploy.roots import is_incidental
from merge_guard.deploy.start import Start
from merge_guard.engine.image_trees import ImageTrees
from merge_guard.engine.inside import Ground, StartContext, contexts
from merge_guard.model.facts import FileFacts
from merge_guard.model.outcome import EntryKind, EntryPoint, Outcome
from merge_guard.model.source import Snapshot, Tracked, UnreadableError
from merge_guard.startup.frames import Bodies, Terms
from merge_guard.startup.resolve import Found, FoundKind, SourceTree
from merge_guard.startup.shipped import ShippedTree

if TYPE_CHECKING:
    from merge_guard.deploy.images import ServiceImage

UNTRACKED = "not tracked by git"


def withheld_by_git(snapshot: Snapshot) -> dict[str, str]:
    """Every file's path, with why a clean checkout would not have it, "" where it would.

    Where nothing is tracked yet, nothing is withheld.
    """
    found = dict.fromkeys([file.path for file in snapshot.files], "")
    untracked = [file.path for file in snapshot.files if file.tracked is Tracked.UNTRACKED]
    if untracked and any(file.tracked is Tracked.TRACKED and file.is_python for file in snapshot.files):
        names = {path.casefold(): path for path in snapshot.vanished}
        for path in untracked:
            other = names.get(path.casefold())
            found[path] = f"its case differs from git's index: {other}" if other else UNTRACKED
    return found


def start_contexts(
    entries: Sequence[EntryPoint],
    images: Sequence[ServiceImage],
    snapshot: Snapshot,
    tree: SourceTree,
    terms: Terms,
    facts: Callable[[str], FileFacts | None],
    bodies: Callable[[str], Bodies],
    name: Callable[[str], str],
    asked: bool,
) -> list[StartContext]:
    """One context for each start-up. `asked` says that the entry points were named: then no other is added."""
    withheld = withheld_by_git(snapshot)
    ground = Ground(
        ImageTrees(snapshot.by_path(), snapshot.reader.link),
        withheld,
        Listing(withheld),
        cache(snapshot.ignored),
        snapshot.passed_over,
        facts,
        bodies,
        name,
        terms,
        _may_be_installed,
    )
    plain = cache(partial(checkout_tree, tree, withheld, snapshot))
    by_service = {image.service: image for image in images}
    found: list[StartContext] = []
    for entry in entries:
        # A process of a Procfile or compose file may bear the name of an image and not run in it.
        image = by_service.get(entry.service) if entry.service and not entry.via else None
        inside = contexts(image, ground, (_start(entry, image),)) if image is not None else []
        whole = partial(_tree_for, entry, tree, plain, withheld)
        found += inside or [StartContext(entry, whole, terms, facts, bodies, _same, name)]
    if asked:
        return _with(plain, found)
    named = {entry.service for entry in entries if entry.service and not entry.via}
    built = [context for image in images if image.service not in named for context in contexts(image, ground)]
    if built:
        found = [context for context in found if context.entry.declared and not _repeats(context, built)]
    return [*_with(plain, found), *built]


def _with(plain: Callable[[], SourceTree], found: list[StartContext]) -> list[StartContext]:
    """Processes that simulate share what is there before them."""
    if any(context.outward is _same for context in found):
        plain()
    return found


def _repeats(context: StartContext, built: Sequence[StartContext]) -> bool:
    """The same start, which an image decides better."""
    entry = context.entry
    return any(entry.name == other.entry.name and entry.service in ("", other.entry.service) for other in built)


def _start(entry: EntryPoint, service: ServiceImage) -> Start:
    """A start that the configuration names in the repository's paths, in those of the image."""
    image = service.image
    module = entry.module
    search = [f"/{image.workdir}"]
    if entry.kind is EntryKind.SCRIPT:
        inside = next((path for path, file in image.files.items() if file.source == module), module)
        module, search = f"/{inside}", [f"/{inside.rpartition('/')[0]}"]
    python_path = image.env.get("PYTHONPATH") or ""
    return Start(
        entry.kind, module, entry.attr, (*search, *(part for part in python_path.split(":") if part)), entry.via,
        entry.call, settings=entry.settings,
    )  # fmt: skip


def _same(outcome: Outcome) -> Outcome:
    return outcome


def requirements_of(snapshot: Snapshot) -> Callable[[], Wanted]:
    """All that the files of the tree declare to be required; read when it is asked for first."""
    files = snapshot.by_path()

    def read(path: str) -> bytes | None:
        try:
            return snapshot.reader.read(files[path]) if path in files else None
        except UnreadableError:
            return None

    @cache
    def declared() -> Wanted:
        paths = [path for path in files if names_requirements(path) and not is_incidental(path)]
        wanted = Wanted()
        for directory in dict.fromkeys(path.rpartition("/")[0] for path in paths):
            wanted |= declared_below(directory, paths, read)
        return wanted

    return declared


def checkout_tree(tree: SourceTree, withheld: Mapping[str, str], snapshot: Snapshot) -> SourceTree:
    """The tree that a clean checkout has; what is ignored is taken to be made by a build."""
    declared = requirements_of(snapshot)

    def ignored(directory: str, name: str) -> Found | None:
        other = _other_case(tree, directory, name)
        if other is not None:
            return other
        prefix = f"{directory}/" if directory else ""
        if snapshot.ignored(f"{prefix}{name}.py") or snapshot.ignored(f"{prefix}{name}/__init__.py"):
            return Found(FoundKind.OPEN)
        return None

    kept = [file for file in snapshot.files if withheld[file.path]]
    return ShippedTree(
        [file for file in snapshot.files if not withheld[file.path]] if kept else tree.directories,
        snapshot.reader.link,
        SourceTree(kept),
        lambda path: withheld.get(path, ""),
        may_be_installed=lambda name: not declared().complete or could_provide(declared().names, name),
        ignored=ignored,
    )


def _other_case(tree: SourceTree, directory: str, name: str) -> Found | None:
    """A submodule that git knows by a name in another case: it is found where file systems fold case.

    A top-level module of another case is another module.
    """
    if tree.file(f"{directory}/__init__.py") is None:
        return None
    wanted = {name.casefold(), f"{name}.py".casefold()}
    for child in tree.names(directory):
        if child.casefold() in wanted and child not in (name, f"{name}.py"):
            path = f"{directory}/{child}"
            file = tree.file(path) if child.endswith(".py") else tree.file(f"{path}/__init__.py")
            if file is not None and file.tracked is Tracked.TRACKED:
                kind = FoundKind.MODULE if child.endswith(".py") else FoundKind.PACKAGE
                search = () if kind is FoundKind.MODULE else (path,)
                return Found(kind, file.path, search, f"its case differs from git's index: {file.path}", guessed=True)
    return None


def _tree_for(
    entry: EntryPoint, tree: SourceTree, plain: Callable[[], SourceTree], withheld: Mapping[str, str]
) -> SourceTree:
    """What starts an untracked module is not deployed as it stands: all that is there counts."""
    top = entry.module if entry.kind is EntryKind.SCRIPT else entry.module.replace(".", "/")
    candidates = [top, f"{top}.py", f"{top}/__init__.py", f"{top}/__main__.py"]
    for directory in entry.search_path:
        for candidate in candidates:
            if withheld.get(f"{directory}/{candidate}" if directory else candidate) == UNTRACKED:
                return tree
    return plain()


def _may_be_installed(service: ServiceImage, name: str) -> bool:
    packages = service.image.packages
    return not packages.complete or could_provide(packages.names, name)


def images_python(images: Sequence[ServiceImage]) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """The lowest and highest Python of the images, None where one does not tell."""
    versions = [image.image.python for image in images if image.starts]
    known = [version for version in versions if version is not None]
    return (min(known), max(known)) if known and len(known) == len(versions) else None

"""Start-ups in an image: simulated among the files that ship, at the paths that they have there, and told in the
repository's own paths.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from merge_guard.deploy.start import Start
from merge_guard.model.facts import FileFacts
from merge_guard.model.finding import Hop, Place
from merge_guard.model.outcome import EntryKind, EntryPoint, Failure, Outcome
from merge_guard.model.report import Target
from merge_guard.startup.frames import Bodies, Terms
from merge_guard.startup.resolve import Found, FoundKind, SourceTree
from merge_guard.startup.shipped import ShippedTree

if TYPE_CHECKING:
    from merge_guard.deploy.contents import Contents
    from merge_guard.deploy.image import Brought
    from merge_guard.deploy.images import ServiceImage
    from merge_guard.deploy.left_out import LeftOut
    from merge_guard.deploy.listing import Listing
    from merge_guard.engine.image_trees import ImageTrees

Facts = Callable[[str], "FileFacts | None"]


@dataclass(frozen=True, slots=True)
class StartContext:
    """Where and under what one entry point starts. `entry` speaks in the tree's paths, `outward` translates back.

    `tree` makes the tree, or gives one that is there: those of many images together would take much memory.
    """

    entry: EntryPoint
    tree: Callable[[], SourceTree]
    terms: Terms
    facts: Facts
    bodies: Callable[[str], Bodies]
    outward: Callable[[Outcome], Outcome]
    name: Callable[[str], str] = lambda path: ""
    """What the bytes are called whose bodies are given, "" where that is not known."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What all images of a judgement share. `withheld` says why git would not bring a path, "" where it does.

    `listing` is of the paths.
    """

    trees: ImageTrees
    withheld: Mapping[str, str]
    listing: Listing
    ignored: Callable[[str], str]
    passed_over: frozenset[str]
    facts: Facts
    bodies: Callable[[str], Bodies]
    name: Callable[[str], str]
    terms: Terms
    may_be_installed: Callable[[ServiceImage, str], bool]


def contexts(service: ServiceImage, ground: Ground, asked: tuple[Start, ...] = ()) -> list[StartContext]:
    """One context for each start of a service; those whose own module the image does not bring at all are none."""
    from merge_guard.deploy.copying import below
    from merge_guard.deploy.left_out import LeftOut

    image, contents = service.image, service.contents
    left = LeftOut(image, contents, service.context, ground.withheld, ground.listing)
    origin = _Origins(contents.shipped, left)

    def outside(directory: str) -> list[str]:
        return [
            "/".join(part for part in (there, directory[len(here) :].lstrip("/")) if part)
            for here, there in contents.layout
            if below(here, directory)
        ]

    tops = {directory.lstrip("/") for start in (*service.starts, *asked) for directory in start.search}

    def ignored(directory: str, name: str) -> Found | None:
        for there in outside(directory):
            module = f"{there}/{name}" if there else name
            # A top-level name may be anybody's, unless it is seen to be there.
            if directory in tops and not ground.passed_over.intersection((module, f"{module}.py")):
                continue
            for candidate in (f"{module}.py", f"{module}/__init__.py"):
                reason = ground.ignored(candidate)
                if reason:
                    return Found(FoundKind.OPEN, withheld=f"git-ignored ({reason}) and so not in a clean checkout")
        return None

    def reason(path: str) -> str:
        file = left.get(path)
        return file.withheld if file is not None else "not in what ships"

    def tree() -> ShippedTree:
        shipped, withheld = ground.trees.of(contents, left, image.open)
        return ShippedTree(
            shipped,
            None,
            withheld,
            reason,
            image.is_open,
            lambda name: ground.may_be_installed(service, name),
            ignored,
        )

    def lacks(script: str, kind: EntryKind) -> bool:
        """Whether a script's directory was brought whole, so that the script cannot come from elsewhere."""
        directory = script.rpartition("/")[0]
        # What an unknown base image brings of its own nobody knows.
        if kind is not EntryKind.SCRIPT or image.python is None or image.is_open(script):
            return False
        there = outside(directory)
        own = any(is_file and name.endswith(".py") for name, is_file in contents.listing.entries(directory))
        partial = any(_not_copied(left[path]) for path in left.below(directory))
        return (
            own
            and not partial
            and not any(ground.ignored(f"{d}/{script[len(directory) + 1 :]}".lstrip("/")) for d in there)
        )

    terms = replace(ground.terms, platform="linux")
    if image.python is not None and ground.terms.lowest <= image.python <= ground.terms.highest:
        terms = replace(terms, lowest=image.python, highest=image.python)
    target = target_of(terms, image.dockerfile)
    found = []
    for start in asked or service.starts:
        inner = _entry(start, service)
        if not _brings(inner, contents, left) and not (start.certain and lacks(inner.module, inner.kind)):
            continue
        outer = replace(
            inner,
            name=_shown(inner, origin),
            module=origin.get(inner.module, inner.module),
            search_path=tuple(dict.fromkeys(there for here in inner.search_path for there in outside(here))),
        )

        def outward(outcome: Outcome, outer: EntryPoint = outer) -> Outcome:
            return replace(translated(outcome, outer, origin), target=target)

        found.append(
            StartContext(
                replace(inner, name=outer.name),
                tree,
                terms,
                lambda path: ground.facts(origin[path]) if path in origin else None,
                lambda path: ground.bodies(origin[path]) if path in origin else {},
                outward,
                lambda path: ground.name(origin[path]) if path in origin else "nothing",
            )
        )
    return found


class _Origins(Mapping[str, str]):
    """Path in the image → path in the repository, of what ships and else of what would lie there."""

    def __init__(self, shipped: Mapping[str, Brought], left: LeftOut) -> None:
        self._shipped = shipped
        self._left = left

    def __getitem__(self, path: str) -> str:
        file = self._shipped.get(path)
        source = file.source if file is not None else self._left.source(path)
        if source is None:
            raise KeyError(path)
        return source

    def __contains__(self, path: object) -> bool:
        return path in self._shipped or path in self._left

    def __iter__(self) -> Iterator[str]:
        yield from self._shipped
        yield from (path for path in self._left if path not in self._shipped)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def target_of(terms: Terms, origin: str) -> Target:
    lowest, highest = (".".join(map(str, version)) for version in (terms.lowest, terms.highest))
    python = lowest if lowest == highest else f">={lowest},<={highest}"
    return Target(python, terms.platform or "unknown", origin, terms.lowest, terms.highest)


def _entry(start: Start, service: ServiceImage) -> EntryPoint:
    image = service.image
    search = [directory.lstrip("/") for directory in start.search]
    line = image.started.line if image.started else 1
    return EntryPoint(
        name=start.module,
        kind=start.kind,
        module=start.module.lstrip("/"),
        attr=start.attr,
        origin=f"{image.dockerfile} line {line}",
        place=Place(image.dockerfile, line),
        search_path=tuple(dict.fromkeys([*search, *image.installed])),
        service=service.service,
        via=start.via,
        call=start.call,
        settings=start.settings,
    )


def _shown(entry: EntryPoint, origin: Mapping[str, str]) -> str:
    if entry.kind is EntryKind.SCRIPT:
        return origin.get(entry.module, f"/{entry.module}")
    prefix = "-m:" if entry.kind is EntryKind.MODULE else ""
    return f"{prefix}{entry.module}:{entry.attr}" if entry.attr else f"{prefix}{entry.module}"


def _not_copied(file: Brought) -> bool:
    return file.withheld.startswith(("no COPY", "outside"))


def _brings(entry: EntryPoint, contents: Contents, left: LeftOut) -> bool:
    """Whether the image brings something of what it starts, or would: else its files come in when it runs."""
    wanted = [entry.module]
    if entry.kind is not EntryKind.SCRIPT:
        top = entry.module.partition(".")[0]
        wanted = [f"{directory}/{top}" if directory else top for directory in entry.search_path]
        wanted += [f"{path}.py" for path in wanted]
    for path in wanted:
        if path in contents.shipped or contents.listing.is_directory(path):
            return True
        if any(not _not_copied(left[found]) for found in left.below(path)):
            return True
    return False


def translated(outcome: Outcome, entry: EntryPoint, origin: Mapping[str, str]) -> Outcome:
    """An outcome in the repository's paths."""

    def back(path: str) -> str:
        return origin.get(path, path)

    def place(there: Place) -> Place:
        return replace(there, path=back(there.path))

    def hops(chain: tuple[Hop, ...]) -> tuple[Hop, ...]:
        return tuple(replace(hop, path=back(hop.path)) for hop in chain)

    def failure(one: Failure) -> Failure:
        subject = back(one.subject) if one.subject in origin else one.subject
        return replace(
            one, place=place(one.place), chain=hops(one.chain), subject=subject,
            importer=place(one.importer) if one.importer else None,
        )  # fmt: skip

    registrations = outcome.registrations
    if registrations is not None:
        log = tuple(replace(call, place=place(call.place)) for call in registrations.log)
        registrations = replace(registrations, log=log)
    return replace(
        outcome,
        entry=entry,
        registrations=registrations,
        failures=tuple(map(failure, outcome.failures)),
        loaded={name: back(path) for name, path in outcome.loaded.items()},
        reached_by={back(path): hops(chain) for path, chain in outcome.reached_by.items()},
        edges={
            back(path): {back(imported): passage for imported, passage in edges.items()}
            for path, edges in outcome.edges.items()
        },
        unjudged={back(path): reason for path, reason in outcome.unjudged.items()},
        sides={role: tuple(map(failure, failures)) for role, failures in outcome.sides.items()},
        remarks=tuple(map(failure, outcome.remarks)),
    )

"""Third-party imports of start-ups against what is required: of the image that starts them, else of the project."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from merge_guard.deploy.provided import could_provide
from merge_guard.deploy.requirements import Wanted
from merge_guard.model import events as ev
from merge_guard.model.dependency import Undeclared
from merge_guard.model.facts import FileFacts
from merge_guard.model.finding import Place
from merge_guard.model.outcome import Outcome
from merge_guard.startup.resolve import SourceTree, is_stdlib

if TYPE_CHECKING:
    from merge_guard.deploy.images import ServiceImage


def undeclared(
    outcomes: Sequence[Outcome],
    images: Sequence[ServiceImage],
    declared: Callable[[], Wanted],
    facts: Callable[[str], FileFacts | None],
    tree: SourceTree,
) -> tuple[Undeclared, ...]:
    """One for each module and set of requirements, at the first import in the order of the start-ups.

    Only what runs for certain counts, at the top level and outside any `try` or `if`; a project whose requirements are
    not all known is silent.
    """
    by_dockerfile = {image.image.dockerfile: image for image in images}
    found: dict[tuple[str, str], tuple[Place, list[str]]] = {}
    for outcome in outcomes:
        place = outcome.entry.place
        image = by_dockerfile.get(place.path) if place is not None else None
        if image is not None:
            packages = image.image.packages
            wanted, source = Wanted(packages.names, (), packages.complete), image.image.dockerfile
        else:
            wanted, source = declared(), ""
        if not wanted.complete or not wanted.names:
            continue
        own = {name.partition(".")[0] for name in outcome.loaded}
        for name, path in outcome.loaded.items():
            if name in outcome.possible:
                continue
            for module, line, column in _imported(facts(path)):
                if module in own or is_stdlib(module) or tree.has_top_level(module):
                    continue
                if not could_provide(wanted.names, module):
                    entries = found.setdefault((module, source), (Place(path, line, column), []))[1]
                    if outcome.entry.name not in entries:
                        entries.append(outcome.entry.name)
    return tuple(
        Undeclared(module, place, source, tuple(entries)) for (module, source), (place, entries) in found.items()
    )


def _imported(facts: FileFacts | None) -> Iterator[tuple[str, int, int]]:
    """Top-level names with their places, of imports that stand in the module itself."""
    if facts is None or facts.module is None:
        return
    for node in facts.module.body:
        if isinstance(node, ev.Import) or (isinstance(node, ev.FromImport) and not node.level):
            dotted = node.name if isinstance(node, ev.Import) else node.module
            yield dotted.partition(".")[0], node.line, node.column

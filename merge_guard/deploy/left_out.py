"""What does not ship, at the paths that the layout of an image would give it, with the reason.

That is what `.dockerignore` or git withhold of what a COPY names, and the neighbours that no COPY names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from merge_guard.deploy.contents import Contents
from merge_guard.deploy.context_tree import ContextTree
from merge_guard.deploy.image import Brought, Image
from merge_guard.deploy.listing import Listing


class LeftOut(Mapping[str, Brought]):
    """Looked up path by path, directory by directory: it is nearly the whole repository, of which little is asked."""

    def __init__(
        self, image: Image, contents: Contents, context: ContextTree, files: Mapping[str, str], listing: Listing
    ) -> None:
        """`files` maps all paths of the repository to why git would not bring one; `listing` is of them."""
        self._image = image
        self._held = contents.files
        self._contents = contents
        self._context = context
        self._files = files
        self._listing = listing
        self._prefix = f"{image.context}/" if image.context else ""
        self._pairs = [
            (f"{inside}/" if inside else "", f"{outside}/" if outside else "") for inside, outside in contents.layout
        ]

    @cached_property
    def _withheld(self) -> Listing:
        return Listing(self._contents.withheld)

    def source(self, path: str) -> str | None:
        """The file of the repository, None for what ships, or is not there at all."""
        held = self._held.get(path)
        if held is not None:
            return held.source if held.withheld else None
        for above, start in self._pairs:
            if path.startswith(above):
                source = start + path[len(above) :]
                if source in self._files:
                    return source
        return None

    def __getitem__(self, path: str) -> Brought:
        source = self.source(path)
        if source is None:
            raise KeyError(path)
        return self._held.get(path) or Brought(source, self._reason(source))

    def _reason(self, source: str) -> str:
        reason = self._files[source]
        if not reason:
            brought = self._context.get(source[len(self._prefix) :]) if source.startswith(self._prefix) else None
            reason = brought.withheld if brought else f"outside the build context {self._image.context or '.'}"
        return reason or f"no COPY of {self._image.dockerfile} brings it"

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and self.source(path) is not None

    def __iter__(self) -> Iterator[str]:
        return self.below("")

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def names(self, directory: str) -> dict[str, str | None]:
        """Names in a directory with the files of the repository, None for directories: of these some may be empty."""
        prefix = f"{directory}/" if directory else ""
        found: dict[str, str | None] = {}
        for name, is_file in self._withheld.entries(directory):
            found.setdefault(name, self._held[prefix + name].source if is_file else None)
        for above, start in self._pairs:
            if prefix.startswith(above):
                there = start + prefix[len(above) :]
                for name, is_file in self._listing.entries(there[:-1]):
                    if not is_file:
                        found.setdefault(name)
                    elif prefix + name not in self._held and found.get(name) is None:
                        found[name] = there + name
            elif above.startswith(prefix) and self._listing.is_directory(start[:-1]):
                found.setdefault(above[len(prefix) :].partition("/")[0])
        return found

    def below(self, path: str) -> Iterator[str]:
        """A path, or the paths below it, that are left out."""
        prefix = f"{path}/" if path else ""
        if path in self:
            yield path
        seen = set()
        for found in self._withheld.below(path):
            seen.add(found)
            yield found
        for above, start in self._pairs:
            if prefix.startswith(above):
                there = start + prefix[len(above) :]
            elif above.startswith(prefix):
                there = start
            else:
                continue
            for source in self._listing.below(there[:-1]):
                found = above + source[len(start) :]
                if found not in self._held and found not in seen:
                    seen.add(found)
                    yield found

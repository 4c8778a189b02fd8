"""What lies in each directory of a tree."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Iterable

from merge_guard.model.source import FileKind, SourceFile

Children = dict[str, "SourceFile | None"]
"""Names with their files, None for a directory."""
LinkText = Callable[[SourceFile], str]
_LONGEST_LINK = 8


class Directories:
    """An index of files by directory. Directories are relative; "" is the root, and always there.

    What a symbolic link inside the tree leads to stands in its place; `linked` are those to directories, with these.
    """

    def __init__(self, files: Iterable[SourceFile], link_text: LinkText | None = None) -> None:
        """`link_text` gives what a symbolic link holds."""
        self._known: dict[str, Children | None] = {}
        self.linked: dict[str, str] = {}
        links = []
        last, children = "", self._enter("")
        for file in files:
            directory, _, name = file.path.rpartition("/")
            if directory != last:
                last, children = directory, self._enter(directory)
            children[name] = file
            if file.kind is FileKind.LINK:
                links.append(file)
        self._follow_all(links, link_text)

    def _enter(self, directory: str) -> Children:
        children = self._known.get(directory)
        if children is None:
            children = self._known[directory] = {}
            if directory:
                parent, _, name = directory.rpartition("/")
                self._enter(parent).setdefault(name, None)
        return children

    def children(self, directory: str) -> Children | None:
        """None for what is no directory."""
        return self._known.get(directory)

    def every(self) -> Iterable[Collection[str]]:
        """The names in each directory."""
        return (children for children in self._known.values() if children is not None)

    def _follow_all(self, links: Iterable[SourceFile], link_text: LinkText | None) -> None:
        if link_text is not None:
            for link in links:
                self._follow(link, link_text)

    def _follow(self, link: SourceFile, link_text: LinkText) -> None:
        """Put what a link leads to in its place; one that leaves the tree, dangles or loops stays unknown."""
        here, _, name = link.path.rpartition("/")
        siblings, file = self.children(here), link
        for _ in range(_LONGEST_LINK):
            text = link_text(file)
            target = posixpath.normpath(posixpath.join(here, text)) if text else ".."
            if target.startswith(("/", "..")) or siblings is None:
                return
            if self.children(target) is not None:
                self.linked[link.path] = target
                siblings[name] = None
                return
            directory, _, last = target.rpartition("/")
            found = (self.children(directory) or {}).get(last)
            if found is None:
                return
            if found.kind is not FileKind.LINK:
                siblings[name] = found
                return
            here, file = directory, found


class DirectoriesOnDemand(Directories):
    """Directories that are put together when they are asked for: `look` gives what lies in one.

    `paths` are those of all files, and `links` those files that are links.
    """

    def __init__(
        self,
        look: Callable[[str], Children | None],
        paths: Callable[[], Iterable[str]],
        links: Iterable[SourceFile] = (),
        link_text: LinkText | None = None,
    ) -> None:
        super().__init__(())
        self._known.clear()
        self._look = look
        self._paths = paths
        self._names: dict[str, set[str]] = {}
        self._follow_all(links, link_text)

    def children(self, directory: str) -> Children | None:
        if directory not in self._known:
            found = self._look(directory)
            self._known[directory] = {} if found is None and not directory else found
        return self._known[directory]

    def every(self) -> Iterable[Collection[str]]:
        if not self._names:
            for path in self._paths():
                directory, _, name = path.rpartition("/")
                while name not in self._names.setdefault(directory, set()):
                    self._names[directory].add(name)
                    directory, _, name = directory.rpartition("/")
                    if not name:
                        break
        return self._names.values()

"""The trees in a rule's docstring, and how they become files.

Under `Bad:` and under `Good:` stands an indented block. In it

- `# path/to/file.ext` begins a file (a name without `/` and `.`, such as `Procfile`, is written `# ./Procfile`);
- `# entry: X` is what starts, as `--entry` takes it; `# target: X` is the Python, as `--target-python` takes it;
- `# repeat: N TEXT` stands for a line of N times TEXT;
- `# on base:`, `# on ours:`, `# on theirs:` begin what that version of the tree holds. Then the tree is a repository in
  which `theirs` was merged into `ours`, both made from `base`, and what the merge left is judged, conflicts and all.
  `# on result:` is what somebody made of it; for the rules about merges the merge is committed.
  A version has the files of `base` but for the ones that it lists; `# deleted: path` takes one away.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_NAME = r"[\w.@+~\[\]-]+"
_FILE = re.compile(rf"# (?=\S*[./])(?:\./)?({_NAME}(?:/{_NAME})*)")
_ENTRY = re.compile(r"# entry: (\S+)")
_TARGET = re.compile(r"# target: (\S+)")
_REPEAT = re.compile(r"# repeat: (\d+) (\S+)")
_VERSION = re.compile(r"# on (base|ours|theirs|result):")
_DELETED = re.compile(r"# deleted: (\S+)")


@dataclass(slots=True)
class Tree:
    """`versions` maps "" (a plain folder), or base, ours and theirs, to path → text; a text of None is a deletion."""

    entry: tuple[str, ...] = ()
    target: str | None = None
    versions: dict[str, dict[str, str | None]] = field(default_factory=dict)

    @property
    def is_configured(self) -> bool:
        return "merge-guard.toml" in self.versions.get("", {})

    @property
    def is_merge(self) -> bool:
        return "" not in self.versions


def trees(doc: str) -> Mapping[str, Tree]:
    """ "Bad" and "Good" → its tree."""
    return {name: _tree(block) for name, block in _blocks(doc)}


def _blocks(doc: str) -> Iterator[tuple[str, str]]:
    for match in re.finditer(r"^(Bad|Good):\n\n((?:(?:    .*)?\n)+)", f"{doc}\n", re.MULTILINE):
        yield match[1], textwrap.dedent(match[2]).strip("\n") + "\n"


def _tree(block: str) -> Tree:
    tree = Tree()
    version, path = "", None
    for line in block.splitlines():
        if match := _ENTRY.fullmatch(line):
            tree.entry += (match[1],)
        elif match := _TARGET.fullmatch(line):
            tree.target = match[1]
        elif match := _VERSION.fullmatch(line):
            version, path = match[1], None
            tree.versions[version] = {}
        elif match := _DELETED.fullmatch(line):
            tree.versions[version][match[1]] = None
            path = None
        elif match := _FILE.fullmatch(line):
            path = match[1]
            tree.versions.setdefault(version, {})[path] = ""
        elif path is not None:
            if match := _REPEAT.fullmatch(line):
                line = int(match[1]) * match[2]
            files = tree.versions[version]
            files[path] = f"{files[path]}{line}\n"
        elif line:
            raise ValueError(f"a line before the first file: {line!r}")
    return tree

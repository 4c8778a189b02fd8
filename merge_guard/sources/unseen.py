"""What git would ignore of the paths that a snapshot does not list: a module there may exist where it was written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from merge_guard.model.source import FileKind, Reader, SourceFile, UnreadableError
from merge_guard.sources.ignore import IgnoreFile, IgnoreRules, parsed_rules
from merge_guard.sources.listing import encoded

_LARGEST = 1 << 20
_MOST_FILES = 2_000
_NAME = ".gitignore"


def ignored_by(
    files: Iterable[SourceFile], reader: Reader, weaker: Sequence[IgnoreFile] = (), *, fold_case: bool = False
) -> Callable[[str], str]:
    """A function from a path to the rule that ignores it, such as ".gitignore line 3", "" for none.

    Read are the `.gitignore` files of the snapshot itself, when they are asked for first; `weaker` are rules that stand
    behind all of them.
    """
    listed = {
        file.path: file
        for file in files
        if file.kind is FileKind.REGULAR and (file.path == _NAME or file.path.endswith(f"/{_NAME}"))
    }
    if len(listed) > _MOST_FILES or not (listed or weaker):
        return lambda path: ""
    known: dict[str, IgnoreRules] = {}

    def rules_in(directory: str, depth: int) -> IgnoreRules:
        rules = known.get(directory)
        if rules is None:
            above = IgnoreRules(tuple(weaker), fold_case)
            if directory:
                above = rules_in(directory.rpartition("/")[0], depth - 1)
            rules = known[directory] = _with(above, f"{directory}/{_NAME}" if directory else _NAME, depth)
        return rules

    def _with(above: IgnoreRules, name: str, depth: int) -> IgnoreRules:
        file = listed.get(name)
        if file is None:
            return above
        try:
            content = reader.read(file)
        except UnreadableError:
            return above
        if len(content) > _LARGEST:
            return above
        return IgnoreRules((parsed_rules(content, depth, fold_case, name), *above.files), fold_case)

    def ignored(path: str) -> str:
        parts = path.split("/")
        for count in range(1, len(parts) + 1):
            here = "/".join(parts[:count])
            rules = rules_in("/".join(parts[: count - 1]), count - 1)
            rule = rules.rule_for(encoded(here), count < len(parts))
            if rule:
                return rule
        return ""

    return ignored

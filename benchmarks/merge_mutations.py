"""Damage done to real merges: how much of it is found, and what is said where none was done.

    python benchmarks/merge_mutations.py REPOSITORY... [--count 200] [--seed 1]

Each REPOSITORY is a clone with its history. Merges that git makes by itself, and that were committed so, are damaged
in one way each: a definition dropped, both copies of one kept, an import dropped, the base's version of a changed
definition restored, a parameter removed. Found is damage of which a rule speaks that fits. Findings at error level on
the undamaged merges are listed.
"""

from __future__ import annotations

import argparse
import ast
import builtins
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from merge_guard import wiring
from merge_guard.engine.merge_rules import merge_findings
from merge_guard.errors import GitError, UsageError
from merge_guard.model.finding import Finding, Severity
from merge_guard.model.merge import FileVersions, Merge
from merge_guard.model.request import Request
from merge_guard.operations.merging import Workshop, three_way, workshop

_Named = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_Function = ast.FunctionDef | ast.AsyncFunctionDef
EXPECTED = {
    "definition dropped": {"MG506", "MG504"},
    "both copies kept": {"MG502"},
    "import dropped": {"MG504"},
    "base restored": {"MG507"},
    "parameter removed": {"MG509"},
}


@dataclass(frozen=True, slots=True)
class Versions:
    """The texts of one file."""

    base: str
    ours: str
    theirs: str
    result: str


def definitions(text: str) -> dict[tuple[str, ...], _Named]:
    """Functions and classes of the module and methods, by scope and name; those that stand twice left out."""
    found: dict[tuple[str, ...], list[_Named]] = {}

    def visit(body: list[ast.stmt], scope: tuple[str, ...]) -> None:
        for node in body:
            if isinstance(node, _Named):
                found.setdefault((*scope, node.name), []).append(node)
                if isinstance(node, ast.ClassDef):
                    visit(node.body, (*scope, node.name))

    visit(ast.parse(text).body, ())
    return {name: nodes[0] for name, nodes in found.items() if len(nodes) == 1}


def lines_of(node: _Named) -> tuple[int, int]:
    """First (with decorators) and last line, from 0, the last one exclusive."""
    return min([node.lineno, *(item.lineno for item in node.decorator_list)]) - 1, node.end_lineno or node.lineno


def text_of(text: str, node: _Named) -> list[str]:
    first, last = lines_of(node)
    return text.splitlines(keepends=True)[first:last]


def replaced(text: str, node: _Named, instead: list[str]) -> str:
    lines = text.splitlines(keepends=True)
    first, last = lines_of(node)
    return "".join([*lines[:first], *instead, *lines[last:]])


def drop_definition(versions: Versions, chance: random.Random) -> str | None:
    before, ours, theirs = (set(definitions(text)) for text in (versions.base, versions.ours, versions.theirs))
    candidates = [
        (name, node)
        for name, node in definitions(versions.result).items()
        if name in ours & theirs or name not in before
    ]
    if not candidates:
        return None
    _, node = chance.choice(candidates)
    return replaced(versions.result, node, [" " * node.col_offset + "pass\n"])


def keep_both(versions: Versions, chance: random.Random) -> str | None:
    candidates = [node for node in definitions(versions.result).values() if not node.decorator_list]
    if not candidates:
        return None
    node = chance.choice(candidates)
    copy = text_of(versions.result, node)
    copy[-1] = copy[-1].rstrip("\r\n") + "\n"
    return replaced(versions.result, node, [*copy, "\n", *copy])


def drop_import(versions: Versions, chance: random.Random) -> str | None:
    tree = ast.parse(versions.result)
    read = read_names(tree) - set(dir(builtins))
    stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    stored |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    every = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    if any(alias.name == "*" for node in every for alias in node.names):
        return None
    bound = Counter((alias.asname or alias.name).partition(".")[0] for node in every for alias in node.names)
    candidates = [
        (node, alias)
        for node in tree.body
        if isinstance(node, (ast.Import, ast.ImportFrom)) and getattr(node, "module", "") != "__future__"
        for alias in node.names
        for name in [(alias.asname or alias.name).partition(".")[0]]
        if name in read and name not in stored and bound[name] == 1
    ]
    if not candidates:
        return None
    node, alias = chance.choice(candidates)
    node.names = [item for item in node.names if item is not alias]
    lines = versions.result.splitlines(keepends=True)
    left = [f"{ast.unparse(node)}\n"] if node.names else []
    return "".join([*lines[: node.lineno - 1], *left, *lines[node.end_lineno or node.lineno :]])


def read_names(tree: ast.Module) -> set[str]:
    """The names that something reads when it runs: of annotations only where they are evaluated."""
    if any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body):
        tree = ast.parse(ast.unparse(tree))
        for part in ast.walk(tree):
            if isinstance(part, ast.arg):
                part.annotation = None
            elif isinstance(part, _Function):
                part.returns = None
            elif isinstance(part, ast.AnnAssign):
                part.annotation = ast.Constant(None)
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def restore_base(versions: Versions, chance: random.Random) -> str | None:
    before, ours, theirs, now = (definitions(getattr(versions, role)) for role in ("base", "ours", "theirs", "result"))
    candidates = []
    for name, node in now.items():
        if not all(name in known for known in (before, ours, theirs)) or isinstance(node, ast.ClassDef):
            continue
        texts = [normal(known[name]) for known in (before, ours, theirs)]
        if (texts[0] == texts[1]) != (texts[0] == texts[2]):
            candidates.append((name, node))
    if not candidates:
        return None
    name, node = chance.choice(candidates)
    return replaced(versions.result, node, text_of(versions.base, before[name]))


def normal(node: _Named) -> str:
    """A definition without its docstring and annotations: what of it runs."""
    copy = ast.parse(ast.unparse(node)).body[0]
    assert isinstance(copy, _Named)
    for part in ast.walk(copy):
        if isinstance(part, ast.Constant):
            part.kind = None
        if isinstance(part, ast.arg):
            part.annotation = None
        if isinstance(part, ast.AnnAssign):
            part.annotation = ast.Constant(None)
        if isinstance(part, _Named):
            if ast.get_docstring(part, clean=False) is not None:
                part.body = part.body[1:] or [ast.Pass()]
            if isinstance(part, _Function):
                part.returns = None
    return ast.unparse(copy)


def remove_parameter(versions: Versions, chance: random.Random) -> str | None:
    """Of functions whose parameters stand in one line, as both sides have them."""
    candidates = []
    sides = [definitions(text) for text in (versions.ours, versions.theirs)]
    lines = versions.result.splitlines(keepends=True)
    for name, node in definitions(versions.result).items():
        if not isinstance(node, _Function) or not all(name in side for side in sides):
            continue
        names = [item.arg for item in node.args.args if item.arg not in ("self", "cls")]
        row = lines[node.lineno - 1]
        if len(names) < 2 or not row.rstrip().endswith(":") or node.args.posonlyargs:
            continue
        candidates += [(node, parameter) for parameter in names]
    if not candidates:
        return None
    node, parameter = chance.choice(candidates)
    index = [item.arg for item in node.args.args].index(parameter)
    defaults = len(node.args.args) - len(node.args.defaults)
    if index >= defaults:
        del node.args.defaults[index - defaults]
    del node.args.args[index]
    header = ast.unparse(node).split("\n")[len(node.decorator_list)]
    lines[node.lineno - 1] = " " * node.col_offset + header + "\n"
    return "".join(lines)


KINDS: dict[str, Callable[[Versions, random.Random], str | None]] = {
    "definition dropped": drop_definition,
    "both copies kept": keep_both,
    "import dropped": drop_import,
    "base restored": restore_base,
    "parameter removed": remove_parameter,
}


def clean_merges(shop: Workshop, chance: random.Random) -> Iterator[tuple[str, Merge]]:
    """Merges that are as git makes them, in random order."""
    every = [item for item in shop.replays.merges(["--merges", shop.replays.commit("HEAD")]) if len(item[1]) == 2]
    chance.shuffle(every)
    for commit, (ours, theirs) in every:
        try:
            replayed = shop.replays.merge(ours, theirs)
            if replayed.conflicts or replayed.tree != shop.replays.tree_of(commit):
                continue
            labels = {"ours": "ours", "theirs": "theirs", "base": "base", "result": commit}
            yield commit, three_way(shop, ours, theirs, commit, labels, frozenset(), is_replay=False)
        except (GitError, UsageError):
            continue


def texts_of(shop: Workshop, file: FileVersions) -> Versions | None:
    """The texts of a file that all four versions have and that runs; None where it is not so."""
    blobs = (file.base, file.ours, file.theirs, file.result)
    read = [shop.uses(blob) for blob in blobs if blob is not None]
    if len(read) < 4 or not all(uses is not None and uses.parses for uses in read):
        return None
    texts = [shop.replays.read(blob).decode("utf-8", "surrogateescape") for blob in blobs if blob is not None]
    return Versions(*texts) if not any("\r" in text or "\f" in text for text in texts) else None


def damage(shop: Workshop, merge: Merge, kind: str, chance: random.Random) -> tuple[Merge, str] | None:
    """The merge with one file damaged, and the file's path."""
    paths = [path for path in merge.files if path.endswith(".py")]
    chance.shuffle(paths)
    for path in paths[:20]:
        file = merge.files[path]
        versions = texts_of(shop, file)
        changed = KINDS[kind](versions, chance) if versions is not None else None
        if changed is None:
            continue
        try:
            compile(changed, path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            continue
        blob = shop.replays.keep(changed.encode("utf-8", "surrogateescape"))
        if blob in (file.ours, file.theirs, file.result):
            continue
        listing = {**merge.paths["result"], path: blob}
        paths_now = {role: merge.paths[role] for role in ("base", "ours", "theirs")} | {"result": listing}
        files = {**merge.files, path: replace(file, result=blob)}
        return replace(merge, files=files, paths=paths_now), path
    return None


def judge_of(shop: Workshop) -> Callable[[Merge], tuple[Finding, ...]]:
    rules, chosen = wiring.merge_rules(shop.request)
    return lambda merge: merge_findings(merge, rules, chosen, shop.replays.read)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("repositories", nargs="+")
    options.add_argument("--count", type=int, default=200, help="damaged merges in all")
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    chance = random.Random(given.seed)
    done: Counter[str] = Counter()
    found: Counter[str] = Counter()
    merges = 0
    errors: list[str] = []
    for number, root in enumerate(given.repositories, 1):
        wanted = given.count * number // len(given.repositories)
        request = Request(start=root, isolated=True, jobs=1)
        with workshop(request) as shop:
            said = judge_of(shop)
            for commit, merge in clean_merges(shop, chance):
                if sum(done.values()) >= wanted:
                    break
                rare_first = sorted(KINDS, key=lambda kind: (done[kind], kind))
                damaged = next(
                    (made for kind in rare_first if (made := (kind, damage(shop, merge, kind, chance)))[1]), None
                )
                if damaged is None or damaged[1] is None:
                    continue
                before = said(merge)
                merges += 1
                errors += [f"{commit[:10]} {f.place.path}:{f.place.line} {f.code} {f.message}" for f in before
                           if f.severity is Severity.ERROR]  # fmt: skip
                kind, (changed, path) = damaged
                known = {(f.code, f.place.path, f.key) for f in before}
                new = [f for f in said(changed) if (f.code, f.place.path, f.key) not in known]
                done[kind] += 1
                if any(f.code in EXPECTED[kind] and f.place.path == path for f in new):
                    found[kind] += 1
                else:
                    print(f"missed: {kind}: {root} {commit[:10]} {path}: {sorted(f.code for f in new)}", flush=True)
    for kind in KINDS:
        print(f"{kind:20} {found[kind]:4} of {done[kind]:4}")
    total = sum(done.values())
    print(f"recall {sum(found.values()) / max(total, 1):.3f} on {total} damaged merges")
    print(f"errors on the {merges} undamaged merges: {len(errors)}")
    for line in errors:
        print(f"  {line}")


if __name__ == "__main__":
    main()

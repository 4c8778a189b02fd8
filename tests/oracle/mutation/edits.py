"""Seeded mutations of real packages: what a bad merge or a careless edit does to a tree."""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

Sources = Mapping[str, str]
"""Texts by path, relative to the root that the packages lie in."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """`changed` maps paths to their new text, None for a file that is gone; `place` is where the edit was made."""

    kind: str
    what: str
    place: tuple[str, int]
    changed: Mapping[str, str | None] = field(repr=False)


def mutate(sources: Sources, targets: Sequence[str], rng: random.Random) -> Mutation | None:
    """One mutation of one of the target files; None where the place that was drawn does not suit."""
    kind = rng.choices([name for name, _, _ in _KINDS], [weight for _, weight, _ in _KINDS])[0]
    make = next(make for name, _, make in _KINDS if name == kind)
    return make(sources, rng.choice(targets), rng)


# --- texts ---------------------------------------------------------------------------------------------------------
def _parsed(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return None


def _first_line(node: ast.stmt) -> int:
    decorators = getattr(node, "decorator_list", None) or []
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _stands_alone(lines: Sequence[str], node: ast.stmt) -> bool:
    """Whether the statement shares none of its lines with another one."""
    first = lines[_first_line(node) - 1]
    last = lines[(node.end_lineno or node.lineno) - 1].encode()[node.end_col_offset or 0 :].strip()
    return not first.encode()[: node.col_offset].strip() and (not last or last.startswith(b"#"))


def _replaced(source: str, node: ast.stmt, text: str) -> str:
    """The source with the statement's lines replaced, at the statement's indentation."""
    lines = source.split("\n")
    indent = " " * node.col_offset
    new = [f"{indent}{line}" if line else line for line in text.split("\n")]
    return "\n".join([*lines[: _first_line(node) - 1], *new, *lines[node.end_lineno or node.lineno :]])


def _statements(tree: ast.Module, within: tuple[type, ...] = (ast.If, ast.Try)) -> Iterator[ast.stmt]:
    """Statements that run when the module does, those in `if` and `try` included."""
    todo: list[ast.stmt] = list(tree.body)
    while todo:
        node = todo.pop(0)
        yield node
        if isinstance(node, within):
            for name in ("body", "orelse", "finalbody"):
                todo += getattr(node, name, [])
            for handler in getattr(node, "handlers", []):
                todo += handler.body


def _bound(node: ast.stmt) -> str | None:
    """The one name that a definition binds."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return node.name
    target: ast.expr | None = None
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        target = node.target
    return target.id if isinstance(target, ast.Name) else None


def _definitions(source: str, classes: bool) -> list[ast.stmt]:
    tree = _parsed(source)
    if tree is None:
        return []
    lines = source.split("\n")
    within = (ast.If, ast.Try, ast.ClassDef) if classes else (ast.If, ast.Try)
    found = [node for node in _statements(tree, within) if _bound(node) and _stands_alone(lines, node)]
    return [node for node in found if not (_bound(node) or "").startswith("__")]


def _imports(source: str) -> list[ast.Import | ast.ImportFrom]:
    tree = _parsed(source)
    if tree is None:
        return []
    lines = source.split("\n")
    return [
        node
        for node in _statements(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        and _stands_alone(lines, node)
        and not (isinstance(node, ast.ImportFrom) and node.module == "__future__")
    ]


# --- names and files -------------------------------------------------------------------------------------------------
def module_name(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _file_of(sources: Sources, name: str) -> str | None:
    base = name.replace(".", "/")
    return next((path for path in (f"{base}/__init__.py", f"{base}.py") if path in sources), None)


def _imported(sources: Sources, path: str, node: ast.ImportFrom) -> str | None:
    """The file of the package that a from-import takes its names from."""
    name = node.module or ""
    if node.level:
        parts = module_name(path).split(".")
        parts = parts if path.endswith("/__init__.py") else parts[:-1]
        base = parts[: len(parts) - node.level + 1]
        name = ".".join([*base, name]).rstrip(".")
    return _file_of(sources, name)


# --- the kinds -------------------------------------------------------------------------------------------------------
def _delete_definition(sources: Sources, path: str, rng: random.Random) -> Mutation | None:
    found = _definitions(sources[path], classes=rng.random() < 0.15)
    return _deleted(sources, path, rng.choice(found)) if found else None


def _deleted(sources: Sources, path: str, node: ast.stmt) -> Mutation:
    text = _replaced(sources[path], node, "pass")
    return Mutation("delete-definition", _bound(node) or "", (path, _first_line(node)), {path: text})


def _rename_definition(sources: Sources, path: str, rng: random.Random) -> Mutation | None:
    found = _definitions(sources[path], classes=rng.random() < 0.15)
    if not found:
        return None
    node = rng.choice(found)
    name = _bound(node)
    assert name is not None
    lines = sources[path].split("\n")
    line = lines[node.lineno - 1]
    at = line.find(name, node.col_offset)
    if at < 0:
        return None
    lines[node.lineno - 1] = f"{line[:at]}{name}_renamed{line[at + len(name) :]}"
    return Mutation("rename-definition", name, (path, node.lineno), {path: "\n".join(lines)})


def _remove_module(sources: Sources, path: str, rng: random.Random) -> Mutation | None:
    if "/" not in path:
        return None
    if not path.endswith("/__init__.py"):
        gone = [name for name in (path, f"{path}i") if name in sources]  # its stub goes with it
        return Mutation("remove-module", module_name(path), (path, 1), dict.fromkeys(gone))
    if path.count("/") == 1:
        return None
    folder = path.removesuffix("__init__.py")
    return Mutation(
        "remove-module", module_name(path), (path, 1), {name: None for name in sources if name.startswith(folder)}
    )


def _conflict(sources: Sources, path: str, rng: random.Random) -> Mutation | None:
    tree = _parsed(sources[path])
    if tree is None:
        return None
    lines = sources[path].split("\n")
    found = [node for node in ast.walk(tree) if isinstance(node, ast.stmt) and _stands_alone(lines, node)]
    if not found:
        return None
    node = rng.choice(found)
    start, end = _first_line(node) - 1, node.end_lineno or node.lineno
    ours = lines[start:end]
    theirs = rng.choice([ours, [], [f"{ours[0]}  # theirs", *ours[1:]] if len(ours) == 1 else ours])
    base = rng.choice([[], ["||||||| 1a2b3c4", *ours]])
    block = ["<<<<<<< HEAD", *ours, *base, "=======", *theirs, ">>>>>>> feature"]
    return Mutation("conflict", "", (path, start + 1), {path: "\n".join([*lines[:start], *block, *lines[end:]])})


def _remove_import(sources: Sources, path: str, rng: random.Random) -> Mutation | None:
    found = _imports(sources[path])
    if not found:
        return None
    node = rng.choice(found)
    position = rng.randrange(len(node.names))
    what = node.names[position].asname or node.names[position].name
    if len(node.names) == 1 or rng.random() < 0.3:
        text = "pass"
    else:
        rest = [alias for index, alias in enumerate(node.names) if index != position]
        smaller = ast.Import(rest) if isinstance(node, ast.Import) else ast.ImportFrom(node.module, rest, node.level)
        text = ast.unparse(smaller)
    return Mutation("remove-import", what, (path, node.lineno), {path: _replaced(sources[path], node, text)})


def _close_cycle(sources: Sources, path: str, rng: random.Random) -> Mutation | None:
    """The module that is imported imports back a name that is bound only later."""
    found = [
        (node, target)
        for node in _imports(sources[path])
        if isinstance(node, ast.ImportFrom) and (target := _imported(sources, path, node)) and target != path
    ]
    if not found:
        return None
    _, target = rng.choice(found)
    later = [name for item in _definitions(sources[path], False) if (name := _bound(item))]
    tree = _parsed(sources[target])
    if not later or tree is None:
        return None
    name = rng.choice(later)
    own = module_name(path)
    line = rng.choice([f"from {own} import {name}", f"from {own} import {name} as _cyclic", f"import {own}"])
    after = 0
    for item in tree.body:
        documents = isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant)
        if not documents and not (isinstance(item, ast.ImportFrom) and item.module == "__future__"):
            break
        after = item.end_lineno or item.lineno
    lines = sources[target].split("\n")
    text = "\n".join([*lines[:after], line, *lines[after:]])
    return Mutation("close-cycle", f"{own}:{name}", (target, after + 1), {target: text})


def _swap_imports(sources: Sources, path: str, rng: random.Random) -> Mutation | None:
    tree = _parsed(sources[path])
    if tree is None:
        return None
    lines = sources[path].split("\n")
    found = [node for node in _imports(sources[path]) if node.col_offset == 0]
    if len(found) < 2:
        return None
    one, other = sorted(rng.sample(found, 2), key=lambda node: node.lineno)
    first = lines[one.lineno - 1 : one.end_lineno]
    second = lines[other.lineno - 1 : other.end_lineno]
    between = lines[one.end_lineno or 0 : other.lineno - 1]
    text = "\n".join([*lines[: one.lineno - 1], *second, *between, *first, *lines[other.end_lineno or other.lineno :]])
    return Mutation("swap-imports", "", (path, one.lineno), {path: text})


def _guard(sources: Sources, path: str, rng: random.Random) -> Mutation | None:
    """An import is guarded, and what it imports is taken away."""
    found = [
        (node, target)
        for node in _imports(sources[path])
        if isinstance(node, ast.ImportFrom) and (target := _imported(sources, path, node)) and target != path
        and node.names[0].name != "*"
    ]  # fmt: skip
    if not found:
        return None
    node, target = rng.choice(found)
    names = [alias.name for alias in node.names]
    handler = rng.choice(["ImportError", "ModuleNotFoundError", "Exception", "(ImportError, AttributeError)"])
    fallback = "pass"
    if rng.random() < 0.3:
        fallback = f"{' = '.join(alias.asname or alias.name for alias in node.names)} = None"
    lines = sources[path].split("\n")
    indent = " " * node.col_offset
    body = [f"    {line}" if line.strip() else line for line in lines[node.lineno - 1 : node.end_lineno]]
    guarded = [f"{indent}try:", *body, f"{indent}except {handler}:", f"{indent}    {fallback}"]
    text = "\n".join([*lines[: node.lineno - 1], *guarded, *lines[node.end_lineno or node.lineno :]])
    changed: dict[str, str | None] = {path: text}
    suiting = [item for item in _definitions(sources[target], False) if _bound(item) in names]
    if suiting and rng.random() < 0.6:
        other: Mutation | None = _deleted(sources, target, rng.choice(suiting))
    else:
        other = rng.choice([_remove_module, _conflict, _remove_import])(sources, target, rng)
    if other is None:
        return None
    changed.update(other.changed)
    return Mutation(f"guard+{other.kind}", f"{handler} {other.what}", other.place, changed)


_KINDS: tuple[tuple[str, float, Callable[[Sources, str, random.Random], Mutation | None]], ...] = (
    ("delete-definition", 25, _delete_definition),
    ("rename-definition", 15, _rename_definition),
    ("remove-module", 12, _remove_module),
    ("conflict", 10, _conflict),
    ("remove-import", 15, _remove_import),
    ("close-cycle", 8, _close_cycle),
    ("swap-imports", 5, _swap_imports),
    ("guard", 10, _guard),
)

"""Lists, sets and dicts: what is known to be in them, under whatever name they are changed."""

from __future__ import annotations

from merge_guard.startup.machine import Machine
from merge_guard.startup.values import UNKNOWN, Const, ContainerMethod, Dict, Mutable, Seq, Value, settled

# Methods that change nothing.
READS = frozenset(
    {"index", "count", "copy", "items", "keys", "values", "get", "union", "difference", "intersection", "issubset",
     "issuperset", "isdisjoint", "symmetric_difference", "__contains__", "__len__", "__iter__", "__getitem__", "__eq__"}
)  # fmt: skip


def make(machine: Machine, content: Value) -> Mutable:
    """A new list, set or dict."""
    made = Mutable({"content": content})
    machine.heap.born(made.cell)
    return made


def lose(machine: Machine, value: Value, depth: int = 0) -> None:
    """Unknown code may change it from now on, and what lies in it."""
    if isinstance(value, Mutable):
        content = value.content
        machine.heap.set(value.cell, "content", UNKNOWN)
        items = (
            content.items if isinstance(content, Seq) else content.items.values() if isinstance(content, Dict) else ()
        )
        if depth < 3:
            for item in items:
                lose(machine, item, depth + 1)


def store_item(machine: Machine, owner: Mutable, index: Value, value: Value) -> None:
    content = owner.content
    changed: Value = UNKNOWN
    if isinstance(content, Dict) and isinstance(index, Const):
        changed = Dict({**content.items, index.value: value})
    elif isinstance(content, Seq) and isinstance(index, Const) and isinstance(index.value, int):
        if 0 <= index.value < len(content.items):
            before, after = content.items[: index.value], content.items[index.value + 1 :]
            changed = Seq(content.kind, (*before, value, *after))
    machine.heap.set(owner.cell, "content", changed)


def delete_item(machine: Machine, owner: Mutable, index: Value) -> None:
    content = owner.content
    changed: Value = UNKNOWN
    if isinstance(content, Dict) and isinstance(index, Const):
        changed = Dict({key: value for key, value in content.items.items() if key != index.value})
    machine.heap.set(owner.cell, "content", changed)


def extend(machine: Machine, owner: Mutable, value: Value) -> None:
    """`owner += value`, and `extend`, `update` and `|=`."""
    content, more = owner.content, settled(value)
    changed: Value = UNKNOWN
    if isinstance(content, Seq) and isinstance(more, Seq):
        changed = Seq(content.kind, content.items + more.items)
    elif isinstance(content, Dict) and isinstance(more, Dict):
        changed = Dict({**content.items, **more.items})
    machine.heap.set(owner.cell, "content", changed)


def call_method(
    machine: Machine, method: ContainerMethod, args: tuple[Value, ...], keywords: dict[str, Value]
) -> Value:
    owner, name = method.owner, method.name
    content = owner.content
    if name in READS:
        return _read(machine, content, name, args)
    if name in ("extend", "update") and len(args) == 1 and not keywords:
        extend(machine, owner, args[0])
        return Const(None)
    changed: Value = UNKNOWN
    if isinstance(content, Seq) and not keywords:
        changed = _changed(content, name, args)
    elif isinstance(content, Dict) and name == "update" and not args:
        changed = Dict({**content.items, **keywords})
    elif isinstance(content, Dict) and name == "setdefault" and args and isinstance(args[0], Const):
        key = args[0].value
        if key in content.items:
            return content.items[key]
        changed = Dict({**content.items, key: args[1] if len(args) > 1 else Const(None)})
    machine.heap.set(owner.cell, "content", changed)
    if name not in ("append", "add", "insert", "clear", "sort", "reverse", "discard"):
        machine.note_may_raise("any")
        return UNKNOWN
    return Const(None)


def _changed(content: Seq, name: str, args: tuple[Value, ...]) -> Value:
    items = content.items
    if name == "clear" and not args:
        return Seq(content.kind, ())
    if name == "reverse":
        return Seq(content.kind, items[::-1])
    if name in ("append", "add") and len(args) == 1:
        return Seq(content.kind, (*items, args[0]))
    if name == "insert" and len(args) == 2 and isinstance(args[0], Const) and args[0].value == 0:
        return Seq(content.kind, (args[1], *items))
    if name in ("remove", "discard") and len(args) == 1 and isinstance(args[0], Const):
        if all(isinstance(item, Const) for item in items):
            kept = [item for item in items if not (isinstance(item, Const) and item.value == args[0].value)]
            return Seq(content.kind, tuple(kept))
    if name == "pop" and content.kind == "list" and items:
        position = args[0].value if len(args) == 1 and isinstance(args[0], Const) else None if args else -1
        if position in (0, -1):
            return Seq(content.kind, items[1:] if position == 0 else items[:-1])
    return UNKNOWN


def _read(machine: Machine, content: Value, name: str, args: tuple[Value, ...]) -> Value:
    if name == "copy" and isinstance(content, (Seq, Dict)):
        return make(machine, content)
    if isinstance(content, Dict):
        if name == "items":
            return Seq("tuple", tuple(Seq("tuple", (Const(key), value)) for key, value in content.items.items()))
        if name == "keys":
            return Seq("tuple", tuple(map(Const, content.items)))
        if name == "values":
            return Seq("tuple", tuple(content.items.values()))
        if name == "get" and args and isinstance(args[0], Const):
            return content.items.get(args[0].value, args[1] if len(args) > 1 else Const(None))
    if name == "index":
        machine.note_may_raise("any")
    return UNKNOWN

"""Calls that one side added to functions whose parameters the other side changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from merge_guard.merges.candidates import Crossing
from merge_guard.merges.modules import path_of, stem_of
from merge_guard.merges.versions import SIDES, named, other, versions_of
from merge_guard.model.definitions import CLASS, Definition
from merge_guard.model.events import Parameter
from merge_guard.model.merge import Merge
from merge_guard.model.uses import Call, Uses


@dataclass(frozen=True, slots=True)
class Mismatch:
    path: str
    call: Call
    changer: str
    callee: str
    """Path of the module that defines the function."""
    definition: Definition
    problem: str


def mismatches(merge: Merge) -> Iterator[Mismatch]:
    """Calls that could bind in the side that added them, and cannot bind what the other side made of the function."""
    for changer in SIDES:
        crossing = Crossing(merge, changer)
        changed = _changed(merge, changer, crossing.in_question_for_calls())
        callers: set[str] = set()
        for path, name in changed:
            is_inner = len(name) > 1 and name[-1] != "__init__"
            callers |= crossing.callers(path, {*name[-2:]}, set() if is_inner else {name[0]})
        yield from _broken(merge, changer, changed, sorted(callers))


def _changed(merge: Merge, changer: str, modules: Sequence[str]) -> dict[tuple[str, tuple[str, ...]], Definition]:
    """(path, name) → the definition in the result, of functions whose parameters only this side changed."""
    found = {}
    for path in modules:
        file = versions_of(merge, path)
        mine, base, its, result = file.of(changer), file.base, file.of(other(changer)), file.result
        if mine is None or base is None or its is None or result is None or not result.parses:
            continue
        before, after, kept, now = named(base), named(mine), named(its), named(result)
        for name, items in now.items():
            earlier = [known.get(name, ()) for known in (before, after, kept)]
            if len(items) != 1 or any(len(known) != 1 for known in earlier) or items[0].kind == CLASS:
                continue
            (old,), (new,), (same,) = earlier
            is_plain = all(decorator in ("staticmethod", "classmethod") for decorator in items[0].decorators)
            if old.parameters == same.parameters != new.parameters == items[0].parameters and is_plain:
                found[file.path, name] = items[0]
    return found


def _broken(
    merge: Merge, changer: str, changed: Mapping[tuple[str, tuple[str, ...]], Definition], callers: Sequence[str]
) -> Iterator[Mismatch]:
    adder = other(changer)
    modules = {path for path, _ in changed}
    for path in callers:
        blobs = merge.files[path]
        result, added = merge.uses(blobs.result), merge.uses(getattr(blobs, adder))
        if result is None or added is None or not result.parses or not added.parses:
            continue
        base = merge.uses(blobs.base)
        new = _counts(added.calls) - _counts(base.calls if base is not None else ())
        if not new:
            continue
        for call in result.calls:
            if _identity(call) not in new or call.open:
                continue
            target = _resolved(call, result, path, merge, modules)
            definition = changed.get(target) if target is not None else None
            if target is None or definition is None:
                continue
            kept = merge.version(target[0], adder)
            old = named(kept).get(target[1], ())
            problem = unbindable(call, definition, target[1])
            if problem and len(old) == 1 and not unbindable(call, old[0], target[1]):
                yield Mismatch(path, call, changer, target[0], definition, problem)


def _identity(call: Call) -> tuple[object, ...]:
    return call.callee, call.positional, call.keywords, call.open, call.scope


def _counts(calls: Sequence[Call]) -> Counter[tuple[object, ...]]:
    return Counter(map(_identity, calls))


def _resolved(
    call: Call, uses: Uses, path: str, merge: Merge, modules: Collection[str]
) -> tuple[str, tuple[str, ...]] | None:
    """(path, name) of the function that is called: one of the file, an imported one, or a method of the own class.

    Only those of the given modules are known.
    """
    first, _, rest = call.callee.partition(".")
    here = named(uses)
    if first in ("self", "cls") and rest and "." not in rest and len(call.scope) > 1:
        return _method(path, (*call.scope[:-1], rest), here)
    if any(item.bound == first and item.scope for item in uses.imports) or "." in rest:
        return None
    imported = [item for item in uses.imports if item.bound == first and not item.scope]
    if not imported:
        return _callable(path, (call.callee,), uses) if not rest else None
    if len(imported) > 1 or imported[0].guarded:
        return None
    item = imported[0]
    stem = stem_of(item, path)
    if stem is None:
        return None
    if rest:
        stem = f"{stem}/{item.name}" if item.name else stem
        if not item.name and item.bound != item.module:
            return None
    elif not item.name:
        return None
    module = path_of(stem, path, bool(item.level), merge.paths["result"])
    found = merge.version(module, "result") if module is not None and module in modules else None
    return _callable(module, (rest or item.name,), found) if module is not None and found is not None else None


def _callable(path: str, name: tuple[str, ...], uses: Uses) -> tuple[str, tuple[str, ...]] | None:
    items = named(uses).get(name, ())
    if len(items) != 1:
        return None
    if items[0].kind != CLASS:
        return path, name
    if items[0].decorators or items[0].keywords:
        return None
    return _method(path, (*name, "__init__"), named(uses))


def _method(
    path: str, name: tuple[str, ...], known: Mapping[tuple[str, ...], tuple[Definition, ...]]
) -> tuple[str, tuple[str, ...]] | None:
    return (path, name) if len(known.get(name, ())) == 1 else None


def unbindable(call: Call, definition: Definition, name: tuple[str, ...]) -> str:
    """Why CPython could not bind the call's arguments to the parameters, "" if it can."""
    parameters = list(definition.parameters)
    if len(name) > 1 and "staticmethod" not in definition.decorators and parameters:
        if parameters[0].kind in ("pos", "any"):
            parameters = parameters[1:]
    kinds = {parameter.kind for parameter in parameters}
    positional = [parameter for parameter in parameters if parameter.kind in ("pos", "any")]
    if call.positional > len(positional) and "var" not in kinds:
        return f"{call.positional} positional arguments for {len(positional)} parameters"
    filled = {parameter.name for parameter in positional[: call.positional]}
    by_name = {parameter.name for parameter in parameters if parameter.kind in ("any", "kw")}
    for keyword in call.keywords:
        if keyword in by_name and keyword not in filled:
            filled.add(keyword)
        elif "kwvar" not in kinds:
            return f"no parameter {keyword}" if keyword not in filled else f"two values for {keyword}"
    missing = _missing(parameters, filled)
    return f"no value for {', '.join(missing)}" if missing else ""


def _missing(parameters: Sequence[Parameter], filled: set[str]) -> list[str]:
    return [
        parameter.name
        for parameter in parameters
        if parameter.kind in ("pos", "any", "kw") and not parameter.default and parameter.name not in filled
    ]

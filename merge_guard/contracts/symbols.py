"""MG601: does a required symbol exist, with the parameters that callers rely on?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from merge_guard.contracts.answer import YES, Answer, Kept
from merge_guard.contracts.definitions import Definitions
from merge_guard.contracts.symbol import ClassSymbol, FunctionSymbol, Missing, ModuleSymbol, Open, Something, Symbol
from merge_guard.model import events as ev
from merge_guard.model.contract import RequiredSymbol
from merge_guard.model.finding import Place

_NAMED = ("pos", "any", "kw")
_ROLES = {"ours": "our side", "theirs": "their side"}
# Decorators that give a class an `__init__` with a parameter for each annotated name.
_FIELDS = frozenset({"dataclass"})
LineText = Callable[[str, int], str]


def judge(required: RequiredSymbol, make: Callable[[str], Definitions], line_text: LineText) -> Answer:
    """The answer for the tree; where conflicts stand on the way, what each side would give.

    `make` gives the definitions with every conflict resolved to one side.
    """
    ours = make("ours")
    answer = _judge_side(required, ours, line_text)
    if not ours.conflicted:
        return answer
    sides = {"ours": answer, "theirs": _judge_side(required, make("theirs"), line_text)}
    return Answer(Kept.NO, _of_sides(sides, min(ours.conflicted)), Place(min(ours.conflicted)))


def _of_sides(sides: Mapping[str, Answer], path: str) -> str:
    """A file with a conflict in it keeps no contract; what each side would do helps to resolve it."""
    kept = [role for role, answer in sides.items() if answer.kept is Kept.YES]
    if len(kept) == len(sides):
        return f"an unresolved conflict in {path}; either side would keep it"
    words = [f"{_ROLES[role]} would keep it" for role in kept]
    words += [f"{_ROLES[role]}: {answer.problem}" for role, answer in sides.items() if role not in kept]
    return f"an unresolved conflict in {path}; {'; '.join(words)}"


def _judge_side(required: RequiredSymbol, definitions: Definitions, line_text: LineText) -> Answer:
    found: tuple[Symbol, ...] = (definitions.module(required.module),)
    for name in required.names:
        found = tuple(
            _field(owner, name, symbol, line_text) for owner in found for symbol in definitions.member(owner, name)
        )
    answers = [_answer(symbol, required, definitions, line_text) for symbol in found]
    for answer in answers:
        if all(other.kept is answer.kept for other in answers):
            return answer
    unknown = next((answer for answer in answers if answer.kept is Kept.UNKNOWN), None)
    lacking = next((answer for answer in answers if answer.kept is Kept.NO), None)
    return unknown or Answer(Kept.UNKNOWN, f"on some paths only: {lacking.problem if lacking else ''}")


def _answer(symbol: Symbol, required: RequiredSymbol, definitions: Definitions, line_text: LineText) -> Answer:
    if isinstance(symbol, Missing):
        return Answer(Kept.NO, symbol.what, symbol.place)
    if isinstance(symbol, Open):
        return Answer(Kept.UNKNOWN, symbol.reason)
    if isinstance(symbol, ModuleSymbol) and symbol.events is None and symbol.path:
        return Answer(Kept.NO, f"{symbol.path} does not compile: {symbol.problem}", symbol.place)
    if required.parameters is None:
        return YES
    if isinstance(symbol, FunctionSymbol):
        return _with_parameters(symbol.node.parameters, symbol.node.name, symbol.place, required.parameters)
    if isinstance(symbol, ClassSymbol):
        return _of_constructor(symbol, required, definitions, line_text)
    return Answer(Kept.UNKNOWN, "what it is called with is not known")


def _with_parameters(parameters: tuple[ev.Parameter, ...], name: str, place: Place, wanted: tuple[str, ...]) -> Answer:
    """By name: what `*args` and `**kwargs` take is not in the signature."""
    named = {parameter.name for parameter in parameters if parameter.kind in _NAMED}
    lacking = [parameter for parameter in wanted if parameter not in named]
    return _lacks(name, lacking, place) if lacking else YES


def _lacks(name: str, lacking: list[str], place: Place) -> Answer:
    word = "parameter" if len(lacking) == 1 else "parameters"
    return Answer(Kept.NO, f"{name!r} has no {word} {', '.join(map(repr, lacking))}", place)


def _of_constructor(
    cls: ClassSymbol, required: RequiredSymbol, definitions: Definitions, line_text: LineText
) -> Answer:
    """`Class(parameter)` asks `__init__`, else `__new__`, else the fields of a dataclass."""
    wanted = required.parameters or ()
    fields: list[str] = []
    for base in definitions.lineage(cls):
        if not isinstance(base, ClassSymbol):
            return Answer(Kept.UNKNOWN, base.reason if isinstance(base, Open) else "a base is not known")
        for constructor in ("__init__", "__new__"):
            own = [node for node in base.node.body if isinstance(node, ev.FunctionDef) and node.name == constructor]
            if own and not fields:
                place = Place(base.module.path, own[-1].line, own[-1].column)
                return _with_parameters(own[-1].parameters, cls.node.name, place, wanted)
        decorators = {_last(decorator) for decorator in base.node.decorators}
        if decorators - _FIELDS or any(key == "metaclass" for key, _ in base.node.keywords):
            return Answer(Kept.UNKNOWN, f"a decorator or metaclass of {base.node.name} may make its constructor")
        if decorators:
            fields += _annotated(base, line_text)
    lacking = [name for name in wanted if name not in fields]
    return _lacks(cls.node.name, lacking, cls.place) if lacking else YES


def _last(node: ev.Expr) -> str:
    node = node.func if isinstance(node, ev.Call) else node
    return node.attr if isinstance(node, ev.Attribute) else node.id if isinstance(node, ev.Name) else ""


def _annotated(cls: ClassSymbol, line_text: LineText) -> list[str]:
    """Names annotated in the class body, from its lines: events keep what an annotation evaluates, not its target."""
    names: list[str] = []
    depth: int | None = None
    for number in range(cls.node.line + 1, cls.node.end_line + 1):
        text = line_text(cls.module.path, number)
        match = re.match(r"([ \t]*)([^\W\d]\w*)[ \t]*:(?!=)", text)
        if text.strip() and depth is None:
            depth = len(text) - len(text.lstrip())
        if match and len(match[1]) == depth:
            names.append(match[2])
    return [name for name in names if name not in ("else", "try", "finally")]


def _field(owner: Symbol, name: str, symbol: Symbol, line_text: LineText) -> Symbol:
    """An annotated name of a class is a symbol of it too, though it may have no value before there is an instance."""
    if isinstance(symbol, Missing) and isinstance(owner, ClassSymbol) and name in _annotated(owner, line_text):
        return Something(owner.place)
    return symbol

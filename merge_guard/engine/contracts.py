"""Every contract of every service, judged over the facts and the outcomes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Union

from merge_guard.engine.stated import stated
from merge_guard.model.config import Config, Service
from merge_guard.model.contract import Breach, ContractKind, Undecided, required_route, required_symbol
from merge_guard.model.facts import FileFacts
from merge_guard.model.finding import HopKind, Place
from merge_guard.model.outcome import EntryPoint, Outcome
from merge_guard.startup.resolve import SourceTree

if TYPE_CHECKING:
    from merge_guard.contracts.definitions import Definitions

Verdict = Union[Breach, Undecided]


@dataclass(frozen=True, slots=True)
class Ground:
    """What contracts are judged on. `roots` are the source roots of the whole project."""

    config: Config
    tree: SourceTree
    facts: Callable[[str], FileFacts | None]
    outcomes: Sequence[Outcome]
    roots: tuple[str, ...]
    line_text: Callable[[str, int], str]
    has_file: Callable[[str], bool]


def verdicts(ground: Ground) -> tuple[tuple[Breach, ...], tuple[Undecided, ...]]:
    """Contracts that are broken, and those of which it cannot be said; kept ones are in neither."""
    found: list[Verdict] = []
    for service in ground.config.services.values():
        outcomes = [outcome for outcome in ground.outcomes if _is_of(outcome, service)]
        found += _symbols(ground, service)
        if service.isolated_from or service.routes:
            if outcomes:
                found += _routes(ground, service, outcomes)
                found += _isolation(ground, service, outcomes)
            else:
                contracts = (*service.routes, *service.isolated_from)
                reason = "no start-up of this service was judged"
                found += [Undecided(service.name, contract, reason) for contract in contracts]
    return (
        tuple(verdict for verdict in found if isinstance(verdict, Breach)),
        tuple(verdict for verdict in found if isinstance(verdict, Undecided)),
    )


def notice(undecided: Undecided) -> str:
    return f"contract of service {undecided.service} not decided: {undecided.contract}: {undecided.reason}"


def _is_of(outcome: Outcome, service: Service) -> bool:
    return _starts(outcome.entry, service)


def _starts(entry: EntryPoint, service: Service) -> bool:
    return entry.service == service.name or entry.name in service.entry


def _symbols(ground: Ground, service: Service) -> Iterator[Verdict]:
    from merge_guard.contracts import symbols
    from merge_guard.contracts.answer import Kept
    from merge_guard.contracts.definitions import Definitions

    search_path = tuple(dict.fromkeys([*service.source_roots, *ground.roots, ""]))

    def make(side: str) -> Definitions:
        return Definitions(ground.tree, ground.facts, search_path, side)

    for text in service.requires:
        answer = symbols.judge(required_symbol(text), make, ground.line_text)
        if answer.kept is Kept.UNKNOWN:
            yield Undecided(service.name, text, answer.problem)
        elif answer.kept is Kept.NO:
            place = answer.place or _stated(ground, text)
            yield Breach(ContractKind.SYMBOL, service.name, text, answer.problem, place)


def _isolation(ground: Ground, service: Service, outcomes: Sequence[Outcome]) -> Iterator[Verdict]:
    from merge_guard.contracts.isolation import intrusion

    for forbidden in service.isolated_from:
        if not _exists(ground, service, forbidden):
            yield Undecided(service.name, forbidden, "the tree has no module of that name")
        for outcome in outcomes:
            found = intrusion(outcome, forbidden)
            if found is None:
                continue
            last = found.chain[-2] if len(found.chain) > 1 else None
            place = Place(last.path, last.line) if last else _stated(ground, forbidden)
            verb = "loads" if found.certain else "may load"
            more = f" and {found.more} more of it" if found.more else ""
            chain = found.chain if last and last.kind is not HopKind.CAUSE else ()
            problem = f"starting {outcome.entry.name} {verb} {found.module}{more}"
            yield Breach(
                ContractKind.ISOLATION, service.name, forbidden, problem, place, found.certain, chain,
                (outcome.entry.name,),
            )  # fmt: skip


def serves(entry: EntryPoint, config: Config) -> bool:
    """Whether a contract asks for the routes of an entry point."""
    return any(service.routes and _starts(entry, service) for service in config.services.values())


def _routes(ground: Ground, service: Service, outcomes: Sequence[Outcome]) -> Iterator[Verdict]:
    """A route has to be served by one of the service's entry points: others may be its workers."""
    if not service.routes:
        return
    from merge_guard.contracts import composer, routes
    from merge_guard.contracts.answer import Kept

    tables = [(outcome, outcome.registrations) for outcome in outcomes if outcome.registrations is not None]
    offers = [(o, r, composer.table(r)) for o, r in tables if r.applications]
    names = tuple(outcome.entry.name for outcome in outcomes)
    for text in service.routes:
        required = required_route(text)
        answers = [routes.judge(required, table, registrations.sure) for _, registrations, table in offers]
        if any(answer.kept is Kept.YES for answer in answers):
            continue
        open_one = next((answer for answer in answers if answer.kept is Kept.UNKNOWN), None)
        if open_one is not None:
            yield Undecided(service.name, text, open_one.problem)
        elif not answers:
            yield Undecided(service.name, text, "the start-up makes no application that is known")
        elif any(outcome.failures or outcome.unjudged for outcome, _, _ in offers):
            yield Undecided(service.name, text, "the start-up fails, or is not judged, before that can be said")
        else:
            place = _stated(ground, text)
            yield Breach(
                ContractKind.ROUTE, service.name, text, answers[0].problem, place, entry_points=names
            )  # fmt: skip


def _exists(ground: Ground, service: Service, dotted: str) -> bool:
    search = tuple(dict.fromkeys([*service.source_roots, *ground.roots, ""]))
    for part in dotted.split("."):
        found = ground.tree.find(search, part) if search else None
        if found is None:
            return False
        if not found.search and not found.path:
            return True
        search = found.search
    return True


def _stated(ground: Ground, contract: str) -> Place:
    return stated(contract, ground.config.origin, ground.line_text, ground.has_file)

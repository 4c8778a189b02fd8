"""A first configuration, found from the repository, as text that says what speaks for each line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from merge_guard import wiring
from merge_guard.config import NAMES
from merge_guard.config.document import toml_text
from merge_guard.errors import UsageError
from merge_guard.model.definitions import ClassReader, Definitions, Spans
from merge_guard.model.project import Project
from merge_guard.model.report import Report
from merge_guard.model.request import Request
from merge_guard.ssot.modules import Modules
from merge_guard.ssot.proposals import Proposal, proposals
from merge_guard.ssot.standing import Standing
from merge_guard.startup.resolve import SourceTree

FILE = "merge-guard.toml"
_MOST_ENTRIES = 30
_MOST_SHOWN = 6


def propose(request: Request) -> tuple[str, str]:
    """(the text of a `merge-guard.toml`, the root that it is for)."""
    report, project = wiring.judged(replace(request, select=("MG1", "MG2", "MG3")))
    tree = SourceTree(project.snapshot.files, project.snapshot.reader.link)
    groups = proposals(
        project.facts,
        Modules(tree, project.facts.get, project.roots),
        Standing(project.config),
        project.content,
        _definitions(project),
    )
    return "".join(f"{line}\n" for line in _lines(report, project, groups)), report.root


def _definitions(project: Project) -> ClassReader:
    def definitions(spans: Spans) -> Mapping[str, Definitions]:
        project.fetch_definitions(spans)
        return {path: project.definitions(path) for path in spans}

    return definitions


def write(text: str, root: str, request: Request) -> str:
    """Write the file; raises `UsageError` where a configuration exists. The sentence says what was done."""
    from merge_guard.sources.writing import replace_file

    origin = wiring.effective_config(request).origin
    if origin:
        raise UsageError(f"{origin} configures merge-guard already: nothing written")
    if wiring.read_text(request, FILE) is not None:
        raise UsageError(f"{FILE} exists: nothing written")
    replace_file(root, FILE, text.encode("utf-8"), None)
    return f"{FILE}: written"


def _lines(report: Report, project: Project, groups: tuple[Proposal, ...]) -> Iterator[str]:
    yield f"# Proposed by `merge-guard init`. It may also stand in {NAMES[1]}, under [tool.merge-guard]."
    yield ""
    target = report.target
    known = target.origin != "this interpreter"
    yield f"# The Python that the deploy runs; found: {_plain(target.origin)}."
    yield f"{'' if known else '# '}target-python = {toml_text(target.python)}"
    yield ""
    roots = ", ".join(toml_text(root or ".") for root in project.roots)
    yield "# Folders on sys.path, as they were found; naming them fixes the list."
    yield f"# source-roots = [{roots}]"
    yield ""
    yield from _entries(report)
    yield ""
    if not groups:
        yield "# No classes were found that seem to exist several times by mistake."
        return
    yield "# Classes that exist several times, most conspicuous first. Where one is meant to be the only one, take the"
    yield "# `#:` away and correct what is canonical: the others are then errors until they have another role."
    for proposal in groups:
        yield ""
        yield from _group(proposal)


def _entries(report: Report) -> Iterator[str]:
    if not report.entry_points:
        yield "# No entry point was found: name what the deploy starts."
        yield '# entry = ["pkg.main:app"]'
        return
    yield f"# Entry points that were found ({len(report.entry_points)}); naming some here replaces them all."
    for entry in report.entry_points[:_MOST_ENTRIES]:
        yield f"#   {_plain(entry.name)}: {entry.status.value} ({_plain(entry.origin)})"
    if len(report.entry_points) > _MOST_ENTRIES:
        yield f"#   and {len(report.entry_points) - _MOST_ENTRIES} more"
    yield f"# entry = [{', '.join(toml_text(entry.name) for entry in report.entry_points[:_MOST_ENTRIES])}]"


def _group(proposal: Proposal) -> Iterator[str]:
    evidence = [f"{len(proposal.classes)} classes are called {proposal.name}"]
    if proposal.copies:
        evidence.append(f"{proposal.copies} {'is' if proposal.copies == 1 else 'are'} (nearly) a copy of another")
    if proposal.family > len(proposal.classes):
        evidence.append(f"{proposal.family} match the pattern")
    yield f"# {'; '.join(evidence)}:"
    for item in proposal.classes[:_MOST_SHOWN]:
        yield f"#   {_plain(item.path)}:{item.line}, imported by {item.importers}"
    if len(proposal.classes) > _MOST_SHOWN:
        yield f"#   and {len(proposal.classes) - _MOST_SHOWN} more"
    yield f"#: [ssot.{proposal.title}]"
    yield f"#: match = [{toml_text(proposal.pattern)}]"
    yield f"#: names = [{toml_text(proposal.name)}]"
    yield f"#: canonical = {toml_text(proposal.classes[0].symbol)}"


def _plain(text: str) -> str:
    """For a comment: on one line, with nothing invisible."""
    from merge_guard.reporters.sanitise import visible

    return visible(text)

"""All that a judgement is made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from merge_guard.deploy.roots import ProjectDirectory
from merge_guard.engine import selection
from merge_guard.model.baseline import Baseline
from merge_guard.model.config import Config
from merge_guard.model.facts import FileFacts
from merge_guard.model.ports import Compiler, Extractor, MapFn
from merge_guard.model.report import Target
from merge_guard.model.request import Request
from merge_guard.model.rule import Rule
from merge_guard.model.source import Snapshot

if TYPE_CHECKING:
    from merge_guard.deploy.images import ServiceImage
    from merge_guard.engine.kept_runs import KeptRuns
    from merge_guard.model.merge import Merge

Focus = Callable[[Mapping[str, FileFacts]], "frozenset[str] | None"]
"""The facts of all files to the paths that matter; None for all of them."""


def everything(facts: Mapping[str, FileFacts]) -> frozenset[str] | None:
    return None


@dataclass(frozen=True, slots=True)
class Given:
    """All that a judgement is made from. `rules` are the selected ones, `defaults` every code's default severity."""

    snapshot: Snapshot
    config: Config
    request: Request
    projects: tuple[ProjectDirectory, ...]
    target: Target
    extractor: Extractor
    compiler: Compiler
    spread: MapFn
    rules: tuple[Rule, ...]
    chosen: selection.Selection
    root: str = ""
    baseline: Baseline | None = None
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Old path → new path, in the judged change."""
    trusted: Callable[[str], bytes | None] | None = None
    """Files of the revision whose suppressions alone count; None where the judged ones do."""
    images: tuple[ServiceImage, ...] = ()
    merge: Merge | None = None
    """The merge that made the snapshot, for the rules about merges."""
    kept: KeptRuns | None = None
    """Simulations of earlier runs."""
    focus: Focus = everything
    """The files that are asked about: what is judged file by file is judged of these alone. Start-ups are judged."""

"""What a surface asks for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Mode(Enum):
    WORK_TREE = "work-tree"
    STAGED = "staged"
    REVISION = "revision"


@dataclass(frozen=True, slots=True)
class Request:
    """One judgement to make. `start` is any directory (or file) in the tree; the root is found from it.

    `paths` narrow what is listed, never what is analysed. `entry` replaces the discovered entry points. `config` holds
    configuration files or KEY=VALUE overrides, later ones winning. `select` and its kin hold code prefixes; None and
    empty leave the configuration as it is. `jobs` 0 means one a processor. `text_only` runs the text rules alone, on
    `paths`. `baselined` False passes the baseline over, as `isolated` does the configuration and the baseline.
    `inventory` is about the groups of classes alone: nothing is started.
    `service` leaves the entry points of one service. `changed_since` makes the judgement one of a change, and
    `policy_from` takes configuration and suppressions from another revision; "" is neither.
    """

    start: str = "."
    mode: Mode = Mode.WORK_TREE
    revision: str = ""
    paths: tuple[str, ...] = ()
    entry: tuple[str, ...] = ()
    config: tuple[str, ...] = ()
    isolated: bool = False
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    per_file_ignores: tuple[str, ...] = ()
    target_python: str | None = None
    jobs: int = 0
    text_only: bool = False
    inventory: bool = False
    baselined: bool = True
    service: str = ""
    changed_since: str = ""
    policy_from: str = ""
    cache_dir: str | None = None
    """Where facts are kept between runs; None: nowhere."""

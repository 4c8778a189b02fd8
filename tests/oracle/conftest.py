"""One run of each real interpreter for the whole table, and one judgement of each case and version."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from oracle.comparison import disagreements
from oracle.interpreters import RUNNING, start_all
from oracle.table import CASES
from oracle.tree import Case, Version

from merge_guard.model.request import Request
from merge_guard.wiring import judged


@pytest.fixture(scope="session")
def roots(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Case id → a folder with `tree`, which is judged, and `outside`, which is not."""
    top = os.path.realpath(tmp_path_factory.mktemp("oracle"))
    made = {}
    for number, case in enumerate(CASES):
        made[case.id] = os.path.join(top, str(number))
        for folder, files in (("tree", case.files), ("outside", case.outside)):
            for name, data in files.items():
                path = Path(made[case.id], folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
    return made


@pytest.fixture(scope="session")
def real(roots: dict[str, str]) -> Callable[[Version], dict[str, dict[str, Any] | None]]:
    """For a version: case id → what its interpreter did."""

    @cache
    def answers(version: Version) -> dict[str, dict[str, Any] | None]:
        about = [case for case in CASES if case.is_about(version, RUNNING)]
        return dict(
            zip([case.id for case in about], start_all(version, [_run(case, roots[case.id]) for case in about]))
        )

    return answers


def _run(case: Case, folder: str) -> dict[str, Any]:
    """The interpreter's search path is the entry's, as SURFACES defines it: script folder, `src`, the root."""
    tree = os.path.join(folder, "tree")
    path = [tree, os.path.join(folder, "outside")]
    if any(name.startswith("src/") for name in case.files) and "src/__init__.py" not in case.files:
        path.insert(0, os.path.join(tree, "src"))
    kind, module, attr = "import", *case.entry.partition(":")[::2]
    if case.entry.startswith("-m:"):
        kind, module, attr = "module", case.entry[3:], ""
    elif case.entry.endswith(".py"):
        kind, module, attr = "script", case.entry, ""
        path.insert(0, os.path.dirname(os.path.join(tree, case.entry)))
    return {"root": tree, "kind": kind, "module": module, "attr": attr, "path": list(dict.fromkeys(path))}


@pytest.fixture(scope="session")
def differ(
    roots: dict[str, str], real: Callable[[Version], dict[str, dict[str, Any] | None]]
) -> Callable[[Version, Case], list[str]]:
    """What the simulation and the version's interpreter disagree on, judged once."""

    @cache
    def compare(version: Version, name: str) -> list[str]:
        case = next(case for case in CASES if case.id == name)
        request = Request(
            start=os.path.join(roots[name], "tree"),
            entry=(case.entry,),
            config=(f"target-platform={sys.platform}",),
            isolated=True,
            target_python=f"{version[0]}.{version[1]}",
            jobs=1,
        )
        report, project = judged(request)
        return disagreements(case, real(version)[name], report, project.outcomes[0])

    return lambda version, case: compare(version, case.id)

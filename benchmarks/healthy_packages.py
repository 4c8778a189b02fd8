#!/usr/bin/env python3
"""False alarms on healthy packages: `import package`, judged over everything that is installed together.

    python benchmarks/healthy_packages.py                        the packages of the mutation oracle and what they need
    python benchmarks/healthy_packages.py --site-packages DIR --python PYTHON     an environment of your own

A package counts if CPython imports it. Its dependencies lie beside it, and count as first-party code as well: the
start-up closure crosses packages. Every error that the tool has for such a start-up is a false alarm, and printed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parent))
import mutation_oracle
from oracle.mutation.judged import JudgedPackage

from merge_guard.model.outcome import Outcome
from merge_guard.model.report import EntryStatus

_LEFT_OUT = {"__pycache__", "bin", "pip", "setuptools", "pkg_resources", "_distutils_hack"}
_CHILD = """
import json, sys
sys.stdout = sys.stderr = open("/dev/null", "w")
__import__(sys.argv[1])
"""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "merge-guard-mutation")
    parser.add_argument("--site-packages", type=Path)
    parser.add_argument("--python")
    options = parser.parse_args(arguments)
    if options.site_packages:
        python, site_packages = options.python or sys.executable, options.site_packages
    else:
        python, site_packages = mutation_oracle.environment(
            options.work / "environment", list(mutation_oracle.PACKAGES)
        )
    judged = JudgedPackage(site_packages)
    packages = modules = unjudged = 0
    alarms: list[str] = []
    for name in _top_levels(site_packages):
        done = subprocess.run([python, "-I", "-W", "ignore", "-c", _CHILD, name], check=False, timeout=120)
        if done.returncode:
            print(f"{name}: CPython does not import it; left out")
            continue
        outcome = judged.healthy([name])[name]
        packages += 1
        modules += len(outcome.loaded)
        unjudged += outcome.status is EntryStatus.UNKNOWN
        alarms += _worded(name, outcome)
    for alarm in alarms:
        print(alarm)
    print(
        f"{packages} packages, {modules} modules in their start-up closures, {unjudged} packages not judged,"
        f" {len(alarms)} false errors: {1000 * len(alarms) / (modules or 1):.2f} in 1,000 modules"
    )
    print(json.dumps({"packages": packages, "modules": modules, "false_errors": len(alarms)}))
    return 0


def _top_levels(site_packages: Path) -> list[str]:
    """Importable names at the top, without type stubs and what belongs to installing."""
    found = {path.parent.name for path in site_packages.glob("*/__init__.py")}
    found |= {path.stem for path in site_packages.glob("*.py")}
    return sorted(name for name in found - _LEFT_OUT if name.isidentifier())


def _worded(name: str, outcome: Outcome) -> list[str]:
    lines = []
    for failure in outcome.failures:
        place = f"{failure.place.path}:{failure.place.line}"
        lines.append(f"import {name}: {failure.cause.value} {failure.subject!r} of {failure.source!r} at {place}")
    return lines


if __name__ == "__main__":
    sys.exit(main())

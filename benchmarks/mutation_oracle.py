#!/usr/bin/env python3
"""Real packages, mutated; for each mutation CPython and merge_guard say which modules still import, and why not.

    python benchmarks/mutation_oracle.py                        all packages, 60 mutations each, results in --work
    python benchmarks/mutation_oracle.py --packages flask rich  some of them
    python benchmarks/mutation_oracle.py --mutations 200        more of each; what was done before is not done again
    python benchmarks/mutation_oracle.py --summary              only the table of what was done

The packages are installed from PyPI, in the versions below, into an environment of their own below --work. Nothing but
this script, `tests/oracle` and merge_guard itself is needed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from oracle.mutation.campaign import Campaign, as_record

# Requirement → the top-level packages that are mutated together.
PACKAGES: dict[str, tuple[str, ...]] = {
    "flask==3.1.3": ("flask",),
    "werkzeug==3.1.9": ("werkzeug",),
    "jinja2==3.1.6": ("jinja2",),
    "click==8.5.1": ("click",),
    "requests==2.34.2": ("requests",),
    "urllib3==2.8.0": ("urllib3",),
    "httpx==0.28.1": ("httpx",),
    "aiohttp==3.14.5": ("aiohttp",),
    "sqlalchemy==2.1.9": ("sqlalchemy",),
    "django==5.2.19": ("django",),
    "pydantic==2.14.4": ("pydantic",),
    "attrs==26.1.0": ("attr", "attrs"),
    "rich==15.0.0": ("rich",),
    "fastapi==0.165.0": ("fastapi",),
    "starlette==1.10.0": ("starlette",),
    "celery==5.7.0": ("celery",),
    "kombu==5.7.0": ("kombu",),
    "networkx==3.6.1": ("networkx",),
    "sympy==1.14.0": ("sympy",),
    "sphinx==9.0.4": ("sphinx",),
    "docutils==0.22.4": ("docutils",),
    "pygments==2.21.0": ("pygments",),
    "babel==2.18.0": ("babel",),
    "marshmallow==4.4.0": ("marshmallow",),
    "boltons==26.2.0": ("boltons",),
    "twisted==26.10.0": ("twisted",),
    "scrapy==2.19.0": ("scrapy",),
    "tornado==6.6.1": ("tornado",),
    "dask==2026.8.0": ("dask",),
    "jsonschema==4.26.0": ("jsonschema",),
    "pytest==9.2.0": ("_pytest", "pytest"),
    "hypothesis==6.170.17": ("hypothesis",),
    "packaging==26.4": ("packaging",),
    "flake8==7.5.0": ("flake8",),
    "mako==1.4.3": ("mako",),
    "markdown==3.11.3": ("markdown",),
    "mistune==3.4.0": ("mistune",),
    "beautifulsoup4==4.15.0": ("bs4",),
    "parso==0.8.7": ("parso",),
    "jedi==0.20.1": ("jedi",),
    "prompt_toolkit==3.0.53": ("prompt_toolkit",),
    "ipython==9.18.1": ("IPython",),
    "traitlets==5.16.1": ("traitlets",),
    "trio==0.35.0": ("trio",),
    "anyio==4.16.0": ("anyio",),
    "gunicorn==27.0.1": ("gunicorn",),
    "uvicorn==0.54.0": ("uvicorn",),
    "paramiko==5.1.0": ("paramiko",),
    "invoke==3.0.3": ("invoke",),
    "arrow==1.4.0": ("arrow",),
    "redis==8.1.0": ("redis",),
    "peewee==4.5.3": ("peewee", "playhouse"),
    "alembic==1.20.1": ("alembic",),
    "wtforms==3.3.2": ("wtforms",),
    "typer==0.29.2": ("typer",),
    "textual==8.2.8": ("textual",),
    "graphql-core==3.3.2": ("graphql",),
    "pyramid==2.1": ("pyramid",),
    "cherrypy==18.10.0": ("cherrypy",),
    "botocore==1.44.8": ("botocore",),
    "passlib==1.7.4": ("passlib",),
    "nbformat==5.11.1": ("nbformat",),
    "jupyter_client==8.10.0": ("jupyter_client",),
}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "merge-guard-mutation")
    parser.add_argument("--packages", nargs="+", default=[], help="names of some of the packages")
    parser.add_argument("--mutations", type=int, default=60, help="how many of each package")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--summary", action="store_true")
    options = parser.parse_args(arguments)
    chosen = {
        requirement: tops
        for requirement, tops in PACKAGES.items()
        if not options.packages or requirement.partition("==")[0] in options.packages
    }
    results = options.work / f"results-{options.seed}"
    results.mkdir(parents=True, exist_ok=True)
    if not options.summary:
        python, site_packages = environment(options.work / "environment", list(PACKAGES))
        for requirement, tops in chosen.items():
            _run(python, site_packages, requirement, tops, results, options)
    _summarise(results, chosen)
    return 0


def environment(folder: Path, requirements: Sequence[str]) -> tuple[str, Path]:
    """(interpreter, its site-packages) with the requirements installed."""
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    listing = folder / "requirements.txt"
    wanted = "\n".join(requirements)
    if not listing.exists() or listing.read_text() != wanted:
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *requirements], check=True)
        listing.write_text(wanted)
    [site_packages] = folder.glob("lib/python*/site-packages")
    return str(python), site_packages


def _run(
    python: str,
    site_packages: Path,
    requirement: str,
    tops: Sequence[str],
    results: Path,
    options: argparse.Namespace,
) -> None:
    path = results / f"{requirement}.jsonl"
    done = {json.loads(line)["number"] for line in path.read_text().splitlines()} if path.exists() else set()
    todo = [number for number in range(options.mutations) if number not in done]
    if not todo:
        return
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch, path.open("a") as stream:
        campaign = Campaign(python, site_packages, tops, Path(scratch), f"{options.seed} {tops[0]}")
        try:
            for judged in campaign.run(todo):
                stream.write(json.dumps(as_record(judged)) + "\n")
                stream.flush()
        finally:
            campaign.close()
    print(f"{requirement}: {len(todo)} mutations in {time.perf_counter() - started:.0f} s", flush=True)


def _records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def _figures(records: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Over the modules of all samples; of a dynamic mutation only the false alarms count."""
    total: Counter[str] = Counter()
    for record in records:
        total["mutations"] += 1
        total["breaking"] += bool(record["both"] or record["missed"])
        total["dynamic"] += record["dynamic"]
        total["exact"] += record["dynamic"] or not (record["missed"] or record["false_alarms"])
        total["false_alarms"] += record["false_alarms"]
        if not record["dynamic"]:
            for name in ("both", "missed", "wrong_cause"):
                total[name] += record[name]
        total["modules"] += record["both"] + record["false_alarms"] + record["missed"] + record["neither"]
    both = total["both"]
    return {
        **total,
        "precision": _share(both, total["false_alarms"]),
        "recall": _share(both, total["missed"]),
        "cause": _share(both - total["wrong_cause"], total["wrong_cause"]),
    }


def _share(right: int, wrong: int) -> float:
    return right / (right + wrong) if right + wrong else 1.0


_COLUMNS = ("mutations", "breaking", "dynamic", "exact", "modules", "both", "false_alarms", "missed", "wrong_cause")


def _summarise(results: Path, chosen: dict[str, tuple[str, ...]]) -> None:
    every: list[dict[str, Any]] = []
    print(f"Python {platform.python_version()}, {os.uname().machine}")
    print(f"{'':28}" + "".join(f"{name.replace('_', ' '):>13}" for name in (*_COLUMNS, "precision", "recall", "cause")))
    for requirement in chosen:
        records = _records(results / f"{requirement}.jsonl")
        if records:
            every += records
            _print_line(requirement, records)
    for kind in sorted({record["kind"] for record in every}):
        _print_line(kind, [record for record in every if record["kind"] == kind])
    if every:
        _print_line("all", every)
    summary = {"python": platform.python_version(), **_figures(every)}
    (results / "summary.json").write_text(json.dumps(summary, indent=2) + "\n")


def _print_line(name: str, records: Sequence[dict[str, Any]]) -> None:
    figures = _figures(records)
    shares = "".join(f"{figures[name]:>13.4f}" for name in ("precision", "recall", "cause"))
    print(f"{name:28}" + "".join(f"{figures[column]:>13.0f}" for column in _COLUMNS) + shares)


if __name__ == "__main__":
    sys.exit(main())

"""What Django, Celery, uvicorn, gunicorn and Flask load at start-up: the table, the tool, and the real ones."""

from __future__ import annotations

import json
import os
import subprocess
import venv
from pathlib import Path

import pytest
from startup.framework_cases import CASES, Case

from merge_guard.deploy.start import Run
from merge_guard.facts.extract import extract, extract_bodies
from merge_guard.model.finding import Place
from merge_guard.model.outcome import EntryKind, EntryPoint, Outcome
from merge_guard.model.source import SourceFile
from merge_guard.startup.frames import Terms
from merge_guard.startup.resolve import SourceTree
from merge_guard.startup.simulate import simulate

PACKAGES = ("django>=5,<6", "celery>=5.4,<6", "uvicorn>=0.30,<1", "gunicorn>=22", "flask>=3,<4")


def entry_of(case: Case) -> EntryPoint:
    declared = Place("Procfile", 1)
    if case.via == "manage":
        return EntryPoint(case.target, EntryKind.SCRIPT, case.target, "", "", declared, settings=case.settings)
    run = Run(case.via, (), {"DJANGO_SETTINGS_MODULE": case.settings}, "")
    (start,) = run.imports(case.target, "", call=case.via != "celery")
    return start.entry(("",), "", declared)


def started(case: Case) -> Outcome:
    facts = {path: extract(source.encode(), "python") for path, source in case.files.items()}

    def bodies(path: str) -> dict[tuple[int, int], object]:
        return {(body.line, body.column): body for body in extract_bodies(case.files[path].encode(), True).functions}

    tree = SourceTree(SourceFile(path) for path in case.files)
    terms = Terms((3, 11), (3, 11), "linux")
    return simulate(entry_of(case), tree, terms, facts.get, bodies)  # type: ignore[arg-type]


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in CASES])
def test_the_tool(case: Case) -> None:
    outcome = started(case)
    failures = [(failure.subject, f"{failure.place.path}:{failure.place.line}") for failure in outcome.failures]
    assert failures == ([(case.fails, case.at)] if case.fails else [])
    if not case.fails:
        assert outcome.loaded.keys() - {"__main__"} == set(case.loads.split())
        assert not outcome.possible


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter with the frameworks."""
    folder = tmp_path_factory.mktemp("frameworks")
    venv.create(folder, with_pip=True)
    program = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    subprocess.run([program, "-m", "pip", "install", "-q", *PACKAGES], check=True)
    return program


@pytest.mark.slow
@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in CASES])
def test_the_real_ones(case: Case, python: Path, tmp_path: Path) -> None:
    for path, text in case.files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "DJANGO"))}
    if case.settings:
        environment["DJANGO_SETTINGS_MODULE"] = case.settings
    child = Path(__file__).with_name("framework_child.py")
    ran = subprocess.run(
        [python, "-B", child, case.via, case.target], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert ran.stdout, ran.stderr
    told = json.loads(ran.stdout)
    assert bool(told["error"]) == bool(case.fails), told["error"]
    if case.fails:
        assert set(told["modules"]) <= started(case).loaded.keys()
    else:
        assert told["modules"] == sorted(case.loads.split())

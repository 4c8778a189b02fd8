"""Required routes: what start-up registers, in the words of the frameworks, and what nobody can say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from merge_guard.contracts import composer, routes
from merge_guard.contracts.answer import Kept
from merge_guard.facts.extract import extract, extract_bodies
from merge_guard.model.contract import required_route
from merge_guard.model.outcome import EntryKind, EntryPoint
from merge_guard.model.registration import Registrations
from merge_guard.model.source import SourceFile
from merge_guard.startup.frames import Terms
from merge_guard.startup.resolve import SourceTree
from merge_guard.startup.simulate import simulate
from tests.contracts.route_cases import CASES, FAST, FLASK, Case
from tests.functional.command import environment, findings, report, run, write

YES, NO, UNKNOWN = Kept.YES, Kept.NO, Kept.UNKNOWN
REAL = Path(__file__).with_name("real_routes.py")


def registered(files: dict[str, str], entry: str = "main:app") -> Registrations:
    module, _, attr = entry.partition(":")

    def bodies(path: str) -> dict[tuple[int, int], object]:
        return {(body.line, body.column): body for body in extract_bodies(files[path].encode(), True).functions}

    facts = {path: extract(source.encode(), "python") for path, source in files.items()}
    outcome = simulate(
        EntryPoint(entry, EntryKind.IMPORT, module, attr),
        SourceTree(SourceFile(path) for path in files),
        Terms((3, 11), (3, 11), "linux", keep_routes=True),
        facts.get,
        bodies,  # type: ignore[arg-type]
    )
    assert not outcome.failures
    assert outcome.registrations is not None
    return outcome.registrations


def plain(verb: str, path: str) -> str:
    return f"{verb} {routes.shape(path)}"


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
def test_the_table_is_what_is_served(case: Case) -> None:
    known = registered(case.files, case.entry)
    table = composer.table(known)
    seen = {
        plain(verb, route.path)
        for route in table.routes
        for verb in route.verbs or ("ANY",)
        if route.certain and verb not in ("HEAD", "OPTIONS")
    }
    assert seen == {plain(*route.split()) for route in case.routes}
    assert (known.sure, table.gaps) == (True, ())
    for route in case.routes:
        assert routes.judge(required_route(route), table, known.sure).kept is YES
    assert routes.judge(required_route("GET /nowhere"), table, known.sure).kept is NO


@pytest.mark.slow
def test_the_frameworks_agree(tmp_path: Path) -> None:
    """The cases themselves are right: FastAPI, Starlette and Flask say so."""
    interpreter = tmp_path / "venv/bin/python"
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    subprocess.run([str(interpreter), "-m", "pip", "install", "-q", "fastapi", "flask"], check=True)
    for number, case in enumerate(CASES):
        root = tmp_path / str(number)
        write(root, case.files)
        done = subprocess.run(
            [str(interpreter), "-B", "-W", "ignore", str(REAL), case.entry],
            cwd=root, env=environment(PYTHONPATH=str(root)), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, (case.name, done.stderr)
        real = {line for line in done.stdout.splitlines() if line and not line.startswith(("HEAD", "OPTIONS"))}
        assert real == case.routes, case.name


@pytest.mark.parametrize(
    ("source", "route", "kept", "words"),
    [
        pytest.param(f"{FAST}@app.get('/x')\ndef x(): ...\n", "POST /x", NO, "for GET only", id="another verb"),
        pytest.param(f"{FAST}@app.get('/x')\ndef x(): ...\n", "ANY /x", YES, "", id="any verb"),
        pytest.param(f"{FAST}@app.get('/x/')\ndef x(): ...\n", "GET /x", NO, "another slash at the end", id="a slash"),
        pytest.param(f"{FAST}@app.get('/x/{{a:int}}')\ndef x(): ...\n", "GET /x/<b>", YES, "", id="shapes"),
        pytest.param(f"{FLASK}@app.route('/x/<int:a>')\ndef x(): ...\n", "GET /x/{b}", YES, "", id="shapes of Flask"),
        pytest.param(
            f"{FAST}import os\nr = APIRouter()\n@r.get('/x')\ndef x(): ...\n"
            "app.include_router(r, prefix=os.environ['P'])\n",
            "GET /api/x",
            UNKNOWN,
            "part of '…/x' is no literal",
            id="a prefix from outside",
        ),
        pytest.param(
            f"{FAST}import os\nr = APIRouter()\n@r.get('/x')\ndef x(): ...\n"
            "app.include_router(r, prefix=os.environ['P'])\n",
            "GET /api/y",
            NO,
            "nothing that start-up runs",
            id="no prefix makes it that",
        ),
        pytest.param(
            f"{FAST}import os\nif os.environ.get('X'):\n    @app.get('/x')\n    def x(): ...\n",
            "GET /x",
            UNKNOWN,
            "on some paths only",
            id="a condition",
        ),
        pytest.param(
            f"{FAST}from vendor import s\ns(app)\n", "GET /x", UNKNOWN, "handed to vendor.s", id="handed out"
        ),
        pytest.param(
            f"{FAST}from vendor import router\napp.include_router(router, prefix='/v')\n",
            "GET /v/x",
            UNKNOWN,
            "part of '/v…'",
            id="a foreign router",
        ),
        pytest.param(
            f"{FAST}from vendor import router\napp.include_router(router, prefix='/v')\n", "GET /x", NO, "nothing",
            id="not below its prefix",
        ),
        pytest.param(
            f"{FAST}from fastapi.middleware.cors import CORSMiddleware\napp.add_middleware(CORSMiddleware)\n"
            "import uvicorn\nuvicorn.run(app)\n",
            "GET /x",
            NO,
            "nothing",
            id="what adds no routes",
        ),
        pytest.param(f"{FAST}app.mount('/s', object())\n", "GET /s/x.css", UNKNOWN, "part of '/s/…'", id="a mount"),
        pytest.param(f"{FAST}from vendor import Wrap\napp = Wrap(app)\n", "GET /x", UNKNOWN, "which", id="wrapped"),
        pytest.param(
            f"{FLASK}from vendor import View\napp.add_url_rule('/x', view_func=View.as_view('x'))\n", "POST /x",
            UNKNOWN, "verbs that are not known", id="a foreign view",
        ),
        pytest.param(
            f"{FAST}r = APIRouter()\napp.include_router(r)\n@r.get('/x')\ndef x(): ...\n", "GET /x", UNKNOWN,
            "too late", id="behind its inclusion",
        ),
        pytest.param(
            f"{FAST}a = APIRouter()\nb = APIRouter()\na.include_router(b)\n"
            "b.include_router(a)\napp.include_router(a)\n",
            "GET /x",
            UNKNOWN,
            "hold each other",
            id="routers in a circle",
        ),
    ],
)  # fmt: skip
def test_what_is_said(source: str, route: str, kept: Kept, words: str) -> None:
    known = registered({"main.py": source})
    answer = routes.judge(required_route(route), composer.table(known), known.sure)
    assert (answer.kept, words in answer.problem) == (kept, True), answer


SETTINGS = (
    "from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    API: str = '/api'\n"
    f"settings = Settings()\n{FAST}"
)


@pytest.mark.parametrize(
    ("source", "route", "kept"),
    [
        pytest.param("prefix=settings.API", "GET /api/x", YES, id="the default"),
        pytest.param("prefix=f'{settings.API}/v1'", "GET /api/v1/x", YES, id="joined with more"),
        pytest.param("prefix=settings.API", "GET /other/x", UNKNOWN, id="what the environment may make of it"),
        pytest.param("prefix=settings.API", "GET /other/y", NO, id="what it cannot"),
        pytest.param("prefix=f'{settings.OTHER}/v1'", "GET /a/v1/x", UNKNOWN, id="no default"),
        pytest.param("prefix=f'{settings.OTHER}/v1'", "GET /a/x", NO, id="not around the hole"),
    ],
)
def test_defaults_of_settings(source: str, route: str, kept: Kept) -> None:
    router = "r = APIRouter()\n@r.get('/x')\ndef x(): ...\n"
    known = registered({"main.py": f"{SETTINGS}{router}app.include_router(r, {source})\n"})
    assert routes.judge(required_route(route), composer.table(known), known.sure).kept is kept


def test_a_path_of_many_holes_takes_no_time() -> None:
    holes = "".join(f"{{os.environ.get({number})}}a" for number in range(200))
    known = registered({"main.py": f"import os\n{FAST}app.add_api_route(f'/{holes}', lambda: 1)\n"})
    table = composer.table(known)
    assert routes.judge(required_route(f"GET /{'a' * 5_000}b"), table, known.sure).kept is NO
    assert routes.judge(required_route(f"GET /{'a' * 5_000}"), table, known.sure).kept is UNKNOWN


def configured(root: Path, source: str, *lines: str) -> None:
    text = "\n".join(["[services.web]", 'entry = ["main:app"]', *lines, ""])
    write(root, {"merge-guard.toml": text, "main.py": source})


def test_the_finding_stands_at_the_contract(tmp_path: Path) -> None:
    configured(tmp_path, f"{FAST}@app.get('/x')\ndef x(): ...\n", "routes = [", '  "GET /x",', '  "GET /y",', "]")
    status, document = report("check", cwd=tmp_path)
    (finding,) = document["findings"]
    assert (status, document["verdict"], finding["code"]) == (1, "blocked", "MG602")
    assert (finding["path"], finding["line"], finding["entry_points"]) == ("merge-guard.toml", 5, ["main:app"])


@pytest.mark.parametrize(
    ("source", "words"),
    [
        pytest.param("app = object()\n", "the start-up makes no application that is known", id="no application"),
        pytest.param(f"{FAST}from vendor import s\ns(app)\n", "no such route is seen", id="open"),
    ],
)
def test_what_cannot_be_decided_is_shown(tmp_path: Path, source: str, words: str) -> None:
    configured(tmp_path, source, 'routes = ["GET /x"]')
    done = run("check", "--output-format", "concise", cwd=tmp_path)
    assert done.returncode == 0
    assert f"contract of service web not decided: GET /x: {words}" in " ".join(done.stdout.split())


def test_a_start_up_that_fails_says_nothing_of_routes(tmp_path: Path) -> None:
    configured(tmp_path, f"{FAST}from missing_part import x\nimport main.y\n", 'routes = ["GET /x"]')
    document = report("check", cwd=tmp_path)[1]
    assert findings(document, "MG301")
    assert not findings(document, "MG602")

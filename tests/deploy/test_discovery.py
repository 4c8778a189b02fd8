"""What deploy files and frameworks declare, in trees."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from merge_guard.deploy.compose import IS_COMPOSE
from merge_guard.deploy.declarations import read_pyproject
from merge_guard.deploy.declared_commands import READERS
from merge_guard.deploy.discovery import _MAY_DECLARE, Discovery
from merge_guard.deploy.roots import project_directories
from merge_guard.deploy.yaml_tree import read_yaml
from merge_guard.model.source import SourceFile
from merge_guard.startup.resolve import SourceTree

APP = {"app/__init__.py": "", "app/main.py": "app = 1", "manage.py": ""}
MANAGE = """#!/usr/bin/env python
import os

def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "proj.settings")
"""
DJANGO = {
    "manage.py": MANAGE,
    "proj/__init__.py": "",
    "proj/settings.py": "",
    "proj/wsgi.py": "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()",
    "proj/asgi.py": "application = None",
}


def found(files: Mapping[str, str]) -> list[str]:
    """`service: name by via in search path at place` of each entry point."""
    tree = SourceTree(SourceFile(path) for path in files)
    declared = {"": read_pyproject("pyproject.toml", files["pyproject.toml"])} if "pyproject.toml" in files else {}
    projects = project_directories(declared, tree.names)
    discovery = Discovery(files, tree, files.get, projects, [root for p in projects for root in p.roots])
    lines = []
    for entry in discovery.entries():
        assert entry.place is not None
        where = "" if entry.search_path[0] == "" else f" in {entry.search_path[0]}"
        settings = f" with {entry.settings}" if entry.settings else ""
        service = f"{entry.service}: " if entry.service else ""
        lines.append(f"{service}{entry.name} by {entry.via}{where}{settings} at {entry.place.path}:{entry.place.line}")
    return lines


COMPOSE = """\
x-app: &app
  build: ./backend
  environment: &env
    DJANGO_SETTINGS_MODULE: proj.settings
    PORT: 80
services:
  web:
    <<: *app
    command: uvicorn app.main:app --port $PORT
  worker:
    <<: *app
    environment: {<<: *env, EXTRA: "1"}
    command: ["celery", "-A", "app.main", "worker"]
  script:
    build: {context: backend, dockerfile: dev.Dockerfile}
    entrypoint: ["sh", "-c"]
    command: ["cd app && python main.py"]
  mounted:
    image: python:3.11
    working_dir: /code
    volumes: ["./backend:/code:ro", "data:/data"]
    command: python app/gone.py
  elsewhere:
    image: somebody/else
    command: celery -A app.main worker
  quoted:
    build: backend
    command: sh -c "uvicorn ${MODULE:-app.main:app} --port $$PORT"
"""
BACKEND = {f"backend/{path}": text for path, text in APP.items()}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {**APP, "Procfile": "# comment\nweb: uvicorn app.main:app\nrelease: python manage.py migrate\n"},
            ["web: app.main:app by uvicorn at Procfile:2", "release: manage.py by python at Procfile:3"],
            id="Procfile",
        ),
        pytest.param(
            {**BACKEND, "Procfile": "web: cd backend && exec gunicorn app.main:app"},
            ["web: app.main:app by gunicorn in backend at Procfile:1"],
            id="Procfile with cd",
        ),
        pytest.param({**APP, "Procfile": "web: uvicorn other.main:app"}, [], id="somebody else's module"),
        pytest.param(
            {"src/x.py": "", "Procfile": "web: uvicorn main:app"},
            ["web: main:app by uvicorn at Procfile:1"],
            id="a name that is nobody else's",
        ),
        pytest.param({**APP, "Procfile": "web: python tests/run.py\nx: python -m tests.run"}, [], id="tests"),
        pytest.param(
            {
                **BACKEND,
                "backend/Dockerfile": "FROM python\nWORKDIR /app\nCOPY --chown=a:b . /app/\n",
                "compose.yml": "services: {x: {build: backend, command: python gone.py}}",
            },
            ["x: backend/gone.py by python in backend at compose.yml:1"],
            id="compose: the image holds the whole context",
        ),
        pytest.param(
            {
                **BACKEND,
                "backend/Dockerfile": "FROM python\nWORKDIR /app\nCOPY app /app\n",
                "compose.yml": "services: {x: {build: backend, command: python gone.py}}",
            },
            [],
            id="compose: the image holds something else",
        ),
        pytest.param({**APP, "Procfile": "web: npm start\nx"}, [], id="no Python"),
        pytest.param(
            {**APP, "Procfile": "web: uvicorn app.gone:app"}, ["web: app.gone:app by uvicorn at Procfile:1"],
            id="a module that is gone",
        ),
        pytest.param(
            {**APP, "Procfile": "web: python run.py"}, ["web: run.py by python at Procfile:1"], id="a script gone"
        ),
        pytest.param({**APP, "Procfile": "web: python other/run.py"}, [], id="a script of another tree"),
        pytest.param(
            {"app/x.py": "", "Procfile": "web: uvicorn app.gone:app"}, [],
            id="another portion of a namespace may have it",
        ),
        pytest.param({**APP, "Procfile": "web: [ -f x ] && uvicorn app.gone:app"}, [], id="perhaps, and not there"),
        pytest.param({**APP, "examples/Procfile": "web: python x.py"}, [], id="an example's"),
        pytest.param(
            {**BACKEND, "backend/Procfile": "web: uvicorn app.main:app\nx: python gone.py"},
            ["web: app.main:app by uvicorn in backend at backend/Procfile:1"],
            id="a Procfile in a directory",
        ),
        pytest.param(
            {**BACKEND, "compose.yaml": COMPOSE},
            [
                "web: app.main:app by uvicorn in backend with proj.settings at compose.yaml:9",
                "worker: app.main by celery in backend with proj.settings at compose.yaml:13",
                "script: backend/app/main.py by python in backend/app at compose.yaml:17",
                "mounted: backend/app/gone.py by python in backend/app at compose.yaml:22",
                "quoted: app.main:app by uvicorn in backend at compose.yaml:28",
            ],
            id="compose",
        ),
        pytest.param(
            {
                **APP,
                "docker-compose.prod.yml": "services: {web: {build: ., command: bash /srv/app/start.sh, volumes: [x]}}",
                "Dockerfile": "FROM python:3.11 AS a\nWORKDIR /tmp\nFROM a\nWORKDIR /srv/app\n",
                "start.sh": "#!/bin/bash\nset -e\npython manage.py migrate\nexec uvicorn app.main:app \"$@\"\n",
            },
            [
                "web: manage.py by python at docker-compose.prod.yml:1",
                "web: app.main:app by uvicorn at docker-compose.prod.yml:1",
            ],
            id="compose: the image's directory and a script in it",
        ),
        pytest.param({**APP, "compose.yaml": "services: [1, 2]\n"}, [], id="compose of another shape"),
        pytest.param({**APP, "compose.yaml": "a: [\n"}, [], id="no YAML"),
        pytest.param(
            {
                "main.py": "",
                "app.yaml": "runtime: python312\nenv_variables: {A: b}\nentrypoint: gunicorn -b :$PORT main:x\n",
            },
            ["default: main:x by gunicorn at app.yaml:3"],
            id="App Engine",
        ),
        pytest.param(
            {"main.py": "", "app.yaml": "runtime: python311\n"}, ["default: main:app by gunicorn at app.yaml:1"],
            id="App Engine's default",
        ),
        pytest.param({"main.py": "", "app.yaml": "kind: Deployment\n"}, [], id="another app.yaml"),
        pytest.param(
            {
                **BACKEND,
                "render.yaml": "services:\n- name: api\n  rootDir: backend\n  startCommand: uvicorn app.main:app\n"
                "  envVars:\n  - {key: DJANGO_SETTINGS_MODULE, value: a.b}\n",
            },
            ["api: app.main:app by uvicorn in backend with a.b at render.yaml:4"],
            id="Render",
        ),
        pytest.param(
            {
                **APP,
                "fly.toml": "[processes]\nweb = 'uvicorn app.main:app'\n[deploy]\nrelease_command = 'python gone.py'",
            },
            ["web: app.main:app by uvicorn at fly.toml:2"],
            id="Fly",
        ),
        pytest.param(
            {**APP, "railway.toml": "[deploy]\nstartCommand = 'python manage.py x'"},
            ["web: manage.py by python at railway.toml:2"],
            id="Railway",
        ),
        pytest.param(
            DJANGO,
            ["manage.py by python at manage.py:5", "proj.wsgi:application by wsgi at proj/wsgi.py:1"],
            id="Django",
        ),
        pytest.param(
            {**DJANGO, "Procfile": "web: gunicorn proj.wsgi"},
            ["web: proj.wsgi:application by gunicorn at Procfile:1", "manage.py by python at manage.py:5"],
            id="Django: a server that is declared",
        ),
        pytest.param(
            {f"src/{path}": text for path, text in DJANGO.items()},
            ["src/manage.py by python in src at src/manage.py:5",
             "proj.wsgi:application by wsgi in src at src/proj/wsgi.py:1"],
            id="Django below src",
        ),
        pytest.param(
            {"manage.py": "os.environ.setdefault('DJANGO_SETTINGS_MODULE', f'proj.{x}')"}, [], id="settings not literal"
        ),
        pytest.param(
            {"proj/__init__.py": "", "proj/celery.py": "from celery import Celery\n\napp = Celery('proj')\n"},
            ["proj.celery:app by celery at proj/celery.py:3"],
            id="Celery",
        ),
        pytest.param({"proj/__init__.py": "", "proj/celery.py": "x = 1"}, [], id="a celery.py of another kind"),
        pytest.param(
            {
                **APP,
                "pyproject.toml": "[project]\nscripts = {serve = 'app.main:app'}\n",
                "Procfile": "web: serve --port 80",
            },
            ["web: app.main:app by console script at Procfile:1"],
            id="a console script of the project",
        ),
    ],
)  # fmt: skip
def test_entries(files: dict[str, str], expected: list[str]) -> None:
    assert found(files) == expected


LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(20)
)


@pytest.mark.parametrize(
    ("text", "loads"),
    [
        pytest.param(LAUGHS, True, id="aliases are not multiplied"),
        pytest.param("a: &a [" + "*a," * 5_000 + "]", False, id="too many aliases"),
        pytest.param("[" * 5_000, False, id="too deep"),
        pytest.param("- " * 5_000 + "x", False, id="too deep in blocks"),
        pytest.param("x: y\n" * 100_000, False, id="too large"),
        pytest.param("&a [*a]", True, id="a list in itself"),
        pytest.param("services: &s {<<: *s, x: {<<: [*s, *s], command: python x.py}}", True, id="merged into itself"),
        pytest.param("!!python/object/apply:os.system ['true']", True, id="a tag means nothing"),
        pytest.param("a: *b", False, id="an alias of nothing"),
        pytest.param("\x00", False, id="not text"),
        pytest.param("", False, id="empty"),
    ],
)  # fmt: skip
def test_hostile_yaml(text: str, loads: bool) -> None:
    assert (read_yaml(text) is not None) == loads
    assert found({**APP, "compose.yaml": text}) == []


@pytest.mark.parametrize("name", [*READERS, "compose.yml", "docker-compose.yaml", "compose.prod.yaml"])
@pytest.mark.parametrize("folder", ["", "deploy/"])
def test_what_is_read_is_looked_for(folder: str, name: str) -> None:
    """The readers are loaded where a name says that there may be something for them."""
    assert name in READERS or IS_COMPOSE.match(name)
    assert _MAY_DECLARE.search(folder + name)

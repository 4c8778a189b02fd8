"""What deploy files start, and what frameworks load by name: the whole way, with the installed command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.functional.command import findings, report, write
from tests.startup.framework_cases import BASE, SETTINGS

APP = {"app/__init__.py": "", "app/main.py": "def create():\n    from app import views\n", "app/views.py": ""}


def entries(document: dict[str, Any]) -> dict[str, str]:
    return {entry["name"]: entry["status"] for entry in document["entry_points"]}


def test_a_procfile(tmp_path: Path) -> None:
    write(tmp_path, {**APP, "Procfile": "web: uvicorn --factory app.main:create\n"})
    assert entries(report("check", cwd=tmp_path)[1]) == {"app.main:create": "starts"}

    write(tmp_path, {"app/views.py": "from app.main import gone\n"})
    status, document = report("check", cwd=tmp_path)
    assert status == 1
    assert entries(document) == {"app.main:create": "fails"}
    (blocked,) = findings(document, "MG303")
    assert [hop["path"] for hop in blocked["chain"]] == ["app/main.py", "app/views.py"]

    # Only what the deploy file says changes.
    write(tmp_path, {"Procfile": "# comment\nweb: uvicorn app.main:application\n"})
    status, document = report("check", cwd=tmp_path)
    assert status == 1
    (finding,) = findings(document, "MG307")
    assert (finding["path"], finding["line"]) == ("Procfile", 2)
    assert "'app.main' has no attribute 'application'" in finding["message"]


def test_an_application_that_a_merge_dropped(tmp_path: Path) -> None:
    write(tmp_path, {**BASE, "proj/settings.py": f"{SETTINGS}\nINSTALLED_APPS += ['app.billing']\n"})
    status, document = report("check", cwd=tmp_path)
    assert status == 1
    (finding,) = findings(document, "MG307")
    assert (finding["path"], finding["line"]) == ("proj/settings.py", 8)
    assert "INSTALLED_APPS names 'app.billing', which does not exist" in finding["message"]
    (blocked,) = findings(document, "MG303")
    assert blocked["cause"] == finding["fingerprint"]
    assert set(blocked["entry_points"]) == {"manage.py", "proj.wsgi:application", "proj.asgi:application"}


def test_a_compose_service(tmp_path: Path) -> None:
    compose = "services:\n  web:\n    build: .\n    volumes: ['.:/srv']\n    working_dir: /srv\n    command: {}\n"
    write(tmp_path, {**APP, "compose.yaml": compose.format("gunicorn app.main:create()")})
    assert entries(report("check", cwd=tmp_path)[1]) == {"app.main:create": "starts"}
    write(tmp_path, {"compose.yaml": compose.format("gunicorn app.gone:app")})
    (finding,) = findings(report("check", cwd=tmp_path)[1], "MG307")
    assert (finding["path"], finding["line"]) == ("compose.yaml", 6)


def test_a_process_with_the_name_of_an_image(tmp_path: Path) -> None:
    dockerfile = 'FROM python:3.11\nWORKDIR /srv\nCOPY . .\nCMD ["python", "-m", "app.views"]\n'
    write(tmp_path, {**APP, "Procfile": "web: gunicorn 'app.main:create()'\n", "web.Dockerfile": dockerfile})
    document = report("check", cwd=tmp_path)[1]
    assert entries(document) == {"app.main:create": "starts", "-m:app.views": "starts"}

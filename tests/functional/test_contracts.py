"""Contracts of services, from the configuration to the report."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.functional.command import findings, report, run, write

TREE = {
    "app/__init__.py": "",
    "app/worker.py": "from app import tasks\n",
    "app/tasks.py": "import os\n\nfrom app.web import urls\n\n\ndef run(job): ...\n",
    "app/web/__init__.py": "",
    "app/web/urls.py": "",
}


def configured(root: Path, *lines: str, **files: str) -> None:
    text = "\n".join(["[services.worker]", 'entry = ["app.worker"]', *lines, ""])
    write(root, {**TREE, "merge-guard.toml": text, **files})


def test_every_kind_at_its_place(tmp_path: Path) -> None:
    configured(
        tmp_path,
        'isolated-from = ["app.web"]',
        "requires = [",
        '  "app.tasks:run(job, user)",',
        '  "app.queue:Queue",',
        '  "app.tasks:run(job)",',
        "]",
    )
    status, document = report("check", cwd=tmp_path)
    assert (status, document["verdict"]) == (1, "blocked")
    assert [(f["code"], f["path"], f["line"]) for f in document["findings"]] == [
        ("MG601", "app/__init__.py", 1),
        ("MG603", "app/tasks.py", 3),
        ("MG601", "app/tasks.py", 6),
    ]
    (breach,) = findings(document, "MG603")
    assert [(hop["path"], hop["line"], hop["kind"]) for hop in breach["chain"]] == [
        ("app/worker.py", 1, "import"),
        ("app/tasks.py", 3, "import"),
        ("app/web/__init__.py", 1, "cause"),
    ]
    assert breach["entry_points"] == ["app.worker"]
    assert "loads app.web and 1 more of it" in breach["message"]


def test_a_top_level_module_that_is_nowhere(tmp_path: Path) -> None:
    configured(tmp_path, 'requires = ["shop.db:Manager"]')
    (finding,) = report("check", cwd=tmp_path)[1]["findings"]
    assert (finding["code"], finding["path"], finding["line"]) == ("MG601", "merge-guard.toml", 3)


@pytest.mark.parametrize(
    ("tasks", "severities"),
    [
        pytest.param("import app.web.urls\n", ["error"], id="for certain"),
        pytest.param("import os\nif os.environ.get('X'):\n    import app.web.urls\n", ["warning"], id="perhaps"),
        pytest.param("def run():\n    import app.web.urls\nrun()\n", ["error"], id="in a call"),
        pytest.param("def run():\n    import app.web.urls\n", [], id="later"),
        pytest.param("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import app.web\n", [], id="types"),
    ],
)
def test_isolation(tmp_path: Path, tasks: str, severities: list[str]) -> None:
    configured(tmp_path, 'isolated-from = ["app.web"]', **{"app/tasks.py": tasks})
    document = report("check", cwd=tmp_path)[1]
    assert [finding["severity"] for finding in findings(document, "MG603")] == severities


@pytest.mark.parametrize(
    ("line", "words"),
    [
        pytest.param('isolated-from = ["app.wbe"]', "app.wbe: the tree has no module of that name", id="isolation"),
        pytest.param('requires = ["app.worker:tasks.run.x"]', "app.worker:tasks.run.x: attributes of", id="symbol"),
    ],
)
def test_what_cannot_be_decided_is_shown(tmp_path: Path, line: str, words: str) -> None:
    configured(tmp_path, line)
    done = run("check", "--output-format", "concise", cwd=tmp_path)
    assert done.returncode == 0
    assert f"contract of service worker not decided: {words}" in done.stdout + done.stderr
    (notice,) = report("check", cwd=tmp_path)[1]["notices"]
    assert words in notice


def test_the_contract_of_the_incident(tmp_path: Path) -> None:
    """Each branch added its parameter; who resolves to one side loses the other's."""
    contract = "app.db.manager:Manager.get_session(engine_name, user_context, operation_type)"
    ours, theirs = "user_context=None", "operation_type='read'"
    head = "import contextlib\n\n\nclass Manager:\n    @contextlib.asynccontextmanager\n"

    def method(*parameters: str) -> str:
        return f"    async def get_session({', '.join(['self', 'engine_name=None', *parameters])}):\n        yield\n"

    def judged(source: str) -> tuple[str, str]:
        files = {"app/db/__init__.py": "from .manager import Manager\n", "app/db/manager.py": source}
        configured(tmp_path, f'requires = ["{contract}"]', **files)
        document = report("check", cwd=tmp_path)[1]
        found = findings(document, "MG601")
        return document["verdict"], found[0]["message"] if found else ""

    conflict = f"{head}<<<<<<< HEAD\n{method(ours)}=======\n{method(theirs)}>>>>>>> b\n"
    verdict, message = judged(conflict)
    assert verdict == "blocked"
    assert "our side: 'get_session' has no parameter 'operation_type'" in message
    assert "their side: 'get_session' has no parameter 'user_context'" in message
    assert judged(head + method(ours))[0] == "blocked"
    assert judged(head + method(theirs))[0] == "blocked"
    assert judged(head + method(ours, theirs)) == ("ready", "")

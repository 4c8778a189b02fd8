"""What docs/limits.md says: these start-ups fail, or may fail, and nothing is reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.functional.command import report, write


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("import not_installed", id="a third party's module"),
        pytest.param("from json import nosuch", id="a name of the standard library"),
        pytest.param("{}['key']", id="a value"),
        pytest.param("1 / 0", id="arithmetic"),
        pytest.param("def f(a): ...\nf()", id="an argument"),
        pytest.param("class A: ...\nA().missing", id="an attribute of an instance"),
        pytest.param("raise SystemExit(1)", id="an exit"),
        pytest.param("exec('from app import missing')", id="code in a string"),
        pytest.param("import importlib, os\nimportlib.import_module('app.' + os.environ['X'])", id="a computed name"),
        pytest.param("import os\nif os.environ.get('X'):\n    from app import missing", id="one of two ways"),
        pytest.param(
            "import threading\ndef f():\n    import app.missing\nthreading.Thread(target=f).start()", id="thread"
        ),
        pytest.param("def f():\n    import app.missing\n    yield\nlist(f())", id="generator"),
        pytest.param("if __name__ == '__main__':\n    import app.missing", id="the guard of a script"),
    ],
)
def test_silent(tmp_path: Path, source: str) -> None:
    write(tmp_path, {"app/__init__.py": "", "main.py": f"{source}\n"})
    status, document = report("check", "--entry", "main", cwd=tmp_path)
    # An import in a function that nobody is known to call can be warned of all the same (MG311).
    findings = [finding for finding in document["findings"] if finding["code"] != "MG311"]
    assert (status, document["verdict"], findings, document["unjudged"]) == (0, "ready", [], [])


@pytest.mark.parametrize(("target", "expected"), [("3.11", []), ("3.12", [("MG309", "warning")])])
def test_a_module_that_the_standard_library_dropped(
    tmp_path: Path, target: str, expected: list[tuple[str, str]]
) -> None:
    """What is installed may bring it, as setuptools brings `distutils`."""
    write(tmp_path, {"main.py": "import distutils\n"})
    status, document = report("check", "--entry", "main", "--target-python", target, cwd=tmp_path)
    found = [(finding["code"], finding["severity"]) for finding in document["findings"]]
    assert (status, document["verdict"], found) == (0, "ready", expected)


def test_a_dockerfile_that_builds_no_image(tmp_path: Path) -> None:
    """Without `FROM` it starts nothing: what only it names is a warning until `entry` names it."""
    files = {
        "Dockerfile": 'CMD ["uvicorn", "srv.web:app"]\n',
        "srv/__init__.py": "",
        "srv/web.py": "from srv import no\n",
    }
    write(tmp_path, files)
    status, document = report("check", cwd=tmp_path)
    assert (status, [(f["code"], f["severity"]) for f in document["findings"]]) == (0, [("MG302", "warning")])
    assert report("check", "--entry", "srv.web:app", cwd=tmp_path)[0] == 1

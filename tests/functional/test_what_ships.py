"""What ships is judged, not what lies on the disk: a service of real-world shape, in real git repositories."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.functional.command import findings, report
from tests.gitrepo import GitRepo

TREE = {
    "backend/Dockerfile": (
        "# syntax=docker/dockerfile:1\n"
        "ARG PYTHON=3.12\n"
        "FROM python:${PYTHON}-slim AS builder\n"
        "WORKDIR /build\n"
        "RUN apt-get update && apt-get install -y --no-install-recommends gcc && rm -rf /var/lib/apt/lists/*\n"
        "COPY backend/requirements.txt .\n"
        "RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir -r requirements.txt\n"
        "COPY backend /build/backend\n"
        "\n"
        "FROM python:${PYTHON}-slim\n"
        "ENV PATH=/venv/bin:$PATH \\\n"
        "    PYTHONUNBUFFERED=1\n"
        "WORKDIR /app\n"
        "RUN useradd -m service && chown service /app\n"
        "COPY --from=builder /venv /venv\n"
        "COPY --from=builder --chown=service /build/backend /app/server\n"
        "COPY --chown=service shared ./shared\n"
        "USER service\n"
        "EXPOSE 8000\n"
        'ENTRYPOINT ["sh", "-c", "exec uvicorn server.main:app --host 0.0.0.0 --port 8000"]\n'
    ),
    "backend/requirements.txt": "fastapi==0.110\nuvicorn[standard]\n",
    "backend/__init__.py": "",
    "backend/main.py": "from server.app import create_app\n\napp = create_app()\n",
    "backend/app.py": (
        "from fastapi import FastAPI\n\n\ndef create_app():\n    from server.routes import router\n\n"
        "    app = FastAPI()\n    app.include_router(router)\n    return app\n"
    ),
    "backend/routes/__init__.py": "from .chat import router\n",
    "backend/routes/chat.py": (
        "from fastapi import APIRouter\nfrom server.lib.events import emit\n\nrouter = APIRouter()\n"
    ),
    "backend/lib/__init__.py": "",
    "backend/lib/events.py": "import shared\n\n\ndef emit():\n    return shared\n",
    "shared/__init__.py": "",
    "scripts/seed.py": "import nothing_of_the_kind\n",
    ".dockerignore": "**/__pycache__\n*.md\n.git\nscripts\n",
}
CHAIN = [
    ("backend/main.py", 3),
    ("backend/app.py", 5),
    ("backend/routes/__init__.py", 1),
    ("backend/routes/chat.py", 2),
]


def judged(repo: GitRepo, *arguments: str) -> dict[str, Any]:
    return report("check", *arguments, cwd=repo.root)[1]


def test_the_service_as_it_is_starts(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "r")
    repo.commit(TREE)
    document = judged(repo)
    assert (document["verdict"], document["findings"]) == ("ready", [])
    assert document["target"] == {"python": "3.12", "platform": "linux"}
    (entry,) = document["entry_points"]
    assert (entry["name"], entry["status"]) == ("server.main:app", "starts")


@pytest.mark.parametrize(
    ("changes", "reason", "chain"),
    [
        pytest.param(
            {".dockerignore": "scripts\n**/lib\n"}, ".dockerignore line 2", CHAIN, id="a broad pattern of .dockerignore"
        ),
        pytest.param(
            {"backend/Dockerfile.dockerignore": "backend/lib/events.py\n"},
            "backend/Dockerfile.dockerignore line 1",
            CHAIN,
            id="the Dockerfile's own .dockerignore",
        ),
    ],
)
def test_what_the_image_lacks(
    changes: dict[str, str], reason: str, chain: list[tuple[str, int]], tmp_path: Path
) -> None:
    repo = GitRepo(tmp_path / "r")
    repo.commit({**TREE, **changes})
    document = judged(repo)
    (leaf,) = findings(document, "MG306")
    assert leaf["message"].endswith(f"does not ship: {reason}")
    assert (leaf["path"], leaf["line"]) == chain[-1]
    (blocked,) = findings(document, "MG303")
    assert blocked["cause"] == leaf["fingerprint"]
    assert [(hop["path"], hop["line"]) for hop in blocked["chain"]] == chain
    assert document["verdict"] == "blocked"


def test_what_no_copy_brings(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "r")
    dockerfile = "FROM python:3.11\nWORKDIR /srv\nCOPY app app\nCMD uvicorn app.main:app\n"
    files = {"Dockerfile": dockerfile, "app/main.py": "import shared.models\napp = 1\n", "shared/models.py": ""}
    repo.commit({**files, "shared/__init__.py": ""})
    document = judged(repo)
    (leaf,) = findings(document, "MG306")
    assert leaf["message"] == "'shared' is in the tree, but does not ship: no COPY of Dockerfile brings it"
    assert (leaf["path"], leaf["line"]) == ("app/main.py", 1)
    repo.commit({"Dockerfile": dockerfile.replace("COPY app app", "COPY app app\nCOPY shared shared")})
    assert judged(repo)["verdict"] == "ready"


def test_what_git_ignores_is_not_in_a_clean_checkout(tmp_path: Path) -> None:
    """The usual `.gitignore` for Python has a `lib/`: the directory is there where it was written, and nowhere else."""
    repo = GitRepo(tmp_path / "r")
    repo.commit({**TREE, ".gitignore": "*.pyc\nlib/\n"})
    assert repo.run("ls-files", "backend/lib") == ""
    for arguments in ((), ("--rev", "HEAD"), ("--staged",)):
        document = judged(repo, *arguments)
        (leaf,) = findings(document, "MG306")
        assert leaf["message"].endswith("git-ignored (.gitignore line 2) and so not in a clean checkout")
        (blocked,) = findings(document, "MG303")
        assert [(hop["path"], hop["line"]) for hop in blocked["chain"]] == CHAIN


def test_a_top_level_name_that_git_ignores_has_to_be_there(tmp_path: Path) -> None:
    """Else it is somebody else's: a directory for a server's data is often called as the package that talks to it."""
    repo = GitRepo(tmp_path / "r")
    dockerfile = "FROM python:3.11\nWORKDIR /srv\nCOPY . .\nCMD python main.py\n"
    files = {"Dockerfile": dockerfile, ".gitignore": "lib/\nredis/\n", "main.py": "import redis\nimport lib.x\n"}
    repo.commit(files)
    repo.write({"redis/dump.rdb": "", "lib/x.py": ""})
    assert judged(repo)["findings"] == []
    repo.write({"lib/__init__.py": ""})
    (leaf,) = findings(judged(repo), "MG306")
    assert leaf["message"].startswith("'lib' is in the tree, but does not ship: git-ignored (.gitignore line 1)")


def test_without_an_image_what_git_ignores_is_taken_to_be_generated(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "r")
    repo.commit({"app/__init__.py": "", "app/main.py": "import app.lib.x\n", ".gitignore": "lib/\n"})
    assert judged(repo, "--entry", "app.main")["verdict"] == "ready"
    repo.commit({".gitignore": "*.pyc\n"})
    assert findings(judged(repo, "--entry", "app.main"), "MG301")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({".dockerignore": "**/lib\n!backend/lib\n"}, id="an exception brings it back"),
        pytest.param(
            {".dockerignore": "**/lib\n", "backend/routes/chat.py": (
                "try:\n    from server.lib.events import emit\nexcept ImportError:\n    emit = None\nrouter = 1\n"
            )},
            id="the import is guarded",
        ),
        pytest.param(
            {"backend/Dockerfile": TREE["backend/Dockerfile"].replace(
                "COPY --chown=service shared ./shared\n", "RUN make shared\n"
            )},
            id="a command may have made it",
        ),
        pytest.param(
            {"backend/Dockerfile": TREE["backend/Dockerfile"].replace("COPY --chown=service shared ./shared\n", ""),
             "backend/requirements.txt": "fastapi\nshared\n"},
            id="a requirement may bring it",
        ),
        pytest.param(
            {"backend/Dockerfile": TREE["backend/Dockerfile"].replace("COPY --chown=service shared ./shared\n", "")
                .replace("python:${PYTHON}-slim\nENV", "registry.example.org/base\nENV")},
            id="an unknown base may bring it",
        ),
    ],
)  # fmt: skip
def test_what_nobody_can_know_is_silent(changes: dict[str, str], tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "r")
    repo.commit({**TREE, **changes})
    document = judged(repo)
    assert (document["verdict"], document["findings"]) == ("ready", [])


def test_what_git_does_not_bring(tmp_path: Path) -> None:
    """Without an image: forgotten in `git add`."""
    repo = GitRepo(tmp_path / "r")
    repo.commit({"app/__init__.py": "", "app/main.py": "from app import settings\n", "app/old.py": ""})
    repo.write({"app/settings.py": "", "app/draft.py": "import app.settings\n"})
    document = judged(repo, "--entry", "app.main")
    (leaf,) = findings(document, "MG306")
    assert leaf["message"] == "'app.settings' is in the tree, but does not ship: not tracked by git"
    assert (leaf["path"], leaf["line"]) == ("app/main.py", 1)
    assert judged(repo, "--entry", "app.draft")["verdict"] == "ready", "nobody deploys a draft as it stands"
    repo.run("add", "app/settings.py")
    assert judged(repo, "--entry", "app.main")["verdict"] == "ready"


def test_a_new_repository_has_nothing_that_is_tracked(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "r")
    repo.write({"app/__init__.py": "", "app/main.py": "from app import settings\n", "app/settings.py": ""})
    assert judged(repo, "--entry", "app.main")["verdict"] == "ready"


def test_a_case_only_rename_that_git_did_not_see(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "r")
    repo.commit({"app/__init__.py": "", "app/main.py": "import app.utils\n", "app/Utils.py": ""})
    repo.run("config", "core.ignorecase", "true")
    (repo.root / "app/Utils.py").rename(repo.root / "app/utils.py")
    (leaf,) = findings(judged(repo, "--entry", "app.main"), "MG306")
    assert leaf["message"].endswith("its case differs from git's index: app/Utils.py")
    (staged,) = findings(judged(repo, "--entry", "app.main", "--staged"), "MG306")
    assert staged["message"].endswith("its case differs from git's index: app/Utils.py")


SCRIPT = {"Dockerfile": "FROM python:3.11\nWORKDIR /srv\nCOPY . .\nCMD python main.py\n", "other.py": ""}


def test_a_script_that_is_gone_from_a_directory_which_ships_whole(tmp_path: Path) -> None:
    GitRepo(tmp_path).commit(SCRIPT)
    status, document = report("check", cwd=tmp_path)
    assert status == 1
    assert [(f["code"], f["path"], f["line"]) for f in document["findings"]] == [("MG307", "Dockerfile", 4)]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({".gitignore": "main.py\n"}, id="git ignores it: a build may write it"),
        pytest.param({"Dockerfile": SCRIPT["Dockerfile"].replace("CMD", "RUN make\nCMD")}, id="a command may make it"),
        pytest.param({"Dockerfile": SCRIPT["Dockerfile"].replace(". .", "other.py .")}, id="one file is copied"),
        pytest.param({"Dockerfile": SCRIPT["Dockerfile"].replace("python:3.11", "our/base")}, id="the base has it"),
        pytest.param({"Dockerfile": SCRIPT["Dockerfile"].replace("main.py", "/opt/main.py")}, id="another directory"),
    ],
)
def test_a_script_that_may_come_from_elsewhere(changes: dict[str, str], tmp_path: Path) -> None:
    GitRepo(tmp_path).commit({**SCRIPT, "lone.py": "", **changes})
    status, document = report("check", cwd=tmp_path)
    assert (status, document["findings"]) == (0, [])

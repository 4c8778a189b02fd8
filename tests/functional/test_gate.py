"""The verdict of a deploy: services, root causes, how far they reach, and what that means for each changed file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import merge_guard.reporters
from tests.functional.command import report, run
from tests.functional.incident import CHAIN, CONFLICTED, OURS, incident
from tests.gitrepo import GitRepo

SCHEMA = json.loads((Path(merge_guard.reporters.__file__).parent / "report.schema.json").read_text("utf-8"))
SERVICES = '[services.backend]\nentry = ["main:app"]\n[services.queue]\nentry = ["backend.queue"]\n'
STOPPED = {
    "main", "backend.routes", "backend.routes.chat", "backend.services.chat", "backend.agents.supervisor",
    "backend.agents.registry", "backend.websocket.bridge", "backend.websocket.manager", "backend.websocket.unified",
}  # fmt: skip
"""What CPython cannot import while the conflict stands. `backend.app` is not in it: a function imports the routes."""


def gate(repo: GitRepo, *arguments: str, **environment: str) -> tuple[int, dict[str, Any], dict[str, Any]]:
    status, document = report("gate", *arguments, cwd=repo.root, **environment)
    jsonschema.validate(document, SCHEMA)
    return status, document["gate"], document


def standings(found: dict[str, Any]) -> dict[str, str]:
    return {file["path"]: file["standing"] for file in found["changed"]}


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    repo = incident(tmp_path / "shop")
    repo.write({"merge-guard.toml": SERVICES})
    return repo


def test_the_incident_by_services(repo: GitRepo) -> None:
    status, found, document = gate(repo)
    assert (status, found["verdict"]) == (1, "blocked")
    assert [(s["name"], s["verdict"]) for s in found["services"]] == [("backend", "blocked"), ("queue", "ready")]
    (cause,) = found["services"][0]["causes"]
    assert (cause["path"], cause["line"], cause["entry_points"]) == (*CHAIN[-1], ["main:app"])
    assert set(cause["modules"]) == STOPPED
    assert found["elsewhere"] == []
    (blocked,) = (finding for finding in document["findings"] if finding["code"] == "MG303")
    assert blocked["blocks"] == {"modules": len(STOPPED), "entry_points": 1}
    assert blocked["cause"] == cause["fingerprint"]


@pytest.mark.parametrize(("service", "status", "verdict"), [("backend", 1, "blocked"), ("queue", 1, "ready")])
def test_one_service(repo: GitRepo, service: str, status: int, verdict: str) -> None:
    """The conflict is an error wherever it stands, but it does not keep the other service from starting."""
    code, found, document = gate(repo, "--service", service)
    assert (code, [(s["name"], s["verdict"]) for s in found["services"]]) == (status, [(service, verdict)])
    assert len(document["entry_points"]) == 1
    assert bool(found["elsewhere"]) == (verdict == "ready")


def test_changed_files(repo: GitRepo) -> None:
    repo.commit({"backend/routes/__init__.py": "from backend.routes.chat import router\n", "notes.md": "x\n"}, "more")
    repo.write({"backend/services/chat.py": "from backend.agents.supervisor import Supervisor as ChatService\n"})
    _, found, _ = gate(repo, "--changed-since", "HEAD~2")
    assert standings(found) == {
        CONFLICTED: "cause",
        "backend/routes/__init__.py": "blocked",
        "backend/services/chat.py": "blocked",
        "backend/queue.py": "ready",
        "backend/shutdown.py": "outside",
        "merge-guard.toml": "outside",
        "notes.md": "outside",
    }
    by_path = {file["path"]: file for file in found["changed"]}
    (blocker,) = by_path["backend/services/chat.py"]["blocked_by"]
    assert (blocker["path"], blocker["line"]) == CHAIN[-1]
    assert by_path["backend/services/chat.py"]["importable"] is False


def test_deleted_and_renamed_files(repo: GitRepo) -> None:
    base = repo.commit({CONFLICTED: OURS}, "resolved")
    (repo.root / "backend/shutdown.py").unlink()
    (repo.root / "backend/agents/registry.py").unlink()
    chat = (repo.root / "backend/routes/chat.py").read_text()
    repo.run("mv", "backend/routes/chat.py", "backend/routes/talk.py")
    repo.write({"backend/routes/talk.py": chat + "\nTALK = 1\n"})
    status, found, document = gate(repo, "--changed-since", base)
    assert status == 1
    assert [(f["path"], f["change"], f["old_path"], f["standing"]) for f in found["changed"]] == [
        ("backend/agents/registry.py", "deleted", None, "cause"),
        ("backend/routes/talk.py", "renamed", "backend/routes/chat.py", "cause"),
        ("backend/shutdown.py", "deleted", None, "ready"),
    ]
    (backend, _) = found["services"]
    assert [cause["path"] for cause in backend["causes"]] == ["backend/routes/__init__.py"]
    missing = next(f for f in document["findings"] if f["fingerprint"] == backend["causes"][0]["fingerprint"])
    assert missing["help"] == "it was renamed to 'backend.routes.talk'"


def test_an_error_in_the_change_that_nothing_starts(repo: GitRepo) -> None:
    repo.commit({CONFLICTED: OURS}, "resolved")
    repo.write({"tool.py": "from backend.queue import GONE\n"})
    status, found, document = gate(repo)
    assert (status, document["summary"]["warnings"]) == (0, 1)
    status, found, document = gate(repo, "--changed-since", "HEAD")
    assert (status, document["summary"]["errors"]) == (1, 1)
    assert [(s["verdict"]) for s in found["services"]] == ["ready", "ready"]
    assert standings(found) == {"tool.py": "cause"}
    assert found["elsewhere"] == [document["findings"][0]["fingerprint"]]


def test_since_is_the_common_ancestor(repo: GitRepo) -> None:
    """What the other branch did since is not the change."""
    repo.commit({CONFLICTED: OURS}, "resolved")
    repo.branch("feature")
    repo.commit({"feature.py": "x = 1\n"})
    repo.switch("main")
    repo.commit({"other.py": "x = 1\n"})
    repo.switch("feature")
    for arguments in ((), ("--staged",), ("--rev", "feature")):
        _, found, _ = gate(repo, "--changed-since", "main", *arguments)
        assert standings(found) == {"feature.py": "outside"}


def test_a_missing_name_is_the_change_of_its_module(repo: GitRepo) -> None:
    repo.commit({CONFLICTED: OURS}, "resolved")
    repo.write({"backend/websocket/manager.py": "def connect(): ...\n"})
    _, found, _ = gate(repo, "--changed-since", "HEAD")
    assert standings(found) == {"backend/websocket/manager.py": "cause"}


def test_a_suppressed_leaf_does_not_make_it_ready(repo: GitRepo) -> None:
    repo.commit({CONFLICTED: "import backend.gone  # noqa: MG301\n"}, "suppressed")
    status, found, _ = gate(repo)
    assert (status, found["verdict"]) == (1, "blocked")
    (cause,) = found["services"][0]["causes"]
    assert (cause["fingerprint"], cause["message"]) == (None, f"{CONFLICTED}:1: no module named backend.gone")


@pytest.mark.parametrize(("arguments", "status"), [((), 1), (("--exit-zero",), 0)])
def test_blocked_is_never_success_whatever_is_selected(arguments: tuple[str, ...], status: int, repo: GitRepo) -> None:
    """Without the findings of start-up the gate still says BLOCKED, and a pipeline looks at the status alone."""
    repo.commit({CONFLICTED: "import backend.gone\n"})
    code, found, document = gate(repo, "--ignore", "MG3", *arguments)
    assert (code, found["verdict"], document["findings"]) == (status, "blocked", [])


def test_the_policy_of_a_trusted_revision(repo: GitRepo) -> None:
    repo.commit({CONFLICTED: OURS, "backend/queue.py": "import backend.gone  # noqa: MG301\n"}, "trusted")
    repo.run("tag", "trusted")
    accepted = [{"code": "MG201", "path": "x.py", "key": "k", "message": "does not compile"}]
    old = "import backend.gone  # noqa: MG301\n"
    new = "import backend.lost  # noqa: MG301\n"
    repo.write({
        "backend/queue.py": f"x = 1\n{old}{new}",
        "merge-guard.toml": 'ignore = ["MG3"]\n' + SERVICES,
        "merge-guard-baseline.json": json.dumps({"version": 1, "entries": accepted}),
    })  # fmt: skip
    status, found, document = gate(repo)
    assert (status, found["verdict"], document["findings"]) == (1, "blocked", [])
    status, found, document = gate(repo, "--policy-from", "trusted")
    assert status == 1
    assert [(f["line"]) for f in document["findings"] if f["code"] == "MG301"] == [3]
    assert found["policy_from"].startswith("trusted (commit ")
    assert [(c["kind"], c["path"], c["line"], c["subject"], c["after"]) for c in found["policy_changes"]] == [
        ("baseline", "merge-guard-baseline.json", 1, "MG201", "x.py: does not compile"),
        ("configuration", "merge-guard.toml", 1, "ignore", "MG3"),
        ("suppression", "backend/queue.py", 3, "MG301", new.strip()),
    ]


def test_a_broken_configuration_in_the_change(repo: GitRepo) -> None:
    repo.commit({CONFLICTED: OURS}, "trusted")
    repo.write({"merge-guard.toml": "entry = 1\n"})
    assert run("gate", cwd=repo.root).returncode == 2
    status, found, _ = gate(repo, "--policy-from", "HEAD")
    assert (status, found["verdict"]) == (0, "ready")
    assert [(c["kind"], c["subject"]) for c in found["policy_changes"]] == [("configuration", "")]


def test_nothing_that_starts_is_unjudged(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "repo")
    repo.commit({"notes.md": "x\n"})
    status, found, _ = gate(repo)
    assert (status, found["verdict"], found["services"]) == (2, "unjudged", [])


def test_a_service_without_entry_points_is_unjudged(repo: GitRepo) -> None:
    repo.commit({CONFLICTED: OURS, "merge-guard.toml": SERVICES + "[services.empty]\n"})
    status, found, _ = gate(repo)
    assert (status, found["verdict"]) == (2, "unjudged")
    assert found["services"][0]["name"] == "empty"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--service", "nobody"], "no service 'nobody'; known are: backend, queue"),
        (["--changed-since", "nothing"], "unknown revision: 'nothing'"),
        (["--policy-from", "nothing"], "unknown revision: 'nothing'"),
    ],
    ids=["service", "changed-since", "policy-from"],
)
def test_wrong_usage(repo: GitRepo, arguments: list[str], message: str) -> None:
    done = run("gate", *arguments, cwd=repo.root)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr


def test_the_hook_judges_what_is_pushed(repo: GitRepo) -> None:
    base = repo.run("rev-parse", "HEAD")
    bad = repo.commit()
    repo.commit({CONFLICTED: OURS})
    refs = {"PRE_COMMIT_FROM_REF": base, "PRE_COMMIT_TO_REF": bad}
    status, found, _ = gate(repo, "--hook", **refs)
    assert (status, found["verdict"], standings(found)[CONFLICTED]) == (1, "blocked", "cause")
    status, found, _ = gate(repo, "--hook")
    assert (status, found["verdict"], found["changed"]) == (0, "ready", None)


def test_terminal_and_markdown(repo: GitRepo, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    done = run(
        "gate", "--changed-since", "HEAD", cwd=repo.root, GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary),
        COLUMNS="200", NO_COLOR="1",
    )  # fmt: skip
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0] == "BLOCKED  backend"
    assert lines[-1].startswith("BLOCKED: backend; READY: queue in ")
    assert "READY  queue" in lines
    assert any(line.startswith("  stops: 9 modules cannot be imported: ") for line in lines)
    cause = f"  the cause  {CONFLICTED} (modified)  MG101 unresolved git conflict: HEAD against queue"
    assert cause in lines
    assert "  outside    merge-guard.toml (added)  not part of any start-up" in lines
    text = summary.read_text("utf-8")
    assert "| **BLOCKED** | `backend` | 1 entry point: 1 fails | `Python " in text
    assert f"- **the cause**: `{CONFLICTED} (modified)` `MG101 unresolved git conflict: HEAD against queue`" in text


def test_a_service_runs_on_what_its_image_has(repo: GitRepo) -> None:
    image = 'FROM python:3.12-slim\nWORKDIR /srv\nCOPY . .\nCMD ["python", "main.py"]\n'
    services = '[services.backend]\ndockerfile = "Dockerfile"\n[services.queue]\nentry = ["backend.queue"]\n'
    repo.write({"Dockerfile": image, "merge-guard.toml": services})
    status, found, _ = gate(repo, "--target-python", ">=3.10,<3.13")
    backend, queue = found["services"]
    assert (status, backend["name"], backend["verdict"], queue["verdict"]) == (1, "backend", "blocked", "ready")
    assert backend["target"] == {"python": "3.12", "platform": "linux"}
    assert queue["target"] == {"python": ">=3.10,<3.13", "platform": "unknown"}
    assert "backend.websocket.unified" in backend["causes"][0]["modules"]


def test_a_change_of_what_ships(repo: GitRepo) -> None:
    """Nothing in the module changed; that it does not ship any more did."""
    image = 'FROM python:3.12-slim\nWORKDIR /srv\nCOPY . .\nCMD ["python", "main.py"]\n'
    services = '[services.backend]\ndockerfile = "Dockerfile"\n'
    repo.commit({CONFLICTED: OURS, "Dockerfile": image, "merge-guard.toml": services, ".dockerignore": ".git\n"})
    assert gate(repo, "--target-python", "3.12")[0] == 0
    repo.write({".dockerignore": ".git\nbackend/agents\n", "backend/shutdown.py": "GRACE = 60\n"})
    status, found, document = gate(repo, "--target-python", "3.12", "--changed-since", "HEAD")
    assert status == 1
    assert [f["path"] for f in document["findings"] if f["code"] == "MG306"] == ["backend/services/chat.py"]
    assert standings(found) == {".dockerignore": "cause", "backend/shutdown.py": "outside"}

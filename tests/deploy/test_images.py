"""Which Dockerfiles are images of the project, what they are called, and what they leave out."""

from __future__ import annotations

import pytest

from merge_guard.deploy.images import ServiceImage, dockerfiles, service_images, service_name
from merge_guard.deploy.left_out import LeftOut
from merge_guard.deploy.listing import Listing
from merge_guard.model.config import Config, Service


def images(tree: dict[str, str], config: Config | None = None) -> tuple[tuple[ServiceImage, ...], list[str]]:
    notices: list[str] = []

    def read(path: str) -> bytes | None:
        return tree[path].encode() if path in tree else None

    return service_images(dict.fromkeys(tree, ""), read, config or Config(), {}, notices), notices


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("Dockerfile", True),
        ("backend/Dockerfile", True), ("docker/worker.Dockerfile", True), ("Dockerfile.prod", True),
        ("old_backups/Dockerfile", False),
        ("Containerfile", True), ("api.dockerfile", True), ("Dockerfile.dockerignore", False), ("Dockerfile.md", False),
        ("tests/Dockerfile", False), ("examples/x/Dockerfile", False), (".devcontainer/Dockerfile", False),
        ("Dockerfile.test", False), ("docker/e2e/Dockerfile", False), ("Dockerfile.j2", False), ("mydockerfile", False),
        ("docs/Dockerfile", False), ("latest/Dockerfile", True), ("dockerfile_parser.py", False),
    ],
)  # fmt: skip
def test_discovery(path: str, found: bool) -> None:
    assert list(dockerfiles([path])) == ([path] if found else [])


@pytest.mark.parametrize(
    ("path", "name"),
    [("Dockerfile", ""), ("backend/Dockerfile", "backend"), ("docker/worker.Dockerfile", "worker"),
     ("Dockerfile.api", "api"), ("services/mail/docker/Dockerfile", "mail"), ("docker/Dockerfile", "")],
)  # fmt: skip
def test_names_of_services(path: str, name: str) -> None:
    assert service_name(path) == name


SHELL = "#!/bin/sh\nset -e\npython manage.py migrate\nexec gunicorn project.wsgi:application\n"


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        pytest.param('CMD ["uvicorn", "app.main:app"]', [("app.main", "app", ("/srv",))], id="exec form"),
        pytest.param("CMD uvicorn app.main:app --port $PORT", [("app.main", "app", ("/srv",))], id="shell form"),
        pytest.param('ENTRYPOINT ["python"]\nCMD ["main.py"]', [("/srv/main.py", "", ("/srv",))], id="both"),
        pytest.param(
            "ENV PYTHONPATH=/srv/src\nCMD python -m app", [("app", "", ("/srv", "/srv/src"))], id="PYTHONPATH"
        ),
        pytest.param(
            "ENTRYPOINT ./start.sh",
            [("/srv/manage.py", "", ("/srv",)), ("project.wsgi", "application", ("/srv",))],
            id="a script of the repository",
        ),
        pytest.param("CMD node server.js", [], id="another language"),
        pytest.param("CMD $COMMAND", [], id="not known"),
    ],
)
def test_starts(command: str, expected: list[tuple[str, str, tuple[str, ...]]]) -> None:
    tree = {"Dockerfile": f"FROM python:3.11\nWORKDIR /srv\nCOPY . .\n{command}\n", "start.sh": SHELL, "app.py": ""}
    found, _ = images(tree)
    assert [(s.module, s.attr, s.search) for image in found for s in image.starts] == expected


def test_the_configuration_names_images() -> None:
    tree = {"a/Dockerfile": "FROM x\nCMD python a.py\n", "b/Dockerfile": "FROM x\nCMD python b.py\n"}
    services = {
        name: Service(name, dockerfile=path) for name, path in (("one", "b/Dockerfile"), ("two", "c/Dockerfile"))
    }
    found, notices = images(tree, Config(services=services))
    assert [(image.service, image.image.dockerfile) for image in found] == [("one", "b/Dockerfile")]
    assert notices == ["c/Dockerfile: the Dockerfile of service two is not in what is judged"]


def test_two_services_may_share_an_image() -> None:
    tree = {"Dockerfile": "FROM x\nCOPY . .\n", "a.py": ""}
    services = {name: Service(name, entry=("a",), dockerfile="Dockerfile") for name in ("web", "worker")}
    assert [image.service for image in images(tree, Config(services=services))[0]] == ["web", "worker"]


@pytest.mark.parametrize(
    ("compose", "expected"),
    [
        pytest.param("services:\n  api:\n    build: ./backend\n", ("api", "backend"), id="a directory"),
        pytest.param(
            "services:\n  api:\n    build:\n      context: .\n      dockerfile: backend/Dockerfile\n",
            ("api", ""),
            id="both",
        ),
        pytest.param(
            "services:\n  api: &a\n    build: backend\n  worker: *a\n", ("backend", "backend"), id="several services"
        ),
        pytest.param("services:\n  api:\n    build: $DIR\n", ("backend", "backend"), id="a variable"),
        pytest.param(
            "services:\n  api:\n    build: https://x/y.git\n", ("backend", "backend"), id="another repository"
        ),
        pytest.param("services: [", ("backend", "backend"), id="no YAML"),
    ],
)
def test_compose_names_services_and_contexts(compose: str, expected: tuple[str, str]) -> None:
    tree = {
        "backend/Dockerfile": "FROM x\nCOPY . .\nCMD python main.py\n", "backend/main.py": "", "compose.yaml": compose,
    }  # fmt: skip
    ((image,), _) = images(tree)
    assert (image.service, image.image.context) == expected


def test_a_bomb_is_a_notice() -> None:
    found, notices = images({"Dockerfile": "FROM x\nCMD python a.py\n" + "RUN \\\n" * 100_000})
    assert not found
    assert notices == ["Dockerfile: larger than 262,144 bytes; what it ships is not judged"]


def test_a_dockerignore_bomb_is_a_notice() -> None:
    tree = {"Dockerfile": "FROM x\nCOPY . .\nCMD python a.py\n", ".dockerignore": "a\n" * 10_000, "a.py": ""}
    assert images(tree)[1] == ["Dockerfile: .dockerignore: more than 2,000 patterns; what it ships is not judged"]


def test_many_copies_are_a_notice() -> None:
    copies = "".join(f"COPY . /x{number}\n" for number in range(3_000))
    tree = {"Dockerfile": f"FROM x\n{copies}CMD python a.py\n", **{f"m{number}.py": "" for number in range(1_000)}}
    assert images(tree)[1] == ["Dockerfile: its copies are too many to follow; what it ships is not judged"]


def test_what_is_left_out_has_the_place_that_the_layout_gives() -> None:
    tree = {
        "Dockerfile": "FROM x\nCOPY backend /srv/server\nCOPY run.py /srv/\nCMD python /srv/run.py\n",
        ".dockerignore": "backend/lib\n", "run.py": "", "other.py": "", "backend/a.py": "", "backend/lib/b.py": "",
    }  # fmt: skip
    ((image,), _) = images(tree)
    assert image.contents.layout == (("srv", ""), ("srv/server", "backend"))
    left = LeftOut(image.image, image.contents, image.context, dict.fromkeys(tree, ""), Listing(tree))
    assert left["srv/server/lib/b.py"].withheld == ".dockerignore line 1"
    assert left["srv/other.py"].withheld == "no COPY of Dockerfile brings it"

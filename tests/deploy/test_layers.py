"""What an image holds: where copies put files, and what nobody can know."""

from __future__ import annotations

import pytest

from merge_guard.deploy.base_image import python_version
from merge_guard.deploy.contexts import context_of, ignore_of, repository_tree
from merge_guard.deploy.dockerfile import read_dockerfile
from merge_guard.deploy.image import Image
from merge_guard.deploy.layers import build
from merge_guard.deploy.stages import INSTALLED

TREE = {
    "main.py": "",
    "pyproject.toml": '[project]\nname = "x"\ndependencies = ["fastapi"]\n',
    "requirements.txt": "-r requirements/base.txt\nflask==3 --hash=sha256:1\n",
    "requirements/base.txt": "PyYAML # why\n",
    "app/__init__.py": "", "app/core.py": "", "app/data/x.json": "", "tests/test_app.py": "",
    "src/pkg/__init__.py": "",
}  # fmt: skip


def image(text: str, tree: dict[str, str] = TREE, path: str = "Dockerfile", target: str = "") -> Image:
    tree = {**tree, path: text}

    def read(name: str) -> bytes | None:
        return tree[name].encode() if name in tree else None

    dockerfile = read_dockerfile(text.encode())
    files = repository_tree(dict.fromkeys(tree, ""))
    directory = context_of(path, dockerfile, files)
    context = files.of_directory(directory, ignore_of(path, directory, read))
    made = build(path, dockerfile, context, directory, read, target)
    assert made is not None
    return made


def layout(made: Image) -> dict[str, str]:
    return {
        path: file.source
        for path, file in made.files.items()
        if file.source.endswith((".py", ".json")) and not path.startswith(INSTALLED)
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("COPY main.py /srv/", {"srv/main.py": "main.py"}, id="a file into a directory"),
        pytest.param("COPY main.py /srv", {"srv": "main.py"}, id="a file under another name"),
        pytest.param("WORKDIR /srv\nCOPY main.py .", {"srv/main.py": "main.py"}, id="where one stands"),
        pytest.param("WORKDIR /srv\nCOPY main.py /srv", {"srv/main.py": "main.py"}, id="a directory that is there"),
        pytest.param("WORKDIR /srv\nWORKDIR a\nCOPY main.py ./", {"srv/a/main.py": "main.py"}, id="relative WORKDIR"),
        pytest.param("COPY app/core.py main.py /srv/", {
            "srv/core.py": "app/core.py", "srv/main.py": "main.py"
        }, id="two"),
        pytest.param('COPY ["main.py", "/a b/"]', {"a b/main.py": "main.py"}, id="JSON"),
        pytest.param("COPY app /srv/server", {
            "srv/server/__init__.py": "app/__init__.py", "srv/server/core.py": "app/core.py",
            "srv/server/data/x.json": "app/data/x.json",
        }, id="a directory's contents"),
        pytest.param("COPY app/*.py /srv/", {
            "srv/__init__.py": "app/__init__.py", "srv/core.py": "app/core.py"
        }, id="glob"),
        pytest.param("COPY app/d* /srv/", {"srv/x.json": "app/data/x.json"}, id="glob of directories"),
        pytest.param("COPY --parents app/core.py ./main.py /srv/", {
            "srv/app/core.py": "app/core.py", "srv/main.py": "main.py"
        }, id="--parents"),
        pytest.param("COPY --parents src/./pkg /srv/", {
            "srv/pkg/__init__.py": "src/pkg/__init__.py"
        }, id="--parents, cut"),
        pytest.param("COPY --exclude=*.json --exclude=core.py app /srv", {"srv/data/x.json": "app/data/x.json",
            "srv/__init__.py": "app/__init__.py"}, id="--exclude"),
        pytest.param("COPY --chown=a:b --chmod=755 main.py /srv/", {"srv/main.py": "main.py"}, id="other flags"),
        pytest.param("ADD ./main.py /srv/", {"srv/main.py": "main.py"}, id="ADD"),
        pytest.param("ARG D=/opt\nENV H=${D}/x\nCOPY main.py $H/", {"opt/x/main.py": "main.py"}, id="variables"),
        pytest.param("COPY nothing main.py /srv/", {"srv/main.py": "main.py"}, id="a source that is not there"),
        pytest.param("COPY src/pkg /srv/pkg\nRUN rm -rf /srv/pkg", {}, id="taken away"),
        pytest.param("WORKDIR /srv\nCOPY main.py .\nRUN mv main.py run.py", {"srv/run.py": "main.py"}, id="renamed"),
        pytest.param("COPY main.py /srv/\nFROM b\nCOPY --from=0 /srv /opt", {
            "opt/main.py": "main.py"
        }, id="by number"),
        pytest.param("COPY main.py /srv/\nFROM s AS t", {"srv/main.py": "main.py"}, id="from a stage"),
        pytest.param("COPY main.py /srv/\nFROM b\nCOPY --from=S /srv/main.py /x/", {
            "x/main.py": "main.py"
        }, id="a stage"),
    ],
)  # fmt: skip
def test_layout(text: str, expected: dict[str, str]) -> None:
    assert layout(image(f"FROM python:3.11 AS s\n{text}\n")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("RUN apt-get update && apt-get install -y gcc && rm -rf /var/lib/apt/lists/*", set(), id="system"),
        pytest.param("RUN useradd x && chown -R x /srv && chmod +x /srv/a && mkdir -p /srv/b", set(), id="modes"),
        pytest.param("RUN pip install --no-cache-dir -r requirements.txt", set(), id="pip"),
        pytest.param("RUN python -m pip install -U pip; python -c 'import x'", set(), id="python"),
        pytest.param("RUN make", {"srv"}, id="an unknown command"),
        pytest.param("RUN make -C /srv/a > /srv/log", {"srv", "srv/a", "srv/log"}, id="what it names"),
        pytest.param("RUN cd sub && protoc x.proto", {"srv/sub"}, id="after cd"),
        pytest.param("RUN git clone https://x/y.git", {"srv/y"}, id="clone"),
        pytest.param("RUN git clone --depth 1 https://x/y.git /opt/z", {"opt/z"}, id="clone elsewhere"),
        pytest.param("RUN unzip x.zip -d lib", {"srv/lib"}, id="unzip"),
        pytest.param("RUN curl -sSL https://x -o a.py", {"srv/a.py"}, id="download"),
        pytest.param("RUN echo 'x = 1' > version.py", {"srv/version.py"}, id="redirected"),
        pytest.param("RUN touch app/__init__.py", {"srv/app/__init__.py"}, id="touch"),
        pytest.param("RUN ln -s /srv/a /srv/b", {"srv/b"}, id="a link"),
        pytest.param("RUN cp -r a b", {"srv/b"}, id="a copy"),
        pytest.param("RUN sed -i s/a/b/ main.py", {"srv/main.py"}, id="changed in place"),
        pytest.param("RUN python manage.py collectstatic --noinput", set(), id="collectstatic"),
        pytest.param("RUN DEBUG=0 ./manage.py collectstatic && ./manage.py compress", set(), id="run by its name"),
        pytest.param("RUN ./gen.py", {"srv"}, id="a program, by its name"),
        pytest.param("RUN python gen.py", {"srv"}, id="a program"),
        pytest.param("RUN ['", {"srv"}, id="no words"),
        pytest.param("RUN <<EOF\nmake\nEOF", {"srv"}, id="here-document"),
        pytest.param("COPY --from=node:20 /x /srv/static", {"srv/static"}, id="from another image"),
        pytest.param("COPY dist /srv/dist", {"srv/dist"}, id="made before the build"),
        pytest.param("COPY gone.ini /srv/", {"srv/gone.ini"}, id="a configuration that is not there"),
        pytest.param("COPY conf/gone.ini /srv/it", {"srv/it"}, id="one with a name of its own"),
        pytest.param("COPY *.ini /srv/", {"srv"}, id="none of many configurations"),
        pytest.param("COPY <<EOF /srv/a.py\nEOF", {"srv/a.py"}, id="COPY of a here-document"),
        pytest.param("ADD https://x/y.py /srv/", {"srv"}, id="ADD of a URL"),
        pytest.param("ADD x.tar.gz /srv/", {"srv"}, id="ADD of an archive"),
        pytest.param("ARG D\nCOPY main.py $D/", {"srv"}, id="a target that nobody knows"),
    ],
)
def test_open_parts(text: str, expected: set[str]) -> None:
    made = image(f"FROM python:3.11\nWORKDIR /srv\nCOPY main.py .\n{text}\n")
    assert made.open == expected


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("python:3.11-slim", (3, 11)), ("python:3.12.1-bookworm", (3, 12)), ("docker.io/library/python:3.9", (3, 9)),
        ("ghcr.io/astral-sh/uv:python3.12-bookworm-slim", (3, 12)), ("ghcr.io/astral-sh/uv:0.5-python3.13", (3, 13)),
        ("python:3.11@sha256:00", (3, 11)), ("public.ecr.aws/lambda/python:3.12", (3, 12)), ("python", None),
        ("python:3", None), ("python:3-slim", None), ("python:latest", None), ("ubuntu:22.04", None), ("node:20", None),
        ("registry:5000/python:3.10", (3, 10)), ("registry:5000/python", None), ("python:2.7", None),
        ("registry.access.redhat.com/ubi9/python-311:1", (3, 11)), ("gcr.io/distroless/python3-debian12", (3, 11)),
        ("tiangolo/uvicorn-gunicorn-fastapi:python3.11", (3, 11)), ("python:3.14.0rc1-slim", (3, 14)),
        ("company/base:1.3.11", None), ("nikolaik/python-nodejs:python3.12-nodejs20", (3, 12)), ("scratch", None),
    ],
)  # fmt: skip
def test_python_of_the_base(reference: str, expected: tuple[int, int] | None) -> None:
    assert python_version(reference) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("ARG V=3.11\nFROM python:${V}-slim", (3, 11), id="ARG in FROM"),
        pytest.param("ARG V\nFROM python:${V:-3.12}", (3, 12), id="a default"),
        pytest.param("ARG V\nFROM python:$V", None, id="given when it is built"),
        pytest.param("FROM --platform=linux/amd64 python:3.10 AS a\nFROM a", (3, 10), id="from a stage"),
        pytest.param("FROM python:3.10 AS a\nFROM debian", None, id="another base"),
    ],
)
def test_python_of_the_image(text: str, expected: tuple[int, int] | None) -> None:
    assert image(text).python == expected


@pytest.mark.parametrize(
    ("text", "command"),
    [
        pytest.param('CMD ["python", "main.py"]', ("python", "main.py"), id="exec form"),
        pytest.param("CMD python main.py", "python main.py", id="shell form"),
        pytest.param('ENTRYPOINT ["python"]\nCMD ["main.py"]', ("python", "main.py"), id="both"),
        pytest.param('ENTRYPOINT ["a"]\nCMD b', ("a", "/bin/sh", "-c", "b"), id="shell form behind exec form"),
        pytest.param('ENTRYPOINT a\nCMD ["b"]', "a", id="shell form takes nothing"),
        pytest.param("CMD a\nCMD b", "b", id="the last one"),
        pytest.param("CMD a\nFROM s", "a", id="of the stage it starts from"),
        pytest.param("ENTRYPOINT []\nCMD a", "a", id="an empty one"),
    ],
)
def test_what_is_started(text: str, command: str | tuple[str, ...]) -> None:
    started = image(f"FROM x AS s\n{text}").started
    assert started is not None
    assert started.command == command


@pytest.mark.parametrize(
    ("text", "names", "installed"),
    [
        pytest.param("COPY . .\nRUN pip install -r requirements.txt 'uvicorn[standard]>=1'",
            {"flask", "pyyaml", "uvicorn"}, set(), id="requirements"),
        pytest.param("COPY . .\nRUN pip install .", set(), {"srv"}, id="the project"),
        pytest.param("COPY . .\nRUN pip install -e '.[dev]'", set(), {"srv"}, id="editable"),
        pytest.param("COPY . .\nRUN uv sync --frozen", {"fastapi"}, {"srv"}, id="uv sync"),
        pytest.param("RUN --mount=type=bind,source=pyproject.toml,target=pyproject.toml uv sync --no-install-project",
            {"fastapi"}, {"srv"}, id="mounted"),
        pytest.param("RUN apt-get install -y python3-yaml=1 gcc", {"yaml"}, set(), id="system packages"),
    ],
)  # fmt: skip
def test_installed(text: str, names: set[str], installed: set[str]) -> None:
    made = image(f"FROM python:3.11\nWORKDIR /srv\n{text}")
    assert made.packages.names - {"x"} == names | (
        {"flask", "pyyaml"} if "fastapi" in names and "COPY" in text else set()
    )
    assert {path for path in made.installed if not path.startswith(INSTALLED)} - {"srv/src", "srv/app"} == installed
    assert made.packages.complete


def test_a_dockerignore_names_its_line() -> None:
    made = image("FROM x\nCOPY . /srv", {**TREE, ".dockerignore": "# x\napp\n!app/core.py\n"})
    assert made.files["srv/app/__init__.py"].withheld == ".dockerignore line 2"
    assert made.files["srv/app/core.py"].withheld == ""


@pytest.mark.parametrize(
    ("path", "copies", "expected"),
    [
        pytest.param("Dockerfile", "COPY . .", "", id="the root"),
        pytest.param("docker/Dockerfile", "COPY app app", "", id="what is copied lies in the root"),
        pytest.param("docker/Dockerfile", "COPY . .", "", id="nothing beside it"),
        pytest.param("app/Dockerfile", "COPY core.py .", "app", id="what is copied lies beside it"),
        pytest.param("app/Dockerfile", "COPY . .", "app", id="modules beside it"),
        pytest.param("app/Dockerfile", "COPY app/core.py pyproject.toml .", "", id="from above"),
    ],
)
def test_context(path: str, copies: str, expected: str) -> None:
    dockerfile = read_dockerfile(f"FROM x\n{copies}".encode())
    assert context_of(path, dockerfile, repository_tree(dict.fromkeys([*TREE, path], ""))) == expected

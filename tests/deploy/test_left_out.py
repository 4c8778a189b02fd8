"""What an image lacks, looked up here and there, is what its definition says of all files."""

from __future__ import annotations

import pytest

from merge_guard.deploy.image import Brought
from merge_guard.deploy.images import ServiceImage, service_images
from merge_guard.deploy.left_out import LeftOut
from merge_guard.deploy.listing import Listing
from merge_guard.model.config import Config

TREE = {
    "run.py": "", "other.py": "", "README.md": "", "backend/__init__.py": "", "backend/a.py": "",
    "backend/lib/b.py": "", "backend/lib/c.py": "", "backend/data/x.json": "", "shared/s.py": "", "shared/t/u.py": "",
    "tools/lib/b.py": "", "mine.py": "",
}  # fmt: skip
WHOLE = "FROM python:3.11\nWORKDIR /srv\nCOPY . .\nCMD python run.py\n"


def files_of(tree: dict[str, str]) -> dict[str, str]:
    return {path: "not tracked by git" if path == "mine.py" else "" for path in tree}


def images(tree: dict[str, str]) -> tuple[ServiceImage, ...]:
    def read(path: str) -> bytes | None:
        return tree[path].encode() if path in tree else None

    return service_images(files_of(tree), read, Config(), {}, [])


def left_out(image: ServiceImage, files: dict[str, str]) -> dict[str, Brought]:
    """The definition."""
    kept = {path: file for path, file in image.image.files.items() if file.withheld}
    prefix = f"{image.image.context}/" if image.image.context else ""
    for inside, outside in image.contents.layout:
        start, above = (f"{directory}/" if directory else "" for directory in (outside, inside))
        for source, reason in files.items():
            path = above + source[len(start) :]
            if not source.startswith(start) or path in image.image.files or path in kept:
                continue
            brought = image.context.get(source[len(prefix) :]) if source.startswith(prefix) else None
            why = reason or (brought.withheld if brought else f"outside the build context {image.image.context or '.'}")
            kept[path] = Brought(source, why or f"no COPY of {image.image.dockerfile} brings it")
    return kept


@pytest.mark.parametrize(
    ("ignore", "dockerfile", "path"),
    [
        pytest.param("", WHOLE, "Dockerfile", id="nothing but what git withholds"),
        pytest.param("backend/lib\n**/t\n", WHOLE, "Dockerfile", id=".dockerignore"),
        pytest.param(
            "", "FROM python:3.11\nCOPY backend /srv/server\nCOPY run.py /srv/\nCMD python /srv/run.py\n",
            "Dockerfile", id="neighbours, at two places",
        ),
        pytest.param(
            "", "FROM python:3.11\nWORKDIR /srv\nCOPY backend/lib tools/lib ./\nCOPY run.py .\nCMD python run.py\n",
            "Dockerfile", id="two directories in one place",
        ),
        pytest.param(
            "", "FROM python:3.11\nCOPY . /\nRUN rm -rf /shared\nCMD python /run.py\n", "Dockerfile",
            id="at the root of the image",
        ),
        pytest.param(
            "other.py\nbackend/a.py\n",
            "FROM python:3.11\nCOPY other.py /srv\nCOPY backend /srv\nCMD python /srv/a.py\n",
            "Dockerfile", id="a file where a directory is",
        ),
        pytest.param(
            "lib/b.py\n", "FROM python:3.11\nWORKDIR /srv\nCOPY . .\nCMD python a.py\n", "backend/Dockerfile",
            id="a context below the root",
        ),
    ],
)  # fmt: skip
def test_by_definition(ignore: str, dockerfile: str, path: str) -> None:
    above = f"{path.rpartition('/')[0]}/".lstrip("/")
    tree = {**TREE, path: dockerfile, f"{above}.dockerignore": ignore}
    (image,) = images(tree)
    files = files_of(tree)
    expected = left_out(image, files)
    left = LeftOut(image.image, image.contents, image.context, files, Listing(files))
    assert dict(left) == expected
    assert len(left) == len(expected) > 0
    paths = {*image.image.files, *expected, *files}
    assert {path: left.get(path) for path in paths} == {path: expected.get(path) for path in paths}
    directories = {path[:at] for path in paths for at in range(len(path)) if path[at] == "/"} | {""}
    for directory in directories:
        prefix = f"{directory}/" if directory else ""
        assert set(left.below(directory)) == {p for p in expected if p == directory or p.startswith(prefix)}
        named = {name: source for name, source in left.names(directory).items() if source is not None}
        below = {path.removeprefix(prefix): file.source for path, file in expected.items() if path.startswith(prefix)}
        assert named == {name: source for name, source in below.items() if "/" not in name}
        assert {name.partition("/")[0] for name in below} <= left.names(directory).keys()


def test_images_that_hold_the_same_share_it() -> None:
    tree = {**TREE, "a/Dockerfile": WHOLE, "b/Dockerfile": WHOLE, "c/Dockerfile": f"{WHOLE}RUN rm other.py\n"}
    compose = "services:\n" + "".join(
        f"  {name}:\n    build:\n      context: .\n      dockerfile: {name}/Dockerfile\n" for name in "abc"
    )
    first, second, third = images({**tree, "compose.yaml": compose})
    assert first.contents is second.contents
    assert first.contents is not third.contents
    assert "srv/other.py" not in third.image.files

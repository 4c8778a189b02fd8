"""Files with the same bytes: read once, and told apart by all else that their facts depend on."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from merge_guard.model.source import SourceFile
from merge_guard.workers.extractor import LocalExtractor
from merge_guard.workers.work import Job, Repeated, decode_definitions, decode_facts, definitions_of, facts_of

_PLAIN = b"import os\n"
_WIDE = b"x = 1\n<<<<<<<<<< a\n1\n==========\n2\n>>>>>>>>>> b\n"


class _Bytes:
    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.asked: list[str] = []

    def read(self, file: SourceFile) -> bytes:
        self.asked.append(file.path)
        return self.files[file.path]

    def link(self, file: SourceFile) -> str:
        return ""


@pytest.mark.parametrize(
    ("files", "thorough"),
    [
        pytest.param([SourceFile("a.py"), SourceFile("b/a.py")], (), id="copies"),
        pytest.param([SourceFile("a.py"), SourceFile("a.txt"), SourceFile("a.ipynb")], (), id="other kinds"),
        pytest.param([SourceFile("a.py"), SourceFile("b.py", marker_size=10)], (), id="another marker size"),
        pytest.param([SourceFile("a.py"), SourceFile("b.py")], ("b.py",), id="one is judged by the compiler"),
    ],
)
@pytest.mark.parametrize("data", [_PLAIN, _WIDE, b"def f():\n    pass\nreturn\n"], ids=["plain", "conflict", "error"])
def test_the_same_facts_as_one_by_one(files: list[SourceFile], thorough: tuple[str, ...], data: bytes) -> None:
    job = Job(_Bytes({file.path: data for file in files}), thorough=frozenset(thorough), identify=True)
    repeated = Repeated()
    for file in files:
        encoded, name = repeated.facts(job, file)
        assert isinstance(encoded, bytes)
        assert (decode_facts(encoded), name) == facts_of(job, file, data)


@pytest.mark.parametrize("spans", [{}, {"a.py": ((1, 3),)}], ids=["all", "some lines of one"])
def test_the_same_definitions_as_one_by_one(spans: dict[str, tuple[tuple[int, int], ...]]) -> None:
    data = b"class A:\n    def f(self):\n        return 1\n\n\nclass B:\n    def g(self):\n        return 2\n"
    job = Job(_Bytes({"a.py": data, "b.py": data}))
    repeated = Repeated()
    for file in (SourceFile("a.py"), SourceFile("b.py")):
        encoded, _ = repeated.definitions((job, spans), file)
        assert isinstance(encoded, bytes)
        assert decode_definitions(encoded) == definitions_of(job, file, spans.get(file.path, ()))


@pytest.mark.parametrize("jobs", [1, 2])
def test_copies_share_their_facts_in_the_parent(jobs: int) -> None:
    files = [SourceFile(f"{number}/module{number % 5}.py") for number in range(100)]
    job = Job(_Bytes({file.path: f"import m{file.path[-4]}\n".encode() for file in files}))
    found = dict(LocalExtractor(job, jobs=jobs).facts(files))
    assert set(found) == set(files)
    assert len({id(facts) for facts in found.values()}) < 30
    assert all(facts == facts_of(job, file, job.reader.read(file))[0] for file, facts in found.items())

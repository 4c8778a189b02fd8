"""Reading the configuration: what each spelling gives, and what each mistake is told."""

from __future__ import annotations

import json
import time
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from merge_guard import config
from merge_guard.config.document import document
from merge_guard.config.keys import KEYS, SERVICE_KEYS, SSOT_KEYS, TABLES
from merge_guard.errors import ConfigError
from merge_guard.model.config import Config, Group, Service
from merge_guard.model.finding import Severity

PYPROJECT = """
[project]
name = "x"
[tool.merge-guard]
target-python = "3.11"
target-platform = "linux"
source-roots = [".", "./src/"]
exclude = ["templates/**", "old/*.py"]
builtins = ["_"]
select = ["MG1", "MG302"]
severity = { MG309 = "warning", MG310 = "off" }
per-file-ignores = { "tests/**" = ["MG1", "MG2"] }
[tool.merge-guard.services.backend]
entry = ["app.main:app", "-m:app.worker"]
[tool.merge-guard.services.web]
source-roots = ["web"]
[tool.merge-guard.ssot.manager]
match = ["*Manager", "*Store[12]"]
names = ["Manager"]
canonical = "app.core:Manager"
deprecated-paths = { "app.old" = "app.core", "app.older:Manager" = "app.core:Manager" }
exempt = { "app.checks:Outer.Manager" = "is none" }
"""

SETUP_CFG = """
[metadata]
name = x
[merge-guard]
target-python = 3.11
target-platform: linux
source-roots = ., ./src/
exclude =
    templates/**
    # a comment
    old/*.py
builtins = _
select = MG1,MG302
severity = MG309: warning, MG310: off
per-file-ignores =
    tests/**: MG1,MG2
[merge-guard.services.backend]
entry = app.main:app, -m:app.worker
[merge-guard.services.web]
source-roots =
    web
[merge-guard.ssot.manager]
match = *Manager, *Store[12]
names = Manager
canonical = app.core:Manager
deprecated-paths =
    app.old: app.core
    app.older:Manager: app.core:Manager
exempt = app.checks:Outer.Manager: is none
[other]
this is no option
"""

EXPECTED = Config(
    target_python="3.11",
    target_platform="linux",
    source_roots=("", "src"),
    exclude=("templates/**", "old/*.py"),
    builtins=("_",),
    select=("MG1", "MG302"),
    severity={"MG309": Severity.WARNING, "MG310": Severity.OFF},
    per_file_ignores={"tests/**": ("MG1", "MG2")},
    services={
        "backend": Service("backend", entry=("app.main:app", "-m:app.worker")),
        "web": Service("web", source_roots=("web",)),
    },
    ssot={
        "manager": Group(
            "manager",
            match=("*Manager", "*Store[12]"),
            names=("Manager",),
            canonical="app.core:Manager",
            deprecated_paths={"app.old": "app.core", "app.older:Manager": "app.core:Manager"},
            exempt={"app.checks:Outer.Manager": "is none"},
        )
    },
)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("pyproject.toml", PYPROJECT, id="pyproject"),
        pytest.param("merge-guard.toml", PYPROJECT.split("\n", 4)[4].replace("tool.merge-guard.", ""), id="own file"),
        pytest.param("setup.cfg", SETUP_CFG, id="setup.cfg"),
        pytest.param("tox.ini", SETUP_CFG.replace("\n", "\r\n"), id="tox.ini with CRLF"),
        pytest.param("sub/setup.cfg", SETUP_CFG, id="in a folder"),
    ],
)
def test_every_format_says_the_same(name: str, text: str) -> None:
    assert config.load({name: text}) == replace(EXPECTED, origin=name)


def test_a_written_document_reads_back() -> None:
    assert config.load({"merge-guard.toml": document(EXPECTED)}) == replace(EXPECTED, origin="merge-guard.toml")


def test_a_written_document_keeps_odd_names() -> None:
    odd = Config(per_file_ignores={'a "b"\\ é\x7f\U0001f600': ("MG1",)}, services={"a.b": Service("a.b", entry=("x",))})
    assert config.load({"merge-guard.toml": document(odd)}) == replace(odd, origin="merge-guard.toml")


@pytest.mark.parametrize(
    ("texts", "origin"),
    [
        pytest.param({}, "", id="no file"),
        pytest.param({"pyproject.toml": "[tool.black]\n"}, "", id="no section"),
        pytest.param({"pyproject.toml": '[project]\ndependencies=["flake8-merge-guard"]\n<<<<<<< x'}, "", id="broken"),
        pytest.param({"setup.cfg": "<<<<<<< HEAD\n[a]\n=======\n"}, "", id="broken ini without a section"),
        pytest.param({"setup.cfg": "[x]\n=\n[merge-guard]\n"}, "setup.cfg", id="broken outside the section"),
        pytest.param({"pyproject.toml": "[tool.merge-guard]\n"}, "pyproject.toml", id="an empty section counts"),
        pytest.param({"pyproject.toml": '[tool]\n"merge-guard" = {}\n'}, "pyproject.toml", id="a quoted key"),
        pytest.param({"pyproject.toml": "[tool]\n", "setup.cfg": "[merge-guard]\n"}, "setup.cfg", id="next file"),
        pytest.param({"merge-guard.toml": "", "tox.ini": "[merge-guard]\n"}, "merge-guard.toml", id="first"),
        pytest.param({"merge-guard.toml": b"\xef\xbb\xbfselect = []\n"}, "merge-guard.toml", id="byte order mark"),
    ],
)
def test_which_file_counts(texts: dict[str, str | bytes], origin: str) -> None:
    assert config.load(texts).origin == origin


@pytest.mark.parametrize(
    ("directory", "origin", "read"),
    [
        pytest.param("a/b", "a/pyproject.toml", 6, id="the nearest folder wins, what is behind is not read"),
        pytest.param("a", "a/pyproject.toml", 2, id="own folder"),
        pytest.param("", "setup.cfg", 3, id="the root"),
        pytest.param("c/d", "setup.cfg", 11, id="up to the root"),
    ],
)
def test_nearest(directory: str, origin: str, read: int) -> None:
    files = {"a/pyproject.toml": b"[tool.merge-guard]\n", "setup.cfg": b"[merge-guard]\n", "pyproject.toml": b"x = 1\n"}
    asked: list[str] = []

    def get(path: str) -> bytes | None:
        asked.append(path)
        return files.get(path)

    assert config.load_nearest(directory, get).origin == origin
    assert len(asked) == read


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("target_python = '3.11'", "target_python; did you mean target-python?", id="underscore"),
        pytest.param("exlude = []", "unknown key exlude; did you mean exclude?", id="typo"),
        pytest.param("zzzz = 1", "unknown key zzzz; known are builtins, entry,", id="nothing near"),
        pytest.param('"\\u001b[1m" = 1', "unknown key '\\x1b[1m'", id="control characters are escaped"),
        pytest.param("services.b.entri = []", "unknown key services.b.entri; did you mean entry?", id="in a service"),
        pytest.param(
            "services.b.requires = ['a.b:C.d(x']",
            "services.b.requires must be a symbol such as",
            id="a symbol without its bracket",
        ),
        pytest.param("services.b.routes = ['FETCH /x']", "services.b.routes must be a verb (GET,", id="no verb"),
        pytest.param("services.b.routes = ['GET x']", "services.b.routes must be a verb (GET,", id="no path"),
        pytest.param(
            "services.b.isolated-from = ['a/b']", "services.b.isolated-from must be a module", id="not a module"
        ),
        pytest.param("target-python = 3.10", "target-python must be a version", id="a number"),
        pytest.param("target-python = '3.x'", "not '3.x'", id="not a version"),
        pytest.param("target-platform = 'windows'", '"win32"', id="not a value of sys.platform"),
        pytest.param("exclude = 1", "exclude must be a list of texts, not a number", id="not a list"),
        pytest.param("exclude = [true]", "not a boolean", id="not texts"),
        pytest.param("exclude = ['/etc/**']", "relative to the root", id="absolute"),
        pytest.param("source-roots = ['../x']", "inside the project", id="outside"),
        pytest.param("source-roots = ['a/..']", "inside the project", id="outside at the end"),
        pytest.param("entry = ['']", "a text that is not empty", id="empty"),
        pytest.param("select = ['E501']", "a code such as", id="foreign code"),
        pytest.param("severity = { MG3 = 'off' }", "a code such as", id="severity of a prefix"),
        pytest.param("severity = { MG309 = 'info' }", 'severity.MG309 must be "error", "warning" or "off"', id="level"),
        pytest.param("severity = 'MG309'", "expected `key: value`", id="pairs without a colon"),
        pytest.param("services = []", "services must be a table, not a list", id="services"),
        pytest.param("services.b = 1979-05-27", "services.b must be a table, not a date", id="service"),
        pytest.param("ssot.a.exempt = { 'x:Y' = ' ' }", "the reason why it is exempt", id="no reason"),
        pytest.param("ssot.a.exempt = ['x:Y']", "ssot.a.exempt must be a table, not a list", id="no reasons"),
        pytest.param("ssot.a.canonical = 'x.Y'", 'a class such as "pkg.mod:Name"', id="not a class"),
        pytest.param("ssot.a.match = ['a b']", "a pattern such as", id="not a pattern"),
        pytest.param("ssot.a.nmes = []", "unknown key ssot.a.nmes; did you mean names?", id="in a group"),
        pytest.param("services.'a b' = {}", "letters, digits", id="name of a service"),
        pytest.param("x = [", "not valid TOML", id="syntax"),
        pytest.param(
            "<<<<<<< HEAD\nselect = []\n=======\n>>>>>>> b", "line 1: an unresolved merge conflict", id="merge"
        ),
        pytest.param("x = " + "1" * 5000, "merge-guard.toml: ", id="a number of 5,000 digits"),
    ],
)
def test_mistakes_in_toml(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config.load({"merge-guard.toml": text})
    assert str(caught.value).startswith("merge-guard.toml: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_header_that_is_not_closed_is_no_missing_section() -> None:
    with pytest.raises(ConfigError, match=r"^pyproject\.toml: not valid TOML"):
        config.load({"pyproject.toml": "[tool.merge-guard\nentry = []\n"})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("[merge-guard]\nnonsense\n", "line 2: expected `key = value`, not 'nonsense'", id="no value"),
        pytest.param("[merge-guard]\n<<<<<<< HEAD\n", "line 2: an unresolved merge conflict", id="merge"),
        pytest.param("[merge-guard]\nselect = MG1\nselect = MG2\n", "line 3: 'select' is set twice", id="twice"),
        pytest.param("[merge-guard]\nexlude = a\n", "unknown key exlude; did you mean exclude?", id="unknown"),
        pytest.param("[merge-guard]\nservices = a\n[merge-guard.services.b]\n", "line 3", id="key and table"),
        pytest.param("[merge-guard.nothing.b]\nx = 1\n", "unknown key nothing", id="unknown table"),
    ],
)
def test_mistakes_in_ini(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=r"^setup\.cfg: ") as caught:
        config.load({"setup.cfg": text})
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("override", "field", "value"),
    [
        pytest.param("target-python=3.10", "target_python", "3.10", id="a version is a text, not a number"),
        pytest.param("target-python=>=3.10,<3.13", "target_python", ">=3.10,<3.13", id="a range"),
        pytest.param('target-python="3.10"', "target_python", "3.10", id="a TOML text"),
        pytest.param("select=MG1, MG302", "select", ("MG1", "MG302"), id="a list with commas"),
        pytest.param('select=["MG1"]', "select", ("MG1",), id="a TOML list"),
        pytest.param("exclude=", "exclude", (), id="an empty list"),
        pytest.param(
            "severity.MG310=error", "severity",
            {"MG309": Severity.WARNING, "MG310": Severity.ERROR}, id="one entry of a table",
        ),
        pytest.param(
            'per-file-ignores."a.b/**"=MG3', "per_file_ignores",
            {"tests/**": ("MG1", "MG2"), "a.b/**": ("MG3",)}, id="a quoted entry",
        ),
        pytest.param("builtins=a\tb", "builtins", None, id="not a Python name"),
    ],
)  # fmt: skip
def test_overrides(override: str, field: str, value: Any) -> None:
    if value is None:
        with pytest.raises(ConfigError, match="--config: builtins must be a Python name"):
            config.load({}, [override])
        return
    assert config.is_override(override)
    loaded = config.load({"pyproject.toml": PYPROJECT}, ["select=MG9", override])
    assert getattr(loaded, field) == value
    assert loaded.origin == "pyproject.toml"


def test_an_override_of_a_service_leaves_its_other_keys() -> None:
    loaded = config.load({"pyproject.toml": PYPROJECT}, ["services.web.entry=web:app"])
    assert loaded.services["web"] == Service("web", entry=("web:app",), source_roots=("web",))


@pytest.mark.parametrize(
    ("override", "message"),
    [
        pytest.param("nothing=1", "unknown key nothing", id="unknown"),
        pytest.param("=1", "'' is not a key", id="no key"),
        pytest.param("a b=1", "'a b' is not a key", id="two words"),
        pytest.param("services=1", "must be a table", id="a table"),
        pytest.param("select.MG1=1", "must be a list", id="too deep"),
        pytest.param("x={}\ny=1", "unknown key", id="more than one"),
    ],
)
def test_mistakes_in_overrides(override: str, message: str) -> None:
    with pytest.raises(ConfigError, match=r"^--config: ") as caught:
        config.load({}, [override])
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("merge-guard.toml", "#" * 1_000_001, id="too large"),
        pytest.param("merge-guard.toml", b"\xff", id="not UTF-8"),
        pytest.param("merge-guard.toml", "x = " + "[" * 200_000, id="brackets"),
        pytest.param("merge-guard.toml", "x = " + "{a = [" * 100_000, id="tables in lists"),
        pytest.param("merge-guard.toml", "a" + ".a" * 400_000 + " = 1", id="one key with 400,000 parts"),
        pytest.param("merge-guard.toml", "[" + "a . " * 200_000 + "a]", id="one header with 200,000 parts"),
        pytest.param("merge-guard.toml", "x = {" + '"a".' * 200_000 + "a = 1}", id="the same in an inline table"),
        pytest.param("merge-guard.toml", '","' + '.","' * 200_000 + " = 1", id="quoted parts that hold commas"),
        pytest.param("merge-guard.toml", 'x = """' + '\\"""\n' * 150_000, id="a text that is never closed"),
        pytest.param("merge-guard.toml", 'x = "' + '\\"' * 450_000, id="escaped quotes that are never closed"),
        pytest.param("merge-guard.toml", "x = '''" + "''\n" * 300_000, id="a literal text that is never closed"),
        pytest.param("merge-guard.toml", "target-python = '" + ">=3.1," * 100_000 + "'", id="a range of many parts"),
        pytest.param("merge-guard.toml", "source-roots = ['" + "a/" * 400_000 + "..']", id="a long path"),
        pytest.param("setup.cfg", "[merge-guard]\nx" + " " * 900_000 + "y", id="a line of spaces"),
        pytest.param("setup.cfg", "[merge-guard]\n" + "[merge-guard." + "a." * 400_000 + "]\nx=1", id="an ini header"),
    ],
)
def test_bombs_are_bounded(name: str, text: str | bytes) -> None:
    start = time.process_time()
    with pytest.raises(ConfigError) as caught:
        config.load({name: text})
    assert time.process_time() - start < 5, "each takes well below a second; quadratic work would take minutes"
    assert len(str(caught.value)) < 500


def test_texts_with_many_dots_are_no_bombs() -> None:
    names = ", ".join(f'"a.b.c{number}.py"' for number in range(100))
    text = "# " + "and so on ... and.on " * 100 + f"\nexclude = [{names}]\nentry = ['''" + "a." * 100 + "''']\n"
    assert len(config.load({"merge-guard.toml": text}).exclude) == 100


def test_keys_are_the_fields_of_the_types() -> None:
    assert {key.field for key in KEYS.values()} | {*TABLES, "origin"} == {field.name for field in fields(Config)}
    assert {key.field for key in SERVICE_KEYS.values()} | {"name"} == {field.name for field in fields(Service)}
    assert {key.field for key in SSOT_KEYS.values()} | {"name"} == {field.name for field in fields(Group)}


def test_the_committed_schema_has_the_keys_of_the_parser() -> None:
    committed = json.loads((Path(config.__file__).parent.parent / "config.schema.json").read_text(encoding="utf-8"))
    assert committed == config.schema()
    assert set(committed["properties"]) == {*KEYS, *TABLES}
    for title, keys in TABLES.items():
        assert set(committed["properties"][title]["additionalProperties"]["properties"]) == set(keys)


@pytest.mark.parametrize(
    ("section", "valid"),
    [
        pytest.param({"target-python": "3.11", "select": ["MG1"]}, True, id="good"),
        pytest.param({"select": "MG1,MG2"}, False, id="commas are for ini files"),
        pytest.param({"severity": {"MG309": "warning"}, "services": {"a": {"entry": ["x"]}}}, True, id="tables"),
        pytest.param({"exlude": []}, False, id="unknown key"),
        pytest.param({"target-python": 3.1}, False, id="number"),
        pytest.param({"severity": {"MG3": "warning"}}, False, id="severity of a prefix"),
        pytest.param({"source-roots": ["../x"]}, False, id="outside"),
        pytest.param({"ssot": {"a": {"match": ["*M"], "exempt": {"a.b:C": "why"}}}}, True, id="a group"),
        pytest.param({"ssot": {"a": {"exempt": {"a.b:C": ""}}}}, False, id="no reason"),
        pytest.param({"services": {"a": {"entri": []}}}, False, id="unknown key of a service"),
    ],
)
def test_the_schema_judges_as_the_parser_does(section: dict[str, Any], valid: bool) -> None:
    jsonschema.Draft202012Validator.check_schema(config.schema())
    assert jsonschema.Draft202012Validator(config.schema()).is_valid(section) is valid


@pytest.mark.parametrize(
    ("text", "requires"),
    [
        pytest.param("a:f(x, y), b", ("a:f(x, y)", "b"), id="commas inside and outside"),
        pytest.param("\n  a:f(x, y)\n  b:g", ("a:f(x, y)", "b:g"), id="lines"),
        pytest.param("a:f(x, y)", ("a:f(x, y)",), id="one"),
    ],
)
def test_parentheses_keep_their_commas_in_ini_files(text: str, requires: tuple[str, ...]) -> None:
    loaded = config.load({"setup.cfg": f"[merge-guard.services.b]\nrequires = {text}\n"})
    assert loaded.services["b"].requires == requires

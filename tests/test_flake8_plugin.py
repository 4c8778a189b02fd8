"""flake8 as a user runs it, in a process of its own, with one and with several worker processes."""

from __future__ import annotations

import configparser
import os
import subprocess
import sys
import textwrap
from importlib import metadata
from pathlib import Path

import pytest

import merge_guard
from tests.gitrepo import GitRepo

ROOT = Path(merge_guard.__file__).resolve().parent.parent
CONFLICT = "x = 1\n<<<<<<< HEAD\ny = 1\n=======\ny = 2\n>>>>>>> other\n"
SOUND = {"app/__init__.py": "", "app/main.py": "from app import core\n\nprint(core)\n", "app/core.py": "x = 1\n"}
BROKEN = {**SOUND, "app/core.py": CONFLICT}

JOBS = pytest.mark.parametrize("jobs", ["-j1", "-j2"])


def plugin_metadata(folder: Path) -> None:
    """What an installed distribution would tell flake8, from the entry points that setup.cfg declares."""
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    declared = setup["options.entry_points"]["flake8.extension"]
    info = folder / "flake8_merge_guard-0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: flake8-merge-guard\nVersion: 0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[flake8.extension]\n{declared}\n", encoding="utf-8")


@pytest.fixture(scope="session")
def python_path(tmp_path_factory: pytest.TempPathFactory) -> str:
    entries = [str(ROOT)]
    try:
        metadata.distribution("flake8-merge-guard")
    except metadata.PackageNotFoundError:
        entries.append(str(tmp_path_factory.mktemp("metadata")))
        plugin_metadata(Path(entries[-1]))
    inherited = [os.path.abspath(entry) for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    return os.pathsep.join([*entries, *inherited])


class Flake8:
    """Runs flake8 in a folder; `python` and `path` decide which one."""

    def __init__(self, root: Path, path: str, program: tuple[str, ...] = (sys.executable, "-m", "flake8")) -> None:
        self.root = root
        self.cache = f"{root}-cache"
        self._path = path
        self._program = program

    def write(self, files: dict[str, str]) -> None:
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8", newline="")

    def run(self, *arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self._program, *arguments],
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": self._path, "MERGE_GUARD_CACHE_DIR": self.cache, **environment},
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    def places(self, *arguments: str, stdin: str = "") -> list[str]:
        """`path:line code` of each line of output, after checking that nothing else was said."""
        done = self.run("--format=%(path)s:%(row)d %(code)s", *arguments, stdin=stdin)
        assert done.stderr == ""
        places = [line.removeprefix("./") for line in done.stdout.splitlines()]
        assert done.returncode == (1 if places else 0)
        return places


@pytest.fixture
def flake8(tmp_path: Path, python_path: str) -> Flake8:
    return Flake8(tmp_path, python_path)


@JOBS
def test_a_file_that_does_not_parse(flake8: Flake8, jobs: str) -> None:
    flake8.write(BROKEN)
    places = flake8.places(jobs, "--select=E9,MG1", ".")
    assert places == ["app/core.py:2 MG101", "app/core.py:2 E999"]


@JOBS
def test_findings_across_files_stand_where_their_cause_is(flake8: Flake8, jobs: str) -> None:
    flake8.write(SOUND | {"app/main.py": "from app.core import missing\n\nprint(missing)\n"})
    places = flake8.places(jobs, "--select=MG3", "--merge-guard-entry=app.main", ".")
    assert "app/main.py:1 MG302" in places
    assert {place.partition(" ")[0] for place in places} == {"app/main.py:1"}


@JOBS
def test_a_sound_project_is_silent(flake8: Flake8, jobs: str) -> None:
    flake8.write(SOUND)
    assert flake8.places(jobs, ".") == []


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param([], True, id="selected by default"),
        pytest.param(["--select=MG"], True, id="select all"),
        pytest.param(["--select=E,MG101"], True, id="select the code"),
        pytest.param(["--extend-select=MG101"], True, id="extend"),
        pytest.param(["--select=E"], False, id="select others"),
        pytest.param(["--select=MG2,MG102"], False, id="select others of the family"),
        pytest.param(["--ignore=MG"], False, id="ignore all"),
        pytest.param(["--extend-ignore=MG101"], False, id="ignore the code"),
        pytest.param(["--ignore=E1"], True, id="ignore others"),
        pytest.param(["--exclude=app/core.py"], False, id="exclude the file"),
        pytest.param(["--per-file-ignores=app/core.py:MG101"], False, id="ignore in the file"),
        pytest.param(["--per-file-ignores=app/main.py:MG101"], True, id="ignore in another file"),
    ],
)
def test_selection(flake8: Flake8, options: list[str], expected: bool) -> None:
    flake8.write(BROKEN)
    places = flake8.places(*options, ".")
    assert ("app/core.py:2 MG101" in places) is expected


@JOBS
@pytest.mark.parametrize(
    ("comment", "options", "expected"),
    [
        pytest.param("  # noqa: MG101", [], False, id="on its line"),
        pytest.param("  # noqa: MG102", [], True, id="of another code"),
        pytest.param("\n# flake8: noqa", [], False, id="of the whole file"),
    ],
)
def test_noqa_in_a_file_that_does_not_parse(
    flake8: Flake8, jobs: str, comment: str, options: list[str], expected: bool
) -> None:
    flake8.write(SOUND | {"app/core.py": CONFLICT.replace("HEAD", f"HEAD{comment}")})
    places = flake8.places(jobs, "--select=MG1", *options, ".")
    assert bool(places) is expected


def test_a_file_that_is_not_linted_is_not_reported_but_judged(flake8: Flake8) -> None:
    flake8.write(BROKEN | {"README.md": CONFLICT})
    assert flake8.places("--select=MG", "app/main.py") == []
    assert flake8.places("--select=MG101", ".") == ["app/core.py:2 MG101"]


@pytest.mark.parametrize(("options", "expected"), [([], False), (["--merge-guard-warnings"], True)], ids=str)
def test_warnings_need_their_option(flake8: Flake8, options: list[str], expected: bool) -> None:
    flake8.write({"app/__init__.py": "", "app/example.py": f'EXAMPLE = """\n{CONFLICT}"""\n'})
    assert ("app/example.py:3 MG103" in flake8.places("--select=MG1", *options, ".")) is expected


def test_options_from_the_configuration_of_flake8(flake8: Flake8) -> None:
    flake8.write(
        {
            "setup.cfg": "[flake8]\nselect=MG1\nmerge-guard-warnings=true\nmerge-guard-entry=\n  app,\n  app.example\n",
            "app/__init__.py": "",
            "app/example.py": f'EXAMPLE = """\n{CONFLICT}"""\n',
        }
    )
    assert flake8.places(".") == ["app/example.py:3 MG103"]


def test_the_entry_point_option(flake8: Flake8) -> None:
    """What no entry point reaches is latent: a warning, which flake8 is not given."""
    flake8.write(
        {"one.py": "import two\n\nprint(two)\n", "two.py": "", "other.py": "from two import absent\n\nabsent\n"}
    )
    assert flake8.places("--select=MG3", "--merge-guard-entry=one", ".") == []
    assert "other.py:1 MG302" in flake8.places("--select=MG3", "--merge-guard-entry=one,other", ".")


def test_help_lists_the_options(flake8: Flake8) -> None:
    text = flake8.run("--help").stdout
    for name in ("warnings", "entry", "target-python", "config"):
        assert f"--merge-guard-{name}" in text


def test_version_names_the_plugin(flake8: Flake8) -> None:
    assert "flake8-merge-guard" in flake8.run("--version").stdout.replace("\n", "")


@pytest.mark.parametrize(
    ("name", "stdin", "expected"),
    [
        pytest.param("app/core.py", CONFLICT, ["app/core.py:2 MG101"], id="what the file holds"),
        pytest.param("app/core.py", f"\n\n{CONFLICT}", ["app/core.py:4 MG101"], id="an unsaved buffer"),
        pytest.param("app/core.py", "x = 1\n", [], id="a buffer that mends the file"),
        pytest.param("stdin", CONFLICT, ["stdin:2 MG101"], id="no file"),
        pytest.param("app/core.py", "x = 1\n<<<<<<< HEAD  # noqa: MG101\n=======\n>>>>>>> b\n", [], id="noqa"),
    ],
)
def test_standard_input(flake8: Flake8, name: str, stdin: str, expected: list[str]) -> None:
    flake8.write(BROKEN)
    display = [] if name == "stdin" else [f"--stdin-display-name={name}"]
    assert flake8.places("--select=MG1", *display, "-", stdin=stdin) == expected


def test_the_outputs_of_flake8(flake8: Flake8) -> None:
    flake8.write(BROKEN)
    done = flake8.run("--select=MG101", "--tee", "--output-file=out", "--show-source", "--count", "--statistics", ".")
    assert done.returncode == 1
    assert "./app/core.py:2:1: MG101 " in done.stdout
    assert "\n<<<<<<< HEAD\n^\n" in done.stdout
    assert done.stdout.splitlines()[-1] == "1"
    assert "MG101 " in (flake8.root / "out").read_text(encoding="utf-8")
    assert flake8.run("--select=MG101", "--exit-zero", ".").returncode == 0
    assert flake8.run("--select=MG101", "--quiet", ".").stdout == "./app/core.py\n"


def test_control_characters_of_a_label(flake8: Flake8) -> None:
    flake8.write(SOUND | {"app/core.py": CONFLICT.replace("HEAD", "\x1b]0;owned\x07 ::error::")})
    done = flake8.run("--select=MG101", ".")
    assert "MG101" in done.stdout
    assert "\x1b" not in done.stdout
    assert done.stdout.count("\n") == 1


@JOBS
def test_a_mistake_of_the_user(flake8: Flake8, jobs: str) -> None:
    """flake8's own findings are printed, the run fails, and says why."""
    flake8.write(SOUND | {"pyproject.toml": "[tool.merge-guard]\nexlude = []\n", "app/core.py": "import os\n"})
    done = flake8.run(jobs, ".")
    assert done.returncode == 1
    assert "F401" in done.stdout
    assert "merge-guard: pyproject.toml: unknown key exlude" in done.stdout
    assert done.stderr == ""
    assert flake8.places(jobs, "--select=F", ".") == ["app/core.py:1 F401"]


def test_files_of_two_repositories(flake8: Flake8, tmp_path: Path) -> None:
    for name in ("one", "two"):
        GitRepo(tmp_path / name).commit({f"{name}.py": CONFLICT})
    assert flake8.places("--select=MG101", "one", "two") == ["one/one.py:2 MG101", "two/two.py:2 MG101"]


def test_a_link_to_a_linted_file(flake8: Flake8) -> None:
    flake8.write(BROKEN)
    (flake8.root / "link.py").symlink_to("app/core.py")
    assert "link.py:2 MG101" in flake8.places("--select=MG101", "link.py")


# --- what it costs ---------------------------------------------------------------------------------------------------
COUNTING = """
import os
from merge_guard import wiring

judge = wiring.judge

def counted(request, **others):
    with open(os.environ["COUNT"], "a") as stream:
        stream.write(f"{os.getpid()}\\n")
    return judge(request, **others)

wiring.judge = counted
"""


@pytest.mark.parametrize(
    ("method", "options", "times"),
    [
        pytest.param("fork", ["-j1"], 1, id="one process"),
        pytest.param("fork", ["-j2"], 1, id="forked workers"),
        pytest.param("spawn", ["-j2"], 1, id="spawned workers"),
        pytest.param("forkserver", ["-j2"], 1, id="forkserver"),
        pytest.param("fork", ["-j2", "--select=E9"], 0, id="other codes selected"),
        pytest.param("fork", ["-j2", "--ignore=MG"], 0, id="ignored"),
    ],
)
def test_one_judgement_a_run(flake8: Flake8, python_path: str, method: str, options: list[str], times: int) -> None:
    """The real judgement, counted: the program wraps it before flake8 starts, and so does every worker."""
    flake8.write(BROKEN | {f"app/m{number}.py": "" for number in range(20)})
    program = flake8.root / "program.py"
    program.write_text(
        f"{COUNTING}\nif __name__ == '__main__':\n"
        f"    import multiprocessing, sys\n    multiprocessing.set_start_method({method!r})\n"
        "    from flake8.main.cli import main\n    sys.exit(main())\n",
        encoding="utf-8",
    )
    done = Flake8(flake8.root, python_path, (sys.executable, str(program))).run(
        *options, "app", COUNT=str(flake8.root / "count")
    )
    assert ("MG101" in done.stdout) is bool(times)
    assert "E999" in done.stdout
    counted = flake8.root / "count"
    assert (len(counted.read_text(encoding="utf-8").splitlines()) if counted.exists() else 0) == times


def test_what_is_kept_changes_nothing(flake8: Flake8) -> None:
    flake8.write(BROKEN)
    for content in (None, "", "import app.gone\n", "x = (\n", ""):
        if content is not None:
            flake8.write({"app/changing.py": content})
        fresh = flake8.places("--merge-guard-no-cache")
        assert [flake8.places(), flake8.places()] == [fresh, fresh]
    assert os.listdir(flake8.cache)


def test_nothing_is_kept(flake8: Flake8) -> None:
    flake8.write(SOUND)
    flake8.places("--merge-guard-no-cache")
    assert not os.path.exists(flake8.cache)


def test_other_codes_import_nothing_of_the_engine(flake8: Flake8) -> None:
    flake8.write(SOUND)
    program = (
        "import sys; from flake8.main.cli import main; status = main(sys.argv[1:]); "
        "print(*sys.modules, sep='\\n'); sys.exit(status)"
    )
    done = Flake8(flake8.root, flake8._path, (sys.executable, "-c", program)).run("-j1", "--select=E", ".")
    imported = set(done.stdout.splitlines())
    assert (done.returncode, done.stderr) == (0, "")
    assert "merge_guard.flake8_plugin" in imported
    assert not imported & {"merge_guard.wiring", "merge_guard.flake8_plugin.judgements", "msgspec"}


# --- a flake8 that is built differently ------------------------------------------------------------------------------
def test_a_flake8_that_cannot_be_joined(flake8: Flake8, python_path: str) -> None:
    """A flake8 whose `Manager.report` takes one more argument: said aloud, and files that parse are still reported."""
    program = flake8.root / "program.py"
    program.write_text(
        textwrap.dedent("""
            import sys
            from flake8 import checker
            from flake8.main.cli import main

            report = checker.Manager.report
            checker.Manager.report = lambda self, more=None: report(self)
            sys.exit(main())
        """),
        encoding="utf-8",
    )
    flake8.write(BROKEN | {"app/other.py": "# <<<<<<< HEAD\n# =======\n# >>>>>>> b\n"})
    done = Flake8(flake8.root, python_path, (sys.executable, str(program))).run("-j1", "--select=MG101,E9", "app")
    assert done.stderr.startswith("merge-guard: this flake8 is built differently (")
    assert done.stderr.count("\n") == 1
    assert "app/other.py:1:1: MG101" in done.stdout
    assert "app/core.py:2:1: MG101" not in done.stdout
    assert "E999" in done.stdout


# --- the range of versions -------------------------------------------------------------------------------------------
@pytest.fixture(scope="module", params=["flake8==6.0.0", "flake8==6.1.0", "flake8==7.0.0", "flake8>=7,<8"])
def other_flake8(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("flake8")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder), request.param],
        check=True,
        capture_output=True,
    )
    return folder


@pytest.mark.slow
@JOBS
def test_every_supported_version(other_flake8: Path, flake8: Flake8, python_path: str, jobs: str) -> None:
    flake8.write(BROKEN | {"app/noqa.py": CONFLICT.replace("HEAD", "HEAD  # noqa: MG101")})
    chosen = Flake8(flake8.root, os.pathsep.join([str(other_flake8), python_path]))
    (installed,) = other_flake8.glob("flake8-*.dist-info")
    version = installed.name.removeprefix("flake8-").removesuffix(".dist-info")
    assert chosen.run("--version").stdout.startswith(f"{version} ")
    assert chosen.places(jobs, "--select=E9,MG1", ".") == [
        "app/core.py:2 MG101",
        "app/core.py:2 E999",
        "app/noqa.py:2 E999",
    ]
    assert chosen.places("--select=MG1", "--stdin-display-name=x.py", "-", stdin=CONFLICT) == ["x.py:2 MG101"]

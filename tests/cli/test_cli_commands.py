"""The commands as a user runs them: output, exit status, and never a traceback."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from merge_guard import __version__, config, rules
from tests.cli.running import command, environment, run, write
from tests.gitrepo import GitRepo

CONFLICT = "x = 1\n<<<<<<< HEAD\ny = 1\n=======\ny = 2\n>>>>>>> other\n"
SOUND = {"app/__init__.py": "", "app/main.py": "from app import core\n", "app/core.py": "x = 1\n"}
BROKEN = {**SOUND, "app/core.py": CONFLICT}


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    write(tmp_path, SOUND)
    return tmp_path


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    write(tmp_path, BROKEN)
    return tmp_path


def codes(output: str) -> list[str]:
    return [finding["code"] for finding in json.loads(output)["findings"]]


@pytest.mark.parametrize("spelling", [["--version"], ["--version", "check"]], ids=["alone", "with more"])
def test_version(spelling: list[str], tmp_path: Path) -> None:
    done = run(*spelling, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"merge-guard {__version__}\n", "")


def test_version_costs_little_more_than_the_interpreter(tmp_path: Path) -> None:
    """Ratios of medians of interleaved runs: 4 is the promise, the command takes about 1.2."""
    seconds: dict[str, list[float]] = {"bare": [], "version": []}
    for _ in range(7):
        for name, arguments in {"bare": [sys.executable, "-c", "pass"], "version": command("--version")}.items():
            start = time.perf_counter()
            subprocess.run(arguments, cwd=tmp_path, env=environment(), stdout=subprocess.DEVNULL, check=True)
            seconds[name].append(time.perf_counter() - start)
    assert statistics.median(seconds["version"]) <= 4 * statistics.median(seconds["bare"])


@pytest.mark.parametrize(
    ("arguments", "forbidden"),
    [
        pytest.param(["--version"], {"click", "msgspec", "json", "sqlite3", "libcst", "rich"}, id="--version"),
        pytest.param(
            ["check", "--no-cache"],
            {
                "sqlite3",
                "multiprocessing",
                "packaging",
                "pathspec",
                "yaml",
                "dockerfile_parse",
                "libcst",
                "platformdirs",
                "merge_guard.deploy.layers",
                "merge_guard.deploy.commands",
                "merge_guard.ssot.groups",
            },
            id="check of a small folder",
        ),
        pytest.param(["rules"], {"msgspec", "sqlite3", "libcst", "rich", "merge_guard.wiring"}, id="rules"),
    ],
)
def test_what_is_not_imported(arguments: list[str], forbidden: set[str], tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import os\n\nclass Application: ...\n")
    program = (
        "import sys; from merge_guard.__main__ import main; status = main(); "
        "print(*sys.modules, sep='\\n', file=sys.stderr); sys.exit(status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    imported = set(done.stderr.splitlines())
    assert "merge_guard" in imported
    assert not imported & forbidden


def test_a_sound_project(sound: Path) -> None:
    done = run("check", cwd=sound)
    assert (done.returncode, done.stderr) == (0, "")
    assert "ready" in done.stdout


def test_a_broken_project(broken: Path) -> None:
    done = run("check", "--output-format", "json", cwd=broken)
    assert (done.returncode, done.stderr) == (1, "")
    assert "MG101" in codes(done.stdout)


def test_check_writes_nothing_into_the_tree(broken: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in broken.rglob("*")}
    run("check", cwd=broken)
    assert {path: path.stat().st_mtime_ns for path in broken.rglob("*")} == before


def test_a_module_of_the_tree_is_not_imported(broken: Path) -> None:
    for name in ("json", "click", "msgspec", "sitecustomize", "re", "merge_guard_canary"):
        write(broken, {f"{name}.py": f"open({str(broken / 'ran')!r}, 'w')\n"})
    assert run("check", cwd=broken).returncode == 1
    assert not (broken / "ran").exists()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(["app/core.py"], True, id="the file"),
        pytest.param(["app"], True, id="its folder"),
        pytest.param(["other.py"], False, id="another file"),
    ],
)
def test_paths_narrow_what_is_listed_not_the_verdict(broken: Path, arguments: list[str], expected: bool) -> None:
    write(broken, {"other.py": "x = 1\n"})
    done = run("check", "--output-format", "json", *arguments, cwd=broken)
    assert ("MG101" in codes(done.stdout)) is expected
    assert json.loads(done.stdout)["verdict"] == "blocked"


def test_errors_elsewhere_are_said(broken: Path) -> None:
    write(broken, {"other.py": "x = 1\n"})
    done = run("check", "other.py", cwd=broken)
    assert (done.returncode, "1 error elsewhere: not listed" in done.stdout) == (0, True)
    assert "elsewhere" not in run("check", "app", cwd=broken).stdout


def test_a_listed_start_up_brings_its_cause(broken: Path) -> None:
    done = run("check", "--entry", "app.main", "--output-format", "json", "app/main.py", cwd=broken)
    assert set(codes(done.stdout)) == {"MG101", "MG303"}


@pytest.mark.parametrize(
    ("arguments", "status", "found"),
    [
        pytest.param(["--select", "MG101"], 1, {"MG101"}, id="select"),
        pytest.param(["--select", "MG102,MG105", "--select", "MG106"], 0, set(), id="select others"),
        pytest.param(["--select", "MG1", "--ignore", "MG101"], 0, set(), id="ignore"),
        pytest.param(["--select", "MG1", "--per-file-ignores", "app/*.py:MG101"], 0, set(), id="per file"),
        pytest.param(["--select", "MG1", "--config", "severity.MG101=warning"], 0, {"MG101"}, id="severity"),
        pytest.param(["--select", "MG1", "--exit-zero"], 0, {"MG101"}, id="exit zero"),
    ],
)
def test_selection(broken: Path, arguments: list[str], status: int, found: set[str]) -> None:
    done = run("check", "--output-format", "json", *arguments, cwd=broken)
    assert done.stderr == ""
    assert (done.returncode, set(codes(done.stdout))) == (status, found)


def test_staged_and_revision_judge_what_git_holds(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "repo")
    repo.commit(dict(SOUND))
    repo.write({"app/core.py": CONFLICT})
    assert run("check", cwd=repo.root).returncode == 1
    assert run("check", "--staged", cwd=repo.root).returncode == 0
    repo.run("add", "-A")
    repo.write({"app/core.py": "x = 1\n"})
    assert run("check", cwd=repo.root).returncode == 0
    assert run("check", "--staged", cwd=repo.root).returncode == 1
    assert run("check", "--rev", "HEAD", cwd=repo.root).returncode == 0


def test_the_hook_judges_the_index_or_the_revision_that_is_pushed(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "repo")
    bad = repo.commit(dict(BROKEN))
    good = repo.commit(dict(SOUND))
    repo.write({"app/core.py": CONFLICT})
    assert run("hook", cwd=repo.root).returncode == 0
    assert run("hook", cwd=repo.root, PRE_COMMIT_TO_REF=bad).returncode == 1
    assert run("hook", cwd=repo.root, PRE_COMMIT_TO_REF=good).returncode == 0
    assert run("hook", "--staged", cwd=repo.root, PRE_COMMIT_TO_REF=bad).returncode == 0


@pytest.mark.parametrize(
    ("files", "status"),
    [
        pytest.param([], 0, id="no file"),
        pytest.param(["sound.txt"], 0, id="a sound file"),
        pytest.param(["sound.txt", "bad.md"], 1, id="a conflict in Markdown"),
        pytest.param(["no-import.py"], 0, id="the text rules alone"),
    ],
)
def test_conflicts(tmp_path: Path, files: list[str], status: int) -> None:
    write(tmp_path, {"sound.txt": "x\n", "bad.md": CONFLICT, "no-import.py": "import no_such\nfrom . import x\n"})
    done = run("conflicts", *files, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (status, "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["chek"], "No such command 'chek'", id="command"),
        pytest.param(["check", "--slect", "MG1"], "No such option", id="option"),
        pytest.param(["check", "--rev"], "requires an argument", id="value"),
        pytest.param(["check", "--jobs", "-1"], "-1", id="range"),
        pytest.param(["check", "--output-format", "xml"], "'xml' is not one of", id="format"),
        pytest.param(["check", "-q", "-v"], "--quiet and --verbose exclude each other", id="quiet and verbose"),
        pytest.param(["check", "--staged", "--rev", "x"], "--rev and --staged exclude", id="two states"),
        pytest.param(["check", "--select", ","], "--select names no code", id="no code"),
        pytest.param(["check", "--select", "MG999"], "MG999", id="unknown code"),
        pytest.param(["check", "--select", "E501"], "E501", id="foreign code"),
        pytest.param(["check", "no/such/path.py"], "no/such/path.py", id="missing path"),
        pytest.param(["check", "--config", "no.toml"], "no.toml", id="missing configuration"),
        pytest.param(["check", "--config", "exlude=x"], "did you mean exclude?", id="unknown key"),
        pytest.param(["check", "--rev", "HEAD"], "", id="no repository"),
        pytest.param(["check", "--staged"], "", id="no index"),
        pytest.param(["check", "--output-file", "no/dir/report"], "cannot write no/dir/report", id="output file"),
        pytest.param(["trace", "no.such.module"], "no.such.module", id="trace nothing"),
        pytest.param(["explain", "MG999"], "no rule 'MG999'", id="no rule"),
        pytest.param(["explain", "stray-maker"], "did you mean stray-marker?", id="nearly a rule"),
        pytest.param(["config"], "Missing command", id="half a command"),
        pytest.param(["check", "--config", "\x1b]0;x\x07=1"], "\\x1b]0;x\\x07", id="control characters"),
    ],
)
def test_mistakes_are_one_line_and_exit_2(sound: Path, arguments: list[str], message: str) -> None:
    done = run(*arguments, cwd=sound)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("merge-guard: ")
    assert done.stderr.count("\n") == 1
    assert "\x1b" not in done.stderr
    assert message in done.stderr


@pytest.mark.parametrize(
    ("files", "message"),
    [
        pytest.param({"pyproject.toml": "[tool.merge-guard]\nexlude = []\n"}, "pyproject.toml: unknown key", id="key"),
        pytest.param({"merge-guard.toml": "x = " + "[" * 100_000}, "nested too deeply", id="bomb"),
        pytest.param({"tox.ini": "[merge-guard]\n<<<<<<< x\n"}, "an unresolved merge conflict", id="conflict"),
    ],
)
def test_a_bad_configuration(sound: Path, files: dict[str, str], message: str) -> None:
    write(sound, files)
    done = run("check", cwd=sound)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert run("check", "--isolated", "--select", "MG2", cwd=sound).returncode == 0


def test_no_command_shows_the_help(tmp_path: Path) -> None:
    done = run(cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Commands:" in done.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["check", "-h"], ["trace", "--help"], ["config", "show", "--help"]])
def test_help(tmp_path: Path, arguments: list[str]) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Usage: merge-guard")


def test_rules(tmp_path: Path) -> None:
    text = run("rules", cwd=tmp_path).stdout.splitlines()
    assert [line.split()[0] for line in text] == list(rules.table())
    listed = json.loads(run("rules", "--output-format", "json", cwd=tmp_path).stdout)
    assert [(rule["code"], rule["name"]) for rule in listed] == [(c, e.name) for c, e in rules.table().items()]


@pytest.mark.parametrize("spelling", ["MG101", "mg101", "conflict-block"])
def test_explain(tmp_path: Path, spelling: str) -> None:
    done = run("explain", spelling, cwd=tmp_path, PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert done.stdout.startswith("MG101 conflict-block (error)\n")
    assert "Good:" in done.stdout


def test_config_show_is_a_configuration(sound: Path) -> None:
    write(sound, {"setup.cfg": "[merge-guard]\ntarget-python = 3.12\nexclude = a/**, b.py\n"})
    done = run("config", "show", "--config", "severity.MG103=error", cwd=sound)
    assert (done.returncode, done.stderr) == (0, "")
    shown = config.load({"merge-guard.toml": done.stdout})
    assert shown.target_python == "3.12"
    assert shown.exclude == ("a/**", "b.py")
    assert set(shown.severity) == {"MG103"}
    assert "setup.cfg" in done.stdout.splitlines()[0]


def test_config_schema(tmp_path: Path) -> None:
    assert json.loads(run("config", "schema", cwd=tmp_path).stdout) == config.schema()


@pytest.mark.parametrize("target", ["app.core", "app/core.py"])
def test_trace(sound: Path, target: str) -> None:
    done = run("trace", target, "--entry", "app.main", "--output-format", "json", cwd=sound)
    assert (done.returncode, done.stderr) == (0, "")
    shown = json.loads(done.stdout)
    assert (shown["module"], shown["path"]) == ("app.core", "app/core.py")
    (route,) = shown["entry_points"]
    assert route["reached"]
    assert [(hop["path"], hop["line"]) for hop in route["chain"]] == [("app/main.py", 1)]
    text = run("trace", target, "--entry", "app.main", cwd=sound).stdout
    assert "app.main: reached\n  app/main.py:1:1: from app import core\n" in text


def test_a_module_that_no_start_up_reaches(sound: Path) -> None:
    write(sound, {"app/alone.py": ""})
    done = run("trace", "app.alone", "--entry", "app.main", cwd=sound)
    assert done.returncode == 0
    assert "app.main: not reached" in done.stdout


def test_output_file(broken: Path) -> None:
    done = run("check", "--output-format", "json", "--output-file", "report.json", cwd=broken)
    assert (done.returncode, done.stdout) == (1, "")
    assert "MG101" in codes((broken / "report.json").read_text(encoding="utf-8"))


def test_the_job_summary(broken: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    summary = tmp_path_factory.mktemp("runner") / "summary.md"
    run("check", cwd=broken, GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary))
    assert "MG101" in summary.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("changes", "option", "expected"),
    [
        pytest.param({}, "auto", False, id="a pipe"),
        pytest.param({"FORCE_COLOR": "1"}, "auto", True, id="FORCE_COLOR"),
        pytest.param({"FORCE_COLOR": "1"}, "never", False, id="never"),
        pytest.param({"NO_COLOR": "1"}, "always", True, id="always"),
    ],
)
def test_color_on_the_command_line(broken: Path, changes: dict[str, str], option: str, expected: bool) -> None:
    assert ("\x1b[" in run("check", "--color", option, cwd=broken, **changes).stdout) is expected


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        pytest.param(["check"], 1, id="the verdict stands"),
        pytest.param(["rules"], 0, id="rules"),
        pytest.param(["check", "--help"], 1, id="the help is click's"),
    ],
)
def test_a_reader_that_went_away(broken: Path, arguments: list[str], status: int) -> None:
    process = subprocess.Popen(
        command(*arguments), cwd=broken, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    error = process.stderr.read()
    process.stderr.close()
    assert error == b""
    assert process.wait() == status


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [["check"], ["rules"], ["--version"]], ids=" ".join)
def test_a_full_disk(broken: Path, arguments: list[str]) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            command(*arguments), cwd=broken, env=environment(), stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 2
    assert done.stderr == b"merge-guard: cannot write to standard output: No space left on device\n"


def test_closed_streams_leave_the_exit_status(broken: Path) -> None:
    shell = 'exec "$@" >&- 2>&-'
    done = subprocess.run(["sh", "-c", shell, "sh", *command("check")], cwd=broken, env=environment(), check=False)
    assert done.returncode == 1


def test_interrupted(sound: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The process waits for a reader of its output."""
    pipe = tmp_path_factory.mktemp("pipe") / "pipe"
    os.mkfifo(pipe)
    process = subprocess.Popen(
        command("check", "--output-file", str(pipe)),
        cwd=sound,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # Whatever started the tests may ignore interrupts, and what is ignored stays so in its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    output = error = None
    for _ in range(20):
        # An interrupt that comes while Python calls a finalizer is lost to everybody: then people press Ctrl-C again.
        time.sleep(2)
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            output, error = process.communicate(timeout=5)
            break
    else:
        process.kill()
        process.communicate()
    assert error is not None
    assert (process.returncode, output, error.strip()) == (130, b"", b"")


def test_shell_completion(tmp_path: Path) -> None:
    done = run(cwd=tmp_path, _MERGE_GUARD_COMPLETE="bash_complete", COMP_WORDS="merge-guard che", COMP_CWORD="1")
    assert done.stdout.split() == ["plain,check"]

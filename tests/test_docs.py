"""The generated files: fresh in the checkout, and noticed where they are not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from merge_guard import docs, rules
from merge_guard.model.finding import Severity
from merge_guard.model.rule import Rule, Scope

ROOT = Path(docs.__file__).resolve().parent.parent
README = f"# x\n\n{docs._BEGIN}\nwhat stood there\n{docs._END}\nafter\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What the generator reads and writes, freshly generated."""
    folder = tmp_path / "merge_guard" / "rules"
    folder.mkdir(parents=True)
    for path in (ROOT / "merge_guard" / "rules").glob("mg*.py"):
        shutil.copy(path, folder)
    (tmp_path / "README.md").write_text(README, encoding="utf-8")
    assert docs.main([], tmp_path) == 0
    return tmp_path


def test_the_committed_files_are_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    assert docs.main(["--check"]) == 0, capsys.readouterr().err


def test_what_was_written_is_fresh(checkout: Path) -> None:
    assert docs.main(["--check"], checkout) == 0


@pytest.mark.parametrize(
    ("name", "change"),
    [
        pytest.param("merge_guard/rules/table.py", lambda path: path.write_text("TABLE = {}\n"), id="changed"),
        pytest.param("docs/rules/MG101.md", lambda path: path.unlink(), id="missing"),
        pytest.param("docs/rules/MG999.md", lambda path: path.write_text("x"), id="page of a rule that is gone"),
        pytest.param("docs/rules/index.md", lambda path: path.write_bytes(path.read_bytes()[:-1]), id="one byte"),
        pytest.param(".pre-commit-hooks.yaml", lambda path: path.write_text("[]\n"), id="hooks"),
        pytest.param("merge_guard/config.schema.json", lambda path: path.write_text("{}\n"), id="schema"),
        pytest.param("README.md", lambda path: path.write_text(README), id="readme"),
    ],
)
def test_stale_files_are_named_and_mended(
    checkout: Path, name: str, change: object, capsys: pytest.CaptureFixture[str]
) -> None:
    assert callable(change)
    change(checkout / name)
    assert docs.main(["--check"], checkout) == 1
    assert capsys.readouterr().err == f"{name} is out of date: run python -m merge_guard.docs\n"
    assert docs.main([], checkout) == 0
    assert docs.main(["--check"], checkout) == 0


@pytest.mark.parametrize(
    ("readme", "message"),
    [
        pytest.param(None, "README.md does not exist", id="no readme"),
        pytest.param("# x\n", "README.md has no <!-- rules:begin -->", id="no markers"),
    ],
)
def test_a_readme_without_a_place_for_the_table(
    checkout: Path, readme: str | None, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (checkout / "README.md").unlink()
    if readme is not None:
        (checkout / "README.md").write_text(readme, encoding="utf-8")
    assert docs.main([], checkout) == 1
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param("mg101.py", "mg101.py is not named like a rule", id="no name"),
        pytest.param("mg1_x.py", "mg1_x.py is not named like a rule", id="short code"),
    ],
)
def test_a_module_that_is_not_named_like_a_rule(
    checkout: Path, name: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (checkout / "merge_guard" / "rules" / name).write_text("", encoding="utf-8")
    assert docs.main(["--check"], checkout) == 1
    assert message in capsys.readouterr().err


def test_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert docs.main(["--chek"]) == 2
    assert "usage" in capsys.readouterr().err


def test_the_readme_keeps_what_stands_around_the_table(checkout: Path) -> None:
    text = (checkout / "README.md").read_text(encoding="utf-8")
    assert text.startswith("# x\n\n")
    assert text.endswith("\nafter\n")
    assert "what stood there" not in text
    assert "[MG101](docs/rules/MG101.md)" in text


def test_a_page_has_the_whole_docstring() -> None:
    rule = Rule(
        "MG999", "x-y", Severity.OFF, Scope.MERGE, "{a}", "One | line.\n\nBad:\n\n    x\n\nGood:\n\n    y", iter
    )
    page = docs.page(rule)
    assert page.startswith("# MG999: x-y\n\nCode `MG999` · off by default · judged in a merge\n")
    assert rule.doc in page
    assert "One \\| line." in docs.with_rule_table(README, [rule])


def test_the_hooks_are_what_pre_commit_expects() -> None:
    hooks = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    assert set(hooks) == {f"merge-guard{name}" for name in ("", "-gate", "-conflicts", "-merge", "-ssot")}
    whole = hooks["merge-guard"]
    assert (whole["pass_filenames"], whole["always_run"], whole["require_serial"]) == (False, True, True)
    assert whole["stages"] == ["pre-commit", "pre-merge-commit", "pre-push", "manual"]
    gate = hooks["merge-guard-gate"]
    assert (gate["pass_filenames"], gate["always_run"], gate["stages"]) == (False, True, ["pre-push", "manual"])
    assert hooks["merge-guard-conflicts"]["types"] == ["file"], "a conflict in UTF-16 is no text to identify"


def test_the_table_is_what_the_modules_declare() -> None:
    declared = docs.declared_rules(ROOT / "merge_guard" / "rules")
    assert [rule.code for rule in rules.load_all()] == [rule.code for rule in declared.values()]
    for module, rule in declared.items():
        entry = rules.table()[rule.code]
        assert entry == (module, rule.name, rule.severity.value, rule.scope.value, rule.summary)
        assert rules.load(rule.code) is rule


def test_a_rule_that_does_not_exist() -> None:
    with pytest.raises(KeyError):
        rules.load("MG999")

"""`python -m merge_guard.docs`: write what is generated from the declarations; `--check` says what is out of date.

Generated are the table of rules, a page for each rule and their index, the table in the README, the hooks of pre-commit
and the schema of the configuration. All are committed.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from merge_guard.model.finding import Severity
from merge_guard.model.rule import Rule, Scope

_COMMAND = "python -m merge_guard.docs"
_RULE_MODULE = re.compile(r"(mg\d{3})_[a-z0-9_]+\.py")
_PAGE = re.compile(r"MG\d{3}\.md")
_BEGIN, _END = "<!-- rules:begin -->", "<!-- rules:end -->"


@dataclass(frozen=True, slots=True)
class Hook:
    """One hook of pre-commit, with the keys of `.pre-commit-hooks.yaml` that it needs."""

    id: str
    name: str
    description: str
    entry: str
    settings: Mapping[str, str]


_STAGES = "[pre-commit, pre-merge-commit, pre-push, manual]"

HOOKS = (
    Hook(
        id="merge-guard",
        name="merge-guard",
        description="Judge what is committed or pushed: conflict residue, syntax, start-up of every entry point.",
        entry="merge-guard hook",
        # Without file names, and always: a commit that only deletes files is how imports break.
        settings={"pass_filenames": "false", "always_run": "true", "require_serial": "true", "stages": _STAGES},
    ),
    Hook(
        id="merge-guard-gate",
        name="merge-guard gate",
        description="Say of each service whether what is pushed can be deployed, and what blocks it.",
        entry="merge-guard gate --hook",
        settings={
            "pass_filenames": "false",
            "always_run": "true",
            "require_serial": "true",
            "verbose": "true",
            "stages": "[pre-push, manual]",
        },
    ),
    Hook(
        id="merge-guard-conflicts",
        name="merge-guard conflicts",
        description="Look for what a merge left behind in the files, whatever their type.",
        entry="merge-guard conflicts",
        settings={"types": "[file]", "stages": _STAGES},
    ),
    Hook(
        id="merge-guard-merge",
        name="merge-guard merge",
        description="While a merge is concluded, say what its resolution lost, doubled or brought back of either side.",
        entry="merge-guard merge --merge-in-progress",
        settings={
            "pass_filenames": "false",
            "always_run": "true",
            "require_serial": "true",
            "stages": "[pre-commit, pre-merge-commit, post-merge, manual]",
        },
    ),
    Hook(
        id="merge-guard-ssot",
        name="merge-guard single source of truth",
        description="Judge the groups of classes of which one is to be the single source of truth.",
        entry="merge-guard hook --select MG4",
        settings={"pass_filenames": "false", "always_run": "true", "require_serial": "true", "stages": _STAGES},
    ),
)


class StaleError(Exception):
    """A generated place cannot be written, because what it stands in is not there."""


def declared_rules(folder: Path) -> Mapping[str, Rule]:
    """Module name → its rule, in the order of the codes, for every `mgNNN_name.py` of the folder."""
    from merge_guard.rules import rule_of

    rules: dict[str, Rule] = {}
    for path in sorted(folder.glob("mg*.py")):
        match = _RULE_MODULE.fullmatch(path.name)
        if match is None:
            raise StaleError(f"{path.name} is not named like a rule: mgNNN_name.py")
        rule = rules[path.stem] = rule_of(path.stem)
        if rule.code.lower() != match[1]:
            raise StaleError(f"{path.name} declares {rule.code}")
        if f"{match[1]}_{rule.name.replace('-', '_')}" != path.stem:
            raise StaleError(f"{path.name} declares the name {rule.name}")
    codes = [rule.code for rule in rules.values()]
    if len(set(codes)) != len(codes):
        raise StaleError("two modules declare one code")
    return rules


def generated(root: Path) -> tuple[dict[Path, str], list[str]]:
    """Every generated file with its content, and what stands in the way of one; raises `StaleError` for bad rules."""
    rules = declared_rules(root / "merge_guard" / "rules")
    pages = root / "docs" / "rules"
    files = {
        root / "merge_guard" / "rules" / "table.py": _table(rules),
        root / "merge_guard" / "config.schema.json": _schema(),
        root / ".pre-commit-hooks.yaml": hooks_yaml(HOOKS),
        pages / "index.md": _index(rules.values()),
    }
    for rule in rules.values():
        files[pages / f"{rule.code}.md"] = page(rule)
    try:
        files[root / "README.md"] = with_rule_table(_readme(root), rules.values())
    except StaleError as error:
        return files, [str(error)]
    return files, []


def orphans(root: Path, files: Mapping[Path, str]) -> list[Path]:
    """Pages of rules that are gone."""
    folder = root / "docs" / "rules"
    return sorted(path for path in folder.glob("*.md") if _PAGE.fullmatch(path.name) and path not in files)


def page(rule: Rule) -> str:
    facts = f"Code `{rule.code}` · {_level(rule)} · {_SCOPES[rule.scope]}"
    return (
        f"# {rule.code}: {rule.name}\n\n{facts}\n\n{rule.doc}\n\nMessage: `{rule.message}`\n\n{_notice('<!--', ' -->')}"
    )


_SCOPES = {
    Scope.FILE: "judged in each file by itself",
    Scope.PROJECT: "judged in the whole project",
    Scope.MERGE: "judged in a merge",
    Scope.FINDINGS: "judged after the other rules, from what they found",
}


def _level(rule: Rule) -> str:
    return "off by default" if rule.severity is Severity.OFF else rule.severity.value


def _notice(begin: str, end: str = "") -> str:
    return f"{begin} Generated by `{_COMMAND}`; do not edit.{end}\n"


def _index(rules: Iterable[Rule]) -> str:
    return f"# Rules\n\n{_rows(rules, '')}\n{_notice('<!--', ' -->')}"


def _rows(rules: Iterable[Rule], folder: str) -> str:
    rows = []
    for rule in rules:
        summary = rule.summary.replace("|", "\\|")
        rows.append(f"| [{rule.code}]({folder}{rule.code}.md) | {rule.name} | {_level(rule)} | {summary} |")
    return "\n".join(["| Code | Name | Level | What |", "|---|---|---|---|", *rows]) + "\n"


def _readme(root: Path) -> str:
    try:
        return (root / "README.md").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise StaleError("README.md does not exist")


def with_rule_table(readme: str, rules: Iterable[Rule]) -> str:
    """The text with the table of rules between its two markers."""
    before, begin, rest = readme.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise StaleError(f"README.md has no {_BEGIN} ... {_END}")
    return f"{before}{begin}\n{_rows(rules, 'docs/rules/')}{end}{after}"


def hooks_yaml(hooks: Iterable[Hook]) -> str:
    entries = []
    for hook in hooks:
        keys = {
            "name": hook.name,
            "description": json.dumps(hook.description),
            "entry": hook.entry,
            "language": "python",
            **hook.settings,
            # The first with these names of stages.
            "minimum_pre_commit_version": '"3.2.0"',
        }
        entries.append("\n".join([f"- id: {hook.id}", *(f"  {key}: {value}" for key, value in keys.items())]) + "\n")
    return _notice("#") + "\n".join(entries)


def _schema() -> str:
    from merge_guard.config import schema

    return json.dumps(schema(), indent=2) + "\n"


def _table(rules: Mapping[str, Rule]) -> str:
    lines = [
        f'"""Generated by `{_COMMAND}`: every rule\'s declaration, readable without importing the rule."""',
        "",
        "from __future__ import annotations",
        "",
    ]
    if not rules:
        lines.append("TABLE: dict[str, tuple[str, str, str, str, str]] = {}")
        return "\n".join(lines) + "\n"
    lines.append("TABLE: dict[str, tuple[str, str, str, str, str]] = {")
    for module, rule in rules.items():
        lines.append(f"    {_quoted(rule.code)}: (")
        row = (module, rule.name, rule.severity.value, rule.scope.value, rule.summary)
        lines.extend(f"        {_quoted(text)}," for text in row)
        lines.append("    ),")
    lines.append("}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A literal as the formatter would leave it: double quotes, unless that costs escapes."""
    literal = repr(text)
    if literal.startswith("'") and '"' not in text:
        return f'"{literal[1:-1]}"'
    return literal


def main(arguments: Sequence[str], root: Path | None = None) -> int:
    """Write, or with `--check` compare; the exit status."""
    if any(argument != "--check" for argument in arguments):
        print(f"usage: {_COMMAND} [--check]", file=sys.stderr)
        return 2
    root = root or Path(__file__).resolve().parent.parent
    try:
        files, problems = generated(root)
    except StaleError as error:
        files, problems = {}, [str(error)]
    stale = sorted(path for path, text in files.items() if not path.is_file() or path.read_bytes() != text.encode())
    gone = orphans(root, files) if files else []
    if arguments:
        problems += [f"{path.relative_to(root).as_posix()} is out of date: run {_COMMAND}" for path in [*stale, *gone]]
    else:
        for path in stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(files[path].encode())
        for path in gone:
            path.unlink()
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

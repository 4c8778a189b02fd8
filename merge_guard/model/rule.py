"""One declaration per rule; every surface that names a rule reads it from here."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from merge_guard.model.finding import Finding, Severity


class Scope(Enum):
    """What a rule's check is given: one file's facts, the whole project, a merge, or what the other rules found."""

    FILE = "file"
    PROJECT = "project"
    MERGE = "merge"
    FINDINGS = "findings"


_CODE = re.compile(r"MG\d{3}\Z")


@dataclass(frozen=True, slots=True)
class Rule:
    """A declared rule. `check` yields findings whose severity is the rule's default unless reach says otherwise."""

    code: str
    name: str
    severity: Severity
    scope: Scope
    message: str
    doc: str
    check: Callable[[Any], Iterator[Finding]]
    needs: str = ""
    """Of a rule of file scope: the field of `FileFacts` that it speaks of. Files that have none of it are not asked."""

    def __post_init__(self) -> None:
        if not _CODE.match(self.code):
            raise ValueError(f"not a rule code: {self.code!r}")
        if "Bad:" not in self.doc or "Good:" not in self.doc:
            raise ValueError(f"{self.code}: the docstring needs a Bad: and a Good: tree")
        if self.needs:
            # Who asks only for the rules' names needs no facts.
            from merge_guard.model.facts import FileFacts

            if self.scope is not Scope.FILE or self.needs not in FileFacts.__struct_fields__:
                raise ValueError(f"{self.code}: no facts of a file: {self.needs!r}")

    @property
    def summary(self) -> str:
        """The docstring's first line."""
        return self.doc.splitlines()[0]

    def finding(
        self, *, key: str, severity: Severity | None = None, message: Mapping[str, object], **fields: Any
    ) -> Finding:
        """A finding of this rule; `message` fills the rule's message template."""
        return Finding(
            code=self.code,
            name=self.name,
            severity=severity or self.severity,
            message=self.message.format_map(message),
            key=key,
            **fields,
        )


def rule(
    *,
    code: str,
    name: str,
    message: str,
    severity: Severity = Severity.ERROR,
    scope: Scope = Scope.PROJECT,
    needs: str = "",
) -> Callable[[Callable[[Any], Iterator[Finding]]], Rule]:
    """Declare the decorated check as a rule; its docstring is the rule's page."""

    def declare(check: Callable[[Any], Iterator[Finding]]) -> Rule:
        return Rule(
            code=code, name=name, severity=severity, scope=scope, message=message,
            doc=inspect.cleandoc(check.__doc__ or ""), check=check, needs=needs,
        )  # fmt: skip

    return declare

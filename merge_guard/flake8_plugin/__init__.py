"""flake8's entry point. Every run of flake8 imports this package, so it imports nothing of the engine itself."""

# mypy: disable-error-code="import-untyped,import-not-found"

from __future__ import annotations

import argparse
import ast
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from merge_guard import __version__

if TYPE_CHECKING:
    from flake8.options.manager import OptionManager

    from merge_guard.flake8_plugin.judgements import Judgements


class MergeGuardPlugin:
    """Registers the options, and joins the run of flake8 where it collects its results.

    flake8 calls no plugin for a file that does not parse, and those are the files that matter here. So the findings
    are added in the main process after flake8 has checked all files (`merge_guard.flake8_plugin.joined`), for broken
    and sound files alike, and this class yields nothing. Only where flake8 turns out to be built differently does it
    report by itself, for the files that parse, and says so.
    """

    name = "merge-guard"
    version = __version__
    _alone: ClassVar[Judgements | None] = None

    def __init__(self, tree: ast.AST, filename: str) -> None:
        self._filename = filename

    @classmethod
    def add_options(cls, manager: OptionManager) -> None:
        manager.add_option(
            "--merge-guard-warnings",
            action="store_true",
            default=False,
            parse_from_config=True,
            help="Report findings of merge-guard at warning level too (Default: errors only)",
        )
        manager.add_option(
            "--merge-guard-entry",
            metavar="entries",
            default="",
            parse_from_config=True,
            comma_separated_list=True,
            help="Entry points for merge-guard: pkg.mod, pkg.mod:attr, path/script.py, -m:pkg (Default: discovered)",
        )
        manager.add_option(
            "--merge-guard-target-python",
            metavar="version",
            default=None,
            parse_from_config=True,
            help='Python version of the deploy for merge-guard, such as "3.11" (Default: as merge-guard is configured)',
        )
        manager.add_option(
            "--merge-guard-config",
            metavar="file|key=value",
            action="append",
            default=None,
            help="A configuration file of merge-guard, or one value of it; repeatable (Default: the project's)",
        )
        manager.add_option(
            "--merge-guard-no-cache",
            action="store_true",
            default=False,
            parse_from_config=True,
            help="Neither use nor keep what merge-guard learnt of unchanged files",
        )

    @classmethod
    def parse_options(cls, options: argparse.Namespace) -> None:
        """Called in the main process, and again in every worker that is not forked."""
        from merge_guard.flake8_plugin.selection import selected_codes

        cls._alone = None
        if not selected_codes(options):
            return
        from merge_guard.flake8_plugin.joined import join, obstacle

        reason = obstacle()
        if reason is None:
            join()
            return
        from merge_guard.flake8_plugin.judgements import Judgements

        print(
            f"merge-guard: this flake8 is built differently ({reason}): files that do not parse are not reported under "
            "MG codes, and each worker process judges the project anew",
            file=sys.stderr,
        )
        cls._alone = Judgements(options)

    def run(self) -> Iterator[tuple[int, int, str, type[MergeGuardPlugin]]]:
        if self._alone is not None:
            for reported in self._alone.of_file(self._filename):
                yield reported.line, reported.column, reported.text, type(self)

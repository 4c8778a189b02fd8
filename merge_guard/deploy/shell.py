"""Shell text to simple commands, as far as it is straight-line: words, variables, `cd`, `export`, chains, branches.

Source: POSIX.1-2017, XCU 2 "Shell Command Language". Nothing is run; what only a running shell knows is `UNKNOWN`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from merge_guard.deploy.shell_words import MOST_TEXT, References, expand, tokens
from merge_guard.deploy.start import UNKNOWN, join

_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)\+?=(.*)\Z", re.DOTALL)
_OPENS = frozenset({"if", "while", "until", "for", "case", "select", "{", "function"})
_CLOSES = frozenset({"fi", "done", "esac", "}"})
_LEADS_ON = frozenset({"then", "do", "!", "time"})
_TESTS = frozenset({"[", "[[", "test", "command", "which", "type", "hash"})
_SILENT = frozenset({"set", ".", "source", "trap", "ulimit", "umask", "wait", "echo", ":", "true", "printf", "sleep"})
_DECLARES = frozenset({"export", "declare", "local", "readonly", "typeset"})
_MOST_COMMANDS = 500
_MOST_BRANCHES = 300
_MOST_EVALS = 20
_LONGEST_VALUE = 5_000
_MOST_ARGS = 500


@dataclass(frozen=True, slots=True)
class Command:
    """A simple command with its own environment; `certain` is False where it may as well not run."""

    words: tuple[str, ...]
    env: Mapping[str, str]
    cwd: str
    certain: bool = True


@dataclass(frozen=True, slots=True)
class _State:
    """What commands change; `args` None where they are not known, `dead` after an `exit` or `exec`."""

    variables: Mapping[str, str]
    cwd: str
    args: tuple[str, ...] | None
    dead: bool = False

    def assign(self, values: Mapping[str, str]) -> _State:
        return replace(self, variables={**self.variables, **values}) if values else self


@dataclass(slots=True)
class _Block:
    """A compound command that is open: how it was entered, and how its finished branches ended."""

    kind: str
    entered: _State
    ends: list[_State] = field(default_factory=list)
    exhaustive: bool = False


def simple_commands(
    text: str, env: Mapping[str, str], cwd: str, args: Sequence[str] | None = (), name: str = ""
) -> list[Command]:
    """The simple commands of a text, in order, each once; `args` are its `$1` …, `name` the script's own path."""
    if len(text) > MOST_TEXT or UNKNOWN in text or "\1" in text:
        return []
    return _Shell(_State(dict(env), cwd, None if args is None else tuple(args)), name).run(text)


class _Shell:
    def __init__(self, state: _State, name: str) -> None:
        self.state = state
        self.name = name
        self.references: References = ()
        self.blocks: list[_Block] = []
        self.opened = 0
        self.defines = False
        """A function's name and parentheses stand before what follows."""
        self.commands: list[Command] = []
        self.evals = 0

    def run(self, text: str) -> list[Command]:
        try:
            words, self.references = tokens(text)
        except ValueError:  # a quotation without its end: nothing is certain
            return []
        segment: list[str] = []
        doubtful = skip = False
        for kind, word in [*words, ("operator", "\n")]:
            if kind == "word":
                if not skip:
                    segment.append(word)
                skip = False
            elif "<" in word or ">" in word:
                skip = True
                if segment and segment[-1] in ("0", "1", "2"):
                    segment.pop()
            else:
                doubtful = self._end(segment, word, doubtful)
                segment, skip = [], False
                finished = self.state.dead and not self.blocks
                if finished or len(self.commands) >= _MOST_COMMANDS or self.opened > _MOST_BRANCHES:
                    break
        return self.commands

    def _end(self, segment: list[str], operator: str, doubtful: bool) -> bool:
        """Carry out what stands before an operator; gives whether what follows it may not run."""
        if operator == "(":
            if segment:
                self.defines = True
            else:
                self._open("(")
            return doubtful
        is_test = False
        innermost = self.blocks[-1].kind if self.blocks else ""
        words = self._without_keywords(segment)
        if operator == ")" and innermost != "(":
            words = []  # a pattern of a `case`, or a function's empty parentheses
        if words:
            is_test = words[0] in _TESTS
            self._command(words, not doubtful)
        if operator == ")" and innermost == "(":
            self._close()
        elif operator.startswith(";;") or operator == ";&":
            self._next_branch()
        if operator == "||":
            return True
        return operator == "&&" and (doubtful or is_test)

    def _without_keywords(self, words: list[str]) -> list[str]:
        while words:
            first = words[0]
            if first in _OPENS:
                self._open("function" if first == "function" or self.defines else first)
                if first in ("for", "select", "case", "function"):
                    if first in ("for", "select") and len(words) > 1:
                        self.state = self.state.assign({words[1]: UNKNOWN})
                    if first == "function" and words[-1] != "{":
                        self.blocks.pop()
                        self.defines = True
                    return []
            elif first in _CLOSES:
                self._close()
            elif first in ("else", "elif"):
                self._next_branch()
                if self.blocks:
                    self.blocks[-1].exhaustive = first == "else"
            elif first not in _LEADS_ON:
                return words
            words = words[1:]
        return []

    # --- branches -----------------------------------------------------------------------------------------------
    def _open(self, kind: str) -> None:
        self.opened += 1
        self.defines = False
        self.blocks.append(_Block(kind, self.state))
        if kind == "function":
            self.state = replace(self.state, args=None)

    def _next_branch(self) -> None:
        if self.blocks:
            self.blocks[-1].ends.append(self.state)
            self.state = self.blocks[-1].entered

    def _close(self) -> None:
        if not self.blocks:
            return
        block = self.blocks.pop()
        if block.kind == "{":
            return
        if block.kind in ("(", "function"):
            self.state = block.entered
            return
        ends = [*block.ends, self.state, *([] if block.exhaustive else [block.entered])]
        alive = [end for end in ends if not end.dead]
        self.state = alive[0] if alive else replace(block.entered, dead=True)
        for end in alive[1:]:
            self.state = _joined(self.state, end)

    # --- commands -----------------------------------------------------------------------------------------------
    def _command(self, raw: list[str], certain: bool) -> None:
        if self.state.dead:
            return
        assigned: dict[str, str] = {}
        count = 0
        for word in raw:
            match = _ASSIGNMENT.match(word)
            if not match:
                break
            count += 1
            assigned[match.group(1)] = UNKNOWN if "+=" in word else " ".join(self._expand(match.group(2)))
        words = [part for word in raw[count:] for part in self._expand(word)]
        if count == len(raw):
            self._assign(assigned, certain)
        elif words and not self._builtin(words, assigned, certain):
            always = certain and all(block.kind in ("{", "(") for block in self.blocks)
            self.commands.append(Command(tuple(words), {**self.state.variables, **assigned}, self.state.cwd, always))
            if words[0] == "exec" and len(words) > 1 and certain:
                self.state = replace(self.state, dead=True)

    def _assign(self, values: Mapping[str, str], certain: bool) -> None:
        self.state = self.state.assign(
            {name: value if certain and len(value) <= _LONGEST_VALUE else UNKNOWN for name, value in values.items()}
        )

    def _expand(self, word: str) -> list[str]:
        return expand(word, self.references, self.state.variables, self.state.args, self.name)

    def _builtin(self, words: list[str], assigned: Mapping[str, str], certain: bool) -> bool:
        program, args = words[0], words[1:]
        state = self.state
        if program in _DECLARES:
            matches = filter(None, map(_ASSIGNMENT.match, args))
            self._assign({match.group(1): match.group(2) for match in matches}, certain)
        elif program in ("cd", "pushd"):
            target = next((arg for arg in args if not arg.startswith("-")), UNKNOWN)
            self.state = replace(state, cwd=join(state.cwd, target) if certain and "-" not in args else UNKNOWN)
        elif program == "popd":
            self.state = replace(state, cwd=UNKNOWN)
        elif program == "set" and "--" in args:
            given = tuple(args[args.index("--") + 1 :])
            self.state = replace(state, args=given if certain and len(given) <= _MOST_ARGS else None)
        elif program == "shift":
            count = int(args[0]) if args and args[0].isdecimal() and len(args[0]) < 4 else 1
            self.state = replace(state, args=state.args[count:] if certain and state.args is not None else None)
        elif program in ("unset", "read"):
            self._assign(dict.fromkeys(args, UNKNOWN), certain)
        elif program in ("exit", "return"):
            self.state = replace(state, dead=certain)
        elif program == "eval":
            text = " ".join(args)
            self.evals += 1
            if self.evals > _MOST_EVALS or "eval" in text:
                return True
            inner = simple_commands(text, {**state.variables, **assigned}, state.cwd, state.args, self.name)
            always = certain and all(block.kind in ("{", "(") for block in self.blocks)
            self.commands += [replace(command, certain=command.certain and always) for command in inner]
        else:
            return program in _SILENT
        return True


def _joined(one: _State, other: _State) -> _State:
    """What is known whichever branch ran."""
    if one.variables is other.variables:
        variables = one.variables
    else:
        names = [*one.variables, *(name for name in other.variables if name not in one.variables)]
        variables = {
            name: value if (value := one.variables.get(name)) == other.variables.get(name) and value else UNKNOWN
            for name in names
        }
    return _State(
        variables,
        one.cwd if one.cwd == other.cwd else UNKNOWN,
        one.args if one.args == other.args else None,
    )

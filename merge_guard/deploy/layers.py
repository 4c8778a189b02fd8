"""From a Dockerfile and the files of its context to the image: each stage, instruction by instruction."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from merge_guard.deploy import dockerfile_words as words
from merge_guard.deploy.base_image import is_python_image, python_version
from merge_guard.deploy.copying import CopyRule, Tree, below, copied, inside
from merge_guard.deploy.dockerfile import Dockerfile, DockerfileError, Instruction
from merge_guard.deploy.image import Brought, Image
from merge_guard.deploy.installs import installed_by
from merge_guard.deploy.run_effects import Effects, effects_of
from merge_guard.deploy.stages import INSTALLED, Stage, holds, image_of, install

_MOST_FILES = 500_000
_MOST_WORK = 10_000_000
"""Files that all instructions together may look at."""
# What bears such a name is a file, and no module.
_PLAIN_FILES = (
    ".cfg",
    ".conf",
    ".crt",
    ".env",
    ".ini",
    ".json",
    ".lock",
    ".pem",
    ".sh",
    ".toml",
    ".txt",
    ".yaml",
    ".yml",
)
_ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".txz", ".tbz2", ".tar.zst")
# BuildKit declares these by itself.
_PREDEFINED = {
    "TARGETPLATFORM": None,
    "TARGETARCH": None,
    "TARGETOS": "linux",
    "BUILDPLATFORM": None,
    "BUILDARCH": None,
}

Read = Callable[[str], "bytes | None"]


def build(
    path: str, dockerfile: Dockerfile, context: Tree, directory: str, read: Read, target: str = ""
) -> Image | None:
    """The image of the last stage, or of the one called `target`; None where there is none.

    `context` maps paths relative to the context's `directory`; `read` gives files of the repository. Raises
    `DockerfileError` where the image would be too large to follow.
    """
    builder = _Builder(dockerfile, context, read)
    for instruction in dockerfile.instructions:
        builder.take(instruction)
        if sum(len(stage.files) for stage in builder.stages) > _MOST_FILES:
            raise DockerfileError(f"its stages hold more than {_MOST_FILES:,} files")
    stage = builder.stages[-1] if builder.stages else None
    if target:
        stage = builder.stage_called(target)
    return image_of(path, directory, stage) if stage is not None else None


class _Builder:
    def __init__(self, dockerfile: Dockerfile, context: Tree, read: Read) -> None:
        self.stages: list[Stage] = []
        self._escape = dockerfile.escape
        self._context = context
        self._read = read
        self._global: dict[str, str | None] = {}
        self._work = 0

    def _spend(self, files: int) -> None:
        self._work += files
        if self._work > _MOST_WORK:
            raise DockerfileError("its copies are too many to follow")

    def take(self, instruction: Instruction) -> None:
        name = instruction.name
        if name == "FROM":
            self._from(instruction)
        elif not self.stages:
            if name == "ARG":
                for key, value in self._arguments(instruction, self._global):
                    self._global[key] = value
        else:
            step = getattr(self, f"_{name.lower()}", None) if name in _STEPS else None
            if step is not None:
                step(self.stages[-1], instruction)

    def stage_called(self, name: str) -> Stage | None:
        for number, stage in enumerate(self.stages):
            if (stage.name and stage.name.lower() == name.lower()) or str(number) == name:
                return stage
        return None

    # --- words --------------------------------------------------------------------------------------------------
    def _variables(self, stage: Stage) -> Mapping[str, str | None]:
        return {**_PREDEFINED, **stage.arguments, **stage.env}

    def _word(self, text: str, stage: Stage) -> str | None:
        return words.whole(text, self._variables(stage), self._escape)

    def _words(self, instruction: Instruction, stage: Stage) -> list[str | None]:
        listed = instruction.exec_form
        if listed is not None:
            return [words.whole(item, self._variables(stage), self._escape) for item in listed]
        return words.words(instruction.value, self._variables(stage), self._escape)

    def _arguments(self, instruction: Instruction, known: Mapping[str, str | None]) -> list[tuple[str, str | None]]:
        found = []
        for text in instruction.value.split():
            name, given, _ = text.partition("=")
            value = dict(words.assignments(text, known, self._escape)).get(name) if given else None
            found.append((name, value))
        return found

    # --- instructions -------------------------------------------------------------------------------------------
    def _from(self, instruction: Instruction) -> None:
        listed = words.words(instruction.value, {**_PREDEFINED, **self._global}, self._escape)
        reference = listed[0] if listed else None
        name = ""
        if len(listed) >= 3 and (listed[1] or "").lower() == "as":
            name = listed[2] or ""
        earlier = self.stage_called(reference) if reference else None
        if earlier is not None and reference and not reference.isdigit():
            self.stages.append(earlier.successor(name))
            return
        self.stages.append(Stage(name, reference or "", python_version(reference) if reference else None))
        if reference is None or not is_python_image(reference):
            self.stages[-1].installs.complete = False

    def _arg(self, stage: Stage, instruction: Instruction) -> None:
        for name, value in self._arguments(instruction, self._variables(stage)):
            given = "=" in instruction.value
            stage.arguments[name] = value if value is not None or given else self._global.get(name)

    def _env(self, stage: Stage, instruction: Instruction) -> None:
        stage.env.update(words.assignments(instruction.value, self._variables(stage), self._escape))

    def _workdir(self, stage: Stage, instruction: Instruction) -> None:
        path = self._word(instruction.value, stage)
        if path is None:
            # From here on nobody knows where anything goes.
            stage.open.add("")
            return
        stage.workdir = inside(path, stage.workdir)
        stage.directories.add(stage.workdir)

    def _entrypoint(self, stage: Stage, instruction: Instruction) -> None:
        stage.entrypoint = (instruction, True)
        if stage.cmd is not None and not stage.cmd[1]:
            stage.cmd = None

    def _cmd(self, stage: Stage, instruction: Instruction) -> None:
        stage.cmd = (instruction, True)

    def _add(self, stage: Stage, instruction: Instruction) -> None:
        self._copy(stage, instruction)

    def _copy(self, stage: Stage, instruction: Instruction) -> None:
        listed = self._words(instruction, stage)
        if len(listed) < 2 or listed[-1] is None:
            stage.open.add(stage.workdir)
            return
        target = inside(listed[-1], stage.workdir)
        tree, known = self._source(stage, instruction)
        sources = [source for source in listed[:-1] if source is not None]
        remote = [source for source in sources if "://" in source or source.startswith("git@")]
        unknown = not known or remote or len(sources) < len(listed) - 1 or instruction.documents
        if instruction.name == "ADD" and any(source.endswith(_ARCHIVES) for source in sources):
            unknown = True
        sources = [source for source in sources if source not in remote and not source.startswith("<<")]
        into = len(sources) > 1 or listed[-1].endswith(("/", "/.")) or listed[-1] == "."
        if unknown:
            stage.open.add(target)
        if not known:
            return
        excluded = tuple(value for flag, value in instruction.flags if flag == "exclude")
        parents = instruction.flag("parents") not in (None, "false")
        rule = CopyRule(tuple(sources), target, into, parents, excluded)
        self._spend((len(tree) + len(stage.files)) * (len(sources) + 1))
        added = copied(tree, rule, target in stage.directories or holds(stage, target))
        if not added:
            # Something that is made before the build: nobody sees what is in it.
            alone = len(sources) == 1 and into and not parents and sources[0].endswith(_PLAIN_FILES)
            name = sources[0].rpartition("/")[2] if alone else ""
            stage.open.add(inside(name, target) if name and "*" not in name else target)
        stage.files.update(added)
        if into:
            stage.directories.add(target)
        self._follow_open(stage, instruction, rule)

    def _source(self, stage: Stage, instruction: Instruction) -> tuple[Tree, bool]:
        """What is copied from, and whether that is known."""
        origin = instruction.flag("from")
        if origin is None:
            return self._context, True
        name = words.whole(origin, {**_PREDEFINED, **self._global, **stage.arguments}, self._escape)
        earlier = self.stage_called(name) if name else None
        if earlier is None or earlier is stage:
            return {}, False
        return earlier.files, True

    def _follow_open(self, stage: Stage, instruction: Instruction, rule: CopyRule) -> None:
        """What is open in an earlier stage is open where it is copied to; its installed projects come along."""
        origin = instruction.flag("from")
        earlier = self.stage_called(origin) if origin else None
        if earlier is None:
            return
        for source in rule.sources:
            source = inside(source)
            for path in earlier.open:
                if below(source, path):
                    rest = path[len(source) :].lstrip("/")
                    stage.open.add("/".join(part for part in (rule.target, rest) if part))
                elif below(path, source):
                    stage.open.add(rule.target)
        stage.files.update({path: file for path, file in earlier.files.items() if below(INSTALLED, path)})
        stage.roots += [root for root in earlier.roots if root not in stage.roots]
        stage.installs = stage.installs.joined(earlier.installs)

    def _run(self, stage: Stage, instruction: Instruction) -> None:
        listed = instruction.exec_form
        script = " ".join(listed) if listed is not None else instruction.value
        variables = self._variables(stage)
        mounted = self._mounted(stage, instruction)
        scripts = [script]
        if instruction.documents:
            # `RUN <<EOF` runs the text; `RUN python <<EOF` gives it to a program.
            scripts = [document.text for document in instruction.documents]
            if not script.startswith("<<"):
                scripts = [script.partition("<<")[0]]
        for text in scripts:
            effects = effects_of(text, stage.workdir, lambda word: words.whole(word, variables, self._escape))
            self._apply(stage, effects, mounted)

    def _mounted(self, stage: Stage, instruction: Instruction) -> dict[str, Brought]:
        """Files that `--mount=type=bind` shows for this one command."""
        shown: dict[str, Brought] = {}
        for flag, value in instruction.flags:
            options = dict(item.partition("=")[::2] for item in value.split(","))
            if flag != "mount" or options.get("type", "bind") != "bind" or "from" in options:
                continue
            source = options.get("source", options.get("src", "."))
            target = options.get("target", options.get("dst", options.get("destination", "")))
            if target and "$" not in target:
                rule = CopyRule((source,), inside(target, stage.workdir))
                self._spend(len(self._context))
                shown.update(copied(self._context, rule, is_directory=False))
        return shown

    def _apply(self, stage: Stage, effects: Effects, mounted: Mapping[str, Brought]) -> None:
        self._spend(len(stage.files) * (len(effects.removed) + 3 * len(effects.copied)))
        stage.directories |= effects.made
        for path in effects.removed:
            if path:
                for file in [file for file in stage.files if below(path, file)]:
                    del stage.files[file]
        for source, target, moved in effects.copied:
            rule = CopyRule((source,), target)
            found = copied(stage.files, rule, holds(stage, target) or target in stage.directories)
            if not found or source not in stage.files:
                # `cp -r a b` puts a into b or makes it b, as b is there or not.
                stage.open.add(target)
            if moved and target not in stage.open:
                for file in [file for file in stage.files if below(source, file)]:
                    del stage.files[file]
            stage.files.update(found)
        for path in effects.changed:
            if path in stage.files or not path:
                stage.open.add(path or stage.workdir)
        # Nothing of the project is in `/` itself, where commands run before there is a WORKDIR.
        stage.open |= {path for path in effects.opened if path}
        files = {**stage.files, **mounted} if mounted else stage.files
        self._spend(3 * len(files) * len(effects.installs))
        for argv, cwd in effects.installs:
            brought = installed_by(argv, cwd, files, self._read)
            stage.installs = stage.installs.joined(brought)
            for directory in brought.projects:
                install(stage, directory, files)


_STEPS = frozenset({"ARG", "ENV", "WORKDIR", "ENTRYPOINT", "CMD", "ADD", "COPY", "RUN"})

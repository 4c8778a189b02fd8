"""Calls of the standard library whose effect start-up can depend on."""

from __future__ import annotations

from merge_guard.startup import folders, named_objects, names
from merge_guard.startup.builtin_calls import Args, Keywords, as_decorator
from merge_guard.startup.exceptions import exits_well
from merge_guard.startup.frames import Raised
from merge_guard.startup.joins import join_values
from merge_guard.startup.machine import Machine
from merge_guard.startup.values import (
    UNKNOWN,
    Bound,
    Builtin,
    Const,
    External,
    Function,
    Partial,
    Transparent,
    Value,
)

# Decorators (and decorator makers) of the standard library that leave a function to be called as it was.
_PASS = {
    "functools.cache", "functools.total_ordering",
    "abc.abstractmethod", "typing.final", "typing.no_type_check", "typing.runtime_checkable", "typing.override",
    "typing_extensions.final", "typing_extensions.override", "typing_extensions.runtime_checkable", "enum.unique",
    "dataclasses.dataclass", "atexit.register", "typing.overload",
}  # fmt: skip


_MAKE_PASS = {"functools.wraps", "functools.lru_cache", "functools.cache", "dataclasses.dataclass"}


_FRAME_READS = (".f_globals.get", "()", ".f_globals.items", ".f_globals.keys", ".f_globals.copy")
"""What asks the globals of a frame, and changes nothing."""


_PROPERTIES = {"functools.cached_property", "abc.abstractproperty"}


_RUN = {"asyncio.run", "asyncio.get_event_loop().run_until_complete", "asyncio.new_event_loop().run_until_complete"}


_SYS_MODULES = External("sys.modules")


# Calls that bind further names in the module in which they stand: models of another model's history.
_BINDS_NAMES = ("pghistory.", "simple_history.")


def call_external(machine: Machine, callee: External, args: Args, keywords: Keywords) -> Value:
    from merge_guard.startup.calls import let_go, run_suspended

    origin = callee.origin
    if origin in ("importlib.import_module", "importlib.__import__"):
        return _import_module(machine, args, keywords)
    if origin.startswith(_BINDS_NAMES):
        names.open_up(machine, machine.frame.module)
    if origin.startswith(("django.", "celery.", "os.environ.")):
        done = _call_framework(machine, origin, args, keywords)
        if done is not None:
            return done
    if origin.startswith(folders.MODULES):
        listed = folders.call(machine, origin, args, keywords)
        if listed is not None:
            return listed
    if origin in ("sys._getframe", "inspect.currentframe") and not keywords:
        depth = args[0] if args else Const(0)
        found = names.frame_of(machine, depth.value) if isinstance(depth, Const) and type(depth.value) is int else None
        if found is not None:
            return found
    if origin in ("sys.path.insert", "sys.path.append") and args:
        folders.extend_path(machine, origin, args)
    if origin in named_objects.LOADERS and args:
        named_objects.load(machine, args[0])
    if origin in named_objects.SETTINGS_LOADERS and args:
        named_objects.load_settings(machine, args[0], keywords)
    if origin in ("os.environ.get", "os.getenv") and len(args) == 2 and isinstance(args[1], Const):
        return join_values([args[1], External(f"{origin}()")])
    if origin == "functools.partial" and args:
        return Partial(args[0], tuple(args[1:]), dict(keywords))
    if origin in _PASS and len(args) == 1 and not keywords:
        return args[0]
    if origin in _PROPERTIES and args and isinstance(args[0], Function):
        return as_decorator("property")(machine, args, keywords)
    if origin == "functools.lru_cache" and args and isinstance(args[0], Function):
        return args[0]
    if origin in _MAKE_PASS:
        return Transparent()
    if origin == "contextlib.contextmanager" and args:
        return Transparent(context=True) if not isinstance(args[0], Function) else _context(args[0])
    if origin in _RUN and args:
        return run_suspended(machine, args[0])
    if origin.startswith(("sys.meta_path.", "sys.path_hooks.")):
        # A finder of the project's own may find anything; six's, which many projects carry, only what is below six.
        names.open_up(machine, machine.frame.module)
        machine.heap.set(machine.frame.module.state, "path", True)
        if not machine.frame.module.path.endswith("six.py"):
            machine.heap.set(machine.computed_modules, "", True)
    if any(arg == _SYS_MODULES for arg in args):
        machine.heap.set(machine.computed_modules, "", True)  # `mock.patch.dict(sys.modules, …)`
    if origin in ("sys.modules.update", "sys.modules.setdefault", "sys.modules.__setitem__"):
        machine.heap.set(machine.computed_modules, "", True)
    if origin.startswith("gettext.") and origin.endswith(".install"):
        machine.heap.set(machine.injected, "*", True)
    if "f_globals" in origin and not origin.endswith(_FRAME_READS):
        names.open_frames(machine)
    if origin in ("threading.Thread", "threading.Timer") and isinstance(keywords.get("target"), (Function, Bound)):
        machine.perhaps(lambda: machine.call(keywords["target"], (), {}, True))
    if origin == "sys.exit":
        ended = Raised(Builtin("SystemExit"), None)
        ended.exits_well = exits_well(args)
        raise ended
    let_go(machine, args, keywords)
    if origin.partition(".")[0] != "logging":
        machine.note_may_raise("any")
    return External(f"{origin}()") if origin.count("(") < 4 else UNKNOWN


def _call_framework(machine: Machine, origin: str, args: Args, keywords: Keywords) -> Value | None:
    from merge_guard.startup import celery, django

    if origin == "os.environ.setdefault":
        django.set_default(machine, machine.environ, tuple(args))
    elif origin.startswith("celery."):
        celery.note(machine, origin, tuple(args), dict(keywords))
    elif origin.startswith("django."):
        return django.call(machine, origin, tuple(args))
    return None


def _context(function: Function) -> Value:
    return Function(
        function.module, function.name, function.key, function.parameters, function.defaults, function.scope,
        function.is_async, function.binding, True,
    )  # fmt: skip


def _import_module(machine: Machine, args: Args, keywords: Keywords) -> Value:
    name = args[0] if args else keywords.get("name")
    package = args[1] if len(args) > 1 else keywords.get("package")
    if isinstance(name, Const) and isinstance(name.value, str):
        text = name.value
        if text.startswith("."):
            if not (isinstance(package, Const) and isinstance(package.value, str)):
                return UNKNOWN
            level = len(text) - len(text.lstrip("."))
            base = package.value.split(".")
            if level > len(base):
                return UNKNOWN
            text = ".".join([*base[: len(base) - level + 1], text[level:]]).rstrip(".")
        return machine.import_module(text)
    machine.note_may_raise("import")
    machine.note_may_raise("any")
    return UNKNOWN

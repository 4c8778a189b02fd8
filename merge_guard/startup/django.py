"""What Django does at start-up with the strings of its settings.

Sources: `django.setup`, `django.apps.registry.Apps.populate`, `django.apps.config.AppConfig.create`,
`django.core.handlers.base.BaseHandler.load_middleware`, `django.core.management`. Silent where settings are not known.
"""

from __future__ import annotations

from dataclasses import dataclass

from merge_guard.model import events as ev
from merge_guard.model.finding import Place
from merge_guard.startup import inheritance, names
from merge_guard.startup.growing_lists import literals
from merge_guard.startup.heap import Namespace
from merge_guard.startup.machine import Machine
from merge_guard.startup.named_modules import (
    Standing,
    import_named,
    import_object,
    is_not_there,
    line_of_assignment,
    modules_beside,
    place_of_string,
    standing,
    strings,
)
from merge_guard.startup.values import (
    UNKNOWN,
    Bound,
    ClassValue,
    Const,
    External,
    Function,
    ModuleRecord,
    Value,
    plain,
)

SETTINGS = "DJANGO_SETTINGS_MODULE"
_ADMIN = frozenset({"django.contrib.admin", "django.contrib.admin.apps.AdminConfig"})
_APP_CONFIG = frozenset({"django.apps.AppConfig", "django.apps.config.AppConfig"})
_SERVERS = frozenset({"django.core.wsgi.get_wsgi_application", "django.core.asgi.get_asgi_application"})
_COMMANDS = frozenset({"django.core.management.execute_from_command_line"})
_INCLUDES = frozenset({"django.urls.include", "django.urls.conf.include", "django.conf.urls.include"})
_IMPORT_STRING = "django.utils.module_loading.import_string"
_MOST_APPS = 400


@dataclass(frozen=True, slots=True)
class _App:
    """An application that is the project's own: its package and its configuration class, if it has one."""

    name: str
    module: ModuleRecord | None
    config: ClassValue | None


def call(machine: Machine, origin: str, args: tuple[Value, ...]) -> Value | None:
    """The effect of calling one of Django's functions; None where it has none that start-up depends on."""
    if origin == "django.setup":
        setup(machine)
    elif origin in _SERVERS:
        setup(machine)
        _load_middleware(machine)
    elif origin in _COMMANDS:
        setup(machine)
        check_urls(machine)
    elif origin == "django.conf.settings.configure":
        machine.heap.set(machine.environ, SETTINGS, UNKNOWN)
    elif origin in _INCLUDES and args:
        return _include(machine, args[0])
    elif origin == _IMPORT_STRING and len(args) == 1 and isinstance(args[0], Const):
        here = Place(machine.frame.module.path, machine.frame.line)
        machine.note_may_raise("any")
        return import_object(machine, str(args[0].value), "import_string", here)
    else:
        return None
    machine.note_may_raise("any")
    return External(f"{origin}()")


def set_default(machine: Machine, environ: Namespace, args: tuple[Value, ...]) -> None:
    """`os.environ.setdefault(name, value)`: what the deploy sets already wins."""
    if len(args) == 2 and isinstance(args[0], Const) and args[0].value == SETTINGS and SETTINGS not in environ:
        set_settings(machine, args[1])


def set_settings(machine: Machine, value: Value) -> None:
    machine.heap.set(machine.environ, SETTINGS, value)
    machine.heap.set(machine.environ, "place", Place(machine.frame.module.path, machine.frame.line))


def setup(machine: Machine) -> None:
    """Settings, then each application's package and configuration, then its models, then `ready`."""
    if "setup" in machine.environ:
        return
    machine.heap.set(machine.environ, "setup", True)
    settings = _settings(machine)
    if settings is None:
        return
    installed = _setting(machine, settings, "INSTALLED_APPS")
    if installed is None:
        return  # what comes later may be loaded in another order, or be there already
    apps = [app for entry in installed if (app := _create(machine, settings, entry)) is not None]
    machine.heap.set(machine.environ, "apps", tuple(app.name for app in apps))
    for app in apps:
        _submodule(machine, app, "models")
    for entry in installed:
        if entry in _ADMIN:
            for app in apps:
                _submodule(machine, app, "admin")
    for app in apps:
        _ready(machine, app)


def check_urls(machine: Machine) -> None:
    """The checks that nearly every command runs first import the root of the URLs."""
    settings = _settings(machine) if "apps" in machine.environ else None
    name = settings.namespace.get("ROOT_URLCONF") if settings is not None else None
    if settings is not None and isinstance(name, Const) and isinstance(name.value, str):
        place = place_of_string(machine, settings, "ROOT_URLCONF", name.value)
        import_named(machine, name.value, "ROOT_URLCONF", place, settings.name)


def installed_apps(machine: Machine) -> tuple[str, ...]:
    """The packages of the project's own applications, once they are set up."""
    apps = machine.environ.get("apps", ())
    return apps if isinstance(apps, tuple) else ()


def _settings(machine: Machine) -> ModuleRecord | None:
    value = machine.environ.get(SETTINGS)
    if not isinstance(value, Const) or not isinstance(value.value, str):
        return None
    place = machine.environ.get("place")
    if not isinstance(place, Place):
        place = Place(machine.frame.module.path, machine.frame.line)
    module = import_named(machine, value.value, SETTINGS, place)
    return module if isinstance(module, ModuleRecord) else None


def _setting(machine: Machine, settings: ModuleRecord, name: str) -> list[str] | None:
    """A list of strings, None where it is not known; without one Django's own default has nothing of the project."""
    value = settings.namespace.get(name)
    if value is None:
        return None if names.is_open(settings) else []
    found = strings(machine, value) if isinstance(value, Value) else None
    if found is None:
        found = literals([module.body for module in modules_beside(machine, settings).values()], name)
    return found if found is None or len(found) <= _MOST_APPS else None


def _create(machine: Machine, settings: ModuleRecord, entry: str) -> _App | None:
    """`AppConfig.create`: a module, with the configuration class of its `apps`; or such a class itself."""
    place = place_of_string(machine, settings, "INSTALLED_APPS", entry)
    verdict = standing(machine, entry)
    if verdict is Standing.THERE:
        module = machine.import_module(entry)
        config = _default_config(machine, entry, module)
        return _configured(machine, entry, module, config)
    package, _, last = entry.rpartition(".")
    if not package or verdict is Standing.FOREIGN:
        return None
    if standing(machine, package) is Standing.GONE or not last[:1].isupper():
        is_not_there(machine, entry, "INSTALLED_APPS", place, "ModuleNotFoundError", settings.name)
        return None
    value = import_object(machine, entry, "INSTALLED_APPS", place, settings.name)
    return _configured(machine, "", UNKNOWN, value) if isinstance(value, ClassValue) else None


def _configured(machine: Machine, name: str, module: Value, config: ClassValue | None) -> _App | None:
    """The class says where the application is; without one it is where the entry says."""
    if config is None:
        return _App(name, module, None) if isinstance(module, ModuleRecord) else None
    said = inheritance.class_attribute(config, "name")
    if not isinstance(said, Const) or not isinstance(said.value, str):
        return _App(name, module, config) if isinstance(module, ModuleRecord) else None
    if said.value != name:
        module = import_named(machine, said.value, f"{config.name}.name", _place_of_name(machine, config))
    return _App(said.value, module if isinstance(module, ModuleRecord) else None, config)


def _place_of_name(machine: Machine, config: ClassValue) -> Place:
    facts = machine.facts(config.module.path)
    body = facts.module.body if facts is not None and facts.module is not None else ()
    for node in body:
        if isinstance(node, ev.ClassDef) and node.name == config.name:
            return Place(config.module.path, line_of_assignment(node.body, "name") or node.line)
    return Place(config.module.path)


def _default_config(machine: Machine, entry: str, module: Value) -> ClassValue | None:
    if not isinstance(module, ModuleRecord) or not _has(machine, module, "apps"):
        return None
    apps = machine.import_module(f"{entry}.apps")
    if not isinstance(apps, ModuleRecord):
        return None
    classes = {id(value): value for value in map(plain, apps.namespace.values()) if isinstance(value, ClassValue)}
    candidates = [value for value in classes.values() if _is_config(value)]
    usual = [value for value in candidates if _default(value) is not False]
    if len(usual) != 1:
        usual = [value for value in candidates if _default(value) is True]
    return usual[0] if len(usual) == 1 else None


def _default(config: ClassValue) -> bool | None:
    said = inheritance.class_attribute(config, "default")
    return said.value if isinstance(said, Const) and isinstance(said.value, bool) else None


def _is_config(cls: ClassValue, depth: int = 0) -> bool:
    return depth < 20 and any(
        (isinstance(base, External) and base.origin in _APP_CONFIG)
        or (isinstance(base, ClassValue) and _is_config(base, depth + 1))
        for base in cls.bases
    )


def _has(machine: Machine, module: ModuleRecord, name: str) -> bool:
    return bool(module.search) and machine.tree.find(module.search, name) is not None


def _submodule(machine: Machine, app: _App, name: str) -> None:
    if app.module is not None and _has(machine, app.module, name):
        machine.import_module(f"{app.name}.{name}")


def _ready(machine: Machine, app: _App) -> None:
    ready = inheritance.class_attribute(app.config, "ready") if app.config is not None else None
    if app.config is not None and isinstance(ready, Function):
        made = machine.call(app.config, (Const(app.name), UNKNOWN), {}, False)
        machine.call(Bound(ready, made), (), {}, False)


def _load_middleware(machine: Machine) -> None:
    """Each is imported and made, the last one first."""
    settings = _settings(machine) if "apps" in machine.environ else None
    if settings is None:
        return
    for entry in reversed(_setting(machine, settings, "MIDDLEWARE") or ()):
        place = place_of_string(machine, settings, "MIDDLEWARE", entry)
        value = import_object(machine, entry, "MIDDLEWARE", place, settings.name)
        if isinstance(value, (ClassValue, Function)):
            machine.call(value, (UNKNOWN,), {}, False)


def _include(machine: Machine, what: Value) -> Value | None:
    """`include("app.urls")` or `include(("app.urls", "name"))` imports the module."""
    from merge_guard.startup.values import Seq

    if isinstance(what, Seq) and what.items:
        what = what.items[0]
    if not isinstance(what, Const) or not isinstance(what.value, str):
        return None
    here = Place(machine.frame.module.path, machine.frame.line)
    import_named(machine, what.value, "include", here)
    return External("django.urls.include()")

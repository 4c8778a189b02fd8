"""What a Celery worker imports beyond its application.

Sources: `celery.app.utils.find_app`, `celery.loaders.base` (`init_worker`, `find_related_module`),
`celery.fixups.django`.
"""

from __future__ import annotations

from merge_guard.model.finding import Place
from merge_guard.model.outcome import EntryPoint, Failure
from merge_guard.startup import django
from merge_guard.startup.machine import Machine
from merge_guard.startup.named_modules import Standing, import_named, standing, strings
from merge_guard.startup.targets import locate, not_found
from merge_guard.startup.values import Const, ModuleRecord, Value

_APPLICATION = "celery.Celery"
_RECORDED = frozenset({"autodiscover_tasks", "config_from_object"})


def note(machine: Machine, origin: str, args: tuple[Value, ...], keywords: dict[str, Value]) -> None:
    """Remember what the worker will import later, where it is certain: calls on an application."""
    if machine.uncertain or not origin.startswith(_APPLICATION):
        return
    here = Place(machine.frame.module.path, machine.frame.line)
    if origin == _APPLICATION:
        for name in (strings(machine, keywords["include"]) if "include" in keywords else ()) or ():
            machine.later.append(("include", (name,), here))
        return
    what = origin.rpartition(".")[2]
    if what == "config_from_object" and origin.count("(") == 1 and args and isinstance(args[0], Const):
        machine.later.append((what, (str(args[0].value),), here))
    elif what == "autodiscover_tasks" and origin.count("(") == 1:
        related = keywords.get("related_name", args[1] if len(args) > 1 else Const("tasks"))
        packages = keywords.get("packages", args[0] if args else None)
        listed = strings(machine, packages) if packages is not None else ["*"]
        if isinstance(related, Const) and isinstance(related.value, str) and listed is not None:
            machine.later.append((what, (related.value, *listed), here))


def load_application(machine: Machine, entry: EntryPoint, place: Place) -> Failure | None:
    """`-A a.b` is the attribute `b` of `a`, or the module `a.b`; of a module `app`, `celery`, or its `.celery`."""
    target = entry.module
    package, _, last = target.rpartition(".")
    if package:
        if locate(machine, package) is None:
            return not_found(entry, place, package, "module")
        parent = machine.import_module(package)
        if isinstance(parent, ModuleRecord) and last in parent.namespace:
            value = machine.attribute(parent, last)
            if not isinstance(value, ModuleRecord):
                return None
    if locate(machine, target) is None:
        return not_found(entry, place, target, "module")
    module = machine.import_module(target)
    if not isinstance(module, ModuleRecord):
        return None
    for name in ("app", "celery"):
        if name in module.namespace and not isinstance(machine.attribute(module, name), ModuleRecord):
            return None
    if module.is_package and module.search and machine.tree.find(module.search, "celery") is not None:
        machine.import_module(f"{target}.celery")
    return None


def start_worker(machine: Machine) -> None:
    """The configuration, Django if its settings are named, task modules, and what `include` lists."""
    for what, texts, place in machine.later:
        if what == "config_from_object" and not texts[0].startswith("django."):
            import_named(machine, texts[0].partition(":")[0], what, place)
    if django.SETTINGS in machine.environ:
        django.setup(machine)
        django.check_urls(machine)
    for what, texts, _ in machine.later:
        if what == "autodiscover_tasks":
            related, *packages = texts
            for package in django.installed_apps(machine) if packages == ["*"] else packages:
                _related(machine, package, related)
    for what, texts, place in machine.later:
        if what == "include":
            import_named(machine, texts[0], what, place)


def _related(machine: Machine, package: str, related: str) -> None:
    """A package without such a module has no tasks; of a class's path the module counts."""
    verdict = standing(machine, package)
    if verdict is Standing.GONE:
        package = package.rpartition(".")[0]
        verdict = standing(machine, package) if package else verdict
    if verdict is Standing.THERE:
        machine.import_module(package)
        if standing(machine, f"{package}.{related}") is Standing.THERE:
            machine.import_module(f"{package}.{related}")

#!/usr/bin/env python3
"""What a real application loads when it starts, against the start-up closure that merge_guard computes.

    python benchmarks/closure_oracle.py                    every application of the table below
    python benchmarks/closure_oracle.py --apps superset    some of them
    python benchmarks/closure_oracle.py --tree DIR --python PYTHON --start "import main"   one of your own

Each application is installed from PyPI with its dependencies into an environment of its own below --work, and its own
packages are copied to a folder of their own. CPython then starts it in a process of its own and lists the first-party
files in `sys.modules`; the tool judges the same folder without running anything.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from merge_guard.model.request import Request
from merge_guard.wiring import judged


@dataclass(frozen=True, slots=True)
class Application:
    """`tops` are its own packages; `start` is what a deploy runs, as a module that lies beside them."""

    requirements: tuple[str, ...]
    tops: tuple[str, ...]
    start: str
    environment: dict[str, str] = field(default_factory=dict)


APPLICATIONS: dict[str, Application] = {
    "datasette": Application(
        ("datasette==0.65.5",),
        ("datasette",),
        "from datasette.app import Datasette\napp = Datasette(memory=True).app()\n",
    ),
    "ihatemoney": Application(
        ("ihatemoney==7.2.1",), ("ihatemoney",), "from ihatemoney.run import create_app\napp = create_app()\n"
    ),
    # It asks its database while it starts, so it gets one that agrees to everything.
    "alerta": Application(
        ("alerta-server==9.1.0", "pymongo==4.20.1"),
        ("alerta",),
        "import unittest.mock\nimport pymongo\npymongo.MongoClient = unittest.mock.MagicMock()\n"
        "from alerta.app import create_app\napp = create_app()\n",
    ),
    "prefect": Application(
        ("prefect==3.9.1",),
        ("prefect",),
        "from prefect.server.api.server import create_app\napp = create_app()\n",
    ),
    "jupyterlab": Application(
        ("jupyterlab==4.6.6",),
        ("jupyterlab", "jupyter_server", "jupyterlab_server"),
        "from jupyterlab.labapp import main\n",
    ),
    "supysonic": Application(
        ("supysonic==0.7.9",),
        ("supysonic",),
        "import os, tempfile\nos.makedirs(os.path.join(tempfile.gettempdir(), 'supysonic'), exist_ok=True)\n"
        "from supysonic.web import create_application\napp = create_application()\n",
    ),
    "superset": Application(
        ("apache-superset==6.1.0", "Flask-Caching==2.3.1", "fastmcp==4.2.3"),
        ("superset",),
        "from superset.app import create_app\napp = create_app()\n",
        {"SUPERSET_SECRET_KEY": "not a secret"},
    ),
    "synapse": Application(
        ("matrix-synapse==1.163.2",),
        ("synapse",),
        "from synapse.app.homeserver import main\n",
    ),
    "kinto": Application(
        ("kinto==26.5.0",),
        ("kinto",),
        "import kinto\nmemory = dict.fromkeys(['kinto.storage_backend'], 'kinto.core.storage.memory')\n"
        "memory['kinto.permission_backend'] = 'kinto.core.permission.memory'\napp = kinto.main({}, **memory)\n",
    ),
    "buildbot": Application(
        ("buildbot==4.3.0",),
        ("buildbot",),
        'from buildbot.master import BuildMaster\nmaster = BuildMaster(".")\n',
    ),
    "octoprint": Application(
        ("octoprint==1.11.8",),
        ("octoprint",),
        "import octoprint.server\n",
    ),
}

_CHILD = """
import json, os, sys
root = os.path.realpath(sys.argv[1])
sys.path.insert(0, root)
sys.argv = ["start"]
answers = os.fdopen(os.dup(1), "w")
error = ""
try:
    import start
except BaseException as raised:
    error = f"{type(raised).__name__}: {raised}"
loaded = set()
for module in list(sys.modules.values()):
    try:
        place = module.__file__
    except Exception:
        continue
    if isinstance(place, str) and place.startswith(root + os.sep) and place.endswith(".py"):
        loaded.add(os.path.relpath(place, root))
json.dump({"error": error, "loaded": sorted(loaded)}, answers)
answers.flush()
os._exit(0)
"""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "merge-guard-closure")
    parser.add_argument("--apps", nargs="+", default=list(APPLICATIONS), choices=list(APPLICATIONS))
    parser.add_argument("--tree", type=Path, help="a folder with an application of your own")
    parser.add_argument("--python", default=sys.executable, help="the interpreter that has what it needs")
    parser.add_argument("--start", default="", help="Python source that starts it, such as `import main`")
    parser.add_argument("--verbose", action="store_true", help="list the modules that differ")
    options = parser.parse_args(arguments)
    print(f"{'':16}{'CPython':>9}{'tool':>9}{'possible':>9}{'missing':>9}{'extra':>9}{'precision':>11}{'recall':>9}")
    if options.tree:
        with tempfile.TemporaryDirectory() as scratch:
            tree = Path(scratch).resolve() / "tree"
            shutil.copytree(options.tree, tree, ignore=shutil.ignore_patterns("__pycache__", ".git"))
            _compare(options.tree.name, tree, options.python, options.start, {}, options.verbose)
        return 0
    for name in options.apps:
        application = APPLICATIONS[name]
        python, site_packages = _environment(options.work / name, application.requirements)
        with tempfile.TemporaryDirectory() as scratch:
            tree = Path(scratch).resolve() / "tree"
            for top in application.tops:
                shutil.copytree(site_packages / top, tree / top, ignore=shutil.ignore_patterns("__pycache__"))
            _compare(name, tree, python, application.start, application.environment, options.verbose)
    return 0


def _environment(folder: Path, requirements: Sequence[str]) -> tuple[str, Path]:
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "--prefer-binary", *requirements], check=True)
    [site_packages] = folder.glob("lib/python*/site-packages")
    return str(python), site_packages


def _compare(name: str, tree: Path, python: str, start: str, environment: dict[str, str], verbose: bool) -> None:
    tree.joinpath("start.py").write_text(start)
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [python, "-W", "ignore", "-c", _CHILD, str(tree)],
            capture_output=True, text=True, check=False, cwd=home, timeout=600,
            env={"PATH": "/usr/bin:/bin", "HOME": home, "PYTHONDONTWRITEBYTECODE": "1", **environment},
        )  # fmt: skip
    try:
        real: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        print(f"{name}: CPython gives no answer: {done.stderr[-500:]}")
        return
    version = subprocess.run(
        [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], capture_output=True, text=True, check=True
    )
    started = time.perf_counter()
    request = Request(
        start=str(tree), entry=("start",), config=(f"target-platform={sys.platform}",), isolated=True,
        target_python=version.stdout.strip(),
    )  # fmt: skip
    report, project = judged(request)
    [outcome] = project.outcomes
    loaded = set(real["loaded"]) - {"start.py"}
    said = set(outcome.loaded.values()) - {"start.py"}
    possible = {path for module, path in outcome.loaded.items() if module in outcome.possible}
    both = len(loaded & said)
    print(
        f"{name:16}{len(loaded):>9}{len(said):>9}{len(possible):>9}{len(loaded - said):>9}{len(said - loaded):>9}"
        f"{both / (len(said) or 1):>11.4f}{both / (len(loaded) or 1):>9.4f}"
        f"  {report.verdict.value}, {time.perf_counter() - started:.1f} s"
    )
    if real["error"]:
        print(f"    CPython: {real['error'][:300]}")
    for failure in outcome.failures:
        print(f"    said to fail: {failure.cause.value} {failure.subject} at {failure.place.path}:{failure.place.line}")
    if verbose:
        for path in sorted(loaded - said):
            print(f"    missing {path}")
        for path in sorted(said - loaded):
            hops = [f"{hop.path}:{hop.line}" for hop in outcome.reached_by.get(path, ())][-3:]
            print(f"    extra   {path}{' (possible)' if path in possible else ''} by {' > '.join(hops)}")


if __name__ == "__main__":
    sys.exit(main())

"""Programs that list folders to find their modules, and directories that they put on the path."""

# ruff: noqa: E501 - a case is a row of a table.
from __future__ import annotations

from oracle.tree import Case, case

FILES = {
    "p/__init__.py": "",
    "p/r/__init__.py": "",
    "p/r/a.py": "x = 1\n",
    "p/r/b.py": "from p.yes import x\n",
    "p/r/deep/__init__.py": "",
    "p/r/deep/c.py": "x = 1\n",
    "p/r/plain/d.py": "x = 1\n",
    "p/r/notes.txt": "no module\n",
    "p/yes.py": "x = 1\n",
    "scripts/tool.py": "x = 1\n",
    "scripts/types_of.py": "from tool import gone\n",
}
BROKEN = {**FILES, "p/r/b.py": "from p.yes import gone\n"}
DEEP = {**FILES, "p/r/deep/c.py": "from p.yes import gone\n"}
PLAIN = {**FILES, "p/r/plain/d.py": "from p.yes import gone\n"}


def _lists(name: str, source: str, tree: dict[str, str] = BROKEN, **options: object) -> Case:
    return case(f"folders: {name}", {**tree, "main.py": source}, **options)  # type: ignore[arg-type]


_ITER = "import importlib, pkgutil, os, sys, glob\nfrom pathlib import Path\nimport p.r\n"

FOLDERS = (
    _lists(
        "iter_modules of a package",
        _ITER + "for m in pkgutil.iter_modules(p.r.__path__):\n    importlib.import_module(f'p.r.{m.name}')\n",
    ),
    _lists(
        "iter_modules of healthy modules",
        _ITER + "for m in pkgutil.iter_modules(p.r.__path__):\n    importlib.import_module(f'p.r.{m.name}')\n",
        FILES,
    ),
    _lists(
        "iter_modules with a prefix",
        _ITER + "for m in pkgutil.iter_modules(p.r.__path__, 'p.r.'):\n    importlib.import_module(m.name)\n",
    ),
    _lists(
        "iter_modules with the package's name as prefix",
        _ITER
        + "for m in pkgutil.iter_modules(p.r.__path__, prefix=p.r.__name__ + '.'):\n    importlib.import_module(m.name)\n",
    ),
    _lists(
        "iter_modules unpacked",
        _ITER
        + "for _, n, is_package in pkgutil.iter_modules(p.r.__path__):\n    if not is_package:\n        importlib.import_module('p.r.' + n)\n",
    ),
    _lists(
        "iter_modules, packages only",
        _ITER
        + "for _, n, is_package in pkgutil.iter_modules(p.r.__path__):\n    if is_package:\n        importlib.import_module('p.r.' + n)\n",
    ),
    _lists(
        "iter_modules but for one",
        _ITER
        + "for m in pkgutil.iter_modules(p.r.__path__):\n    if m.name == 'b':\n        continue\n    importlib.import_module(f'p.r.{m.name}')\n",
    ),
    _lists(
        "iter_modules does not look below",
        _ITER + "for m in pkgutil.iter_modules(p.r.__path__):\n    importlib.import_module(f'p.r.{m.name}')\n",
        DEEP,
    ),
    _lists(
        "iter_modules leaves plain folders out",
        _ITER + "for m in pkgutil.iter_modules(p.r.__path__):\n    importlib.import_module(f'p.r.{m.name}')\n",
        PLAIN,
    ),
    _lists(
        "iter_modules guarded",
        _ITER
        + "for m in pkgutil.iter_modules(p.r.__path__):\n    try:\n        importlib.import_module(f'p.r.{m.name}')\n    except ImportError:\n        pass\n",
    ),
    _lists(
        "iter_modules by the package's file",
        _ITER
        + "for m in pkgutil.iter_modules([os.path.dirname(p.r.__file__)]):\n    importlib.import_module(f'p.r.{m.name}')\n",
    ),
    _lists(
        "iter_modules by a pathlib folder",
        _ITER
        + "for m in pkgutil.iter_modules([str(Path(p.r.__file__).parent)]):\n    importlib.import_module(f'p.r.{m.name}')\n",
    ),
    _lists(
        "iter_modules in a comprehension",
        _ITER
        + "names = [m.name for m in pkgutil.iter_modules(p.r.__path__)]\nfor n in names:\n    importlib.import_module(f'p.r.{n}')\n",
    ),
    _lists(
        "iter_modules in a function",
        _ITER
        + "def load(package):\n    for m in pkgutil.iter_modules(package.__path__, package.__name__ + '.'):\n        importlib.import_module(m.name)\nload(p.r)\n",
    ),
    _lists("iter_modules of everything", _ITER + "names = [m.name for m in pkgutil.iter_modules()]\n", FILES),
    _lists(
        "iter_modules in the package itself",
        "import p.r\n",
        {
            **BROKEN,
            "p/r/__init__.py": "import pkgutil, importlib\nfor m in pkgutil.iter_modules(__path__):\n    importlib.import_module('.' + m.name, __name__)\n",
        },
    ),
    _lists(
        "walk_packages",
        _ITER + "for m in pkgutil.walk_packages(p.r.__path__, 'p.r.'):\n    importlib.import_module(m.name)\n",
        DEEP,
    ),
    _lists(
        "walk_packages of healthy ones",
        _ITER
        + "for m in pkgutil.walk_packages(p.r.__path__, p.r.__name__ + '.'):\n    importlib.import_module(m.name)\n",
        FILES,
    ),
    _lists(
        "walk_packages without imports",
        _ITER + "x = [m.name for m in pkgutil.walk_packages(p.r.__path__, 'p.r.')]\n",
        DEEP,
    ),
    _lists(
        "a pathlib glob",
        _ITER
        + "for f in sorted(Path(p.r.__file__).parent.glob('*.py')):\n    if f.stem != '__init__':\n        importlib.import_module(f'p.r.{f.stem}')\n",
    ),
    _lists(
        "a pathlib glob with a test of the beginning",
        _ITER
        + "for f in Path(p.r.__file__).resolve().parent.glob('[!_]*.py'):\n    if not f.name.startswith('_'):\n        importlib.import_module('p.r.' + f.name[:-3])\n",
    ),
    _lists(
        "a pathlib glob of nothing",
        _ITER + "for f in Path(p.r.__file__).parent.glob('*.so'):\n    importlib.import_module('p.r.b')\n",
        FILES,
    ),
    _lists(
        "iterdir",
        _ITER
        + "for f in sorted(Path(p.r.__file__).parent.iterdir()):\n    if f.suffix == '.py' and f.is_file():\n        importlib.import_module('p.r.' + f.stem)\n",
    ),
    _lists(
        "rglob",
        _ITER
        + "for f in sorted(Path(p.r.__file__).parent.rglob('c.py')):\n    importlib.import_module('p.r.deep.' + f.stem)\n",
        DEEP,
    ),
    _lists(
        "listdir",
        _ITER
        + "for n in sorted(os.listdir(os.path.dirname(p.r.__file__))):\n    if n.endswith('.py') and n != '__init__.py':\n        importlib.import_module('p.r.' + n[:-3])\n",
    ),
    _lists(
        "listdir of a joined folder",
        _ITER
        + "here = os.path.dirname(os.path.abspath(__file__))\nfor n in os.listdir(os.path.join(here, 'p', 'r')):\n    if n == 'b.py':\n        importlib.import_module('p.r.' + n.split('.')[0])\n",
    ),
    _lists(
        "glob.glob",
        _ITER
        + "for f in glob.glob(os.path.join(os.path.dirname(p.r.__file__), '*.py')):\n    n = os.path.basename(f)[:-3]\n    if n == 'b':\n        importlib.import_module('p.r.' + n)\n",
    ),
    _lists(
        "__all__ from glob",
        "from p.r import *\n",
        {
            **BROKEN,
            "p/r/__init__.py": "import glob\nfrom os.path import basename, dirname, isfile, join\nmodules = glob.glob(join(dirname(__file__), '*.py'))\n__all__ = [basename(f)[:-3] for f in modules if isfile(f) and not f.endswith('__init__.py')]\n",
        },
    ),
    _lists(
        "whether a file is there",
        _ITER + "if os.path.exists(os.path.join(os.path.dirname(p.r.__file__), 'a.py')):\n    import p.r.b\n",
    ),
    _lists(
        "whether a file is not there",
        _ITER + "if not os.path.isfile(os.path.join(os.path.dirname(p.r.__file__), 'a.py')):\n    import p.r.b\n",
    ),
    _lists(
        "whether a folder is there",
        _ITER + "if (Path(p.r.__file__).parent.joinpath('deep')).is_dir():\n    import p.r.b\n",
    ),
    _lists(
        "sys.path.insert of a folder",
        _ITER + "sys.path.insert(0, os.path.join(os.path.dirname(__file__), 'scripts'))\nimport types_of\n",
    ),
    _lists(
        "sys.path.insert of a healthy folder",
        _ITER + "sys.path.insert(0, os.path.join(os.path.dirname(__file__), 'scripts'))\nimport tool\ntool.x\n",
    ),
    _lists(
        "sys.path.append of a folder",
        _ITER + "sys.path.append(str(Path(__file__).resolve().parent.joinpath('scripts')))\nimport types_of\n",
    ),
    _lists(
        "sys.path.append of a folder that is not there",
        _ITER + "sys.path.append(os.path.join(os.path.dirname(__file__), 'none'))\nimport p.yes\n",
    ),
    _lists(
        "sys.path.insert in a function",
        _ITER
        + "def add(folder):\n    if folder not in sys.path:\n        sys.path.insert(0, folder)\nadd(os.path.join(os.path.dirname(__file__), 'scripts'))\nimport types_of\n",
    ),
    _lists(
        "sys.path that shadows",
        _ITER + "sys.path.insert(0, os.path.join(os.path.dirname(__file__), 'first'))\nimport other\nother.x\n",
        {**FILES, "first/other.py": "y = 1\n", "other.py": "x = 1\n"},
    ),
    _lists(
        "sys.path that does not shadow",
        _ITER + "sys.path.append(os.path.join(os.path.dirname(__file__), 'first'))\nimport other\nother.x\n",
        {**FILES, "first/other.py": "y = 1\n", "other.py": "x = 1\n"},
    ),
)

"""What mutated real packages showed: shapes that they have, and that small trees made up at a desk have not."""

from __future__ import annotations

from oracle.tree import case

_LAZY = """
        p/__init__.py
            from .core import make

            def __getattr__(name):
                if name == "old":
                    import warnings
                    warnings.warn("gone soon")
                    from .core import _old
                    return _old
                raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
"""
_TABLE = """
        p/__init__.py
            import importlib
            _WHERE = {"a": ".one", "b": ".two"}

            def __getattr__(name):
                if name in _WHERE:
                    return getattr(importlib.import_module(_WHERE[name], __name__), name)
                raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        p/one.py
            a = 1
        p/two.py
            b = 2
"""

PACKAGES = (
    case("a namespace package in a package lacks a module", """
        p/__init__.py
        p/n/a.py
            x = 1
        main.py
            import p.n.a
            from p.n.b import x
        """),
    case("a namespace package in a package lacks a name", """
        p/__init__.py
        p/n/a.py
            x = 1
        main.py
            from p.n import b
        """),
    case("a namespace package in a package lacks an attribute", """
        p/__init__.py
        p/n/a.py
            x = 1
        main.py
            import p.n
            p.n.a
        """),
    case("a namespace package in a package", """
        p/__init__.py
        p/n/m/a.py
            x = 1
        p/n/c.py
        main.py
            from p.n.m.a import x
            from p.n.m import a
            import p.n.c
            p.n.c, p.n.m.a.x
        """),
    case("a namespace package in a package that extends its path", """
        p/__init__.py
            __path__ = __import__("pkgutil").extend_path(__path__, __name__)
        p/n/a.py
            x = 1
        main.py
            import p.n.b
        """, outside="""
        p/__init__.py
        p/n/b.py
        """),
    case("a package that will bind its version imports a module that asks for it", """
        p/__init__.py
            from p import cli
            __version__ = "1"
        p/cli.py
            from p import __version__
        main.py
            import p
        """),
    case("a package that has bound its version", """
        p/__init__.py
            __version__ = "1"
            from p import cli
        p/cli.py
            from p import __version__
        main.py
            import p
        """),
    case("a module's __getattr__ that refuses what is gone", _LAZY + """
        p/core.py
            def make(): ...
            def _old(): ...
        main.py
            from p import gone
        """),
    case("a module's __getattr__ that refuses an attribute", _LAZY + """
        p/core.py
            def make(): ...
            def _old(): ...
        main.py
            import p
            p.make
            p.__name__
            p.gone
        """),
    case("a module's __getattr__ that knows the name", _LAZY + """
        p/core.py
            def make(): ...
            def _old(): ...
        main.py
            from p import old, make
            import p
            p.old, p.__path__, p.__file__, p.__doc__
        """),
    case("a module's __getattr__ that is asked for a submodule", _LAZY + """
        p/core.py
            def make(): ...
            def _old(): ...
        p/sub.py
            y = 1
        main.py
            from p import sub
            sub.gone
        """),
    case("a module's __getattr__ with a table", _TABLE + """
        main.py
            from p import a, b
            import p
            p.a
        """),
    case("a module's __getattr__ with a table that lacks the name", _TABLE + """
        main.py
            from p import a
            from p import c
        """),
    case("a module's __getattr__ that is a partial one", """
        p/__init__.py
            import os
            if os.environ.get("NO_SUCH_VARIABLE"):
                def __getattr__(name):
                    raise AttributeError(name)
            x = 1
        main.py
            from p import x
        """),
    case("a module's __getattr__ that guards what it imports", """
        p/__init__.py
            import importlib
            def __getattr__(name):
                try:
                    return importlib.import_module("." + name, __name__)
                except ImportError:
                    raise AttributeError(name) from None
        p/a.py
            x = 1
        main.py
            from p import a
            import p
            p.a.x
        """),
    case("a module's __getattr__ that fails to import", """
        p/__init__.py
            import importlib
            def __getattr__(name):
                try:
                    return importlib.import_module("." + name, __name__)
                except ImportError:
                    raise AttributeError(name) from None
        main.py
            from p import gone
        """),
    case("a package that puts a lazy object in its place", """
        p/__init__.py
            import sys
            import types

            class Lazy(types.ModuleType):
                def __getattr__(self, name):
                    raise AttributeError(name)

            new = Lazy(__name__)
            new.__dict__.update(__path__=__path__, __file__=__file__)
            sys.modules[__name__] = new
        p/a.py
            from p import b
            from . import b
            import p.b
        p/b.py
            x = 1
        main.py
            import p.a
            from p.b import gone
        """),
    case("a module that puts an object in its place", """
        p.py
            import sys

            class Lazy:
                x = 1

            sys.modules[__name__] = Lazy()
        main.py
            from p import x
            import p
            p.x
        """),
    case("an instance that changes its class", """
        main.py
            class Base:
                def __init__(self):
                    self.__class__ = type("Made", (Base,), {"register": lambda self: None})
                    self.register()
                def register(self):
                    raise NotImplementedError
            Base()
        """),
    case("settings that Flask loads by name", """
        app.py
            import os
            from flask import Flask
            def create_app():
                app = Flask(__name__)
                app.config.from_object(os.environ.get("NO_SUCH_VARIABLE", "settings.Base"))
                app.config.from_object("more")
                app.config.from_object("nowhere_at_all")
                return app
            app = create_app()
        settings.py
            import deep
            class Base:
                X = 1
        deep.py
        more.py
        main.py
            import app
        """, outside="""
        flask.py
            class Config:
                def from_object(self, name):
                    import importlib
                    if name != "nowhere_at_all":
                        importlib.import_module(name.partition(".")[0])
            class Flask:
                def __init__(self, name):
                    self.config = Config()
        """),
    case("settings of Flask whose class is gone", """
        main.py
            from flask import Flask
            def create_app(settings="conf.base.Prod"):
                app = Flask(__name__)
                app.config.from_object(settings)
                return app
            app = create_app()
        conf/__init__.py
        conf/base.py
            class Production: pass
        """, outside="""
        flask.py
            from importlib import import_module
            class Config:
                def from_object(self, name):
                    try:
                        import_module(name)
                    except ImportError:
                        module, _, attr = name.rpartition(".")
                        try:
                            getattr(import_module(module), attr)
                        except AttributeError as error:
                            raise ImportError(str(error))
            class Flask:
                def __init__(self, name):
                    self.config = Config()
        """),
    case("settings of Flask whose module is gone", """
        main.py
            from flask import Flask
            app = Flask(__name__)
            app.config.from_object("conf.base")
        conf/__init__.py
        """, outside="""
        flask.py
            from importlib import import_module
            class Config:
                def from_object(self, name):
                    try:
                        import_module(name)
                    except ImportError:
                        module, _, attr = name.rpartition(".")
                        try:
                            getattr(import_module(module), attr)
                        except AttributeError as error:
                            raise ImportError(str(error))
            class Flask:
                def __init__(self, name):
                    self.config = Config()
        """),
    case("settings of Flask that cannot be imported", """
        main.py
            from flask import Flask
            app = Flask(__name__)
            app.config.from_object("conf.Prod")
        conf.py
            class Prod(Base): pass
        """, outside="""
        flask.py
            from importlib import import_module
            class Config:
                def from_object(self, name):
                    try:
                        import_module(name)
                    except ImportError:
                        module, _, attr = name.rpartition(".")
                        try:
                            getattr(import_module(module), attr)
                        except AttributeError as error:
                            raise ImportError(str(error))
            class Flask:
                def __init__(self, name):
                    self.config = Config()
        """),
    case("settings of Flask that are allowed to be missing", """
        main.py
            from flask import Flask
            app = Flask(__name__)
            try:
                app.config.from_object("conf.local")
            except ImportError:
                app.config.from_object("conf.Base")
        conf/__init__.py
            from .base import Base
        conf/base.py
            class Base: pass
        """, outside="""
        flask.py
            from importlib import import_module
            class Config:
                def from_object(self, name):
                    try:
                        import_module(name)
                    except ImportError:
                        module, _, attr = name.rpartition(".")
                        try:
                            getattr(import_module(module), attr)
                        except AttributeError as error:
                            raise ImportError(str(error))
            class Flask:
                def __init__(self, name):
                    self.config = Config()
        """),
    case("an environment variable with a default decides nothing", """
        main.py
            import os
            if os.environ.get("NO_SUCH_VARIABLE", "") == "1":
                import p.gone
            if os.getenv("NO_SUCH_VARIABLE", "yes"):
                import p.there
            if not os.environ.get("NO_SUCH_VARIABLE", "yes"):
                import p.gone
        p/__init__.py
        p/there.py
        """),
    case("a class that settings may replace", """
        app.py
            from flask import Flask
            class Initializer:
                def start(self):
                    import views
            class App(Flask): ...
            app = App(__name__)
            app.config.get("INITIALIZER", Initializer)().start()
        views.py
        main.py
            import app
        """, outside="""
        flask.py
            class Flask:
                def __init__(self, name):
                    self.config = {}
        """),
    case("a switch that is turned off behind the back of static analysis", """
        p/__init__.py
            HACK = True
            globals()["kcah"[::-1].upper()] = False
            if HACK:
                from p.gone import x
        main.py
            import p
        """),
    case("a submodule that __getattr__ loads does not load", """
        p/__init__.py
            import importlib
            __all__ = ["a", "b"]
            def __getattr__(name):
                if name in __all__:
                    return importlib.import_module("." + name, __name__)
                raise AttributeError(name)
        p/a.py
            from p import b
        p/b.py
            import p.gone
        main.py
            import p.a
        """),
    case("a name that __getattr__ takes from a module that lacks it", """
        p/__init__.py
            import importlib
            def __getattr__(name):
                if name == "x":
                    return importlib.import_module(".a", __name__).x
                raise AttributeError(name)
        p/a.py
        main.py
            from p import x
        """),
    case("a __getattr__ that binds what it gives", """
        p/__init__.py
            import importlib
            def __getattr__(name):
                if name == "a":
                    module = importlib.import_module(".b", __name__)
                    globals()[name] = module.y
                    return module.y
                raise AttributeError(name)
        p/a.py
            import p.gone
        p/b.py
            y = 1
        main.py
            from p import a
            from p import a
        """),
    case("a metaclass that registers", """
        main.py
            def register(cls):
                REGISTRY.append(cls)
            class Meta(type):
                def __init__(cls, name, bases, attrs):
                    super().__init__(name, bases, attrs)
                    if name != "Base":
                        register(cls)
            class Base(metaclass=Meta): ...
            class Made(Base): ...
        """),
    case("a metaclass that registers well", """
        main.py
            REGISTRY = []
            def register(cls):
                REGISTRY.append(cls)
            class Meta(type):
                def __new__(mcs, name, bases, attrs, **options):
                    made = super().__new__(mcs, name, bases, attrs)
                    for key, value in attrs.items():
                        options[key] = value
                    made.options = options
                    return made
                def __init__(cls, name, bases, attrs, **options):
                    super().__init__(name, bases, attrs)
                    register(cls)
            class Base(metaclass=Meta): ...
            class Made(Base, table=True):
                x = Base.options
        """),
    case("a metaclass that imports", """
        p/__init__.py
        p/more.py
        main.py
            class Meta(type):
                def __new__(mcs, name, bases, attrs):
                    import p.more
                    return super().__new__(mcs, name, bases, attrs)
            class Base(metaclass=Meta): ...
            class Made(Base): ...
        """),
    case("modules put into sys.modules below a name", """
        p/__init__.py
            from . import vendored
            from .gone import x
        p/vendored.py
            import sys
            for mod in list(sys.modules):
                if mod.startswith("json"):
                    sys.modules[f"p.vendored.{mod}"] = sys.modules[mod]
        main.py
            import p
        """),
    case("a module put into sys.modules below a name", """
        p/__init__.py
            import json
            from . import vendored
            from p.vendored.json import loads
        p/vendored.py
            import sys
            for mod in list(sys.modules):
                if mod.startswith("json"):
                    sys.modules[__name__ + "." + mod] = sys.modules[mod]
        main.py
            import p
        """),
    case("a function that asks its caller for its name", """
        p/__init__.py
            from .sentinel import make
            MISSING = make()
            class A(Gone): ...
        p/sentinel.py
            import sys
            def make():
                return sys._getframe(1).f_globals.get("__name__", "?")
        main.py
            import p
        """),
    case("plugins that a list comprehension loads", """
        main.py
            import importlib
            def load(name):
                return importlib.import_module(name)
            plugins = [load(name) for name in ("p.a", "p.b")]
            plugins[1].gone
        p/__init__.py
        p/a.py
        p/b.py
        """),
    case("plugins that a list comprehension loads lack one", """
        main.py
            import importlib
            def load(name):
                return importlib.import_module("p." + name)
            def create(plugins):
                return [load(name) for name in plugins]
            create(["a", "b"])
        p/__init__.py
        p/a.py
        """, since=(3, 12)),
    case("a list comprehension in a try", """
        main.py
            import importlib
            try:
                found = [importlib.import_module(name) for name in ["p.a", "p.gone"]]
            except ImportError:
                found = []
            names = [item.__name__ for item in found]
            numbers = {len(name) for name in names}
        p/__init__.py
        p/a.py
        """),
    case("a package that puts a lazy object in its place lacks a module", """
        p/__init__.py
            import sys
            import types
            new = type("Lazy", (types.ModuleType,), {})(__name__)
            new.__dict__.update(__path__=__path__, __file__=__file__)
            sys.modules[__name__] = new
        main.py
            import p
            from p.gone import x
        """),
    case("items of an object are stored by a method that fails", """
        main.py
            class Table:
                def __init__(self):
                    self.found = {}
                def normalize(self, key):
                    return split(key)
                def __setitem__(self, key, value):
                    self.found[self.normalize(key)] = value
            table = Table()
            table["a"] = 1
        """),
    case("items of an object are read by a method that fails", """
        main.py
            class Table:
                def __getitem__(self, key):
                    import p.gone
            x = Table()["a"]
        p/__init__.py
        """),
    case("items of an object are stored and read", """
        main.py
            class Table(dict):
                def __setitem__(self, key, value):
                    super().__setitem__(key.lower(), value)
                def __getitem__(self, key):
                    import p.more
                    return super().__getitem__(key.lower())
            table = Table()
            table["A"] = 1
            try:
                table["b"]
            except KeyError:
                table["b"] = 2
        p/__init__.py
        p/more.py
        """),
    case("a function that makes each of its callers lazy", """
        p/__init__.py
            from .lazy import install
            install()
            from .q import y
        p/q/__init__.py
            from p.lazy import install
            install()
        p/lazy.py
            import sys
            def install():
                names = sys._getframe(1).f_globals
                def __getattr__(name):
                    return 1
                names["__getattr__"] = __getattr__
                return True
        main.py
            from p import x
            from p.q import y
        """),
    case("what a handler expects comes before a failure", """
        main.py
            try:
                import fcntl
                import termios
                size_of = fcntl.ioctl(-1, termios.TIOCGWINSZ, b"")
                height, width = unpack(size)
            except (ImportError, OSError, ValueError):
                width = None
            from p import x
        p/__init__.py
        p/x.py
        """),
    case("a failure comes before what a handler expects", """
        main.py
            try:
                height, width = unpack(size)
                with open("/nowhere/at/all") as stream:
                    stream.read()
            except OSError:
                width = None
        """),
    case("what a handler expects comes before a failure, and is raised again", """
        main.py
            import os
            try:
                os.stat(".")
                height, width = unpack(size)
            except OSError:
                raise
        """),
    case("a class beside a submodule of its name in small letters", """
        main.py
            import p
        p/__init__.py
            from .models import User
        p/models/__init__.py
        p/models/user.py
            class User: ...
        """),
    case("a submodule that is gone, asked for by its package", """
        main.py
            import p
        p/__init__.py
            from . import models
        """),
    case("a submodule that is gone, asked for by its package's name", """
        main.py
            import p
        p/__init__.py
            from p import models as m
        """),
    case("a class-private name", """
        main.py
            _A__limit = 1
            class A:
                value = __limit
            class B:
                def f(self):
                    global __state
                    __state = 1
            B().f()
            _B__state
        """),
    case("modules that a context puts in place", """
        main.py
            import sys
            from unittest import mock
            with mock.patch.dict(sys.modules, {"p.hardware": mock.MagicMock()}):
                import p.hardware
        p/__init__.py
        """),
    case("a property whose setter keeps the value elsewhere", """
        main.py
            class C:
                def __init__(self):
                    self._url = None
                @property
                def url(self):
                    return self._url
                @url.setter
                def url(self, value):
                    self._url = value
                def check(self):
                    if self._url is None:
                        raise ValueError
            c = C()
            c.url = "x"
            c.check()
        """),
    case("a name that a descriptor is told", """
        main.py
            class D:
                name = None
                def __set_name__(self, owner, name):
                    self.name = name
                def check(self):
                    if self.name is None:
                        raise ValueError
            class A:
                field = D()
                field2 = D()
            A.__dict__["field"].check()
            A.field.check()
        """),
    case("a builtin of Python 3.11", {"main.py": "E = ExceptionGroup\n"}),
    case("a builtin of Python 3.13", {"main.py": "E = PythonFinalizationError\n"}),
)  # fmt: skip

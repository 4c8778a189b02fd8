"""Classes that Python refuses to make, and their like that it makes."""

# ruff: noqa: E501 - a case is a row of a table.
from __future__ import annotations

from oracle.tree import Case, case

# A plain hierarchy that most of them start from.
_FAMILY = """
class A: ...
class B(A): ...
class C(A): ...
class D: ...
"""
_ENUM = "import enum\nclass E(enum.Enum):\n    X = 1\n"


def _classes(name: str, source: str, *, silent: str = "", **more: str) -> Case:
    return case(
        f"bases: {name}", {"main.py": source, **{f"{key}.py": text for key, text in more.items()}}, silent=silent
    )


BASES = (
    # The order of resolution.
    _classes("a base before its child", f"{_FAMILY}class X(A, B): ...\n"),
    _classes("a child before its base", f"{_FAMILY}class X(B, A): ...\n"),
    _classes("two children", f"{_FAMILY}class X(B, C): ...\n"),
    _classes("two children and their base", f"{_FAMILY}class X(B, C, A): ...\n"),
    _classes("the base between its children", f"{_FAMILY}class X(B, A, C): ...\n"),
    _classes("object first", f"{_FAMILY}class X(object, A): ...\n"),
    _classes("object last", f"{_FAMILY}class X(A, object): ...\n"),
    _classes("opposite orders", f"{_FAMILY}class X(B, C): ...\nclass Y(C, B): ...\nclass Z(X, Y): ...\n"),
    _classes("equal orders", f"{_FAMILY}class X(B, C): ...\nclass Y(B, C): ...\nclass Z(X, Y): ...\n"),
    _classes("opposite orders further up", f"{_FAMILY}class X(A, D): ...\nclass Y(D, A): ...\nclass P(X): ...\n"
             "class Q(Y): ...\nclass Z(P, Q): ...\n"),
    _classes("orders that only whole hierarchies show", """
class A: ...
class B: ...
class P(A): ...
class Q(B): ...
class R(B): ...
class S(A): ...
class X(P, Q): ...
class Y(R, S): ...
class Z(X, Y): ...
"""),
    _classes("a builtin exception before its child", "class X(Exception, ValueError): ...\n"),
    _classes("a child of an exception before it", "class X(ValueError, Exception): ...\n"),
    _classes("an exception of the project and its base", "class E(ValueError): ...\nclass X(Exception, E): ...\n"),
    _classes("a base of another module before its child", "from m import A\nclass B(A): ...\nclass X(A, B): ...\n",
             m="class A: ...\n"),
    _classes("by an alias", f"{_FAMILY}Z = A\nclass X(Z, B): ...\n"),
    _classes("as attributes", "import m\nclass X(m.A, m.B): ...\n", m=_FAMILY),
    _classes("in a function that runs", f"{_FAMILY}def f():\n    class X(A, B): ...\n    return X\nf()\n"),
    _classes("in a function that nobody calls", f"{_FAMILY}def f():\n    class X(A, B): ...\n"),
    _classes("in a class body", f"{_FAMILY}class O:\n    class X(A, B): ...\n"),
    _classes("under a decorator", f"def same(c):\n    return c\n{_FAMILY}@same\nclass X(A, B):\n    y = 1\n"),
    _classes("over several lines", f"{_FAMILY}class X(\n    A,\n    B,\n):\n    y = 1\n"),
    _classes("by choice of the version", f"import sys\n{_FAMILY}if sys.version_info < (3, 8):\n    class X(A, B): ...\n"),
    _classes("guarded", f"{_FAMILY}try:\n    class X(A, B): ...\nexcept TypeError:\n    X = None\nX\n"),
    _classes("guarded against something else", f"{_FAMILY}try:\n    class X(A, B): ...\nexcept ImportError:\n    X = 1\n"),
    _classes("guarded where it is imported", "try:\n    import m\nexcept TypeError:\n    import n\n",
             m=f"{_FAMILY}class X(A, B): ...\n", n=""),
    # The same base twice.
    _classes("one base twice", f"{_FAMILY}class X(A, A): ...\n"),
    _classes("one base twice by an alias", "from m import A, A as Z\nclass X(A, Z): ...\n", m="class A: ...\n"),
    _classes("a builtin base twice", "class X(dict, dict): ...\n"),
    _classes("two classes of one name", "from m import A\nimport n\nclass X(A, n.A): ...\n",
             m="class A: ...\n", n="class A: ...\n"),
    # Final classes, and what is no class.
    _classes("bool", "class X(bool): ...\n"),
    _classes("int", "class X(int): ...\n"),
    _classes("range", "class X(range): ...\n"),
    _classes("memoryview", "class X(memoryview): ...\n"),
    _classes("slice", "class X(slice): ...\n"),
    _classes("type(None)", "class X(type(None)): ...\n", silent="what type() gives is not known"),
    _classes("types.FunctionType", "import types\nclass X(types.FunctionType): ...\n"),
    _classes("types.ModuleType", "import types\nclass X(types.ModuleType): ...\n"),
    _classes("None", "class X(None): ...\n"),
    _classes("None by a fallback", "try:\n    from m import gone as A\nexcept ImportError:\n    A = None\n"
             "class X(A): ...\n", m=""),
    _classes("None beside a class", f"{_FAMILY}class X(A, None): ...\n"),
    _classes("a text", "class X('A'): ...\n"),
    _classes("a number", "class X(1): ...\n"),
    _classes("a function", "def A(): ...\nclass X(A): ...\n"),
    _classes("a function that stands in for classes", "def A(): ...\nA.__mro_entries__ = lambda bases: (object,)\n"
             "class X(A): ...\n"),
    _classes("a lambda", "A = lambda: 1\nclass X(A): ...\n"),
    _classes("a builtin function", "class X(len): ...\n"),
    _classes("a module", "import m\nclass X(m): ...\n", m="class m: ...\n"),
    _classes("an instance", "class A:\n    def __init__(self, *args): ...\nclass X(A()): ...\n"),
    _classes("an instance with __mro_entries__", "class A:\n    def __mro_entries__(self, bases):\n        return ()\n"
             "class X(A()): ...\n"),
    # Layouts.
    _classes("int and str", "class X(int, str): ...\n"),
    _classes("dict and a plain class", f"{_FAMILY}class X(A, dict): ...\n"),
    _classes("list and dict by classes of the project", "class A(list): ...\nclass B(dict): ...\nclass X(A, B): ...\n"),
    _classes("an exception and int", "class X(int, Exception): ...\n"),
    _classes("OSError and ValueError", "class X(OSError, ValueError): ...\n"),
    _classes("OSError and SyntaxError", "class X(OSError, SyntaxError): ...\n"),
    _classes("slots of two", "class A:\n    __slots__ = ('a',)\nclass B:\n    __slots__ = ('b',)\nclass X(A, B): ...\n"),
    _classes("slots of one", "class A:\n    __slots__ = ('a',)\nclass B:\n    __slots__ = ()\nclass X(A, B): ...\n"),
    _classes("slots of one and a dictionary", "class A:\n    __slots__ = ['a']\nclass B: ...\nclass X(A, B): ...\n"),
    _classes("one slot as a text", "class A:\n    __slots__ = 'a'\nclass B:\n    __slots__ = 'b'\nclass X(A, B): ...\n"),
    _classes("slots along a line", "class A:\n    __slots__ = ('a',)\nclass B(A):\n    __slots__ = ('b',)\n"
             "class X(B, A): ...\n"),
    _classes("slots that are sorted", "class A:\n    __slots__ = tuple(sorted(['a']))\nclass B:\n    __slots__ = ('b',)\n"
             "class X(A, B): ...\n"),
    _classes("slots that are computed", "class A:\n    __slots__ = tuple(dict.fromkeys('a'))\nclass B:\n"
             "    __slots__ = ('b',)\nclass X(A, B): ...\n", silent="what the slots are is not known"),
    _classes("slots on int", "class A(int):\n    __slots__ = ()\nclass X(A, A.__base__): ...\n",
             silent="attributes of classes are not known"),
    # Metaclasses.
    _classes("metaclasses that do not go together", "class M(type): ...\nclass N(type): ...\nclass A(metaclass=M): ...\n"
             "class B(metaclass=N): ...\nclass X(A, B): ...\n"),
    _classes("a metaclass of both", "class M(type): ...\nclass N(type): ...\nclass A(metaclass=M): ...\n"
             "class B(metaclass=N): ...\nclass MN(M, N): ...\nclass X(A, B, metaclass=MN): ...\n"),
    _classes("metaclasses that are related", "class M(type): ...\nclass N(M): ...\nclass A(metaclass=M): ...\n"
             "class B(metaclass=N): ...\nclass X(A, B): ...\n"),
    _classes("a metaclass and abc", "import abc\nclass M(type): ...\nclass A(metaclass=M): ...\nclass X(A, abc.ABC): ...\n"),
    _classes("a metaclass of abc's and abc", "import abc\nclass M(abc.ABCMeta): ...\nclass A(metaclass=M): ...\n"
             "class X(A, abc.ABC): ...\n"),
    _classes("an Enum and abc", "import abc, enum\nclass X(abc.ABC, enum.Enum): ...\n"),
    _classes("a metaclass that makes another class", "class M(type):\n    def __new__(m, name, bases, ns):\n"
             "        return type(name, (), ns)\nclass A: ...\nclass B(A): ...\nclass X(A, B, metaclass=M): ...\n"),
    _classes("a metaclass with an order of its own", "class M(type):\n    def mro(cls):\n        return [cls, object]\n"
             "class A: ...\nclass B(A): ...\nclass X(A, B, metaclass=M): ...\n"),
    _classes("an inherited metaclass with an order of its own", "class M(type):\n    def mro(cls):\n"
             "        return [cls, object]\nclass A(metaclass=M): ...\nclass B(A): ...\nclass X(A, B): ...\n"),
    _classes("a metaclass with a plain __new__", "class M(type):\n    def __new__(m, *args):\n"
             "        return super().__new__(m, *args)\nclass A(metaclass=M): ...\nclass X(A, A): ...\n",
             silent="what a metaclass does is not followed"),
    _classes("a function as the metaclass", "def M(name, bases, ns):\n    return 1\nclass A: ...\nclass B(A): ...\n"
             "class X(A, B, metaclass=M): ...\n"),
    # Enums.
    _classes("an Enum with a member", f"{_ENUM}class F(E): ...\n"),
    _classes("an Enum with a member, further up", f"{_ENUM}class M: ...\nclass F(M, E): ...\n"),
    _classes("an Enum without members", "import enum\nclass E(enum.Enum):\n    def f(self): ...\nclass F(E):\n    X = 1\n"),
    _classes("an Enum with private names", "import enum\nclass E(enum.Enum):\n    _ignore_ = ['X']\n    X = 1\nclass F(E): ...\n"),
    _classes("an Enum with an annotation", "import enum\nclass E(enum.Enum):\n    X: int\nclass F(E):\n    Y = 1\n"),
    _classes("an Enum with auto()", "from enum import Enum, auto\nclass E(Enum):\n    X = auto()\nclass F(E): ...\n"),
    _classes("an Enum with a tuple", "import enum\nclass E(enum.Enum):\n    X = 1, 2\nclass F(E): ...\n"),
    _classes("an IntEnum with a member", "import enum\nclass E(enum.IntEnum):\n    X = 1\nclass F(E):\n    Y = 2\n"),
    _classes("a Flag with a member", "import enum\nclass E(enum.Flag):\n    X = 1\nclass F(E):\n    Y = 2\n"),
    _classes("a unique Enum with a member", "import enum\n@enum.unique\nclass E(enum.Enum):\n    X = 1\nclass F(E): ...\n"),
    _classes("text and Enum", "import enum\nclass E(str, enum.Enum):\n    X = 'x'\n"),
    _classes("Enum and text", "import enum\nclass E(enum.Enum, str):\n    X = 'x'\n"),
    _classes("an Enum that is a subclass of a text Enum", "import enum\nclass T(str, enum.Enum): ...\nclass E(T):\n    X = 'x'\n"),
    _classes("an Enum with a body that fails", f"{_ENUM}class F(E):\n    nosuch\n"),
    _classes("an order with a body that fails", f"{_FAMILY}class X(A, B):\n    nosuch\n"),
    # What comes from outside.
    case("bases: third parties beside an order that cannot be", {"main.py": f"from third import T\n{_FAMILY}class X(T, A, B): ...\n"},
         outside={"third.py": "class T: ...\n"}),
    case("bases: a third party twice", {"main.py": "from third import T\nclass X(T, T): ...\n"},
         outside={"third.py": "class T: ...\n"}, silent="what a third party gives is not known"),
    case("bases: a third party in the hierarchy", {"main.py": "from third import T\nclass A(T): ...\nclass B(A): ...\n"
         "class X(B, A): ...\n"}, outside={"third.py": "class T: ...\n"}),
    case("bases: a third party's metaclass", {"main.py": "from third import M\nclass A(metaclass=M): ...\nclass B(A): ...\n"
         "class X(A, B): ...\n"}, outside={"third.py": "class M(type):\n    def mro(cls):\n        return [cls, object]\n"}),
    case("bases: a third party's decorator", {"main.py": "from third import d\n@d\nclass A: ...\n@d\nclass B(A): ...\n"
         "class X(A, B): ...\n"}, outside={"third.py": "def d(cls):\n    return type('N', (), {})\n"}),
    _classes("a decorator that gives something else", "def d(cls):\n    return type('N', (), {})\nclass A: ...\n@d\n"
             "class B(A): ...\nclass X(A, B): ...\n"),
    _classes("a dataclass", "import dataclasses\n@dataclasses.dataclass\nclass A: ...\n@dataclasses.dataclass(frozen=True)\n"
             "class B: ...\nclass X(A, B): ...\nclass Y(A, X): ...\n"),
    _classes("generics", "from typing import Generic, TypeVar\nT = TypeVar('T')\nclass A(Generic[T]): ...\n"
             "class B(A[T], Generic[T]): ...\nclass C(Generic[T], A[T]): ...\n"),
    _classes("a protocol", "from typing import Protocol\nclass A(Protocol): ...\nclass B(A, Protocol): ...\nclass X(B): ...\n"),
    _classes("named tuples and typed dicts", "from typing import NamedTuple, TypedDict\nclass A(NamedTuple):\n    x: int\n"
             "class B(TypedDict):\n    x: int\nclass X(B):\n    y: int\nclass Y(A): ...\n"),
    _classes("unpacked bases", f"{_FAMILY}every = (B, A)\nclass X(*every): ...\n"),
    _classes("unpacked bases that cannot be", f"{_FAMILY}every = (A, B)\nclass X(*every): ...\n", silent="not followed"),
    _classes("abstract collections", "from collections.abc import Mapping, MutableMapping\nclass X(Mapping, MutableMapping): ...\n"),
    _classes("abstract collections in order", "from collections.abc import Mapping, MutableMapping\n"
             "class X(MutableMapping, Mapping): ...\n"),
    _classes("an ordered dictionary and dict", "from collections import OrderedDict\nclass X(dict, OrderedDict): ...\n"),
)  # fmt: skip

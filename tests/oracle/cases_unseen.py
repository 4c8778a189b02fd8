"""State that changes where a start-up cannot see it: callbacks, hooks of objects, code that is made at run time.

Each program fails if its registry stays empty, and CPython fills it.
"""

# ruff: noqa: E501 - a case is a row of a table.
from __future__ import annotations

from oracle.tree import Case, case


def _fills(name: str, source: str) -> Case:
    whole = f"REG = {{}}\n{source}if 'a' not in REG:\n    raise LookupError\nif not REG:\n    import p.no\n"
    files = {"main.py": whole, "p/__init__.py": "", "p/no.py": "import p.gone\n"}
    return case(f"unseen: {name}", files)


UNSEEN = (
    _fills("gen list", 'def g():\n    for n in ("a", "b"):\n        REG[n] = 1\n        yield n\nnames = list(g())\n'),
    _fills("gen for", 'def g():\n    REG["a"] = 1\n    yield 1\nfor _ in g(): pass\n'),
    _fills("gen next", 'def g():\n    REG["a"] = 1\n    yield 1\nnext(g())\n'),
    _fills("gen expr", 'def put(n): REG[n] = 1; return n\nx = tuple(put(n) for n in ("a",))\n'),
    _fills("gen any", 'def put(n): REG[n] = 1; return True\nany(put(n) for n in ("a",))\n'),
    _fills("map list", 'def put(n): REG[n] = 1\nlist(map(put, ["a"]))\n'),
    _fills("filter", 'def put(n): REG[n] = 1; return True\nlist(filter(put, ["a"]))\n'),
    _fills("sorted key", 'def put(n): REG[n] = 1; return n\nsorted(["a"], key=put)\n'),
    _fills("reduce", 'import functools\ndef put(acc, n): REG[n] = 1; return acc\nfunctools.reduce(put, ["a"], None)\n'),
    _fills("resub", 'import re\ndef put(m): REG["a"] = 1; return ""\nre.sub("x", put, "x")\n'),
    _fills("jsonhook", 'import json\ndef put(d): REG["a"] = 1; return d\njson.loads("{}", object_hook=put)\n'),
    _fills(
        "thread join",
        'import threading\ndef put(): REG["a"] = 1\nt = threading.Thread(target=put); t.start(); t.join()\n',
    ),
    _fills(
        "pool map",
        'from concurrent.futures import ThreadPoolExecutor\ndef put(n): REG[n] = 1\nwith ThreadPoolExecutor(1) as ex: list(ex.map(put, ["a"]))\n',
    ),
    _fills(
        "asyncio gather",
        'import asyncio\nasync def put(n): REG[n] = 1\nasync def main(): await asyncio.gather(put("a"), put("b"))\nasyncio.run(main())\n',
    ),
    _fills(
        "asyncio task",
        'import asyncio\nasync def put(n): REG[n] = 1\nasync def main():\n    t = asyncio.create_task(put("a"))\n    await t\nasyncio.run(main())\n',
    ),
    _fills("setitem op", 'class R:\n    def __setitem__(self, k, v): REG[k] = v\nR()["a"] = 1\n'),
    _fills("setattr op", "class R:\n    def __setattr__(self, k, v): REG[k] = v\nr = R(); r.a = 1\n"),
    _fills("rshift", 'class R:\n    def __rshift__(self, o): REG["a"] = o; return o\nR() >> R()\n'),
    _fills("iadd", 'class R:\n    def __iadd__(self, o): REG[o] = 1; return self\nr = R(); r += "a"\n'),
    _fills(
        "enter",
        'class R:\n    def __enter__(self): REG["a"] = 1; return self\n    def __exit__(self, *a): return False\nwith R(): pass\n',
    ),
    _fills(
        "exit",
        'class R:\n    def __enter__(self): return self\n    def __exit__(self, *a): REG["a"] = 1\nwith R(): pass\n',
    ),
    _fills(
        "cm gen",
        'from contextlib import contextmanager\n@contextmanager\ndef cm():\n    yield\n    REG["a"] = 1\nwith cm(): pass\n',
    ),
    _fills(
        "iter cls",
        'class R:\n    def __iter__(self):\n        REG["a"] = 1\n        return iter(())\nfor x in R(): pass\n',
    ),
    _fills(
        "unpack iter",
        'class R:\n    def __iter__(self):\n        REG["a"] = 1\n        return iter((1, 2))\na, b = R()\n',
    ),
    _fills("set name", "class F:\n    def __set_name__(self, o, n): REG[n] = self\nclass C: a = F()\n"),
    _fills(
        "meta call",
        'class M(type):\n    def __call__(cls, *a):\n        o = super().__call__(*a); REG["a"] = o; return o\nclass C(metaclass=M): pass\nC()\n',
    ),
    _fills(
        "meta init",
        'class M(type):\n    def __init__(cls, n, b, ns): super().__init__(n, b, ns); REG["a"] = cls\nclass C(metaclass=M): pass\n',
    ),
    _fills("missing", 'class D(dict):\n    def __missing__(self, k): REG[k] = 1; return 1\nD()["a"]\n'),
    _fills(
        "defaultdict",
        'from collections import defaultdict\ndef put(): REG["a"] = 1; return []\nd = defaultdict(put); d["z"]\n',
    ),
    _fills(
        "dc factory",
        'from dataclasses import dataclass, field\ndef put(): REG["a"] = 1; return []\n@dataclass\nclass D: x: list = field(default_factory=put)\nD()\n',
    ),
    _fills("format", 'class R:\n    def __str__(self): REG["a"] = 1; return ""\nf"{R()}"\n'),
    _fills("eq", 'class R:\n    def __eq__(self, o): REG["a"] = 1; return True\nR() == 1\n'),
    _fills("bool", 'class R:\n    def __bool__(self): REG["a"] = 1; return True\nif R(): pass\n'),
    _fills("desc get", 'class F:\n    def __get__(self, o, t): REG["a"] = 1; return 1\nclass C: x = F()\nC.x\n'),
    _fills("desc set", 'class F:\n    def __set__(self, o, v): REG["a"] = v\nclass C: x = F()\nC().x = 1\n'),
    _fills(
        "prop set",
        'class C:\n    @property\n    def x(self): return 1\n    @x.setter\n    def x(self, v): REG["a"] = v\nC().x = 2\n',
    ),
    _fills("getattribute", 'class C:\n    def __getattribute__(self, n): REG["a"] = n; return 1\nC().zz\n'),
    _fills("mro entries", 'class P:\n    def __mro_entries__(self, b): REG["a"] = 1; return ()\nclass C(P()): pass\n'),
    _fills(
        "visitor",
        'import ast\nclass V(ast.NodeVisitor):\n    def visit_Name(self, n): REG[n.id] = 1\nV().visit(ast.parse("a"))\n',
    ),
    _fills(
        "subclass thread",
        'import threading\nclass T(threading.Thread):\n    def run(self): REG["a"] = 1\nt = T(); t.start(); t.join()\n',
    ),
    _fills(
        "userdict",
        "from collections import UserDict\nclass U(UserDict):\n    def __setitem__(self, k, v): REG[k] = v; super().__setitem__(k, v)\nU(a=1)\n",
    ),
    _fills(
        "dict sub",
        "class U(dict):\n    def __init__(self, *a, **k): super().__init__(*a, **k); REG.update(self)\nU(a=1)\n",
    ),
    _fills(
        "ctxdeco",
        'from contextlib import ContextDecorator\nclass T(ContextDecorator):\n    def __enter__(self): REG["a"] = 1\n    def __exit__(self, *a): pass\n@T()\ndef f(): pass\nf()\n',
    ),
    _fills(
        "singledispatch reg",
        'from functools import singledispatch\n@singledispatch\ndef h(x): pass\n@h.register\ndef _(x: int): REG["a"] = x\nh(1)\n',
    ),
    _fills(
        "sd method",
        'from functools import singledispatchmethod\nclass C:\n    @singledispatchmethod\n    def h(self, x): raise Boom()\n    @h.register\n    def _(self, x: int): REG["a"] = x\nC().h(1)\n',
    ),
    _fills(
        "partialmethod",
        'from functools import partialmethod\nclass C:\n    def h(self, k, v): REG[k] = v\n    g = partialmethod(h, "a")\nC().g(1)\n',
    ),
    _fills(
        "methodtype",
        'import types\ndef f(self): REG["a"] = 1\nclass C: pass\nc = C(); c.f = types.MethodType(f, c); c.f()\n',
    ),
    _fills(
        "methodcaller", 'import operator\nclass C:\n    def go(self): REG["a"] = 1\noperator.methodcaller("go")(C())\n'
    ),
    _fills("ctxrun", 'import contextvars\ndef f(): REG["a"] = 1\ncontextvars.copy_context().run(f)\n'),
    _fills("atexit deco", 'import atexit\n@atexit.register\ndef f(): REG["b"] = 1; raise SystemExit\nREG["a"] = 1\n'),
    _fills("del", 'class C:\n    def __del__(self): REG["a"] = 1\nc = C(); del c\n'),
    _fills("weakfinal", 'import weakref\nclass C: pass\nc = C(); weakref.finalize(c, REG.update, {"a": 1}); del c\n'),
    _fills("exec", "exec(\"REG['a'] = 1\")\n"),
    _fills("eval", 'eval("REG.update(a=1)")\n'),
    _fills("glob", 'globals()["REG"]["a"] = 1\n'),
    _fills("alias", 'R2 = REG\nR2["a"] = 1\n'),
    _fills("dict union", 'REG = REG | {"a": 1}\n'),
    _fills("kw mut", 'def put(*args, reg, **kw): reg["a"] = kw\nput(reg=REG)\n'),
    _fills("star mut", 'def put(a, b): b["a"] = a\nput(*[1, REG])\nput(**{"a": 1, "b": REG})\n'),
    _fills("default mut", 'def put(k, reg=REG): reg[k] = 1\nput("a")\n'),
    _fills("cls mut", 'class H: reg = REG\nH.reg["a"] = 1\n'),
    _fills("operator setitem", 'import operator\noperator.setitem(REG, "a", 1)\n'),
    _fills("dict setitem unbound", 'dict.__setitem__(REG, "a", 1)\ndict.update(REG, b=2)\n'),
    _fills(
        "heap",
        'import heapq, bisect\nL = []\nheapq.heappush(L, 1); bisect.insort(L, 2)\nif not L: raise Boom()\nREG["a"] = 1\n',
    ),
    _fills("for target", 'for REG["a"] in (1,): pass\n'),
    _fills("with target", 'import io\nwith io.StringIO() as REG["a"]: pass\n'),
    _fills("unpack target", 'REG["a"], x = 1, 2\n'),
    _fills("walrus in comp", '[y := n for n in ("a",)]\nREG[y] = 1\n'),
    _fills("match", 'match {"k": "a"}:\n    case {"k": str(z)}: REG[z] = 1\n'),
    _fills(
        "callable obj",
        "class C:\n    def __call__(self, f): REG[f.__name__] = f; return f\nreg = C()\n@reg\ndef a(): pass\n",
    ),
    _fills(
        "func attr2",
        'def deco(f):\n    f.called = False\n    def w():\n        f.called = True\n        w.n += 1\n        return f()\n    w.n = 0\n    return w\n@deco\ndef q(): REG["a"] = 1\nq(); q()\nif q.n != 2: raise Boom()\n',
    ),
    _fills(
        "inspect stack",
        'import inspect\ndef f():\n    fr = inspect.currentframe().f_back\n    fr.f_globals["REG"]["a"] = 1\nf()\n',
    ),
    _fills("gc", 'import sys\nsys.modules[__name__].REG["a"] = 1\n'),
    _fills("chainmap", 'from collections import ChainMap\nChainMap(REG)["a"] = 1\n'),
    _fills(
        "vars inst",
        'class C: pass\nc = C(); vars(c)["r"] = 1\nif not hasattr(c, "r"): raise Boom()\nc.__dict__.update(z=2)\nif c.z != 2: raise Boom()\nREG["a"] = 1\n',
    ),
    _fills(
        "copy",
        'import copy\nclass C:\n    def __init__(self): self.x = 1\nd = copy.deepcopy(C()); e = copy.copy(d); e.x = 5\nif d.x != 1: raise Boom()\nif e.x != 5: raise Boom()\nREG["a"] = 1\n',
    ),
    _fills(
        "replace",
        'from dataclasses import dataclass, replace, asdict, fields\n@dataclass(frozen=True)\nclass D: x: int = 0; y: str = "q"\nd = replace(D(), x=5)\nif d.x != 5: raise Boom()\nif d != D(5): raise Boom()\nif asdict(d)["x"] != 5 or len(fields(D)) != 2: raise Boom()\nD.z = 1\nREG["a"] = 1\n',
    ),
)

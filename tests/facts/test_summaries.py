"""What a file's facts tell of its top level, so that most files need not be looked at: never less than there is."""

from __future__ import annotations

import pytest

from merge_guard.facts.bound_names import bound_names
from merge_guard.facts.extract import extract
from merge_guard.model import events as ev
from merge_guard.startup.latent_imports import Imported, certain, imported, in_functions
from merge_guard.workers.work import decode_facts, encode

_F = "def f(): ..."


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(f"{_F}\nx = 1\n{_F}", True, id="functions"),
        pytest.param(f"{_F}\nclass f: ...", True, id="of two kinds"),
        pytest.param(f"class A:\n    class B:\n        {_F}\n        {_F}", True, id="in an inner class"),
        pytest.param(f"if x:\n    pass\nelif y:\n    {_F}\n    {_F}", True, id="in a branch"),
        pytest.param(f"try:\n    pass\nexcept E:\n    {_F}\n    {_F}", True, id="in a handler"),
        pytest.param(f"try:\n    pass\nfinally:\n    {_F}\n    {_F}", True, id="at last"),
        pytest.param(f"for x in y:\n    pass\nelse:\n    {_F}\n    {_F}", True, id="after a loop"),
        pytest.param(f"with x:\n    {_F}\n    {_F}", True, id="in a with"),
        pytest.param(f"match x:\n    case 1:\n        {_F}\n        {_F}", True, id="in a case"),
        pytest.param(f"if x:\n    {_F}\nelse:\n    {_F}", False, id="alternatives"),
        pytest.param(f"{_F}\nclass A:\n    {_F}", False, id="of two scopes"),
        pytest.param(f"f = 1\n{_F}", False, id="one is no definition"),
    ],
)
def test_redefines(source: str, expected: bool) -> None:
    module = extract(source.encode(), "python").module
    assert module is not None
    assert module.redefines is expected


SOURCES = [
    pytest.param("import a.b as c, d\nfrom . import e\nfrom ..f.g import h as i, j\nfrom k import *", id="imports"),
    pytest.param("if x:\n    import a\ntry:\n    import b\nexcept E as e:\n    from c import d\n", id="unsure imports"),
    pytest.param("a = b.c = 1\nd, *e = f.g = 2\nh += 1\ni: int = 3\nif x:\n    j.k = 4\nl[0] = 5\n", id="assignments"),
    pytest.param(
        "with x as (y, z):\n    def f(): ...\nfor i in y:\n    class A: ...\nelse:\n    B = 1\n", id="branches"
    ),
    pytest.param("match x:\n    case [y, *z]:\n        def f(): ...\n", id="cases"),
    pytest.param("try:\n    a = 1\nfinally:\n    b = 1\n(c := 2)\ndel d\n__all__ = ['x']\n", id="all kinds"),
    pytest.param("def f():\n    import a\n    from ..b import c, d\n    if x:\n        import e\n", id="in functions"),
    pytest.param("", id="nothing"),
]


@pytest.mark.parametrize("source", SOURCES)
def test_names_and_imports_are_those_of_the_body(source: str) -> None:
    module = extract(source.encode(), "python").module
    assert module is not None
    assert {*module.defined, *module.bound} == set(bound_names(module.body))
    assert set(module.defined).isdisjoint(module.bound)
    attributes = [t for n in module.body if isinstance(n, ev.Assign) for t in n.targets if isinstance(t, ev.Attribute)]
    assert set(module.stored) == {target.attr for target in attributes}
    nodes = certain(module)
    assert len(nodes) == len(module.imports)
    lazy_words, lazy_nodes = in_functions(module)
    for words, node in (*zip(module.imports, nodes), *zip(lazy_words, lazy_nodes)):
        same = imported(words)
        assert (same.__class__, asked(same)) == (node.__class__, asked(node))


def asked(node: Imported) -> tuple[object, ...]:
    if isinstance(node, ev.Import):
        return (node.name,)
    return node.module, node.level, [name for name, _, _, _ in node.names]


@pytest.mark.parametrize("source", SOURCES)
def test_the_body_is_decoded_as_it_was_made(source: str) -> None:
    facts = extract(source.encode(), "python")
    decoded = decode_facts(encode(facts))
    assert decoded == facts
    assert decoded.module is not None
    assert facts.module is not None
    assert decoded.module.body == facts.module.body
    assert decoded.module.body is decoded.module.body

"""Alternatives run on the same dictionaries and are joined."""

from __future__ import annotations

from merge_guard.startup.heap import ABSENT, Heap
from merge_guard.startup.joins import join_slots
from merge_guard.startup.values import UNKNOWN, Const, Either, Maybe


def changed(heap: Heap, namespace: dict[str, object], **values: object) -> object:
    mark = heap.mark()
    for name, value in values.items():
        heap.set(namespace, name, value)
    return heap.take(mark)


def test_taking_undoes() -> None:
    heap, names = Heap(), {"a": 1, "b": 2}
    changed(heap, names, a=10, b=ABSENT, c=3)
    assert names == {"a": 1, "b": 2}


def test_applying_does_it_again() -> None:
    heap, names = Heap(), {"a": 1, "b": 2}
    delta = changed(heap, names, a=10, b=ABSENT, c=3)
    heap.apply(delta)  # type: ignore[arg-type]
    assert names == {"a": 10, "c": 3}


def test_rolling_back_to_an_earlier_mark_takes_later_ones_along() -> None:
    heap: Heap = Heap()
    names: dict[str, object] = {}
    first = heap.mark()
    heap.set(names, "a", 1)
    heap.mark()
    heap.set(names, "a", 2)
    heap.set(names, "b", 1)
    heap.rollback(first)
    assert names == {}
    assert heap.mark() == first


def test_joining_agrees_where_all_agree() -> None:
    heap: Heap = Heap()
    names: dict[str, object] = {}
    one = Const(1)
    deltas = [changed(heap, names, a=one, b=one), changed(heap, names, a=one)]
    heap.join(deltas, join_slots)  # type: ignore[arg-type]
    assert names == {"a": one, "b": Maybe(one)}


def test_joining_keeps_both_values() -> None:
    heap: Heap = Heap()
    names: dict[str, object] = {}
    deltas = [changed(heap, names, a=Const(1)), changed(heap, names, a=Const(2))]
    heap.join(deltas, join_slots)  # type: ignore[arg-type]
    assert names["a"] == Either((Const(1), Const(2)))


def test_joining_with_a_path_that_changes_nothing_keeps_what_was() -> None:
    heap: Heap = Heap()
    names: dict[str, object] = {"a": Const(0)}
    deltas = [changed(heap, names, a=ABSENT), {}]
    heap.join(deltas, join_slots)  # type: ignore[list-item, arg-type]
    assert names == {"a": Maybe(Const(0))}


def test_a_namespace_that_was_born_on_one_path_is_whole_on_it() -> None:
    heap: Heap = Heap()
    names: dict[str, object] = {}
    mark = heap.mark()
    heap.born(names)
    heap.set(names, "a", Const(1))
    deltas = [heap.take(mark), {}]
    heap.join(deltas, join_slots)
    assert names["a"] == Const(1)


def test_too_many_values_are_unknown() -> None:
    heap: Heap = Heap()
    names: dict[str, object] = {}
    heap.join([changed(heap, names, a=Const(number)) for number in range(9)], join_slots)  # type: ignore[misc]
    assert names == {"a": UNKNOWN}

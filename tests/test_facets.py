"""Counts beside the choices of the filter: the same by masks as one by one."""

from __future__ import annotations

from collections import Counter

import pytest

from aggregator import facets
from aggregator.facets import counts
from aggregator.found import Found
from aggregator.index import set_of
from aggregator.selection import Filter, Span, select
from aggregator.shelf import Shelf
from tests.render.worlds import TOLD, ZONE, event

EVERY = Span(None, None)


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    told = [
        event(n, categories=tuple(f"k{d}" for d in (2, 3, 5) if n % d == 0), audience=f"m{n % 4}") for n in range(2500)
    ]
    return Shelf().with_delta(1, TOLD, told, ZONE)


@pytest.mark.parametrize(
    "wanted", [Filter(), Filter(ids={"category": ("k2",)}), Filter(ids={"audience": ("m1", "m2")})]
)
def test_masks_count_as_counting_does(shelf: Shelf, wanted: Filter) -> None:
    found = select(shelf, wanted, EVERY)
    told = counts(found, ["category", "audience"])
    for key in ("category", "audience"):
        assert told[key] == Counter(value for entry in found for value in entry.ids[key])


def test_few_and_many_take_two_ways(shelf: Shelf) -> None:
    found = select(shelf, Filter(), EVERY)
    assert len(found) > facets._FEW
    few = Found(shelf, set_of(sorted(entry.slot for entry in found[:10])))
    assert counts(few, ["category"])["category"] == Counter(v for e in found[:10] for v in e.ids["category"])

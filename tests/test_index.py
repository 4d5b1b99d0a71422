"""Sets over many things: the same as looking at each, whatever was added, changed and left behind."""

from __future__ import annotations

import random
import threading
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator import shelf as shelves
from aggregator.index import Index, members, picked, set_of
from aggregator.model import Event, Geo, Layer, Location, Price, Status, When
from aggregator.places import metres
from aggregator.search import holds, words_of
from aggregator.selection import Filter, Near, Span, matching, names_nothing, select
from aggregator.shelf import Entry, Shelf
from tests.render.worlds import TOLD, ZONE, event, local

POINTS = (Geo(55.64, 13.2), Geo(55.6, 13.0), None)
TITLES = ("Folkmusikfesten", "Sagostund", "Ostprovning", "Konsert i kyrkan", "Bokbytardag")


@st.composite
def events(draw: st.DrawFn) -> list[Event]:
    """A town of a few weeks, some of it withdrawn."""
    made = []
    for n in range(draw(st.integers(0, 12))):
        first = date(2027, 1, 4) + timedelta(days=draw(st.integers(0, 20)))
        hour = draw(st.sampled_from([None, 9, 14, 19]))
        length = draw(st.sampled_from([0, 0, 1, 9]))
        when = When(first, first + timedelta(days=length))
        if hour is not None:
            begins = local(f"{first} {hour:02}:00")
            when = When(begins, begins + timedelta(days=length, hours=2))
        point = draw(st.sampled_from(POINTS))
        told: dict[str, Any] = {
            "title": draw(st.sampled_from(TITLES)),
            "when": when,
            "ongoing": hour is None and length == 9,
            "location": Location(name="Torget", geo=point, place="torget" if point else None),
            "categories": tuple(draw(st.lists(st.sampled_from(["barn", "musik", "sport"]), max_size=2, unique=True))),
            "layer": draw(st.sampled_from(list(Layer))),
            "status": draw(st.sampled_from([Status.SCHEDULED, Status.CANCELLED, Status.MOVED])),
            "age": draw(st.sampled_from([None, (3, 6), (7, None)])),
            "price": draw(st.sampled_from([None, Price(free=True), Price(free=False)])),
            "accessible": draw(st.sampled_from([None, True, False])),
            "sources": ("bib",),
        }
        one = event(n, series=draw(st.sampled_from([None, "S1"])), **told)
        made.append(replace(one, withdrawn=TOLD if draw(st.integers(0, 5)) == 0 else None))
    return made


FILTERS = st.builds(
    Filter,
    ids=st.dictionaries(
        st.sampled_from(["category", "series", "place"]),
        st.sampled_from([("barn",), ("barn", "musik"), ("S1",), ("torget",), ("x",)]),
        max_size=2,
    ),
    text=st.sampled_from([(), (("musik",),), (("konsert", "kyrka"),), (("ost",), ("saga",)), (("!",),)]),
    without=st.sampled_from([(), ("sago",), ("bok", "ost")]),
    ages=st.sampled_from([(), (5,), (5, 40)]),
    free=st.booleans(),
    accessible=st.booleans(),
    time=st.sampled_from([(), ("morning",), ("weekend",), ("evening", "weekend")]),
    layer=st.sampled_from(["leisure", "civic", "all"]),
    ongoing=st.sampled_from(["yes", "no", "only"]),
    status=st.sampled_from([(), ("cancelled",), ("moved", "scheduled")]),
    cancelled=st.sampled_from(["marked", "omit"]),
    near=st.sampled_from([(), (Near(Geo(55.64, 13.2), 2),), (Near(Geo(55.64, 13.2), 50),)]),
)
DAYS = st.one_of(st.none(), st.integers(0, 25).map(lambda n: date(2027, 1, 2).toordinal() + n))


def asked(entry: Entry, wanted: Filter, span: Span) -> bool:
    """Whether a filter means an entry, one wish after the other."""
    content = entry.event.content
    if entry.last < (span.first or 0) or entry.first > (span.last or 10**9) or (span.first or 0) > (span.last or 10**9):
        return False
    said = words_of(content)
    states = {"cancelled": Status.CANCELLED, "moved": Status.MOVED, "scheduled": Status.SCHEDULED}
    low, high = content.age or (0, None)
    geo = content.location.geo if content.location else None
    return all(
        (
            wanted.layer == "all" or content.layer.value == wanted.layer,
            wanted.ongoing == "yes" or content.ongoing is (wanted.ongoing == "only"),
            all(set(values) & entry.ids[key] for key, values in wanted.ids.items()),
            not wanted.status or content.status in [states[name] for name in wanted.status],
            wanted.cancelled != "omit" or content.status is not Status.CANCELLED,
            not wanted.free or (content.price is not None and content.price.free is True),
            not wanted.accessible or content.accessible is True,
            not wanted.ages or any(low <= age and (high is None or age <= high) for age in wanted.ages),
            not wanted.near or (geo is not None and any(metres(geo, n.point) <= n.km * 1000 for n in wanted.near)),
            not wanted.time or any(at(entry, name, span) for name in wanted.time),
            not wanted.text or any(all(holds(said, word) for word in group) for group in wanted.text),
            not any(holds(said, word) for word in wanted.without),
        )
    )


def at(entry: Entry, name: str, span: Span) -> bool:
    """Whether it is at a time of the day, or on a weekend within the span."""
    if name != "weekend":
        return entry.hour is not None and entry.hour in {"morning": range(12), "evening": range(17, 24)}[name]
    days = range(max(entry.first, span.first or 0), min(entry.last, span.last or 10**9) + 1)
    return any(date.fromordinal(day).weekday() >= 5 for day in days)


@settings(max_examples=300, deadline=None)
@given(town=events(), later=events(), wanted=FILTERS, first=DAYS, last=DAYS)
def test_sets_find_what_looking_at_each_finds(
    town: list[Event], later: list[Event], wanted: Filter, first: int | None, last: int | None
) -> None:
    span = Span(first, last)
    before = Shelf().with_delta(1, TOLD, town, ZONE)
    was = list(select(before, wanted, span))
    after = before.with_delta(2, TOLD, later, ZONE)
    for shelf in (before, after):
        everything = sorted(shelf.by_id.values(), key=lambda entry: entry.order)
        meant = [entry for entry in everything if asked(entry, wanted, span)]
        assert list(matching(shelf, wanted, span)) == meant
        assert list(select(shelf, wanted, span)) == [entry for entry in meant if entry.shown]
        nothing = any(not any(set(v) & e.ids[k] for e in everything if e.shown) for k, v in wanted.ids.items())
        assert names_nothing(shelf, wanted) is nothing
    assert list(select(before, wanted, span)) == was  # who still answers from the former shelf finds what was


@pytest.mark.parametrize("many", [0, 500])
def test_what_changes_again_and_again_is_left_behind(monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    monkeypatch.setattr(shelves, "_DEAD", 40)
    monkeypatch.setattr(shelves, "_MANY", many)  # both ways of putting entries in order
    dice, shelf = random.Random(7), Shelf()
    for version in range(1, 60):
        start = local(f"2027-01-{dice.randint(10, 28)} 18:00")
        told = [event(dice.randrange(30), title=f"Nummer {version}", when=When(start)) for _ in range(5)]
        shelf = shelf.with_delta(version, TOLD, {one.id: one for one in told}.values(), ZONE)
        in_order = sorted(shelf.by_id.values(), key=lambda entry: entry.order)
        assert list(shelf.entries) == in_order
        assert list(shelf.slots) == [entry.slot for entry in in_order]
        assert members(shelf.alive) == sorted(shelf.slots)
        assert list(select(shelf, Filter(), Span(None, None))) == in_order
    assert len(shelf.index.things) < 30 * 2 + 40 + 10


def test_parts_of_words_are_found_where_they_may_stand() -> None:
    index: Index[str] = Index()
    index.add([("a", (), ["folkmusikfesten", "i"]), ("b", (), ["musik"]), ("c", (), ["kosta", "ost"])])
    assert members(index.saying(["musik"])) == [0, 1]
    assert members(index.saying([" ost"])) == [2]
    assert members(index.saying(["ost", "fest"])) == [0, 2]
    assert index.saying(["finns inte", "x"]) == 0
    index.add([("d", (), ["ostkaka", "musik"])])
    assert members(index.saying([" ost"])) == [2, 3]
    assert members(index.saying(["musik"])) == [0, 1, 3]


@given(st.sets(st.integers(0, 4000)))
def test_set_is_taken_apart_as_it_was_made(slots: set[int]) -> None:
    made = set_of(sorted(slots))
    assert members(made) == sorted(slots)
    assert made.bit_count() == len(slots)
    things = [f"t{slot}" for slot in range(4001)]
    assert list(picked(made, things, range(4001), 4001)) == [f"t{slot}" for slot in sorted(slots)]


def test_slices_of_what_was_found_are_those_of_a_list() -> None:
    told = [event(n, when=When(date(2027, 1, 1) + timedelta(days=n))) for n in range(600)]
    found = select(Shelf().with_delta(1, TOLD, told, ZONE), Filter(), Span(None, None))
    whole = list(found)
    assert (found[0], found[-1], found[17]) == (whole[0], whole[-1], whole[17])
    for at in (
        slice(0, 60),
        slice(590, 700),
        slice(None, None, 7),
        slice(-5, None),
        slice(None, None, -1),
        slice(9, 3),
    ):
        assert found[at] == whole[at]
    with pytest.raises(IndexError):
        found[600]


def test_who_asks_while_another_adds_finds_all_that_was_there() -> None:
    index: Index[int] = Index()
    index.add((n, [("even", n % 2 == 0)], [f"ord{n % 50}"]) for n in range(2000))
    stop, wrong = threading.Event(), list[str]()

    def ask() -> None:
        while not stop.is_set():
            if index.bearing("even", True).bit_count() < 1000 or index.saying(["ord"]).bit_count() < 2000:
                wrong.append("something is missing")
            index.where("even", bool)

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    for n in range(2000, 4000):
        index.add([(n, [("even", n % 2 == 0), (f"kind{n}", n)], [f"nytt{n}"])])
    stop.set()
    for asker in askers:
        asker.join()
    assert wrong == []
    assert index.bearing("even", True).bit_count() == 2000

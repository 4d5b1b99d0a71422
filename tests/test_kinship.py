"""Which known sources tell already what an address tells."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aggregator.kinship import Kin, Relative, relatives
from aggregator.model import Event, Source
from aggregator.state import SourceState
from tests.facts import event, merged

OWN = "preview"
ADDRESS = "https://www.klubben.example/kalender.ics?utm_source=x"


def events(*told: str) -> list[Event]:
    """Events of the address, each told by these sources too."""
    return [event(str(n), replace(merged().content, sources=(OWN, *ids.split()))) for n, ids in enumerate(told)]


def source(url: str | None, id: str = "klubben") -> Source:
    return Source(id=id, name="Klubben", url=url)


@pytest.mark.parametrize(
    ("url", "kin"),
    [
        ("http://klubben.example/kalender.ics", Kin.SAME_ADDRESS),
        ("https://klubben.example/annat.ics", Kin.SAME_HOST),
        ("https://annan.example/kalender.ics", None),
        (None, None),
    ],
)
def test_an_address_is_known_however_it_is_written(url: str | None, kin: Kin | None) -> None:
    found = relatives(ADDRESS, [], OWN, [source(url)], {})
    assert [r.kin for r in found] == [kin for kin in [kin] if kin]


def test_where_a_source_is_asked_by_now_counts_too() -> None:
    moved = SourceState(id="klubben", url=ADDRESS)
    assert relatives(ADDRESS, [], OWN, [source("https://forr.example/")], {"klubben": moved})[0].kin is Kin.SAME_ADDRESS
    answered = SourceState(id="klubben", answered=ADDRESS)
    assert relatives(ADDRESS, [], OWN, [source("https://f.example/")], {"klubben": answered})[0].kin is Kin.SAME_ADDRESS


def test_a_host_that_many_share_makes_nobody_kin() -> None:
    mine, theirs = "https://calendar.google.com/calendar/ical/a", "https://calendar.google.com/calendar/ical/b"
    assert relatives(mine, [], OWN, [source(theirs)], {}) == ()
    assert relatives(mine, [], OWN, [source(mine)], {})[0].kin is Kin.SAME_ADDRESS


@pytest.mark.parametrize(
    ("told", "kin"),
    [
        (("klubben",) * 4 + ("",), Relative("klubben", Kin.SAME_EVENTS, 4)),
        (("klubben",) * 3 + ("", ""), None),
        (("klubben",) * 2, None),
    ],
)
def test_a_source_that_tells_nearly_all_of_it_is_kin(told: tuple[str, ...], kin: Relative | None) -> None:
    found = relatives(ADDRESS, events(*told), OWN, [source("https://annan.example/")], {})
    assert found == ((kin,) if kin else ())


def test_the_surest_comes_first_and_what_is_switched_off_not_at_all() -> None:
    known = [
        source("https://klubben.example/annat.ics", "a"),
        source("https://annan.example/", "b"),
        source(ADDRESS, "c"),
        replace(source(ADDRESS, "d"), enabled=False),
    ]
    found = relatives(ADDRESS, events("b", "b", "b"), OWN, known, {})
    assert [(r.source, r.kin) for r in found] == [
        ("c", Kin.SAME_ADDRESS),
        ("b", Kin.SAME_EVENTS),
        ("a", Kin.SAME_HOST),
    ]

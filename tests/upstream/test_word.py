"""Staff's word on a source: what is held is shown before it is believed, and what was put aside stays so."""

from __future__ import annotations

import asyncio

import pytest

from aggregator import word
from aggregator.errors import UsageError
from aggregator.model import Source
from aggregator.plan import Insert, Update, Withdraw
from tests.town import HOUR, Town, at, evenings, vevent
from tests.upstream.test_suggestions import FEED, NEXT, UNSURE, titles, told

CLUB = "klubben"


def source(town: Town, id: str = CLUB) -> Source:
    found = town.program.config.source(id)
    assert found is not None
    return found


def swapped(town: Town) -> None:
    """A club whose evening becomes another's advertisement (A39)."""
    town.add(CLUB)
    town.tell(CLUB, vevent("Vårkonsert", at(5), uid="a", url="https://klubben.example/1"), *evenings(3, first=8))
    town.refresh()
    spam = vevent("BIG CASINO NIGHT", at(5), uid="a", url="https://spel.example/")
    town.tell(CLUB, spam, *evenings(3, first=8), vevent("Ny kväll", at(20)))
    town.refresh(after=HOUR)


def test_A39_what_a_release_would_change_is_shown_and_nothing_is_done(town: Town) -> None:
    swapped(town)
    before, version = town.titles(), town.version()
    told = asyncio.run(word.foreseen(town.program.kit, source(town), town.now))
    kinds = [type(action) for action in told.actions]
    assert sorted(kind.__name__ for kind in kinds) == [Insert.__name__, Update.__name__]
    (changed,) = (action for action in told.actions if isinstance(action, Update))
    assert changed.listing.title == "BIG CASINO NIGHT"
    assert (town.titles(), town.version()) == (before, version)
    assert town.state(CLUB).held is not None


def test_A39_a_release_publishes_what_was_shown_not_what_is_told_since(town: Town) -> None:
    swapped(town)
    town.tell(CLUB, *evenings(4), vevent("Något annat", at(25)))
    done = asyncio.run(word.release(town.program.kit, source(town), town.now))
    assert (done.ok, done.new, done.changed) == (True, 1, 1)
    assert "Ny kväll" in town.titles()
    assert "Något annat" not in town.titles()
    assert town.state(CLUB).held is None


def test_missing_events_are_withdrawn_by_a_release_and_there_is_none_without_a_hold(town: Town) -> None:
    town.add(CLUB)
    town.tell(CLUB, *evenings(10))
    town.refresh()
    with pytest.raises(UsageError, match="nothing of klubben is held"):
        asyncio.run(word.release(town.program.kit, source(town), town.now))
    town.tell(CLUB, *evenings(10)[:1], vevent("Sist", at(30)))
    town.refresh(after=HOUR)
    assert len(town.titles()) == 11
    foreseen = asyncio.run(word.foreseen(town.program.kit, source(town), town.now))
    assert sum(isinstance(action, Withdraw) for action in foreseen.actions) == 9
    assert asyncio.run(word.release(town.program.kit, source(town), town.now)).withdrawn == 9
    assert len(town.titles()) == 2


def test_a_suggestion_that_was_dismissed_does_not_come_again_unless_it_is_recalled(small_town: Town) -> None:
    town = small_town
    town.add(FEED)
    first, _second = told(town, UNSURE, NEXT)
    assert word.dismiss(town.program.kit, FEED, first.name, town.now)
    assert not word.dismiss(town.program.kit, FEED, first.name, town.now)
    assert titles(town.state(FEED).suggestions) == ["Basar"]
    town.refresh(after=HOUR, force=True)
    assert titles(town.state(FEED).suggestions) == ["Basar"]
    word.recall(town.program.kit, FEED, first.name, town.now)
    town.refresh(after=HOUR, force=True)
    assert titles(town.state(FEED).suggestions) == ["Loppmarknad", "Basar"]


def test_a_source_is_left_alone_while_it_is_paused_and_can_be_asked_by_hand(town: Town) -> None:
    town.add(CLUB)
    town.tell(CLUB, *evenings(2))
    word.pause(town.program.kit, CLUB, "staff:1", town.now)
    assert town.state(CLUB).paused == "staff:1"
    assert asyncio.run(word.visit(town.program.kit, source(town), town.now)).new == 2
    word.resume(town.program.kit, CLUB, town.now)
    assert (town.state(CLUB).paused, town.state(CLUB).due) == (None, None)

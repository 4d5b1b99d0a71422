"""Ids through the life of sources: merged, split, withdrawn, returned, in any order of arrival."""

from __future__ import annotations

import pytest

from aggregator import decisions
from aggregator.decisions import Desk
from tests.town import HOUR, Town, at, evenings, vevent, weekly

CONCERT = "Vårkonsert med Storbandet"


def concert(source: str, day: int = 5, title: str = CONCERT, place: str = "Kyrkan") -> str:
    return vevent(title, at(day), uid=f"uid-{source}", location=place)


def two_sources(town: Town, *order: str) -> str:
    """Two sources that tell one concert; the id of it."""
    for source in order:
        town.add(source, role="organizer" if source == "klubben" else "media")
        town.tell(source, concert(source))
    town.refresh()
    (id,) = town.ids().values()
    return id


def desk(town: Town) -> Desk:
    return Desk(town.program.store, town.program.kit, "staff", town.now)


def redirect(town: Town, id: str) -> str | None:
    return town.program.store.redirect(id)


def test_two_halves_of_a_split_never_share_an_id_and_one_keeps_it(town: Town) -> None:
    id = two_sources(town, "klubben", "tidningen")
    town.tell("tidningen", concert("tidningen", day=9))
    town.refresh(after=HOUR)
    ids = sorted(e.id for e in town.events().values())
    assert len(ids) == len(set(ids)) == 2
    assert id in ids


def test_a_half_that_returns_to_another_day_does_not_take_the_id_that_stayed(town: Town) -> None:
    """It held the id when it was withdrawn, and nothing links it to the one that holds it now."""
    id = two_sources(town, "klubben", "tidningen")
    kept = dict(town.sources["klubben"])
    town.remove("klubben")
    assert list(town.ids().values()) == [id]
    town.sources["klubben"] = kept
    town.edit()
    town.tell("klubben", concert("klubben", day=12))
    town.refresh(after=HOUR)
    held = {e.content.sources: e.id for e in town.events().values()}
    assert held[("tidningen",)] == id
    assert len(set(held.values())) == len(held) == 2


def test_a_half_that_returns_unchanged_is_one_event_again(town: Town) -> None:
    id = two_sources(town, "klubben", "tidningen")
    kept = dict(town.sources["klubben"])
    town.remove("klubben")
    town.sources["klubben"] = kept
    town.edit()
    town.refresh(after=HOUR)
    (event,) = town.events().values()
    assert (event.id, event.content.sources) == (id, ("klubben", "tidningen"))


@pytest.mark.parametrize("order", [("klubben", "tidningen"), ("tidningen", "klubben")])
def test_one_that_comes_later_does_not_change_the_id(small_town: Town, order: tuple[str, str]) -> None:
    small_town.add(order[0])
    small_town.tell(order[0], concert(order[0]))
    small_town.refresh()
    (id,) = small_town.ids().values()
    small_town.add(order[1])
    small_town.tell(order[1], concert(order[1]))
    small_town.refresh(after=HOUR)
    assert list(small_town.ids().values()) == [id]


def test_the_loser_of_a_merge_redirects_and_comes_back_with_its_own_id_after_a_split(town: Town) -> None:
    for source, day in (("klubben", 5), ("tidningen", 9)):
        town.add(source)
        town.tell(source, concert(source, day))
    town.refresh()
    ids = {e.content.sources[0]: e.id for e in town.events().values()}
    town.tell("tidningen", concert("tidningen", 5))
    town.refresh(after=HOUR)
    (winner,) = town.ids().values()
    (loser,) = set(ids.values()) - {winner}
    assert redirect(town, loser) == winner
    town.tell("tidningen", concert("tidningen", 9))
    town.refresh(after=HOUR)
    assert {e.content.sources[0]: e.id for e in town.events().values()} == ids
    assert redirect(town, loser) is None


def test_what_staff_split_stays_split_with_ids_of_its_own_and_undone_is_as_it_was(town: Town) -> None:
    id = two_sources(town, "klubben", "tidningen")
    town.now += HOUR
    decided = decisions.pair(desk(town), "different", "klubben/uid-klubben", "tidningen/uid-tidningen")
    assert len(set(town.ids().values())) == len(town.events()) == 2
    town.refresh(after=HOUR, force=True)
    assert len(town.events()) == 2
    decisions.undo(desk(town), decided.id)
    assert list(town.ids().values()) == [id]


def test_a_decision_outlives_an_export_with_all_new_uids(town: Town) -> None:
    two_sources(town, "klubben", "tidningen")
    decisions.pair(desk(town), "different", "klubben/uid-klubben", "tidningen/uid-tidningen")
    ids = sorted(e.id for e in town.events().values())
    town.tell("tidningen", vevent(CONCERT, at(5), uid="swapped", location="Kyrkan"))
    town.refresh(after=HOUR)
    assert sorted(e.id for e in town.events().values()) == ids


def test_law_6_taking_a_source_away_gives_the_event_the_content_it_would_have_had(town: Town) -> None:
    town.add("tidningen", role="media")
    town.tell("tidningen", concert("tidningen"), *evenings(2))
    town.refresh()
    alone = {title: e.content for title, e in town.events().items()}
    town.add("klubben", role="organizer")
    town.tell("klubben", vevent(f"{CONCERT}!", at(5, 18.5), uid="uid-klubben", location="Kyrkan"))
    town.refresh(after=HOUR)
    (merged,) = (e for e in town.events().values() if len(e.content.sources) == 2)
    town.remove("klubben")
    after = town.events()
    assert {title: e.content for title, e in after.items()} == alone
    assert after[CONCERT].id == merged.id
    assert after[CONCERT].sequence > merged.sequence


def test_law_6_a_source_never_changes_what_only_another_tells(small_town: Town) -> None:
    small_town.add("tidningen")
    small_town.tell("tidningen", *evenings(4), weekly("Kurs", at(3)))
    small_town.refresh()
    before = set(small_town.events().values())
    small_town.add("klubben", role="organizer")
    small_town.tell("klubben", vevent("Städdag i parken", at(20)), weekly("Bridge", at(4)))
    small_town.refresh(after=HOUR)
    assert before <= set(small_town.events().values())

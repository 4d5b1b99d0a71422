"""What an edit of the town's file does to what is published: it passes the way of an answer, and is no statement."""

from __future__ import annotations

from tests.town import HOUR, Town, at, evenings, vevent

CONCERT = "Vårkonsert med Storbandet"


def told_twice(town: Town) -> None:
    """A concert that two sources describe, each in its own words."""
    for id, role in (("klubben", "organizer"), ("tidningen", "media")):
        town.add(id, role=role)
        words = {"location": "Kyrkan", "description": f"Så säger {id}."}
        town.tell(id, vevent(CONCERT, at(5), *(f"{k.upper()}:{v}" for k, v in words.items()), uid=id))
    town.refresh()


def described(town: Town) -> tuple[str, str | None]:
    (event,) = town.events().values()
    return event.id, event.content.description


def test_another_role_is_another_word_in_the_merge_at_the_next_visit(town: Town) -> None:
    told_twice(town)
    id, text = described(town)
    assert text == "Så säger klubben."
    town.add("klubben", role="media")
    town.add("tidningen", role="organizer")
    town.refresh(after=HOUR)
    assert described(town) == (id, "Så säger tidningen.")


def test_another_category_and_licence_are_told_at_the_next_visit(small_town: Town) -> None:
    small_town.add("klubben")
    small_town.tell("klubben", *evenings(2))
    small_town.refresh()
    ids = small_town.ids()
    small_town.add("klubben", category=["musik"], licence="CC BY 4.0")
    small_town.refresh(after=HOUR)
    assert {e.content.attribution for e in small_town.events().values()} == {("Klubben (CC BY 4.0)",)}
    assert all("Musik" in e.content.categories for e in small_town.events().values())
    assert small_town.ids() == ids


def test_another_zone_moves_floating_times_and_keeps_ids(small_town: Town) -> None:
    small_town.add("klubben")
    small_town.tell("klubben", *(text.replace(";TZID=Europe/Stockholm", "") for text in evenings(2)))
    small_town.refresh()
    ids = small_town.ids()
    small_town.add("klubben", zone="Europe/Helsinki")
    small_town.refresh(after=HOUR)
    assert small_town.ids() == ids
    assert [kind for kind, _ in small_town.told()] == ["moved", "moved"]


def test_an_edit_that_changes_nothing_of_what_is_told_changes_nothing(town: Town) -> None:
    told_twice(town)
    feed, version = town.feed(), town.version()
    town.add("klubben", role="organizer", interval="2h")
    town.refresh(after=HOUR)
    assert (town.feed(), town.version(), town.changes()) == (feed, version, [])

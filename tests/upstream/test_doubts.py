"""What waits for staff's word on pairs: what is in the list, in which order, and what a word does to it."""

from __future__ import annotations

from collections import Counter

from aggregator import decisions, doubts
from aggregator.decisions import Desk
from aggregator.doubts import Doubt
from aggregator.match import Pair
from aggregator.model import Evidence
from tests.store.making import kept
from tests.town import DAY, HOUR, Town, at, vevent
from tests.unsure import other_hour, other_title

HALL = "Folkets Hus"


def doubtful(town: Town) -> None:
    """Two sources that tell one day in other words and at other hours."""
    town.add("klubben", role="organizer")
    town.add("tidningen", role="media")
    town.tell("klubben", vevent("Hembygdsdag med kaffe", at(8, 11), location=HALL))
    town.tell("tidningen", vevent(other_title(), at(8, other_hour()), location=HALL))
    town.refresh()


def waiting(town: Town) -> list[Doubt]:
    return doubts.waiting(town.program.store, town.now)


def desk(town: Town) -> Desk:
    return Desk(town.program.store, town.program.kit, "staff:1", town.now)


def decide(town: Town, kind: str, doubt: Doubt) -> int:
    return decisions.pair(desk(town), kind, str(doubt.pair.a), str(doubt.pair.b)).id


def test_a_possible_pair_waits_until_staff_say_what_it_is(town: Town) -> None:
    doubtful(town)
    (doubt,) = waiting(town)
    assert {doubt.first[0].listing.title, doubt.second[0].listing.title} == set(town.titles())
    number = decide(town, "different", doubt)
    assert waiting(town) == []
    assert len(town.titles()) == 2
    decisions.undo(desk(town), number)
    assert [one.name for one in waiting(town)] == [doubt.name]
    decide(town, "same", doubt)
    assert waiting(town) == []
    assert town.titles() == ["Hembygdsdag med kaffe"]


def test_C21_a_refetch_keeps_what_staff_said(town: Town) -> None:
    doubtful(town)
    decide(town, "same", waiting(town)[0])
    (id,) = town.ids().values()
    town.tell("tidningen", vevent(f"{other_title()}!", at(8, other_hour()), location=HALL, description="Nytt"))
    town.pass_days(2)
    assert list(town.ids().values()) == [id]
    assert town.feed().count(b"BEGIN:VEVENT") == 1


def test_C22_a_wrong_merge_is_taken_apart_and_stays_so(town: Town) -> None:
    town.add("klubben", role="organizer")
    town.add("tidningen", role="media")
    for source in ("klubben", "tidningen"):
        town.tell(source, vevent("Vårkonsert", at(8, 18), uid=source, location=HALL))
    town.refresh()
    (id,) = town.ids().values()
    first, second = (str(town.listings(source)[0].id) for source in ("klubben", "tidningen"))
    decisions.pair(desk(town), "different", first, second)
    town.refresh(after=HOUR, force=True)
    assert len(town.ids()) == 2
    assert id in town.ids().values()
    assert town.feed().count(b"BEGIN:VEVENT") == 2
    assert waiting(town) == []


def test_what_is_over_or_gone_waits_no_longer(town: Town) -> None:
    doubtful(town)
    assert len(waiting(town)) == 1
    (doubt,) = waiting(town)
    later = town.now + 10 * DAY
    assert doubts.waiting(town.program.store, later) == []
    town.remove("tidningen")
    assert waiting(town) == []
    assert doubts.one(town.program.store, doubt.pair.b, doubt.pair.a) is None


def test_a_source_on_both_sides_puts_a_pair_last_then_the_score_decides() -> None:
    def doubt(id: int, score: float, first: str, second: str) -> Doubt:
        pair = Pair(id, id + 1, Evidence(score=score), "possible")
        sides = (kept(id, source=first), kept(id + 1, source=second), kept(id + 2, source="turism"))
        return Doubt(pair, (sides[0],), sides[1:])

    plain, better, both = doubt(10, -1.5, "a", "b"), doubt(20, -0.5, "a", "b"), doubt(30, 3.0, "turism", "b")
    assert both.both == {"turism"}
    assert sorted([both, plain, better], key=doubts.order) == [better, plain, both]


def test_the_order_of_the_sides_is_that_of_the_pair(town: Town) -> None:
    doubtful(town)
    (doubt,) = waiting(town)
    again = doubts.one(town.program.store, doubt.pair.b, doubt.pair.a)
    assert again is not None
    assert (again.first[0].id, again.second[0].id) == (doubt.pair.a, doubt.pair.b)
    assert again == doubt


def test_C21_same_joins_all_that_tell_either_whatever_the_rules_hold_against_some(town: Town) -> None:
    for source in ("klubben", "tidningen", "turism"):
        town.add(source)
    town.tell("klubben", vevent("Simskola för 5 år", at(8, 10), location=HALL))
    town.tell("tidningen", vevent("Simskola för 5 år", at(8, 10), location=HALL))
    town.tell("turism", vevent("Simskola för 9 år", at(8, 10), location=HALL))
    town.refresh()
    before = town.ids()
    assert len(before) == 2
    decision = decisions.pair(desk(town), "same", *before.values())
    assert len(town.ids()) == 1
    town.refresh(after=HOUR, force=True)
    assert len(town.ids()) == 1
    decisions.undo(desk(town), decision.id)
    assert town.ids() == before


def test_C22_different_keeps_all_of_one_side_from_all_of_the_other(town: Town) -> None:
    for source in ("klubben", "tidningen", "turism"):
        town.add(source)
        title, day = ("Årsmöte", 9) if source == "turism" else ("Vårkonsert", 8)
        town.tell(source, vevent(title, at(day, 18), uid=source, location=HALL))
    town.refresh()
    ids = town.ids()
    decisions.pair(desk(town), "different", ids["Vårkonsert"], ids["Årsmöte"])
    town.tell("turism", vevent("Vårkonsert", at(8, 18), uid="turism", location=HALL))
    town.refresh(after=HOUR)
    assert town.feed().count(b"BEGIN:VEVENT") == 2
    assert town.listings("klubben")[0].event == town.listings("tidningen")[0].event == ids["Vårkonsert"]
    assert town.listings("turism")[0].event == ids["Årsmöte"]


def test_C22_a_date_that_staff_part_from_its_run_is_an_event_of_its_own_until_that_is_undone(town: Town) -> None:
    town.add("museet", role="organizer")
    days = [vevent("Utställning: Vraken", at(5 + n, 11), uid=f"v{n}", location="Sjömuseet") for n in range(6)]
    town.tell("museet", *days)
    town.refresh()
    (before,) = set(town.ids().values())
    number = decisions.pair(desk(town), "different", "museet/v0", "museet/v3").id
    assert told_days(town) == [1, 5]
    town.tell("museet", *days, vevent("Utställning: Vraken", at(11, 11), uid="v6", location="Sjömuseet"))
    town.refresh(after=DAY)
    assert told_days(town) == [1, 6], "a refetch that brings another date keeps it"
    decisions.undo(desk(town), number)
    assert told_days(town) == [7]
    assert set(town.ids().values()) == {before}


def told_days(town: Town) -> list[int]:
    """How many listings each event has."""
    with town.program.store.ledger.view() as view:
        return sorted(Counter(stored.event for stored in view.active()).values())

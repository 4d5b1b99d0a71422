"""What is published of an event: who wins each field, what shows as a conflict, what staff correct."""

# ruff: noqa: E501 - rows of cases are read across, not down

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from aggregator import corrections
from aggregator.merge import Merged, merge
from aggregator.model import Content, Decision, Price, Status, StoredListing, When
from tests.matching import RULES, SEEN, ZONE, decision, listing, sources

EVENING = "2027-03-01T19:00"
LATER = SEEN + timedelta(days=9)


def _merged(*members: StoredListing, decisions: tuple[Decision, ...] = ()) -> Merged:
    return merge(members, sources(members), RULES.places, decisions, ZONE)


def _content(*members: StoredListing, decisions: tuple[Decision, ...] = ()) -> Content:
    return _merged(*members, decisions=decisions).content


def _at(hour: int, minute: int = 0, day: int = 1) -> datetime:
    return datetime(2027, 3, day, hour, minute, tzinfo=ZONE)


def test_the_higher_role_tells_each_field_that_it_has() -> None:
    content = _content(
        listing(1, source="tidningen", title="Stor fest", description="Kort", organizer="Byalaget"),
        listing(2, source="kommunen", title="Byfest", description="Lång text"),
    )
    assert (content.title, content.description, content.organizer) == ("Byfest", "Lång text", "Byalaget")
    assert content.sources == ("kommunen", "tidningen")


def test_within_a_role_the_listing_that_changed_last_wins_then_the_smallest_key() -> None:
    old, new = listing(1, source="a", title="Gammal"), listing(2, source="b", title="Ny", changed=LATER)
    assert _content(old, new).title == "Ny"
    assert _content(listing(1, source="a", title="A"), listing(2, source="b", title="B")).title == "A"


def test_the_longest_text_never_wins() -> None:
    assert _content(listing(1, source="kyrkan", title="Kör"), listing(2, title="Kör med lång text")).title == "Kör"


def test_description_and_html_come_from_one_listing() -> None:
    content = _content(listing(1, description="Text"), listing(2, source="tidningen", description="X", html="<p>X</p>"))
    assert (content.description, content.html) == ("Text", None)


def test_every_field_names_its_listing_and_rule() -> None:
    merged = _merged(
        listing(1, title="Byfest"), listing(2, source="biljetter", price=Price(free=False, low=Decimal(90)))
    )
    told = {p.field: (p.listing, p.source, p.rule) for p in merged.provenance}
    assert told["title"] == (1, "kommunen", "role")
    assert told["price"] == (2, "biljetter", "tickets")


def test_the_order_of_members_changes_nothing() -> None:
    members = [
        listing(1, source="kommunen", start=EVENING, place="Ladan"),
        listing(2, source="biljetter", start="2027-03-01T18:30", ticket_url="https://b.example/1"),
        listing(3, source="tidningen", start="2027-03-01", status=Status.CANCELLED),
        listing(4, source="turism", start="2027-03-01T20:00", links=("https://x.example/1",)),
    ]
    first = _merged(*members)
    for seed in range(6):
        random.Random(seed).shuffle(members)
        assert _merged(*members) == first


def test_law_6_dropping_a_listing_recomputes_from_what_remains() -> None:
    rest = (listing(2, source="tidningen", title="Stor fest"), listing(3, source="turism", description="Text"))
    assert _content(listing(1, source="kyrkan", title="Kör", organizer="Kyrkan"), *rest) != _content(*rest)
    assert _content(*rest).organizer is None


# --- time -------------------------------------------------------------------------------------------------


def test_a_timed_start_beats_an_all_day_of_a_higher_role() -> None:
    merged = _merged(listing(1, start="2027-03-01"), listing(2, source="tidningen", start=EVENING))
    assert merged.content.when == When(_at(19))
    assert merged.conflicts == ()


def test_a_start_at_midnight_is_taken_for_a_day() -> None:
    assert _content(
        listing(1, start="2027-03-01T00:00"), listing(2, source="tidningen", start=EVENING)
    ).when.start == _at(19)


def test_an_all_day_listing_stays_all_day_when_nobody_tells_a_time_of_that_day() -> None:
    content = _content(listing(1, start="2027-03-01"), listing(2, source="tidningen", start="2027-03-02T19:00"))
    assert content.when == When(date(2027, 3, 1))


def test_an_end_is_taken_from_another_listing_of_the_same_start_only() -> None:
    start = listing(1, start=EVENING)
    assert _content(start, listing(2, source="tidningen", start=EVENING, end="2027-03-01T21:00")).when.end == _at(21)
    assert (
        _content(start, listing(2, source="tidningen", start="2027-03-01T16:00", end="2027-03-01T21:00")).when.end
        is None
    )


def test_a_sellers_earlier_time_is_when_the_doors_open() -> None:
    content = _content(
        listing(1, source="biljetter", start="2027-03-01T18:00", end="2027-03-01T21:00"),
        listing(2, source="tidningen", start=EVENING),
    )
    assert content.when == When(_at(19), _at(21))
    assert content.doors == _at(18)


@pytest.mark.parametrize(("minutes", "doors"), [(10, False), (15, True), (90, True), (95, False)])
def test_doors_open_between_a_quarter_and_an_hour_and_a_half_before(minutes: int, doors: bool) -> None:
    early = _at(19) - timedelta(minutes=minutes)
    content = _content(listing(1, start=EVENING), listing(2, source="biljetter", start=f"{early:%Y-%m-%dT%H:%M}"))
    assert content.doors == (early if doors else None)


def test_told_doors_are_kept_apart_from_the_start() -> None:
    assert _content(listing(1, start=EVENING, doors=_at(18))).doors == _at(18)
    assert _content(listing(1, start=EVENING, doors=_at(19))).doors is None


def test_a_start_that_lost_shows_as_a_conflict() -> None:
    merged = _merged(listing(1, start=EVENING), listing(2, source="tidningen", start="2027-03-01T18:00"))
    assert [(c.field, c.source, c.value) for c in merged.conflicts] == [
        ("start", "tidningen", "2027-03-01T18:00:00+01:00")
    ]


def test_two_sources_that_copy_a_wrong_hour_do_not_outvote_the_organizer() -> None:
    copies = [listing(n, source=s, start="2027-03-01T17:00") for n, s in ((2, "tidningen"), (3, "turism"))]
    merged = _merged(listing(1, source="kyrkan", start=EVENING), *copies)
    assert merged.content.when.start == _at(19)
    assert {c.source for c in merged.conflicts} == {"tidningen", "turism"}


def test_the_time_that_an_event_was_moved_from_loses_to_the_new_one() -> None:
    stale = listing(1, source="kyrkan", start=EVENING)
    moved = listing(2, source="tidningen", start="2027-03-08T19:00", previous_start=_at(19), status=Status.MOVED)
    assert _content(stale, moved).when.start == _at(19, day=8)


def test_a_run_is_one_span_with_its_hours_and_goes_on() -> None:
    days = [listing(n, start=f"2027-03-0{n}T11:00", end=f"2027-03-0{n}T16:00", run="kommunen:1") for n in range(1, 7)]
    content = _content(*days)
    assert content.when == When(date(2027, 3, 1), date(2027, 3, 6))
    assert (content.ongoing, content.hours) == (True, "11.00–16.00")


def test_a_market_of_two_days_is_a_span_that_is_not_ongoing() -> None:
    content = _content(
        listing(1, start="2027-03-06", end="2027-03-07"), listing(2, source="tidningen", start="2027-03-06T10:00")
    )
    assert content.when == When(date(2027, 3, 6), date(2027, 3, 7))
    assert content.ongoing is False


def test_a_dance_until_the_small_hours_is_one_evening() -> None:
    assert _content(listing(1, start="2027-03-06T21:00", end="2027-03-07T02:00")).when == When(
        _at(21, day=6), _at(2, day=7)
    )


# --- cancelled --------------------------------------------------------------------------------------------

OFF = {"status": Status.CANCELLED}


@pytest.mark.parametrize(
    ("members", "status"),
    [
        ([("kyrkan", OFF), ("tidningen", {})], Status.CANCELLED),
        ([("kyrkan", {}), ("kommunen", OFF)], Status.CANCELLED),
        ([("kommunen", {}), ("tidningen", OFF)], Status.SCHEDULED),
        ([("kommunen", {}), ("tidningen", OFF), ("turism", OFF)], Status.CANCELLED),
        ([("tidningen", OFF)], Status.CANCELLED),
        ([("biljetter", {}), ("klubben", OFF)], Status.SCHEDULED),
    ],
)
def test_C21_a_cancellation_counts_by_who_says_it(members: list[tuple[str, dict[str, Any]]], status: Status) -> None:
    merged = _merged(*(listing(n, source=s, **told) for n, (s, told) in enumerate(members, 1)))
    assert merged.content.status is status
    said = {c.source for c in merged.conflicts if c.field == "status"}
    assert said == ({s for s, told in members if told} if status is Status.SCHEDULED else set())


def test_one_cancelled_day_cancels_no_run() -> None:
    days = [
        listing(n, start=f"2027-03-0{n}T11:00", status=Status.CANCELLED if n == 2 else Status.SCHEDULED)
        for n in range(1, 6)
    ]
    assert _content(*days).status is Status.SCHEDULED


# --- place, price, links ----------------------------------------------------------------------------------


def test_the_most_specific_place_wins_over_the_role_and_is_written_our_way() -> None:
    content = _content(
        listing(1, source="kyrkan", town="Vik"), listing(2, source="tidningen", place="ladan, Byvägen 3")
    )
    assert content.location is not None
    assert (content.location.place, content.location.name) == ("ladan", "Ladan")


def test_a_room_is_added_from_a_listing_of_the_same_place() -> None:
    content = _content(listing(1, place="Ladan"), listing(2, source="tidningen", place="Ladan", room="Loftet"))
    assert content.location is not None
    assert content.location.room == "Loftet"


def test_another_place_shows_as_a_conflict() -> None:
    merged = _merged(listing(1, place="Ladan"), listing(2, source="tidningen", place="Konsthallen"))
    assert [(c.field, c.value) for c in merged.conflicts] == [("location", "Konsthallen")]


def test_tickets_win_price_and_ticket_link() -> None:
    content = _content(
        listing(1, source="kyrkan", price=Price(free=True), ticket_url="https://kyrkan.example/bokning/1"),
        listing(
            2, source="biljetter", price=Price(free=False, low=Decimal(120)), ticket_url="https://biljetter.example/1"
        ),
    )
    assert content.price == Price(free=False, low=Decimal(120))
    assert content.ticket_url == "https://biljetter.example/1"


def test_free_is_not_true_because_anybody_says_so() -> None:
    merged = _merged(
        listing(1, price=Price(free=False, low=Decimal(80))), listing(2, source="tidningen", price=Price(free=True))
    )
    assert merged.content.price == Price(free=False, low=Decimal(80))
    assert [(c.field, c.value) for c in merged.conflicts] == [("price", "0")]


def test_further_links_are_told_once_each() -> None:
    content = _content(
        listing(1, url="https://vik.example/1", links=("https://arr.example/a?utm_source=x",)),
        listing(2, source="tidningen", url="https://www.arr.example/a/"),
    )
    assert (content.url, content.links) == ("https://vik.example/1", ("https://arr.example/a?utm_source=x",))


# --- staff ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("title", "Byfesten", "Byfesten"),
        ("start", "2027-03-02T18:30", _at(18, 30, 2)),
        ("status", "cancelled", Status.CANCELLED),
        ("organizer", "Byalaget", "Byalaget"),
        ("age", "6-9", (6, 9)),
        ("age", "13+", (13, None)),
        ("price", "0", Price(free=True, low=Decimal(0), high=Decimal(0), currency="SEK")),
        ("categories", "musik, barn", ("barn", "musik")),
        ("description", "", None),
    ],
)
def test_a_correction_beats_every_source(field: str, value: str, told: Any) -> None:
    merged = _merged(
        listing(1, description="Text", start=EVENING), decisions=(decision("correct", 1, field=field, value=value),)
    )
    found = merged.content.when.start if field == "start" else getattr(merged.content, field)
    assert found == told
    assert told is None or [p.source for p in merged.provenance if p.field == field] == ["staff"]


def test_a_corrected_start_takes_the_end_with_it() -> None:
    member = listing(1, start=EVENING, end="2027-03-01T21:00")
    content = _content(member, decisions=(decision("correct", 1, field="start", value="2027-03-02T18:00"),))
    assert content.when == When(_at(18, day=2), _at(20, day=2))


def test_a_corrected_place_may_be_a_known_one() -> None:
    content = _content(listing(1, place="Torpet"), decisions=(decision("correct", 1, field="location", value="ladan"),))
    assert content.location is not None
    assert content.location.place == "ladan"


def test_the_last_correction_holds_and_an_undone_one_does_not() -> None:
    first = decision("correct", 1, field="title", value="Ett")
    second = decision("correct", 1, id=2, field="title", value="Två", made=datetime(2027, 2, 1, tzinfo=UTC))
    undone = decision("correct", 1, id=2, field="title", value="Två", made=second.made, undone=second.made)
    assert _content(listing(1), decisions=(second, first)).title == "Två"
    assert _content(listing(1), decisions=(undone, first)).title == "Ett"


def test_staff_may_choose_the_source_of_a_field() -> None:
    members = (
        listing(1, title="Byfest", start=EVENING),
        listing(2, source="tidningen", title="Fest", start="2027-03-01T18:00"),
    )
    assert _content(*members, decisions=(decision("choose", 1, field="title", value="tidningen"),)).title == "Fest"
    assert _content(*members, decisions=(decision("choose", 1, field="when", value="tidningen"),)).when.start == _at(18)


@pytest.mark.parametrize(("field", "value"), [("colour", "red"), ("start", "i morgon"), ("status", "off"), ("price", "dyrt"), ("age", "små"), ("title", " ")])  # fmt: skip
def test_a_correction_without_meaning_is_refused_in_words(field: str, value: str) -> None:
    with pytest.raises(ValueError, match=r"\w+ .*"):
        corrections.read(field, value, RULES.places, ZONE)


def test_an_event_without_listings_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one listing"):
        _merged()

"""Vetoes, bands, decisions, runs and the law that one-by-one arrival and a batch give equal clusters."""

# ruff: noqa: E501 - rows of cases are read across, not down

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator import match
from aggregator.match import POSSIBLE, Features, Statistics, block_keys, compare
from aggregator.model import StoredListing
from aggregator.vetoes import veto
from tests.matching import RULES, STATS, clustered, decision, features, listing


def _pair(first: Mapping[str, Any], second: Mapping[str, Any]) -> tuple[Features, Features]:
    found = features([listing(1, **first), listing(2, **second)])
    return found[1], found[2]


AT = {"start": "2027-03-01T18:00", "place": "Ladan"}


@pytest.mark.parametrize(
    ("first", "second", "word"),
    [
        ({"title": "Simskola 4–6 år"}, {"title": "Simskola 7–9 år"}, "edition"),
        ({"title": "Yoga nybörjare"}, {"title": "Yoga fortsättning"}, "edition"),
        ({"title": "Trollskogen, del 1"}, {"title": "Trollskogen, del 2"}, "edition"),
        ({"place": "Norra gård", "source": "turism"}, {"place": "Västra gård", "source": "turism"}, "source"),
        ({"title": "Dykskola 6–8 år"}, {"title": "Dykskola för vuxna"}, "edition"),
        ({"title": "Vernissage: Segel"}, {"title": "Visning: Segel"}, "role"),
        ({"title": "Backyard 12"}, {"title": "Backyard 24"}, "number"),
        ({"title": "Prova på", "room": "Stora salen"}, {"title": "Prova på", "room": "Lilla salen"}, "room"),
        ({"title": "Segel", "start": "2027-03-01", "end": "2027-04-01"}, {"title": "Visning av Segel"}, "run"),
        ({"title": "Segel", "source": "a"}, {"title": "Segel", "source": "a", "start": "2027-03-01T20:00"}, "source"),
        ({"title": "Kurs i lera"}, {"title": "Kurs i lera"}, ""),
        ({"title": "Simskola 4–6 år"}, {"title": "Simskola"}, ""),
        ({"title": "Simskola för barn"}, {"title": "Simskola för hela familjen"}, ""),
    ],
)
def test_a_veto_names_what_forbids_the_merge(first: dict[str, Any], second: dict[str, Any], word: str) -> None:
    a, b = _pair({**AT, "source": "kommunen", **first}, {**AT, "source": "tidningen", **second})
    assert (veto(a, b) or "").partition(":")[0] == word
    assert (veto(a, b) is None) == (veto(b, a) is None)


def test_a_veto_keeps_alike_listings_apart_whatever_their_score() -> None:
    told = {**AT, "url": "https://vik.example/program/simskola-77"}
    first = listing(1, **told, title="Simskola 4–6 år")
    second = listing(2, **told, title="Simskola 7–9 år", source="tidningen")
    assert clustered([first, second]).clusters == ((1,), (2,))


def test_evidence_is_a_table_whose_sum_is_the_score() -> None:
    a, b = _pair({**AT, "source": "kommunen"}, {**AT, "source": "tidningen"})
    evidence = compare(a, b, STATS, RULES)
    assert evidence.score == pytest.approx(sum(reason.weight for reason in evidence.reasons), abs=0.01)
    assert {"prior", "start-same", "place-same", "words-shared"} <= {reason.name for reason in evidence.reasons}
    assert compare(b, a, STATS, RULES) == evidence


def _scored(score: float) -> tuple[dict[int, Features], Any]:
    """Two listings whose score is what the prior weight says."""
    found = features([listing(1, **AT, source="kommunen"), listing(2, **AT, source="tidningen")])
    return found, replace(RULES, weights={"prior": score})


@pytest.mark.parametrize(
    ("score", "clusters", "band"),
    [
        (0.01, ((1, 2),), ["merge"]),
        (0.0, ((1,), (2,)), ["possible"]),
        (POSSIBLE + 0.01, ((1,), (2,)), ["possible"]),
        (POSSIBLE, ((1,), (2,)), []),
    ],
)
def test_the_edges_of_the_three_bands(score: float, clusters: tuple[tuple[int, ...], ...], band: list[str]) -> None:
    found, rules = _scored(score)
    clustering = match.cluster(found, STATS, (), rules)
    assert clustering.clusters == clusters
    assert [pair.band for pair in clustering.pairs] == band


def test_one_wrong_pair_does_not_weld_two_events() -> None:
    """Average link: a listing between two events joins at most one of them."""
    early = [listing(n, **AT, title="Duo Skrovmål", source=s) for n, s in ((1, "kommunen"), (2, "turism"))]
    late = [
        listing(n, title="Duo Skrovmål", place="Ladan", start="2027-03-01T21:00", source=s)
        for n, s in ((3, "teatern"), (4, "kyrkan"))
    ]
    between = listing(5, title="Duo Skrovmål", place="Ladan", start="2027-03-01", source="tidningen")
    clusters = clustered([*early, *late, between]).clusters
    assert (1, 2) in clusters
    assert (3, 4) in clusters


def test_a_listing_that_fits_two_exclusive_events_is_left_to_staff() -> None:
    shows = [
        listing(1, title="Trollskogen", place="Lilla teatern", start="2027-05-08T13:00", source="teatern"),
        listing(2, title="Trollskogen", place="Lilla teatern", start="2027-05-08T16:00", source="teatern"),
    ]
    vague = listing(3, title="Trollskogen", place="Lilla teatern", start="2027-05-08", source="tidningen")
    clustering = clustered([*shows, vague])
    assert clustering.clusters == ((1,), (2,), (3,))
    assert {(pair.a, pair.b) for pair in clustering.pairs if pair.band == "possible"} == {(1, 3), (2, 3)}


def _names(first: dict[str, Any], second: dict[str, Any]) -> set[str]:
    a, b = _pair({"source": "kommunen", **first}, {"source": "tidningen", **second})
    return {reason.name for reason in compare(a, b, STATS, RULES).reasons}


@pytest.mark.parametrize(("minute", "name"), [(45, "start-class"), (50, "start-class-hour")])
def test_doors_of_a_class_open_within_three_quarters(minute: int, name: str) -> None:
    early, late = {"title": "Yoga", "start": "2027-03-01T10:00"}, {"title": "Yoga", "start": f"2027-03-01T10:{minute}"}
    assert _names(early, late) & {"start-class", "start-class-hour"} == {name}


def test_a_number_at_an_hour_of_its_own_is_another_one() -> None:
    first, second = {"title": "Sagostund 1", "start": "2027-03-01T11:00"}, {"title": "Sagostund"}
    assert {"number-one-side", "number-own-hour"} <= _names(first, {**second, "start": "2027-03-01T10:00"})
    assert "number-own-hour" not in _names(first, {**second, "start": "2027-03-01T11:10"})


def test_organizers_that_share_a_word_and_differ_in_another_say_nothing() -> None:
    told = {f"Viks byförening{x}": y for x, y in (("", "same"), (" och fiskare", "same"))} | {"Näs byförening": ""}
    for other, name in told.items():
        found = _names({"organizer": "Viks byförening"}, {"organizer": other})
        assert {n.removeprefix("organizer-") for n in found if n.startswith("organizer-")} == (
            {name} if name else set()
        )


ONE = sorted(
    (kind.name, other.name)
    for kind, other in combinations(RULES.lexicon.kinds.values(), 2)
    for wide in (kind.wider - {kind.name}) & (other.wider - {other.name})
    if RULES.lexicon.kinds[wide].one
)


@pytest.mark.parametrize("pair", ONE, ids="-".join)
def test_of_the_cases_of_one_kind_an_event_is_one_only(pair: tuple[str, str]) -> None:
    told = {value: " ".join(words) for words, value in RULES.lexicon.kind_phrases.entries if value in pair}
    assert "kind-rival" in _names(*({"title": told[kind]} for kind in pair))


def test_two_that_share_one_kind_exclude_each_other_by_another() -> None:
    assert "kind-rival" in _names({"title": "Prova på bordtennis"}, {"title": "Prova på badminton"})
    assert "kind-rival" not in _names({"title": "Fotboll och handboll"}, {"title": "Fotboll"})


def test_another_thing_behind_the_same_beginning_is_another_event() -> None:
    film = {"title": "Fredagsmys: film"}
    assert "tail-other" in _names(film, {"title": "Fredagsmys: pyssel"})
    assert "tail-other" not in _names(film, {"title": "Fredagsmys: filmen"}), "a slip or an ending"
    assert "tail-other" not in _names(film, {"title": "Fredagsmys – pyssel"}), "a dash adds"
    assert "tail-other" not in _names(film, {"title": "Lördagsmys: pyssel"})


@pytest.mark.parametrize(("day", "name"), [("2027-03-13", "start-other"), ("2027-04-17", "start-hours")])
def test_two_hours_are_an_export_that_is_off_in_summer_only(day: str, name: str) -> None:
    assert name in _names({"start": f"{day}T11:00"}, {"start": f"{day}T13:00"})


def test_two_that_tell_no_hour_are_left_to_staff_together() -> None:
    shows = [
        listing(1, title="Trollskogen", place="Lilla teatern", start="2027-05-08T13:00", source="teatern"),
        listing(2, title="Trollskogen", place="Lilla teatern", start="2027-05-08T16:00", source="teatern"),
    ]
    vague = [
        listing(n, title="Trollskogen", place="Lilla teatern", start="2027-05-08", source=source)
        for n, source in ((3, "tidningen"), (4, "turism"))
    ]
    assert clustered([*shows, *vague]).clusters == ((1,), (2,), (3, 4))


def test_what_one_source_tells_at_two_hours_is_another_showing_at_a_third() -> None:
    told = [
        listing(1, title="Trollskogen", place="Lilla teatern", start="2027-05-08T13:00", source="teatern"),
        listing(2, title="Trollskogen", place="Lilla teatern", start="2027-05-08T15:00", source="teatern"),
        listing(3, title="Trollskogen", place="Lilla teatern", start="2027-05-08T14:00", source="tidningen"),
        listing(4, title="Trollskogen", place="Ladan", start="2027-05-08T14:00", source="tidningen"),
    ]
    found = features(told)
    stats = Statistics.build(list(found.values()), 1)
    reasons = {reason.name for reason in compare(found[1], found[3], stats, RULES).reasons}
    assert "showing-other" in reasons
    reasons = {reason.name for reason in compare(found[3], found[4], stats, RULES).reasons}
    assert "showing-other" not in reasons


# --- identifiers ------------------------------------------------------------------------------------------

PAGE = "https://vik.example/program/havets-sang"


def test_a_page_of_one_start_is_identity_and_a_page_of_many_is_not() -> None:
    series = [
        listing(n, title=f"Kväll {n}", url=PAGE, start=f"2027-03-{n:02}T18:00", source="kommunen") for n in range(1, 9)
    ]
    stats = Statistics.build(list(features(series).values()), 1)
    a, b = _pair({**AT, "url": PAGE, "source": "kommunen"}, {**AT, "url": PAGE, "source": "tidningen", "title": "Mys"})
    named = {reason.name for reason in compare(a, b, STATS, RULES).reasons}
    after = {reason.name for reason in compare(a, b, stats, RULES).reasons}
    assert "page-same" in named
    assert "page-same" not in after
    assert f"u|{PAGE}" in block_keys(a, STATS)
    assert f"u|{PAGE}" not in block_keys(a, stats)


def test_two_sources_that_give_one_page_two_starts_tell_of_a_move() -> None:
    moved = [
        listing(1, url=PAGE, start="2027-03-01T18:00", source="kommunen"),
        listing(2, url=PAGE, start="2027-03-08T18:00", source="tidningen"),
    ]
    found = features(moved)
    stats = Statistics.build(list(found.values()), 1)
    assert "page-same-other-day" in {reason.name for reason in compare(found[1], found[2], stats, RULES).reasons}


def test_tracking_in_an_address_makes_no_other_page() -> None:
    a, b = _pair({**AT, "url": f"{PAGE}?utm_source=brev"}, {**AT, "url": "http://www.vik.example/program/havets-sang/"})
    assert a.pages == b.pages == {PAGE}


def test_a_list_page_is_no_identity() -> None:
    a, _ = _pair({**AT, "url": "https://vik.example/kalender"}, AT)
    assert a.pages == frozenset()


# --- decisions --------------------------------------------------------------------------------------------


def test_same_joins_what_evidence_keeps_apart_and_undoing_restores_it() -> None:
    two = [listing(1, **AT), listing(2, title="Något helt annat", start="2027-06-01T10:00", source="tidningen")]
    same = decision("same", 1, 2)
    assert clustered(two).clusters == ((1,), (2,))
    assert clustered(two, [same]).clusters == ((1, 2),)
    assert clustered(two, [replace(same, undone=datetime(2027, 2, 1, tzinfo=UTC))]).clusters == ((1,), (2,))


def test_different_parts_what_evidence_joins() -> None:
    two = [listing(1, **AT), listing(2, **AT, source="tidningen")]
    assert clustered(two).clusters == ((1, 2),)
    clustering = clustered(two, [decision("different", 1, 2)])
    assert clustering.clusters == ((1,), (2,))
    assert clustering.pairs == ()


def test_different_keeps_each_listing_of_one_side_from_each_of_the_other() -> None:
    four = [listing(n, **AT, source=s) for n, s in enumerate(("kommunen", "turism", "tidningen", "teatern"), 1)]
    clustering = clustered(four, [decision("different", 1, 2, 3, 4, value="2")])
    assert clustering.clusters == ((1, 2), (3, 4))


def test_the_later_of_two_decisions_holds() -> None:
    two = [listing(1, **AT), listing(2, **AT, source="tidningen")]
    later = datetime(2027, 1, 3, tzinfo=UTC)
    assert clustered(two, [decision("same", 1, 2), decision("different", 1, 2, id=2, made=later)]).clusters == (
        (1,),
        (2,),
    )
    assert clustered(two, [decision("different", 1, 2), decision("same", 1, 2, id=2, made=later)]).clusters == ((1, 2),)


def test_a_different_between_two_is_not_undone_by_a_third_that_joins_both() -> None:
    three = [listing(n, **AT, source=s) for n, s in enumerate(("kommunen", "turism", "tidningen"), 1)]
    decisions = [decision("different", 1, 2), decision("same", 1, 3, id=2), decision("same", 2, 3, id=3)]
    homes = clustered(three, decisions).clusters
    assert not any({1, 2} <= set(members) for members in homes)


# --- runs, multi-day events -------------------------------------------------------------------------------


def _daily(first: int, days: int, source: str = "konsthallen", **told: Any) -> list[StoredListing]:
    return [
        listing(
            first + n,
            **{"title": "Utställning: Segel", "place": "Konsthallen", **told},
            source=source,
            start=f"{date(2027, 4, 10) + timedelta(days=n)}T11:00",
            end=f"{date(2027, 4, 10) + timedelta(days=n)}T16:00",
        )
        for n in range(days)
    ]


def test_a_run_told_by_day_and_the_same_told_as_a_span_are_one_event() -> None:
    span = listing(90, title="Segel", place="Konsthallen", start="2027-04-10", end="2027-04-21", source="kommunen")
    assert clustered([*_daily(1, 12), span]).clusters == ((*range(1, 13), 90),)


def test_the_dates_of_a_run_stand_or_fall_together() -> None:
    clusters = clustered([*_daily(1, 6), *_daily(11, 6, "kommunen")]).clusters
    assert clusters == ((*range(1, 7), *range(11, 17)),)


# --- cost -------------------------------------------------------------------------------------------------


def test_no_block_key_is_a_day_alone() -> None:
    a, _ = _pair(AT, AT)
    assert all(key.count("|") > 1 or key[0] in "uig" for key in block_keys(a, STATS))


@pytest.mark.slow
def test_a_day_of_three_thousand_listings_stays_bounded() -> None:
    crowd = [
        listing(n, title=f"Konsert {_word(n)} {_word(n * 7)}", place="Ladan", start=f"2027-05-01T{10 + n % 12}:00", source=f"s{n % 40}")
        for n in range(1, 3001)
    ]  # fmt: skip
    units = match.units(features(crowd).values())
    stats = Statistics.build(list(units.values()), 1)
    partners = _partners(units, stats)
    assert stats.crowded
    assert max(partners.values()) < 700


@pytest.mark.slow
def test_identical_listings_without_end_do_not_explode() -> None:
    copies = [listing(n, **AT, title="Fest", source=f"s{n}") for n in range(1, 341)]
    clusters = clustered(copies).clusters
    assert sorted(id for members in clusters for id in members) == list(range(1, 341))


def _word(n: int) -> str:
    return "".join("bdfgklmnprstvx"[(n // 14**k) % 14] + "aeiouy"[(n // 7**k) % 6] for k in range(3))


def _partners(units: Mapping[int, Features], stats: Statistics) -> dict[int, int]:
    blocks: dict[str, list[int]] = {}
    for unit in units.values():
        for key in block_keys(unit, stats):
            blocks.setdefault(key, []).append(unit.id)
    return {id: len({other for key in block_keys(unit, stats) for other in blocks[key]}) for id, unit in units.items()}


# --- law: order and arrival change nothing ----------------------------------------------------------------

TITLES = (
    *("Trollskogen", "Barnteater: Trollskogen", "Trollskogen – biljetter", "Sagostund", "Story time", "Konsert: Duo Skrovmål"),
    *("Duo Skrovmål", "Konsert: Kören Vågskum", "Visning av Segel", "Segel", "Stickcafé", "Simskola 4–6 år", "Simskola"),
)  # fmt: skip


@st.composite
def _towns(draw: st.DrawFn) -> list[StoredListing]:
    def one(id: int) -> StoredListing:
        return listing(
            id,
            title=draw(st.sampled_from(TITLES)),
            place=draw(st.sampled_from(["Ladan", "Lilla teatern", "Biblioteket", None])),
            start=draw(st.sampled_from(["2027-03-01T18:00", "2027-03-01T18:30", "2027-03-01T19:00", "2027-03-01", "2027-03-02T18:00"])),
            source=draw(st.sampled_from(["kommunen", "tidningen", "turism", "biljetter"])),
            url=draw(st.sampled_from([None, f"{PAGE}-1", f"{PAGE}-2"])),
        )  # fmt: skip

    return [one(id) for id in range(1, draw(st.integers(2, 14)) + 1)]


@settings(max_examples=60, deadline=None)
@given(_towns(), st.randoms(use_true_random=False))
def test_law_3_order_changes_nothing(town: list[StoredListing], chance: random.Random) -> None:
    mixed = list(town)
    chance.shuffle(mixed)
    assert clustered(mixed) == clustered(town)


@settings(max_examples=60, deadline=None)
@given(_towns(), st.randoms(use_true_random=False))
def test_arrival_one_by_one_equals_a_batch(town: list[StoredListing], chance: random.Random) -> None:
    found = features(town)
    order = sorted(found)
    chance.shuffle(order)
    known: dict[int, Features] = {}
    clusters: set[tuple[int, ...]] = set()
    for id in order:
        known[id] = found[id]
        touched = _component(id, known)
        clusters = {members for members in clusters if not set(members) & touched}
        clusters |= set(match.cluster({i: known[i] for i in touched}, STATS, (), RULES).clusters)
    assert clusters == set(match.cluster(found, STATS, (), RULES).clusters)


def _component(id: int, known: Mapping[int, Features]) -> set[int]:
    """What the new listing reaches through pairs that share a key and stand above the lower band; runs whole."""
    units = match.units(known.values())
    home = {f.id: next(u for u in units if (units[u].run == f.run and f.run) or u == f.id) for f in known.values()}
    reached, frontier = set[int](), {home[id]}
    while frontier:
        reached |= frontier
        frontier = {b for a in frontier for b in units if b not in reached and _linked(units[a], units[b])}
    return {listed for listed, unit in home.items() if unit in reached}


def _linked(a: Features, b: Features) -> bool:
    if not block_keys(a, STATS) & block_keys(b, STATS):
        return False
    evidence = compare(a, b, STATS, RULES)
    return evidence.veto is None and evidence.score > POSSIBLE


# --- C21, C22, law 6 --------------------------------------------------------------------------------------


def test_C22_two_concerts_at_one_time_and_place_stay_two_when_the_performer_differs() -> None:
    told = {"place": "Ladan", "start": "2027-03-01T19:00", "end": "2027-03-01T21:00", "organizer": "Musikens vänner"}
    two = [
        listing(1, **told, title="Konsert: Kören Vågskum"),
        listing(2, **told, title="Konsert: Storbandet Skrovet", source="tidningen"),
    ]
    assert clustered(two).clusters == ((1,), (2,))


def test_C22_and_when_only_the_room_differs() -> None:
    two = [
        listing(1, **AT, title="Höstkonsert", room="Stora salen"),
        listing(2, **AT, title="Höstkonsert", room="Lilla salen", source="tidningen"),
    ]
    assert clustered(two).clusters == ((1,), (2,))


def test_C21_three_sources_of_one_event_are_one_and_a_staff_split_sticks() -> None:
    three = [listing(n, **AT, source=s) for n, s in enumerate(("kommunen", "turism", "tidningen"), 1)]
    assert clustered(three).clusters == ((1, 2, 3),)
    split = [decision("different", 3, 1, 2, value="1")]
    assert clustered(three, split).clusters == ((1, 2), (3,))
    edited = [*three[:2], listing(3, **AT, source="tidningen", description="Ny text")]
    assert clustered(edited, split).clusters == ((1, 2), (3,))


def test_law_6_taking_a_source_away_leaves_the_others_as_without_it() -> None:
    three = [listing(n, **AT, source=s) for n, s in enumerate(("kommunen", "turism", "tidningen"), 1)]
    assert clustered(three[:2]).clusters == ((1, 2),)
    assert clustered([listing(9, title="Fest", start="2027-03-01T18:00"), *three[:2]]).clusters == ((1, 2), (9,))


def test_a_source_that_lists_everything_twice_gives_each_event_once() -> None:
    titles = ("Trollskogen", "Stickcafé", "Fladdermusnatt")
    twice = [
        listing(at * 2 + copy, title=title, place="Ladan", start=f"2027-03-0{at + 1}T18:00")
        for at, title in enumerate(titles)
        for copy in (1, 2)
    ]
    assert clustered(twice).clusters == ((1, 2), (3, 4), (5, 6))


def test_a_date_that_staff_part_from_its_run_leaves_it() -> None:
    days = [
        listing(
            n, title="Utställning: Vraken", place="Sjömuseet", start=f"2027-03-0{n}T11:00", run="museet:1", uid=f"v{n}"
        )
        for n in range(1, 7)
    ]
    assert clustered(days).clusters == ((1, 2, 3, 4, 5, 6),)
    assert clustered(days, [decision("different", 1, 4)]).clusters == ((1, 2, 3, 5, 6), (4,))
    assert clustered(days, [decision("different", 4, 1)]).clusters == ((1, 2, 3, 5, 6), (4,)), "the later one leaves"
    undone = decision("different", 1, 4, undone=datetime(2027, 1, 3, tzinfo=UTC))
    assert clustered(days, [undone]).clusters == ((1, 2, 3, 4, 5, 6),)

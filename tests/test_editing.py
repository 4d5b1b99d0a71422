"""The calendar's own words and the editors' policy, through the door of reading."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from aggregator import editorial, formats, vocabulary
from aggregator.model import Layer, Listing, Reading
from aggregator.problems import sentence
from tests.reading import context, listings

ZONE = ZoneInfo("Europe/Stockholm")
WORDS = json.dumps(yaml.safe_load((files("aggregator") / "lexicons" / "vocabulary.yaml").read_bytes()))


def read(policy: tuple[dict[str, Any], ...] = (), words: str | None = WORDS, **members: Any) -> Reading:
    told = {"@context": "https://schema.org", "@type": "Event", "identifier": "1", "name": "Träff"}
    body = json.dumps(told | {"startDate": "2026-03-20T18:00"} | members).encode()
    rules = tuple(json.dumps(rule) for rule in policy)
    return formats.read_answer(body, context(content_type="application/json", policy=rules, vocabulary=words))


def one(**members: Any) -> Listing:
    (listing,) = listings(read(**members))
    return listing


@pytest.mark.parametrize(
    ("keywords", "title", "wanted"),
    [
        ("Konsert", "Kvällen", ("Musik",)), ("MusicEvent", "X", ("Musik",)), ("kyrkokonsert", "X", ("Musik",)),
        ("", "Sommarkonsert i parken", ("Musik",)),
        ("okänt ord", "Sagostund", ("Sagostund och barnkultur", "okänt ord")),
        ("idrott", "Konsert", ("Idrott och motion",)), ("egen hylla", "Något helt annat", ("egen hylla",)),
    ],
)  # fmt: skip
def test_sources_words_become_the_calendars_words(keywords: str, title: str, wanted: tuple[str, ...]) -> None:
    assert one(name=title, keywords=keywords).categories == wanted


def test_the_rule_of_a_mapping_is_told() -> None:
    listing = one(words=None, name="Kväll", keywords="körsång", audience="Pensionärer")
    _, applied = vocabulary.classified(listing, WORDS)
    assert [(mapping.rule, mapping.word, mapping.where) for mapping in applied] == [
        ("musik", "körsång", "category"), ("seniorer", "Pensionärer", "audience"),
    ]  # fmt: skip


def test_audience_age_language_and_access_are_read_where_they_are_plain() -> None:
    listing = one(name="Sagostund på arabiska (3–6 år)", description="Lokalen har hörslinga.")
    assert (listing.audience, listing.age, listing.language, listing.accessible) == ("barn", (3, 6), "ar", True)
    silent = one(name="Föredrag", description="Välkomna.")
    assert (silent.audience, silent.age, silent.language, silent.accessible) == (None, None, None, None)


TRAINING = {
    "id": "ingen-traning", "do": "refuse", "words": ["träning*", "training"], "except": ["öppen träning"],
    "reason": "Löpande träning visas inte", "reason_en": "Regular training is not shown",
}  # fmt: skip


def test_a_rule_refuses_and_tells_why() -> None:
    reading = read((TRAINING,), name="Träning P12")
    (problem,) = [problem for chunk in reading.chunks for problem in chunk.problems]
    assert listings(reading) == []
    assert sentence(problem, "sv") == "Visas inte i den här kalendern: Löpande träning visas inte (ingen-traning)."
    assert reading.chunks[0].counts.refused == 1


def test_an_exception_of_a_rule_is_welcome() -> None:
    assert len(listings(read((TRAINING,), name="Öppen träning för alla"))) == 1
    assert len(listings(read((TRAINING,), name="Match"))) == 1


def test_a_rule_keeps_an_event_in_the_civic_layer() -> None:
    rule = TRAINING | {"do": "civic", "words": ["kommunfullmäktige"]}
    assert [listing.layer for listing in listings(read((rule,), name="Kommunfullmäktige"))] == [Layer.CIVIC]


def test_a_rule_asks_staff_and_the_event_waits_as_a_suggestion() -> None:
    rule = TRAINING | {"do": "ask", "words": ["kurs*"]}
    reading = read((rule,), name="Kurs i keramik")
    assert listings(reading) == []
    assert [draft.title for draft in reading.suggestions] == ["Kurs i keramik"]


@pytest.mark.parametrize(("town", "shown"), [("Ekstorp", True), ("Annanstad", False), (None, True)])
def test_what_is_held_in_another_town_is_out_of_the_area(town: str | None, shown: bool) -> None:
    rule = {"id": "lokalt", "do": "refuse", "towns": ["Ekstorp", "Tofta"], "reason": "Bara i kommunen"}
    place = {"@type": "Place", "name": "Huset", "address": {"@type": "PostalAddress", "addressLocality": town}}
    assert bool(listings(read((rule,), location=place))) is shown


def test_a_changed_rule_reads_again() -> None:
    first = read((), name="Träning")
    told = {"@context": "https://schema.org", "@type": "Event", "identifier": "1", "name": "Träning"}
    body = json.dumps(told | {"startDate": "2026-03-20T18:00"}).encode()
    again = context(content_type="application/json", policy=(json.dumps(TRAINING),), vocabulary=WORDS)
    known = {chunk.key: chunk.hash for chunk in first.chunks}
    assert formats.read_answer(body, again, known).chunks[0].listings == ()


TOURS = {"id": "visningar", "do": "refuse", "same_day": 3, "reason": "Bara dagens första", "reason_en": "Only one"}


def tours(rule: dict[str, Any], *hours: str, known: Mapping[str, str] | None = None, **members: Any) -> Reading:
    """Guided tours at these local hours ("20T10": the twentieth at ten), each an event of its own."""
    told = {"@context": "https://schema.org", "@type": "Event", "name": "Visning", "location": "Slottet"}
    body = json.dumps([told | {"identifier": h, "startDate": f"2026-03-{h}:00"} | members for h in hours]).encode()
    here = context(content_type="application/json", policy=(json.dumps(rule),), vocabulary=WORDS)
    return formats.read_answer(body, here, known)


def shown(reading: Reading) -> list[str]:
    return sorted(listing.when.begins(ZONE).strftime("%dT%H") for listing in listings(reading))


def test_of_a_series_of_one_day_the_first_is_kept_and_the_others_are_refused_with_the_reason() -> None:
    reading = tours(TOURS, "20T14", "20T10", "20T12", "21T10", "21T12")
    assert shown(reading) == ["20T10", "21T10", "21T12"]
    counts = sum((chunk.counts for chunk in reading.chunks), reading.counts)
    assert (counts.inside, counts.refused) == (3, 2)
    said = {sentence(problem, "sv") for chunk in reading.chunks for problem in chunk.problems}
    assert said == {"Visas inte i den här kalendern: Bara dagens första (visningar)."}


def test_a_series_of_one_day_is_counted_over_what_the_words_fit_and_from_the_number_on() -> None:
    assert len(listings(tours(TOURS | {"words": ["fotboll"]}, "20T10", "20T12", "20T14"))) == 3
    assert len(listings(tours(TOURS | {"words": ["visning"]}, "20T10", "20T12", "20T14"))) == 1
    assert len(listings(tours(TOURS | {"same_day": 4}, "20T10", "20T12", "20T14"))) == 3


def test_the_rest_of_a_day_is_moved_or_asked_about_as_the_rule_says() -> None:
    civic = listings(tours(TOURS | {"do": "civic"}, "20T10", "20T12", "20T14"))
    assert sorted(listing.layer for listing in civic) == [Layer.CIVIC, Layer.CIVIC, Layer.LEISURE]
    assert len(tours(TOURS | {"do": "ask"}, "20T10", "20T12", "20T14").suggestions) == 2


def test_a_day_is_counted_over_the_whole_answer_although_most_of_it_is_unchanged() -> None:
    first = tours(TOURS, "20T10", "20T12")
    known = {chunk.key: chunk.hash for chunk in first.chunks}
    assert all(chunk.listings is None for chunk in tours(TOURS, "20T10", "20T12", known=known).chunks)
    assert shown(tours(TOURS, "20T10", "20T12", "20T14", known=known)) == ["20T10"]
    assert shown(tours(TOURS, "20T12", known=known)) == ["20T12"]


def test_a_moved_window_counts_the_whole_day_again() -> None:
    reading = tours(TOURS, "20T10", "20T12", "20T14")
    raws = {chunk.key: chunk.raw for chunk in reading.chunks if chunk.raw is not None}
    here = context(policy=(json.dumps(TOURS),), vocabulary=WORDS)
    assert shown(formats.reread("jsonld", raws, here)) == ["20T10"]


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"id": "x"},
        TRAINING | {"do": "burn"},
        TRAINING | {"reason": ""},
        TRAINING | {"in": ["colour"]},
        TRAINING | {"x": 1},
        {"id": "x", "do": "refuse", "reason": "y"},
        TOURS | {"same_day": 1},
        TOURS | {"same_day": "three"},
        TOURS | {"same_day": True},
    ],
)
def test_a_wrong_rule_is_a_sentence(rule: dict[str, Any]) -> None:
    assert editorial.wrong(rule)

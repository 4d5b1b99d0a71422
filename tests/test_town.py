"""The town as it runs: the file, and what staff added."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from aggregator.config import Calendar, Config
from aggregator.model import Entry, Place, PlaceEdit, Source
from aggregator.town import assembled, free_id

NOW = datetime(2027, 1, 10, tzinfo=UTC)
HALL = Place(id="sporthallen", name="Sporthallen", aliases=("Hallen",))
FILE = Config(
    file=Path("sources.yaml"),
    calendar=Calendar(name="Evenemang i Staffanstorp"),
    places=(HALL, Place(id="radhuset", name="Rådhuset")),
    sources=(Source(id="kyrkan", name="Kyrkan", url="https://kyrkan.example/k.ics", vocabulary='{"a":1}'),),
)


def entry(id: str, removed: datetime | None = None) -> Entry:
    return Entry(source=Source(id=id, name="Inlämnad", url="https://x.example/"), added=NOW, removed=removed)


def edit(place: Place, into: str | None = None) -> PlaceEdit:
    return PlaceEdit(place=place, into=into, changed=NOW, by="staff:1")


def test_an_approved_source_stands_beside_those_of_the_file_with_their_words() -> None:
    town = assembled(FILE, [entry("koren")])
    assert [source.id for source in town.sources] == ["kyrkan", "koren"]
    assert town.sources[1].vocabulary == '{"a":1}'


def test_a_removed_entry_is_no_source_and_the_file_goes_first() -> None:
    assert assembled(FILE, [entry("koren", removed=NOW), entry("kyrkan")]).sources == FILE.sources


def test_a_merged_place_lives_on_as_names_of_the_other() -> None:
    new = Place(id="stora-hallen", name="Stora hallen")
    town = assembled(FILE, [], [edit(new), edit(HALL, into="stora-hallen")])
    assert {place.id: place.aliases for place in town.places} == {
        "radhuset": (),
        "stora-hallen": ("Sporthallen", "Hallen"),
    }


def test_a_chain_of_merges_ends_and_a_ring_of_them_loses_no_program() -> None:
    a, b, c = (Place(id=id, name=id.upper()) for id in "abc")
    town = assembled(FILE, [], [edit(a, into="b"), edit(b, into="c"), edit(c)])
    assert next(place for place in town.places if place.id == "c").aliases == ("A", "B")
    assembled(FILE, [], [edit(a, into="b"), edit(b, into="a")])


def test_an_id_is_given_once() -> None:
    assert free_id("koren", FILE, []) == "koren"
    assert free_id("kyrkan", FILE, []) == "kyrkan-2"
    assert free_id("koren", FILE, [entry("koren", removed=NOW)]) == "koren-2"

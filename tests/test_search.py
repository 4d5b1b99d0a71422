"""Search as residents type it: pairs of a query and the text that it should, or should not, find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator import search, thesaurus
from aggregator.inflection import Form, stem
from aggregator.model import Content, Location, Price, Status, When
from aggregator.search import folded, forms, holds, meets, needles, telling, words, words_of
from tests import search_pairs
from tests.render.worlds import local

FOUND = [
    ("konsert", "Julkonsert i kyrkan"),
    ("konserter", "Konsert med kören"),
    ("konserten", "Sommarkonserter på torget"),
    ("musik", "Folkmusikfest"),
    ("barnteater", "Barnteatern spelar Pippi"),
    ("teater", "Dockteater för de minsta"),
    ("utställning", "Konstutställningen öppnar"),
    ("utställningar", "Utställning: Slättens ljus"),
    ("föreläsning", "Föreläsningar om trädgård"),
    ("trädgård", "Trädgårdsmässa"),
    ("trädgårdar", "Öppen trädgård"),
    ("bok", "Böcker till salu"),
    ("böcker", "Bokbytardag"),
    ("sång", "Allsång i parken"),
    ("språkcafé", "Språkkafé? Nej, Språkcafe på biblioteket"),
    ("cafe", "Språkcafé"),
    ("handboll", "Handbollsmatch, damer"),
    ("matcher", "Fotbollsmatch mot Lund"),
    ("loppis", "Stor loppis"),
    ("vandring", "Stadsvandringar på kvällen"),
    ("stickning", "Stickningskväll"),
    ("film", "Filmvisning"),
    ("schack", "Schackturnering"),
    ("dans", "Linedans och squaredans"),
    ("quiz", "Musikquiz på puben"),
    ("Åsa", "Visor med ÅSA"),
    ("yoga", "Yogapass utomhus"),
    ("sago", "Sagostund"),
    ("saga", "Sagostund"),
    ("gata", "Gatufest"),
    ("julmarknad", "Julmarknaden på torget"),
    ("nätter", "En natt på museet"),
    ("städer", "Stadens historia"),
    ("mässa", "Trädgårdsmässan"),
    ("concert", "Julkonsert i kyrkan"),
    ("children", "Barnteatern spelar Pippi"),
    ("music", "Folkmusikfest"),
    ("library", "Sagostund på biblioteket"),
    ("exhibitions", "Konstutställningen öppnar"),
    ("Christmas market", "Julmarknaden på torget"),
]
LOST = [
    ("far", "Får på bete"),
    ("får", "Fars dag"),
    ("ost", "Vad det kostar"),
    ("hal", "Hål i berget"),
    ("konsert", "Konst i parken"),
    ("barn", "Björn och Varg"),
    ("öl", "Vol 2"),
    ("kör", "Korv med bröd"),
    ("dans", "Daniel läser dikter"),
    ("inställt", "Konsert med kören"),
    ("gratis", "Konsert med kören"),
    ("online", "Konsert med kören"),
    ("walk", "Valborg på gården"),
    ("cancelled", "Dans i Cancerfondens lokal"),
]
SHOWN: list[tuple[str, dict[str, Any]]] = [  # what a page shows of an event, its texts say nothing of it
    ("inställt", {"status": Status.CANCELLED}),
    ("inställda", {"status": Status.CANCELLED}),
    ("cancelled", {"status": Status.CANCELLED}),
    ("uppskjutet", {"status": Status.POSTPONED}),
    ("ny tid", {"status": Status.MOVED}),
    ("preliminärt", {"status": Status.TENTATIVE}),
    ("digitalt", {"status": Status.MOVED_ONLINE}),
    ("digitalt", {"location": Location(online="https://mote.example/1")}),
    ("online", {"location": Location(name="Rådhuset", online="")}),
    ("gratis", {"price": Price(free=True)}),
    ("fri entré", {"price": Price(free=True)}),
    ("free", {"price": Price(free=True)}),
    ("rullstol", {"accessible": True}),
    ("barn", {"age": (3, 6)}),
    ("barn", {"audience": "barn"}),
    ("barn", {"categories": ("Barn",)}),
    ("children", {"age": (3, 6)}),
]
HIDDEN: list[tuple[str, dict[str, Any]]] = [
    ("inställt", {"status": Status.MOVED}),
    ("gratis", {"price": Price(free=False)}),
    ("gratis", {"price": Price(low=Decimal(90), high=Decimal(90))}),
    ("digitalt", {"location": Location(name="Rådhuset")}),
    ("rullstol", {"accessible": False}),
    ("barn", {"age": (18, None)}),
    ("barn", {"age": (13, 99)}),
]


def content(text: str) -> Content:
    return Content(title=text, when=When(local("2027-01-16 18:00")))


def finds(query: str, text: str) -> bool:
    return all(holds(words_of(content(text)), word) for word in telling(words(query)))


@pytest.mark.parametrize(("query", "text"), [*FOUND, *search_pairs.FOUND])
def test_query_finds(query: str, text: str) -> None:
    assert finds(query, text)


@pytest.mark.parametrize(("query", "text"), LOST)
def test_query_does_not_find(query: str, text: str) -> None:
    assert not finds(query, text)


@pytest.mark.parametrize(("query", "texts"), search_pairs.ALIKE.items())
def test_words_that_only_look_alike_are_not_found(query: str, texts: str) -> None:
    assert [text for text in texts.split() if finds(query, text)] == []


@pytest.mark.parametrize(("one", "other"), search_pairs.SAME)
def test_inflections_find_the_same(one: str, other: str) -> None:
    assert {form.stem for form in forms(folded(one))} == {form.stem for form in forms(folded(other))}
    assert finds(one, other)
    assert finds(other, one)


@pytest.mark.parametrize(("query", "told"), SHOWN)
def test_what_a_page_shows_of_an_event_is_found(query: str, told: dict[str, Any]) -> None:
    assert all(holds(words_of(replace(content("Konsert"), **told)), word) for word in words(query))


@pytest.mark.parametrize(("query", "told"), HIDDEN)
def test_what_a_page_does_not_show_is_not_found(query: str, told: dict[str, Any]) -> None:
    assert not all(holds(words_of(replace(content("Konsert"), **told)), word) for word in words(query))


def test_place_organizer_and_category_are_searched() -> None:
    told = Content(
        title="Quiz", when=When(local("2027-01-16 18:00")), organizer="Hembygdsföreningen", categories=("Frågesport",),
        location=Location(name="Rådhuset", locality="Hjärup"),
    )  # fmt: skip
    assert all(holds(words_of(told), word) for word in words("hembygd frågesport rådhus hjärup"))


def test_spelling_order_and_repetition_make_no_other_query() -> None:
    assert words("Saga  STUND saga") == words("stund, saga!") == ("saga", "stund")
    assert folded("Café ÅÄÖ Ü") == "cafe åäö u"


@pytest.mark.parametrize(("word", "friends"), thesaurus.FRIENDS.items())
def test_every_false_friend_keeps_something_out(word: str, friends: str) -> None:
    """Each entry is needed by a pair: without it the pair's word would be found."""
    texts = search_pairs.ALIKE[word].split()
    for form in search.own(word):
        kept = [friend for friend in form.friends if not _needed(form, friend, texts)]
        assert kept == [], f"{word}: no pair needs {kept}"
    assert friends.split() == sorted(friends.split())


def _needed(form: Form, friend: str, texts: Sequence[str]) -> bool:
    rest = replace(form, friends=tuple(other for other in form.friends if other != friend))
    return any(rest.fits(text) for text in texts)


@pytest.mark.parametrize(("word", "others"), thesaurus.ALSO.items())
def test_every_word_that_goes_with_another_is_needed(word: str, others: str) -> None:
    pairs = [text for query, text in search_pairs.FOUND if stem(folded(query)) == stem(word)]
    for other in others.split():
        assert [text for text in pairs if _says(text, other) and not _says(text, word)], f"{word} → {other}"


def _says(text: str, word: str) -> bool:
    return any(form.fits(said) for form in search.own(word) for said in words_of(content(text)))


def test_tables_are_folded_and_every_english_word_has_a_pair() -> None:
    asked = {word for query, _ in [*FOUND, *search_pairs.FOUND] for word in words(query)}
    for table in (thesaurus.FRIENDS, thesaurus.ALSO, thesaurus.ENGLISH, thesaurus.PLURALS):
        for key, others in table.items():
            assert (folded(key), folded(others)) == (key, others)
    assert [word for word in thesaurus.ENGLISH if word not in asked] == []


@given(
    word=st.sampled_from(sorted({word for query, _ in search_pairs.FOUND for word in words(query)})),
    said=st.text("abdeijklmnorstuvåäö", max_size=9),
)
def test_what_is_found_holds_what_is_looked_for(word: str, said: str) -> None:
    for whole in (said, f"{word}{said}", f"{said}{word}", f"{stem(word)}{said}"):
        assert not meets(whole, word) or any(needle in f" {whole}" for needle in needles(word))

"""Search as residents type it: pairs of a query and the text that it should, or should not, find."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from aggregator.model import Content, Location, Price, Status, When
from aggregator.search import folded, holds, words, words_of
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


@pytest.mark.parametrize(("query", "text"), FOUND)
def test_query_finds(query: str, text: str) -> None:
    assert all(holds(words_of(content(text)), word) for word in words(query))


@pytest.mark.parametrize(("query", "text"), LOST)
def test_query_does_not_find(query: str, text: str) -> None:
    assert not all(holds(words_of(content(text)), word) for word in words(query))


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

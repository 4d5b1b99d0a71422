"""Search as residents type it: pairs of a query and the text that it should, or should not, find."""

from __future__ import annotations

import pytest

from aggregator.model import Content, Location, When
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
]


def content(text: str) -> Content:
    return Content(title=text, when=When(local("2027-01-16 18:00")))


@pytest.mark.parametrize(("query", "text"), FOUND)
def test_query_finds(query: str, text: str) -> None:
    assert all(holds(words_of(content(text)), word) for word in words(query))


@pytest.mark.parametrize(("query", "text"), LOST)
def test_query_does_not_find(query: str, text: str) -> None:
    assert not all(holds(words_of(content(text)), word) for word in words(query))


def test_place_organizer_and_category_are_searched() -> None:
    told = Content(
        title="Quiz", when=When(local("2027-01-16 18:00")), organizer="Hembygdsföreningen", categories=("Frågesport",),
        location=Location(name="Rådhuset", locality="Hjärup"),
    )  # fmt: skip
    assert all(holds(words_of(told), word) for word in words("hembygd frågesport rådhus hjärup"))


def test_spelling_order_and_repetition_make_no_other_query() -> None:
    assert words("Saga  STUND saga") == words("stund, saga!") == ("saga", "stund")
    assert folded("Café ÅÄÖ Ü") == "cafe åäö u"

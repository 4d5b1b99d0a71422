"""A calendar breaks in five ways: what residents, its organizer and staff read each time, and what is still shown.

The pages are those of the web application, over a real town on both databases.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from aggregator.model import Entry, Person, Role, Source
from aggregator.remind import Sender
from aggregator.store.switches import FAILING, of_source
from aggregator.warn import warn
from tests.town import DAY, HOUR, NAMES, ZONE, Town, at, calendar, vevent
from tests.web.desk import staffed

EVENTS = 12
SENDER = Sender("Evenemang i Byn", "https://evenemang.example", None)


@dataclass(frozen=True)
class Way:
    """One way to break: what the calendar answers from then on, and what its page says of it."""

    breaks: Callable[[Town], None]
    word: str
    told: tuple[str, ...]
    needs: str = ""
    letter: tuple[str, ...] = ()  # what the organizer is written, a day later


def told(uid: str = "e", hours: int = 0) -> list[str]:
    return [
        vevent(NAMES[n], at(n + 3, 18 + hours), uid=f"{uid}{n}", location="Torget", categories="musik")
        for n in range(EVENTS)
    ]


WAYS = {
    "404": Way(
        lambda town: town.site.page("/klubben.ics", b"<h1>Not found</h1>", status=404),
        "failing",
        (
            "Går inte att läsa sedan måndag 1 mars",
            "Kalendern finns inte längre på sin adress (404). Har den flyttat?",
            "Det som lästes i dag kl. 10.00 visas fortfarande. Vi försöker igen i dag kl. ",
        ),
        "Adressen leder inte till en kalender.",
        (
            "Vi kan inte läsa Klubben",
            "sedan tisdag 2 mars",
            "Kalendern finns inte längre på sin adress (404). Har den flyttat?",
        ),
    ),
    "html": Way(
        lambda town: town.serve("klubben", b"<!doctype html><title>Klubben</title><p>Hej!</p>", "text/html"),
        "failing",
        (
            "Går inte att läsa sedan måndag 1 mars",
            "På adressen ligger nu en vanlig webbsida i stället för kalendern. Har kalendern fått en ny adress?",
            "Det som lästes i dag kl. 10.00 visas fortfarande.",
        ),
        "Adressen leder inte till en kalender.",
        ("Vi kan inte läsa Klubben", "På adressen ligger nu en vanlig webbsida", "leta efter ”Prenumerera”"),
    ),
    "empty": Way(
        lambda town: town.serve("klubben", calendar()),
        "waiting",
        (
            "Tom sedan måndag 1 mars",
            "Kalendern svarar, men det finns inget kommande i den längre. "
            "12 evenemang som vi har läst tidigare saknas.",
            "De visas fortfarande. Är kalendern lika tom torsdag 4 mars kl. 11.00 tas de bort.",
            "Stämmer det att allt är borta kan kommunen godkänna det direkt.",
        ),
        letter=("Stämmer allt i Klubben?", "Kalendern svarar, men det finns inget kommande", "De visas fortfarande."),
    ),
    "uids": Way(
        lambda town: town.tell("klubben", *told(uid="ny-")),
        "degraded",
        (
            "Läses med anmärkning",
            "Alla evenemang har fått nya nummer (UID), fast de är desamma som förut.",
            "Vi känner igen dem på rubrik, tid och plats. Inget visas dubbelt, och prenumerationer påverkas inte.",
        ),
        "Evenemangen får nya nummer (UID) fast de är desamma.",
    ),
    "hour": Way(
        lambda town: town.tell("klubben", *told(hours=-1)),
        "degraded",
        (
            "Läses med anmärkning",
            "Alla tider flyttades en timme bakåt samtidigt, i dag kl. 11.00. "
            "Det brukar bero på att kalenderns tidszon är fel inställd.",
            "Vi visar tiderna som källan anger dem. Är du osäker, fråga arrangören.",
        ),
        "Tiderna ligger fel med hela timmar",
        ("Stämmer allt i Klubben?", "Alla tider flyttades en timme bakåt samtidigt", "tidszon på Europa/Stockholm"),
    ),
}


def words(town: Town, path: str) -> str:
    """What a page says, without its markup."""
    return bare(town.get(path).text)


def bare(markup: str) -> str:
    """The words of a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


@pytest.mark.parametrize("name", WAYS)
def test_each_way_is_told_in_plain_words_and_nothing_is_lost(town: Town, name: str) -> None:
    town.add("klubben", role="organizer", interval="1h")
    town.tell("klubben", *told())
    town.refresh()
    assert "Fungerar" in words(town, "/kallor/klubben")
    ids, way = town.ids(), WAYS[name]
    way.breaks(town)
    town.refresh(after=HOUR)
    page = words(town, "/kallor/klubben")
    for sentence in (*way.told, *([way.needs] if way.needs else [])):
        assert sentence in page
    assert way.told[0] in words(town, "/kallor")
    assert town.get("/api/v1/sources").json()["sources"][0]["state"] == way.word
    assert town.ids() == ids, "residents see the same events under the same addresses"


@pytest.mark.parametrize("name", WAYS)
def test_each_way_ends_when_the_calendar_is_mended(town: Town, name: str) -> None:
    town.add("klubben", role="organizer", interval="1h")
    town.tell("klubben", *told())
    town.refresh()
    WAYS[name].breaks(town)
    town.refresh(after=HOUR)
    town.tell("klubben", *told(uid="ny-" if name == "uids" else "e"))
    town.refresh(after=DAY, force=True)
    town.refresh(after=HOUR, force=True)
    page = words(town, "/kallor/klubben")
    assert "Fungerar" in page
    assert len(town.titles()) == EVENTS


def entered(town: Town, *, on: bool = True) -> None:
    """The calendar is an organizer's own, who agreed to be written to; staff want it, or do not."""
    store, now = town.program.store, town.now
    store.people.put(Person(id="p1", email="kansliet@klubben.example", name="Kansliet", created=now, confirmed=now))
    store.people.consent("p1", "processing", "1", now)
    source = Source(id="klubben", name="Klubben", url=town.site.url("/klubben.ics"), role=Role.ORGANIZER)
    store.town.put(Entry(source=source, person="p1", added=now))
    store.switches.turn(FAILING, on, "staff:1", now)
    town._program = town.program.with_config(town.program.read_town())
    town.tell("klubben", *told())
    town.refresh()


@pytest.mark.parametrize("name", WAYS)
def test_staff_read_the_same_and_what_waits_for_them_stands_on_their_first_page(small_town: Town, name: str) -> None:
    town = small_town
    entered(town)
    desk, way = staffed(town), WAYS[name]
    way.breaks(town)
    town.refresh(after=HOUR)
    first, own = (bare(desk.get(path).text) for path in ("/staff", "/staff/kallor/klubben"))
    heap = {"failing": "Börja med: källor som inte går att läsa", "waiting": "Börja med: källor i karantän"}
    assert heap.get(way.word, "Ingenting väntar.") in first
    assert {"failing": "Går inte att läsa", "waiting": "Evenemang saknas"}.get(way.word, way.told[0]) in own
    if way.word == "degraded":
        assert way.told[1] in own
    assert own.count("ordinary web page") <= 1, "in English in the list of tries alone"


def warned(town: Town, after: timedelta) -> list[str]:
    """Let time pass with a visit each six hours; the letters that were written meanwhile."""
    before = len(town.program.store.outbox.list())
    for _ in range(int(after / (12 * HOUR))):
        town.refresh(after=12 * HOUR, force=True)
        sources = {source.id: source for source in town.program.config.sources}
        warn(town.program.store, SENDER, sources, town.now, ZONE)
    found = town.program.store.outbox.list()[: len(town.program.store.outbox.list()) - before]
    return [f"{one.letter.subject}\n{one.letter.plain}" for one in found]


@pytest.mark.parametrize("name", WAYS)
def test_the_organizer_is_written_to_once_in_plain_words(small_town: Town, name: str) -> None:
    town = small_town
    entered(town)
    assert warned(town, DAY) == []
    way = WAYS[name]
    way.breaks(town)
    letters = warned(town, 2 * DAY)
    assert len(letters) == bool(way.letter), "what harms nobody is told on the page alone"
    for words_ in way.letter:
        assert words_ in letters[0]
    assert warned(town, DAY // 2) == []


def test_the_end_of_a_trouble_is_noted(small_town: Town) -> None:
    town = small_town
    entered(town)
    WAYS["404"].breaks(town)
    assert len(warned(town, 2 * DAY)) == 1
    town.tell("klubben", *told())
    assert warned(town, DAY) == []
    lines = [line.action for line in town.program.store.audit.newest(subject="source:klubben")]
    assert lines[:2] == ["trouble-over", "tell-trouble"]
    assert lines.count("trouble-over") == 1
    WAYS["404"].breaks(town)
    assert warned(town, 2 * DAY) == [], "not twice in a week"
    assert len(warned(town, 6 * DAY)) == 1, "but again when it goes on"


def test_staff_decide_for_all_and_for_one(small_town: Town) -> None:
    town = small_town
    entered(town, on=False)
    WAYS["404"].breaks(town)
    assert warned(town, 2 * DAY) == []
    town.program.store.switches.turn(of_source(FAILING, "klubben"), True, "staff:1", town.now)
    assert len(warned(town, DAY)) == 1


def test_G09_who_took_their_consent_back_is_written_to_no_more(small_town: Town) -> None:
    town = small_town
    entered(town)
    town.program.store.people.withdraw_consent("p1", "processing", town.now)
    WAYS["404"].breaks(town)
    assert warned(town, 2 * DAY) == []


def test_no_page_in_english_speaks_swedish(town: Town) -> None:
    town.add("klubben", role="organizer", interval="1h")
    town.tell("klubben", *told())
    town.refresh()
    for way in WAYS.values():
        way.breaks(town)
        town.refresh(after=HOUR, force=True)
        page = words(town, "/en/kallor/klubben").replace("In English", "").replace("På svenska", "")
        assert not re.search(r"[åäö]|\b(?:och|inte|kalendern)\b", page.split("Coming events")[0].lower()), page

"""On English pages Swedish words say that they are Swedish (WCAG 2.2, 3.1.2), and the other way round."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from aggregator.model import Event, Geo, Location, Provenance, When
from tests.render.worlds import event, local
from tests.web.memory import World

pytestmark = pytest.mark.anyio

TITLE, TEXT, PLACE = "Öppen sångstund", "Vi sjunger visor tillsammans.", "Församlingshemmet"
HELD_IN = Location(name=PLACE, geo=Geo(55.64, 13.2), place="radhuset")
LISTS = ["/", "/vecka", "/manad", "/serie/S1", "/prenumerera", "/embed", "/embed.html", "/kallor/biblioteket"]
NAMES = {TITLE, TEXT, PLACE, "Kören", "Staffanstorps bibliotek", "Evenemang i Staffanstorp", "Stickat"}


def told(number: int, **changes: object) -> Event:
    start = local("2027-01-10 18:30")
    made: dict[str, object] = {
        "title": TITLE, "description": TEXT, "location": HELD_IN, "organizer": "Kören", "series": "S1",
        "categories": ("Musik", "Stickat"), "when": When(start, start + timedelta(hours=1)),
        "sources": ("biblioteket",), "provenance": (Provenance("title", 1, "biblioteket", "media"),),
    }  # fmt: skip
    return event(number, **made | changes)  # type: ignore[arg-type]  # each is of its field's type


def world_of(*events: Event) -> World:
    made = World()
    made.put(*events)
    return made


def path_of(path: str, language: str) -> str:
    if path.startswith("/embed"):
        return f"{path}?lang={language}"
    return path if language == "sv" else f"/en{path}".rstrip("/")


def unmarked(markup: str, names: set[str]) -> list[str]:
    """Elements that hold nothing but one of these words, and do not say its language."""
    markup = re.sub(r'<div class="prose" lang="sv">.*?</div>', "", markup, flags=re.DOTALL)
    found = re.findall(r"<(?:a|p|span|li|h1|h2|dd|td|strong|option)\b([^>]*)>([^<>]+)</", unescape(markup))
    return [text for attributes, text in found if text.strip() in names and ' lang="sv"' not in attributes]


@pytest.mark.parametrize("path", [*LISTS, "/kallor", "EVENT"])
async def test_swedish_words_on_an_english_page_say_so(path: str) -> None:
    here = told(1)
    world = world_of(here, told(2, when=When(local("2027-01-12 18:30"))))
    path = f"/evenemang/{here.id}/oppen-sangstund" if path == "EVENT" else path
    answer = await world.get(path_of(path, "en"))
    assert answer.status_code == 200
    assert ' lang="sv"' in answer.text
    assert unmarked(answer.text, NAMES) == []
    assert ' lang="sv"' not in (await world.get(path_of(path, "sv"))).text.partition("<body>")[2].partition("<main")[2]


@pytest.mark.parametrize(
    ("title", "language", "marked"),
    [
        ("Open stage", "en", {"sv": 'lang="en"', "en": ""}),
        ("Open stage", "en-GB", {"sv": 'lang="en-GB"', "en": ""}),
        ("Avoin lava", "fi", {"sv": 'lang="fi"', "en": 'lang="fi"'}),
        ("Öppen scen", None, {"sv": "", "en": 'lang="sv"'}),
        ("Öppen scen", 'x" onclick="', {"sv": "", "en": 'lang="sv"'}),
        # the vocabulary says of it that it is held in Arabic; its words are Swedish
        ("Sagostund på arabiska", "ar", {"sv": "", "en": 'lang="sv"'}),
        ("Storytime in Finnish", "fi", {"sv": 'lang="en"', "en": ""}),
    ],
)
async def test_event_is_in_the_language_that_it_is_told_in(
    title: str, language: str | None, marked: dict[str, str]
) -> None:
    world = world_of(told(1, title=title, language=language))
    for page, mark in marked.items():
        text = (await world.get("/" if page == "sv" else "/en")).text
        found = re.search(r'<h3><a href="[^"]*"([^>]*)>', text)
        assert found is not None
        assert found[1].strip() == mark


async def test_place_text_and_unknown_words_are_marked_each_by_itself() -> None:
    world = world_of(told(1))
    text = (await world.get("/en")).text
    assert f'<p class="place" lang="sv">{PLACE}</p>' in text
    assert f'<p class="summary" lang="sv">{TEXT}</p>' in text
    assert "<li>Music</li>" in text  # known words are English on English pages, and unmarked
    assert '<li lang="sv">Stickat</li>' in text

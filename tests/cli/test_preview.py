"""`preview` and `explain` are one screen in the calendar's language, for each kind of address that people paste."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from aggregator.cli.words import KINDS, RULES, WORDS
from aggregator.formats import FORMATS
from tests.cli.addresses import KINDS as ADDRESSES
from tests.cli.addresses import eight
from tests.cli.town import TOWN, Town
from tests.design.tree import ROOT
from tests.loopback import Loopback

DATA = Path(__file__).parent.parent / "data" / "preview"
SCREEN = 24  # lines of a terminal
LANGUAGES = ("sv", "en")


def speaking(town: Town, language: str) -> None:
    """Let the calendar speak a language."""
    town.write({"sources.yaml": TOWN.replace('region: "0000"', f'region: "0000", language: {language}')})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ADDRESSES)
def test_an_address_of_each_kind_is_one_screen(
    town: Town, site: Loopback, monkeypatch: pytest.MonkeyPatch, kind: str, language: str
) -> None:
    """What is expected stands in `tests/data/preview`; `{site}` is where the server is."""
    address = eight(site)[kind]
    host = address.partition("://")[2].partition("/")[0]
    monkeypatch.setenv("EVENEMANG_FETCH_ALLOW", f"{site.authority},{host}")
    speaking(town, language)
    town.run("refresh", "--all")
    said = town.run("preview", address)
    told = (
        (said.out or said.err).replace(host, "{site}").replace(site.authority, "{site}").replace("127.0.0.1", "{site}")
    )
    path = DATA / f"{kind}.{language}.txt"
    if os.environ.get("GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(told)
    assert said.code == (1 if kind in ("pdf", "login", "dead") else 0)
    assert "" in (said.out, said.err)
    assert told == path.read_text()
    assert len(told.splitlines()) <= SCREEN


@pytest.mark.parametrize("kind", ADDRESSES)
def test_the_docs_show_each_screen(kind: str) -> None:
    told = (DATA / f"{kind}.sv.txt").read_text().replace("{site}", "exempel.se")
    assert told in (ROOT / "docs" / "preview.md").read_text()


@pytest.mark.parametrize(("language", "first", "second"), [
    ("sv", "visas under fritid: tisdag 1 december 2026 kl. 10.00, http", "och 5 datum till: tisdag 8 december 2026"),
    ("en", "shown under leisure: Tuesday 1 December 2026 10:00, http", "and 5 more dates: Tuesday 8 December 2026"),
])  # fmt: skip
def test_an_event_is_explained_in_the_language_of_the_calendar(
    town: Town, language: str, first: str, second: str
) -> None:
    speaking(town, language)
    town.run("refresh", "--all")
    said = town.run("explain", "sagostund")
    assert first in said.out
    assert second in said.out
    assert "Biblioteket" in said.out
    assert len(said.lines) <= SCREEN


def test_what_nobody_told_is_said_so(town: Town) -> None:
    assert (
        town.run("explain", "finnsinte").err
        == "Ingen källa har berättat om det, och inget med de orden har valts bort.\n"
    )


@pytest.mark.parametrize("table", [WORDS, KINDS, RULES])
def test_both_languages_have_every_word(table: dict[str, dict[str, str]]) -> None:
    assert set(table["sv"]) == set(table["en"])
    assert all(table["sv"].values())


def test_names_for_people_are_those_of_formats() -> None:
    """A format that has none yet is told by its own name."""
    assert set(KINDS["sv"]) <= set(FORMATS)
    assert len(KINDS["sv"]) >= 17


def test_the_address_that_was_printed_is_explained(town: Town) -> None:
    """The page, its English twin and the file of the event, at whatever host; and the id alone."""
    town.run("refresh", "--all")
    printed = town.run("explain", "sagostund").out.partition("http")[2].split()[0]
    address = f"http{printed}"
    for asked in (address, address.replace("/evenemang/", "/en/evenemang/"), f"{address}.ics?lang=sv",
                  f"https://kalender.example/evenemang/{address[-26:]}", address[-26:]):  # fmt: skip
        said = town.run("explain", asked)
        assert "visas under fritid: tisdag 1 december 2026" in said.out, asked
        assert "lästes som en kalender (iCal). Poster inom kalenderns tid: 1," in said.out
        assert said.err == ""


def test_the_page_of_a_source_and_the_source_itself_are_explained(
    town: Town, site: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event by the address of its page, however it is spelled; a source by its id and by its address."""
    body = (town.folder / "biblioteket.ics").read_text().replace(
        "LOCATION:", "URL:https://www.biblioteket.example/sagostund/?utm_source=brev\r\nLOCATION:"
    )  # fmt: skip
    site.page("/b.ics", body.encode())
    monkeypatch.setenv("EVENEMANG_FETCH_ALLOW", site.authority)
    url = f"http://{site.authority}/b.ics"
    town.write({"sources.yaml": TOWN.replace("path: biblioteket.ics", f"url: '{url}'")})
    town.run("refresh", "--all")
    for asked in ("http://biblioteket.example/sagostund", "biblioteket", url):
        said = town.run("explain", asked)
        assert "Biblioteket hämtades senast" in said.out, asked
        assert "berättas av Biblioteket" in said.out, asked
        assert said.err == ""


@pytest.mark.parametrize(("typed", "said"), [
    ("biblioteket.ics", "Det är en fil på en dator, inte en webbadress."),
    ("/home/byn/program.xlsx", "skriva path: i stället för url:"),
    ("info@exempel.se", "Det är en e-postadress."),
    ("https://www.facebook.com/events/1", "Facebook och Instagram lämnar inte ut evenemang"),
])  # fmt: skip
def test_what_is_no_address_is_said_so_and_not_asked(town: Town, typed: str, said: str) -> None:
    told = town.run("preview", typed)
    assert told.code == 1
    assert said in told.err
    assert "namnservrar" not in told.err

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


def test_every_format_has_a_name_for_people() -> None:
    assert set(KINDS["sv"]) == set(FORMATS)

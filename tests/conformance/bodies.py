"""What the checkers are run over: whole feeds of the example town, golden cases, events made at random, the corpus.

It gives bytes as the program serves them. The example town goes through every door: its files are read, stored, and
asked of the web application; the others are rendered as the catalogue does it.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from hypothesis import strategies as st

from aggregator import compose, formats, merge, rounds
from aggregator.catalogue import Catalogue
from aggregator.compose import Program
from aggregator.errors import ReadError
from aggregator.model import Content, Event, Listing, Location, Picture, Price, StoredListing
from aggregator.places import Registry
from aggregator.render import FORMATS, joined
from aggregator.web.app import create_app
from benchmarks import formats_corpus
from tests.design.tree import ROOT
from tests.render.worlds import ZONE, event_id, events, feed, golden, view

CORPUS = ROOT.parent / "shared" / "corpus"
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="left out: the shared corpus is not beside the project")
FOLDERS = ("ics", "feeds", "html", "json", "ics_dup_sources")
MOST_OF_A_FILE = 25  # listings of one file that are rendered; more of them say nothing new
LOOKS = [{"language": "sv"}, {"language": "en"}, {"cancelled": "confirmed"}]
QUERIES = (
    *("", "lang=en", "layer=all&dates=all&from=2026-11-01&days=550&limit=500", "cancelled=confirmed&status=cancelled"),
    *("category=finns-inte", "q=musik&free=1", "ongoing=only", "time=weekend&lang=en", "layer=civic"),
)


def written(extension: str, told: Iterable[Event], **look: str) -> bytes:
    """A feed of these events, its newest change that of the newest."""
    shown, form = list(told), FORMATS[extension]
    changed = max((one.changed for one in shown), default=None)
    around = feed(f"/events.{extension}", changed=changed, language=look.get("language", "sv"))
    return joined(form, around, [form.item(one, view(**look)) for one in shown]).encode()


def hand_made(extension: str) -> dict[str, bytes]:
    """The golden cases: each alone, all together in every look, and a feed without any."""
    cases = golden()
    found = {name: written(extension, [one]) for name, one in cases.items()}
    found |= {f"all, {look}": written(extension, cases.values(), **look) for look in LOOKS}
    return found | {"none": written(extension, [])}


@st.composite
def feeds_of_events(draw: st.DrawFn, least: int = 0, most: int = 5) -> list[Event]:
    """Some events with any of the facts that an event may have; each id once."""
    told = draw(st.lists(rich(), min_size=least, max_size=most))
    return [replace(one, id=event_id(number)) for number, one in enumerate(told, 1)]


@st.composite
def rich(draw: st.DrawFn) -> Event:
    """An event of the other tests with the rest of what may be told of it."""
    one = draw(events())
    letters = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=30)
    text = letters.map(lambda told: " ".join(told.split())).filter(bool)
    address = st.sampled_from(
        ["https://a.example/?x[]=1&y=%C3%A5#del/2", "https://b.example/(1)/'a'", "http://c.example"]
    )
    amount = st.none() | st.decimals(0, 5000, places=2)
    facts: dict[str, st.SearchStrategy[Any]] = {
        "organizer": st.none() | text,
        "url": st.none() | address,
        "ticket_url": st.none() | address,
        "html": st.sampled_from([None, "<p>En &amp; två</p>"]),
        "age": st.sampled_from([None, (0, None), (3, 6), (7, 7)]),
        "audience": st.none() | text,
        "language": st.sampled_from([None, "sv", "en"]),
        "accessible": st.sampled_from([None, True, False]),
        "price": st.none() | st.builds(Price, free=st.none() | st.booleans(), low=amount, high=amount),
    }
    told: dict[str, Any] = {name: draw(value) for name, value in facts.items()}
    if draw(st.booleans()):
        told["location"] = draw(st.builds(Location, name=st.none() | text, online=st.just("") | address))
    picture = draw(st.none() | st.just(Picture("0a" * 16, 1200, 800, 480, 320)))
    series = draw(st.none() | st.just("01SERIE"))
    return replace(one, content=replace(one.content, **told), series=series, picture=picture)


def real(path: Path) -> list[Event]:
    """Events of one file of the corpus, read as an answer whose format is not told; none where it holds none."""
    body = path.read_bytes()
    try:
        reading = formats.read_answer(body, formats_corpus.context(path, body))
    except ReadError:
        return []
    told = [one for chunk in reading.chunks for one in chunk.listings or ()][:MOST_OF_A_FILE]
    return [_event(number, one) for number, one in enumerate(told, 1)]


def _event(number: int, listing: Listing) -> Event:
    at = datetime(2027, 1, 2, 9, 30, tzinfo=ZoneInfo("UTC"))
    stored = StoredListing(id=number, listing=listing, first_seen=at, changed=at)
    content: Content = merge.merge([stored], {}, _PLACES, (), ZONE).content
    return Event(id=event_id(number), content=content, version=1, created=at, changed=at, told=at)


_PLACES = Registry(())


@cache
def of_the_corpus() -> tuple[tuple[str, tuple[Event, ...]], ...]:
    """Every file of the corpus that gives events, by name."""
    files = [path for folder in FOLDERS for path in sorted((CORPUS / folder).iterdir()) if path.is_file()]
    found = ((f"{path.parent.name}/{path.name}", tuple(real(path))) for path in files)
    return tuple((name, told) for name, told in found if told)


@contextmanager
def example_town(folder: Path) -> Iterator[Program]:
    """The town that ships, in a folder of its own, refreshed once at a given clock."""
    shutil.copy(ROOT / "sources.yaml", folder / "sources.yaml")
    shutil.copytree(ROOT / "examples", folder / "examples")
    with ExitStack() as opened:
        with pytest.MonkeyPatch.context() as patch:  # while it opens only: other tests come before this one ends
            patch.setenv("EVENEMANG_NOW", "2026-11-23T12:00:00+01:00")
            patch.setenv("EVENEMANG_DATABASE_URL", f"sqlite:///{folder / 'evenemang.db'}")
            patch.setenv("EVENEMANG_BASE_URL", "https://kalender.example")
            program = opened.enter_context(compose.open_program(folder / "sources.yaml"))
        asyncio.run(_refresh(program))
        yield program


async def _refresh(program: Program) -> None:
    enabled = [source for source in program.config.sources if source.enabled]
    reports = [report async for report in rounds.run(program.kit, enabled, program.begun)]
    assert reports
    assert all(report.ok for report in reports)


def served(program: Program, paths: Sequence[str]) -> dict[str, bytes]:
    """The bodies of some addresses of a program."""
    return asyncio.run(_served(program, paths))


async def _served(program: Program, paths: Sequence[str]) -> dict[str, bytes]:
    catalogue = Catalogue(program.store, program.zone, monotonic, _raise)
    app = create_app(program.config, program.settings, program.store, catalogue, lambda: program.begun)
    base = program.settings.base_url
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=base) as client:
        answers = {path: await client.get(path) for path in paths}
    assert {path: found.status_code for path, found in answers.items() if found.status_code != 200} == {}
    return {path: found.content for path, found in answers.items()}


def _raise(_id: str, tried: str, error: Exception) -> None:
    raise AssertionError(f"{tried} failed") from error

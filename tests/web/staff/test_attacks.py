"""A hundred and fifty texts that would run, in every field that others fill in: none runs on any page (F01)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page

from aggregator.letters import letter
from aggregator.model import Entry, Mistake, OfferedEvent, OfferedSource, Person, Place, PlaceEdit, Role, Source, When
from tests.town import HOUR, ZONE, at, readers, vevent  # noqa: F401 (fixture)
from tests.web.desk import Desk
from tests.web.staff.payloads import payloads
from tests.web.staff.shown import member, served_desk

pytestmark = pytest.mark.browser

ALL = payloads()
FEW = ALL[::10]  # of each item a page; lists hold all
# What only data could have brought: our pages have scripts of their own files, and no handler, frame or base at all.
FOUND = """() => [...document.querySelectorAll('*')].filter(e =>
    (e.matches('script') && e.type !== 'application/ld+json' && !(e.getAttribute('src') || '').startsWith('/static/'))
    || [...e.attributes].some(a => a.name.startsWith('on')
        || /^[\\s\\x00-\\x1f]*(javascript|vbscript|data):/i.test(a.value)
        && ['href', 'src', 'action', 'formaction', 'xlink:href', 'data', 'background'].includes(a.name))
    || e.matches('iframe, object, embed, base, template, math, meta[http-equiv], link[rel=import], style, noscript')
    || (e.closest('main') && e.matches('svg:not(.spark), form[action^="javascript"], link'))
).map(e => e.outerHTML.slice(0, 200))"""


@dataclass(frozen=True)
class Attacked:
    """A town whose every field was written by somebody who means ill, and its pages."""

    desk: Desk
    base: str
    pages: Sequence[str]


def escaped(text: str) -> str:
    """As iCalendar writes it (RFC 5545 3.3.11); what has no place in a line is left out."""
    plain = "".join(c for c in text if c.isprintable() or c in "\n\t\u2028\u2029")
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def attack(desk: Desk) -> list[str]:
    """Fill the town; the paths of its pages."""
    town, store = desk.town, desk.store
    for id, role in (("ond", "organizer"), ("annan", "media"), ("bytt", "media")):
        town.add(id, role=role, name=f"Källan {ALL[0]}")
    for id, hour in (("ond", 11), ("annan", 12)):
        told = [vevent("x", at(2 + n % 28, hour), *lines(text), uid=f"{id}{n}") for n, text in enumerate(ALL)]
        town.tell(
            id,
            *(
                one.replace("SUMMARY:x", f"SUMMARY:{escaped(text)} {n}")
                for n, (one, text) in enumerate(zip(told, ALL, strict=True))
            ),
        )
    town.tell("bytt", vevent("Vårkonsert", at(5), uid="a", url="https://klubben.example/1"))
    town.refresh()
    town.tell("bytt", vevent(escaped(ALL[3]), at(5), uid="a", url='https://spel.example/"onmouseover=alert(1)'))
    town.refresh(after=HOUR)
    for n, text in enumerate(ALL):
        _people(desk, n, text)
    places = [
        Place(id=f"p{n}", name=text, address=text, locality=text, aliases=(text, ALL[0]))
        for n, text in enumerate(ALL[:40])
    ]
    for place in places:
        store.town.put_place(PlaceEdit(place=place, changed=town.now, by="test"))
    source = Source(id="inlagd", name=ALL[1], url=town.site.url("/x.ics"), organizer=ALL[2], licence=ALL[3])
    store.town.put(Entry(source=source, person="p0", added=town.now))
    town._program = town.program.with_config(town.program.read_town())
    desk.get("/staff")  # the application reads the town again
    return _pages(desk)


def lines(text: str) -> dict[str, str]:
    """The properties of an event, all of them hostile."""
    told = escaped(text)
    return dict.fromkeys(("location", "description", "categories", "contact", "url", "comment"), told)


def _people(desk: Desk, n: int, text: str) -> None:
    """A person, what they send in of each kind, and a line of the log."""
    store, now = desk.store, desk.town.now
    store.people.put(Person(id=f"p{n}", email=f"p{n}@x.example", name=text, created=now, confirmed=now))
    start = datetime(2027, 4, 1 + n % 28, 18, tzinfo=ZONE)
    source = OfferedSource(address=f"https://x.example/{text}", name=text, role=Role.MEDIA, organizer=text, note=text)
    event = OfferedEvent(
        title=text,
        dates=(When(start, start + timedelta(hours=1)),),
        place=text,
        address=text,
        organizer=text,
        description=text,
        url=text,
        price=text,
        age=text,
        audience=text,
        categories=(text,),
        note=text,
    )
    desk.offer(f"s{n}", source, person=f"p{n}")
    desk.offer(f"e{n}", event, person=f"p{n}")
    desk.offer(f"r{n}", Mistake(event="0" * 26, text=text), person=f"p{n}")
    store.audit.note(desk.browser.base, text, f"place:{text}", text, now)


def _pages(desk: Desk) -> list[str]:
    some = [ALL.index(text) for text in FEW]
    ids = sorted(desk.town.ids().values())
    pair = desk.store.review.possible(desk.town.now, 300)
    items = [f"/staff/ko/{kind}{n}" for n in some for kind in "se"] + [f"/staff/rapporter/r{n}" for n in some]
    items += [f"/staff/dubbletter/{p.a}-{p.b}" for p in pair[:5]]
    items += [f"/staff/evenemang/{id}" for id in ids[:12]] + [
        f"/staff/evenemang/{ids[0]}/{f}" for f in ("title", "url")
    ]
    items += [f"/staff/platser/p{n}" for n in (0, 5, 11)] + [
        "/staff/kallor/inlagd",
        "/staff/kallor/ond",
        "/staff/karantan/bytt",
    ]
    lists = [
        "",
        "/ko",
        "/rapporter",
        "/dubbletter",
        "/karantan",
        "/forslag",
        "/kallor",
        "/platser",
        "/beslut",
        "/logg",
        "/evenemang?q=alert",
    ]
    public = [
        "/",
        "/?layer=all",
        "/vecka/2027-v09",
        "/manad/2027-03",
        "/kallor",
        "/kallor/ond",
        *(f"/evenemang/{id}" for id in ids[:20]),
    ]
    return [*(f"/staff{one}" for one in lists), *items, *public]


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory, readers: Any) -> Iterator[Attacked]:  # noqa: F811
    with served_desk(tmp_path_factory.mktemp("town"), readers, attack) as (desk, base, pages):
        yield Attacked(desk, base, pages)


def watched(browser: Browser, attacked: Attacked) -> tuple[Page, list[str]]:
    """A page of the member, and what ran in it that should not."""
    page, ran = member(browser, attacked.desk, attacked.base).new_page(), []

    def noted(dialog: Dialog) -> None:
        ran.append(f"{page.url}: {dialog.message}")
        dialog.dismiss()

    page.on("dialog", noted)
    page.on("request", lambda r: ran.append(r.url) if not r.url.startswith(attacked.base) else None)
    return page, ran


def test_there_are_a_hundred_and_fifty_payloads() -> None:
    assert len(set(ALL)) == 150


@pytest.mark.slow
def test_F01_no_field_runs_on_any_page(browser: Browser, attacked: Attacked) -> None:
    page, ran = watched(browser, attacked)
    wrong, seen = [], 0
    for path in attacked.pages:
        answer = page.goto(attacked.base + path)
        assert answer is not None
        assert answer.status == 200, path
        wrong += [f"{path}: {found}" for found in page.evaluate(FOUND)]
        seen += "alert(1)" in page.inner_text("main")
    assert wrong == []
    assert ran == []
    assert seen > len(attacked.pages) / 2, "the texts are there, as texts"
    page.context.close()


@pytest.mark.slow
def test_F01_no_field_runs_on_a_page_or_in_a_letter_of_organizers(browser: Browser, attacked: Attacked) -> None:
    page, ran = watched(browser, attacked)
    store, now = attacked.desk.store, attacked.desk.town.now
    wrong: list[str] = []
    for n in (ALL.index(text) for text in FEW):
        session = store.people.open("person", f"p{n}", now)
        page.context.add_cookies([{"name": "evenemang-person", "value": session, "url": attacked.base}])
        own = [f"/min-sida/{kind}{n}{more}" for kind in "se" for more in ("", "/ratta", "/ta-tillbaka")]
        for path in ("/min-sida", "/min-sida/uppgifter", *own):
            answer = page.goto(attacked.base + path)
            assert answer is not None
            assert (answer.status, page.url) == (200, attacked.base + path)
            wrong += [f"{path}: {found}" for found in page.evaluate(FOUND)]
    page.goto(f"{attacked.base}/om")
    for text in ALL:
        told = letter("rejected", key=text, to="p@x.example", language="sv", town=text, title=text, note=text)
        page.set_content(told.html)
        wrong += [f"{text}: {found}" for found in page.evaluate(FOUND)]
    assert wrong == []
    assert ran == []
    page.context.close()


def test_F01_what_is_typed_wrongly_and_comes_back_does_not_run(browser: Browser, attacked: Attacked) -> None:
    page, ran = watched(browser, attacked)
    for text in ('"><img src=x onerror=alert(1)>', "</textarea><script>alert(1)</script>"):
        page.goto(f"{attacked.base}/staff/plats-ny")
        page.fill("#name", text)
        page.fill("#aliases", text)
        page.fill("#geo", text)
        page.click("main form.form button")
        assert page.input_value("#name") == text
        assert page.input_value("#aliases") == text
        assert page.evaluate(FOUND) == []
        page.goto(f"{attacked.base}/staff/evenemang?q={text}&klart={text}&angra={text}&visa={text}")
        assert page.evaluate(FOUND) == []
    assert ran == []
    page.context.close()


def test_F01_the_look_for_code_is_awake(browser: Browser, attacked: Attacked) -> None:
    page, _ = watched(browser, attacked)
    page.goto(f"{attacked.base}/staff")
    bad = "<p onclick='x'>", "<a href=' javascript:x'>", "<iframe></iframe>", "<base href=x>", "<svg></svg>"
    for markup in bad:
        page.evaluate("m => document.querySelector('main').insertAdjacentHTML('beforeend', m)", markup)
    assert len(page.evaluate(FOUND)) == len(bad)
    page.context.close()

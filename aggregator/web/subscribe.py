"""`/prenumerera`: build a subscription by filter, see what it holds, take it into an app."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

import segno
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from aggregator.render import prose
from aggregator.selection import Span, feed_span, list_span, select
from aggregator.shelf import Entry, Shelf
from aggregator.web import answer, bar, cards, filters
from aggregator.web.agenda import foremost
from aggregator.web.form import tidied
from aggregator.web.frame import feed_url
from aggregator.web.pages import both, language_of, render
from aggregator.web.respond import HTML, desk_of, ready

_PREVIEW = 8  # events shown
_MANY = 2000  # events from which some clients give up
_STEPS = (  # an app, and how to go on in it after the button
    ("iPhone, iPad, Mac", "then-apple"),
    ("Android", "then-android"),
    ("Google", "then-google"),
    ("Outlook.com, Microsoft 365", "then-outlook"),
    ("Thunderbird", "then-thunderbird"),
)
_FORMATS = ("rss", "atom", "json", "jsonld", "csv")


@dataclass(frozen=True, slots=True)
class Ways:
    """The links that take a calendar into each app, and its QR code as SVG."""

    webcal: str
    google: str
    outlook: str
    office: str
    qr: Markup


@dataclass(frozen=True, slots=True)
class Bar:
    """One month of a subscription."""

    label: str
    count: int


async def page(request: Request) -> Response:
    """`GET /prenumerera`."""
    desk, language = desk_of(request), language_of(request)
    query = filters.parse(request.url.query, language=language, strict=False, also=(filters.PLACE,))
    wanted, now = query.filter, desk.quarter()
    today = now.date()
    canonical = filters.canonical(wanted)

    def build(shelf: Shelf) -> bytes:
        held = select(shelf, wanted, feed_span(wanted, today))
        ahead = Span(list_span(wanted, today).first, feed_span(wanted, today).last)
        dated, runs = foremost(select(shelf, wanted, ahead), wanted, now, _PREVIEW)
        months = _months(held, today, language)
        address = feed_url(desk.site.base, "ics", canonical, language, desk.site.language)
        told = {
            "bar": bar.bar(
                shelf,
                wanted,
                desk.site,
                language,
                today,
                path="/prenumerera",
                dated=False,
                opened=not canonical,
                query=query,
            ),
            "total": len(held),
            "past": sum(entry.last < today.toordinal() for entry in held),
            "many": len(held) > _MANY,
            "ends": prose.day(wanted.last, language, year=True) if wanted.last else "",
            "spread": wanted.first is None and wanted.last is None and wanted.days is None,
            "months": months,
            "steps": _STEPS,
            "most": max((month.count for month in months), default=0),
            "preview": [cards.card(entry, desk.site, language, today) for entry in [*dated, *runs]],
            "ways": ways(address, desk.site.name),
            "address": address,
            "others": [
                (name, feed_url(desk.site.base, name, canonical, language, desk.site.language)) for name in _FORMATS
            ],
        }
        return render(request, "subscribe.html", "/prenumerera", language, told, query=canonical)

    key = ("subscribe", language, query.seen)
    return await ready(request, key, HTML, build, cache=answer.PAGE, policy=answer.POLICY, at=now)


def ways(address: str, name: str) -> Ways:
    """How each app takes the calendar at `address`."""
    webcal = "webcal://" + address.partition("://")[2]
    tail = f"?url={quote(address, safe='')}&name={quote(name, safe='')}"
    return Ways(
        webcal=webcal,
        google=f"https://calendar.google.com/calendar/r?cid={quote(webcal, safe='')}",
        outlook=f"https://outlook.live.com/calendar/0/addfromweb{tail}",
        office=f"https://outlook.office.com/calendar/0/addfromweb{tail}",
        qr=_qr(webcal),
    )


def _qr(text: str) -> Markup:
    """A QR code without markup of anybody but segno."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=False, svgclass="qr", lineclass=None, omitsize=True, border=2, dark="#000"
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - drawn by segno: paths and numbers


def _months(entries: Sequence[Entry], today: date, language: str) -> list[Bar]:
    """How many events begin in each month, from this one on."""
    counts = Counter(
        date.fromordinal(max(entry.first, today.toordinal())).replace(day=1)
        for entry in entries
        if entry.last >= today.toordinal()
    )
    return [
        Bar(f"{prose.MONTHS[language][month.month - 1]} {month.year}", count) for month, count in sorted(counts.items())
    ]


ROUTES = both("/prenumerera", tidied(page))

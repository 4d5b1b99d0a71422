"""Addresses of each kind that people paste, on a server on loopback, all told by us: one of each in `KINDS`.

A WordPress site with The Events Calendar, a library, a page with JSON-LD, a page with only a `webcal:` link, a news
feed that tells no dates, a PDF, a login page, and a host that is gone.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping

from tests.loopback import Loopback

HTML = "text/html; charset=utf-8"
JSON = "application/json"
KINDS = ("wordpress", "library", "jsonld", "webcal", "news", "pdf", "login", "dead")

_WORDPRESS = """<!doctype html><html lang="sv"><head><title>Provstads hembygdsförening</title>
<link rel="https://api.w.org/" href="{site}/wp-json/">
<link rel="stylesheet" href="/wp-content/plugins/the-events-calendar/tribe-events.css"></head>
<body class="tribe-events-page"><h1>Kalender</h1><p>Välkommen till våra kvällar.</p></body></html>"""
_LINKED = """<!doctype html><html lang="sv"><head><title>Provstads kyrka</title></head><body><h1>Kalendern</h1>
<p><a href="webcal://{host}/kyrkan.ics">Prenumerera på kalendern</a></p></body></html>"""
_MARKED = """<!doctype html><html lang="sv"><head><title>Teatern i Provstad</title>
<script type="application/ld+json">{{"@context": "https://schema.org", "@graph": [{nodes}]}}</script></head>
<body><h1>Program</h1></body></html>"""
_LOGIN = """<!doctype html><html lang="sv"><head><title>Logga in</title></head><body><h1>Logga in</h1>
<form method="post"><input name="user"><input type="password" name="password"><button>Logga in</button></form>
</body></html>"""
_NEWS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Nytt från Provstad</title>
<link>https://provstad.example/</link><description>Nyheter</description>{items}</channel></rss>"""
_ITEM = "<item><title>{title}</title><guid>{n}</guid><description>{text}</description></item>"
_ARTICLES = (
    ("Ny bro invigd", "Bron är klar och kostade mindre än väntat."),
    ("Biblioteket får nya möbler", "Möblerna är tillverkade i Provstad."),
    ("Tack för i år", "Styrelsen tackar alla som har hjälpt till."),
)


def _tribe(n: int) -> dict[str, object]:
    day = f"2026-12-{n:02} 18:00:00"
    return {
        "id": n, "url": f"https://hembygd.example/kvall-{n}/", "title": f"Hembygdskväll {n}",
        "start_date": day, "end_date": day.replace("18", "20"), "utc_start_date": day.replace("18", "17"),
        "timezone": "Europe/Stockholm", "all_day": False, "venue": {"venue": "Hembygdsgården", "city": "Provstad"},
    }  # fmt: skip


def _arena(n: int) -> dict[str, object]:
    day = f"2026-12-{n:02}T13:00:00"
    told = {"title": f"Sagostund {n}", "startDate": f"{day}Z", "endDate": f"{day.replace('13', '14')}Z"}
    return {"id": str(n), "event": {**told, "status": "PUBLISHED", "location": {"value": "Biblioteket"}}}


def _node(n: int) -> dict[str, object]:
    return {"@type": "TheaterEvent", "name": f"Föreställning {n}", "startDate": f"2026-12-{n:02}T19:00:00+01:00"}


def _vevent(n: int) -> str:
    day = f"202612{n:02}"
    return (
        f"BEGIN:VEVENT\r\nUID:k{n}\r\nSUMMARY:Musik i advent {n}\r\nDTSTART;TZID=Europe/Stockholm:{day}T170000\r\n"
        f"DTEND;TZID=Europe/Stockholm:{day}T180000\r\nLOCATION:Kyrkan\r\nEND:VEVENT\r\n"
    )


def eight(site: Loopback) -> Mapping[str, str]:
    """Kind → address; all but the last answer."""
    tribe = {"events": [_tribe(n) for n in range(1, 11)], "total": 10, "total_pages": 1}
    arena = {"hits": [_arena(n) for n in range(1, 4)], "totalHits": 3}
    calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Kyrkan//SV\r\nX-WR-CALNAME:Provstads kyrka\r\n"
    calendar += "".join(map(_vevent, range(1, 5))) + "END:VCALENDAR\r\n"
    items = "".join(_ITEM.format(n=n, title=title, text=text) for n, (title, text) in enumerate(_ARTICLES))
    nodes = ", ".join(json.dumps(_node(n)) for n in (4, 5))
    told: dict[str, tuple[str, str]] = {
        "/kalender/": (_WORDPRESS.format(site=site.url("")), HTML),
        "/wp-json/tribe/events/v1/events": (json.dumps(tribe), JSON),
        "/arena": (json.dumps(arena), JSON),
        "/teatern": (_MARKED.format(nodes=nodes), HTML),
        "/kyrkan": (_LINKED.format(host=site.authority), HTML),
        "/kyrkan.ics": (calendar, "text/calendar; charset=utf-8"),
        "/nytt.rss": (_NEWS.format(items=items), "application/rss+xml"),
        "/program.pdf": ("%PDF-1.7\n%âãÏÓ\n1 0 obj\n", "application/pdf"),
        "/login": (_LOGIN, HTML),
    }
    for path, (body, kind) in told.items():
        site.file(path, body.encode(), content_type=kind)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        dead = f"http://127.0.0.1:{closed.getsockname()[1]}/kalender.ics"
    paths = ("/kalender/", "/arena", "/teatern", "/kyrkan", "/nytt.rss", "/program.pdf", "/login")
    return dict(zip(KINDS, [*map(site.url, paths), dead], strict=True))

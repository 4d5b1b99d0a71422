"""What other pages take in: `/embed` (iframe), `/embed.html` (fragment), `/embed.js` (web component), `/oembed`.

Visitors of a page never meet a mistake in its code: what means nothing is left out. The status says 400 all the same,
and whoever made the code is told in the browser's console, in a comment of the fragment, and by the component, which
asks `/embed.json`.
No cookie, no form, no state. Frames are allowed here and nowhere else (F11). Height is told to any parent, since it
is no secret; nothing is ever listened for (F12).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from aggregator.catalogue import Build
from aggregator.errors import UsageError
from aggregator.selection import Filter, list_span, select
from aggregator.shelf import Shelf
from aggregator.web import answer, assets, bar, cards, filters, form, framing, manual, mistakes
from aggregator.web.agenda import foremost
from aggregator.web.filters import Query
from aggregator.web.form import tidied
from aggregator.web.mistakes import Mistake
from aggregator.web.pages import both, language_of, render
from aggregator.web.respond import HTML, JSON, desk_of, encoded, ready
from aggregator.web.site import Site, twin
from aggregator.web.words import say

_OPEN = {"Access-Control-Allow-Origin": "*"}
_WIDTH = 600  # of a frame for whoever asks by oEmbed
_CACHE = b"public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800"
_POLICY = answer.POLICY.replace(b"frame-ancestors 'none'", b"frame-ancestors *")


async def frame(request: Request) -> Response:
    """`GET /embed`: the list as a page for an iframe."""
    query, now = _query(request, also=("theme",)), desk_of(request).quarter()
    theme, wrong = framing.theme(request.query_params.getlist("theme"))
    key = ("embed", query.canonical, query.language, theme, query.mistakes, wrong)
    script = assets.link(request.app.state.assets, "frame.js")
    context = {"script": script, "theme": theme, "scheme": framing.SCHEMES[theme]}
    build = _build(request, query, now, "embed.html", context, wrong)
    if query.mistakes or wrong:
        return await _mistaken(request, build, _POLICY)
    return await ready(request, key, HTML, build, cache=_CACHE, policy=_POLICY, at=now)


async def fragment(request: Request) -> Response:
    """`GET /embed.html`: the list as markup for a server that includes it; every address in it is whole."""
    query, now = _query(request), desk_of(request).quarter()
    key = ("fragment", query.canonical, query.language, query.mistakes)
    build = _build(request, query, now, "fragment.html", {})
    if query.mistakes:
        return await _mistaken(request, build, answer.DATA_POLICY)
    return await ready(request, key, HTML, build, cache=_CACHE, policy=answer.DATA_POLICY, extra=answer.OPEN, at=now)


async def _mistaken(request: Request, build: Build, policy: bytes) -> Response:
    """400 for programs, which includes a server that takes in the fragment; people see the list that could be made."""
    body = build(await desk_of(request).catalogue.shelf())
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": policy.decode(), **_OPEN}
    return HTMLResponse(body, 400, headers=headers)


async def checked(request: Request) -> Response:
    """`GET /embed.json`: what the code of a component means: the query without its mistakes, and those in sentences."""
    query, site = _query(request), desk_of(request).site

    def build(shelf: Shelf) -> bytes:
        found = [*query.mistakes, *mistakes.unknown(query.filter, shelf, site)]
        return encoded({"query": query.canonical, "wrong": mistakes.told(found, query.language)})

    key = ("embed-checked", query.canonical, query.language, query.mistakes)
    return await ready(request, key, JSON, build, cache=_CACHE, policy=answer.DATA_POLICY, extra=answer.OPEN)


async def script(request: Request) -> Response:
    """`GET /embed.js`: the web component."""
    return assets.send(request, request.app.state.assets["embed.js"], "embed.js")


async def oembed(request: Request) -> Response:
    """`GET /oembed?url=…`: the frame for a list page of ours (oembed.com, type rich)."""
    site = desk_of(request).site
    given = dict(parse_qsl(request.url.query))
    if "url" not in given:
        raise UsageError("url: must be given: the address of this calendar's list, as a page shows it")
    if given.get("format", "json") != "json":
        raise HTTPException(501, "Only JSON is given.")
    asked = urlsplit(given.get("url", ""))
    pages = {site.base + path: language for path, language in (("", "sv"), ("/", "sv"), ("/en", "en"))}
    language = pages.get(f"{asked.scheme}://{asked.netloc}{asked.path}")
    if language is None:
        raise HTTPException(404)
    query = filters.parse(asked.query, language=site.language, strict=False)
    width = _least(given.get("maxwidth"), _WIDTH)
    height = _least(given.get("maxheight"), framing.height(query.filter.limit))
    told = {
        "version": "1.0",
        "type": "rich",
        "provider_name": site.name,
        "provider_url": site.base + "/",
        "title": site.name,
        "width": width,
        "height": height,
        "cache_age": 86400,
        "html": iframe(site, filters.canonical(query.filter), language, width, height),
    }
    headers = {"Cache-Control": "public, max-age=86400", **_OPEN}
    return JSONResponse(told, headers=headers)


async def builder(request: Request) -> Response:
    """`GET /badda-in`: choose, see it, copy the code."""
    desk, language = desk_of(request), language_of(request)
    query = filters.parse(request.url.query, language=language, strict=False)
    wanted, canonical, today = query.filter, filters.canonical(query.filter), desk.today()
    theme, wrong = framing.theme(request.query_params.getlist("theme"))
    known = {"theme", "sida", form.PLACE, form.DISTANCE}
    wrong = (*[one for one in query.mistakes if one.key not in known and one.meant], *wrong)

    def build(shelf: Shelf) -> bytes:
        told = {
            "wrong": mistakes.told([*wrong, *mistakes.unknown(wanted, shelf, desk.site)], language),
            "bar": bar.bar(
                shelf,
                wanted,
                desk.site,
                language,
                today,
                path="/badda-in",
                dated=False,
                opened=not canonical,
                query=replace(query, filter=Filter(), ignored=()),  # what else is wrong is told beside the code
                more=framing.selects(wanted, theme, language),
            ),
            "frame": iframe(desk.site, canonical, language, None, framing.height(wanted.limit), theme),
            "script": loaded(desk.site),
            "theme": theme,
            "themes": {name: _themed(language, canonical, name) for name in framing.THEMES},
            "origin": _origin(desk.site.base),
            "rows": list(manual.rows(language, embedded=True)),
            "component": component(desk.site, filters.pairs(wanted), language),
            "fragment": _address(desk.site, "/embed.html", canonical, language),
            "preview": _address(desk.site, "/embed", canonical, language, theme).removeprefix(desk.site.base),
        }
        return render(request, "builder.html", "/badda-in", language, told, query=canonical)

    return await ready(
        request,
        ("builder", language, query.seen, theme, wrong),
        HTML,
        build,
        cache=answer.PAGE,
        policy=answer.POLICY,
    )


def iframe(
    site: Site, canonical: str, language: str, width: int | None, height: int, theme: str = framing.THEMES[0]
) -> str:
    """The code of the frame. Attributes say what the style says, for pages whose policy refuses styles in markup."""
    source = escape(_address(site, "/embed", canonical, language, theme))
    wide = f"{width}px" if width else "100%"
    size = f'width="{width or wide}" height="{height}" frameborder="0" style="border:0;width:{wide};max-width:100%"'
    return f'<iframe src="{source}" title="{escape(site.name)}" {size} loading="lazy"></iframe>'


def component(site: Site, pairs: list[tuple[str, str]], language: str) -> str:
    """The code of the web component, with a plain link inside for when it can't run."""
    keys: dict[str, list[str]] = {}
    for key, value in [*pairs, ("lang", language)]:
        keys.setdefault(key, []).append(value)
    told = "".join(f' {key}="{escape(",".join(values))}"' for key, values in keys.items())
    link = f'<a href="{escape(site.base + twin("/", language))}">{escape(site.name)}</a>'
    return f'{loaded(site)}\n<evenemang-lista src="{escape(site.base)}"{told}>{link}</evenemang-lista>'


def loaded(site: Site) -> str:
    """The code that loads the component, and by which frames of ours get their height."""
    return f'<script type="module" src="{escape(site.base)}/embed.js"></script>'


def _themed(language: str, canonical: str, theme: str) -> str:
    """This page with another colour of the frame."""
    asked = f"theme={theme}" if theme != framing.THEMES[0] else ""
    query = "&".join(filter(None, [canonical, asked]))
    return twin("/badda-in", language) + (f"?{query}" if query else "")


def _origin(base: str) -> str:
    """What a policy names: scheme, host and port."""
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.netloc}"


def _build(
    request: Request, query: Query, now: datetime, template: str, context: dict[str, Any], more: Sequence[Mistake] = ()
) -> Build:
    desk, wanted, language = desk_of(request), query.filter, query.language

    def build(shelf: Shelf) -> bytes:
        found = select(shelf, wanted, list_span(wanted, now.date()))
        dated, runs = foremost(found, wanted, now, wanted.limit or framing.SHOWN)
        canonical = filters.canonical(wanted)
        told = context | {
            "cards": [cards.card(entry, desk.site, language, now.date()) for entry in dated],
            "runs": [cards.card(entry, desk.site, language, now.date()) for entry in runs],
            "all": desk.site.link("/", language) + (f"?{canonical}" if canonical else ""),
            "nothing": say(language, "nothing"),
            "wrong": mistakes.told([*query.mistakes, *more, *mistakes.unknown(wanted, shelf, desk.site)], language),
        }
        return render(request, template, "/embed", language, told)

    return build


def _query(request: Request, also: Sequence[str] = ()) -> Query:
    return filters.parse(request.url.query, language=desk_of(request).site.language, strict=False, also=also)


def _address(site: Site, path: str, canonical: str, language: str, theme: str = framing.THEMES[0]) -> str:
    parts = [canonical, f"lang={language}" if language != site.language else ""]
    query = "&".join(filter(None, [*parts, f"theme={theme}" if theme != framing.THEMES[0] else ""]))
    return f"{site.base}{path}" + (f"?{query}" if query else "")


def _least(given: str | None, most: int) -> int:
    return min(int(given), most) if given and given.isascii() and given.isdigit() and 0 < len(given) < 6 else most


ROUTES = [
    Route("/embed", frame),
    Route("/embed.html", fragment),
    Route("/embed.json", checked),
    Route("/embed.js", script),
    Route("/oembed", oembed),
    *both("/badda-in", tidied(builder, also=("theme",))),
]

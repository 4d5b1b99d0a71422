"""What operators, monitors and crawlers ask for: `/healthz`, `/metrics`, `/robots.txt`, `/sitemap.xml`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from html import escape
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from aggregator.errors import EvenemangError
from aggregator.render.view import address
from aggregator.shelf import Shelf
from aggregator.state import SourceState
from aggregator.web import answer
from aggregator.web.api import health
from aggregator.web.respond import desk_of, in_thread, ready
from aggregator.web.site import Desk

_SILENT = timedelta(days=2)  # a source without a good answer for so long is said aloud
_MOST_ADDRESSES = 50_000  # of one sitemap (sitemaps.org)
_NO_STORE = {"Cache-Control": "no-store"}
_PRIVATE = ("/staff/", "/en/staff/", "/min-sida", "/en/min-sida")
_BLOCKED = (*_PRIVATE, "/api/", "/embed", "/oembed")


async def healthz(request: Request) -> Response:
    """Whether events can be served, and in sentences what is wrong: 200 with "ok" or "degraded", else 503."""
    desk = desk_of(request)
    try:
        version, moment = await in_thread(desk.store.stamp)
        states = await in_thread(desk.store.sources)
        unsent = await in_thread(_unsent, request)
    except EvenemangError as error:
        return JSONResponse({"status": "unavailable", "problems": [str(error)]}, 503, headers=_NO_STORE)
    problems = _problems(desk, {state.id: state for state in states}) + unsent
    told = {
        "status": "degraded" if problems else "ok",
        "version": version,
        "changed": moment.isoformat(timespec="seconds"),
        "now": desk.clock().isoformat(timespec="seconds"),
        "problems": problems,
        "warnings": list(desk.site.warnings),
    }
    return JSONResponse(told, headers=_NO_STORE)


async def metrics(request: Request) -> Response:
    """Figures for Prometheus."""
    desk = desk_of(request)
    shelf = await desk.catalogue.shelf()
    states = {state.id: state for state in await in_thread(desk.store.sources)}
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(list(_figures(desk, shelf, states))))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST, headers=_NO_STORE)


async def robots(request: Request) -> Response:
    """Everything public may be read; feeds are named, so that no crawler takes them for traps."""
    base = desk_of(request).site.base
    lines = ["User-agent: *", "Allow: /events.ics", "Allow: /events.rss"]
    lines += [f"Disallow: {path}" for path in _BLOCKED] + ["", f"Sitemap: {base}/sitemap.xml", ""]
    return PlainTextResponse("\n".join(lines), headers={"Cache-Control": "public, max-age=3600"})


async def sitemap(request: Request) -> Response:
    """Every event page with the time of its last change."""
    desk = desk_of(request)

    def build(shelf: Shelf) -> bytes:
        view = desk.site.view("sv")
        shown = [entry.event for entry in shelf.entries if entry.shown][-_MOST_ADDRESSES:]
        rows = [
            f"<url><loc>{escape(address(event, view))}</loc><lastmod>{event.changed:%Y-%m-%d}</lastmod></url>"
            for event in shown
        ]
        top = '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        front = f"<url><loc>{escape(desk.site.base)}/</loc></url>"
        return "\n".join([top, front, *rows, "</urlset>\n"]).encode()

    kind = "application/xml; charset=utf-8"
    return await ready(request, ("sitemap",), kind, build, cache=answer.PAGE, policy=answer.DATA_POLICY)


class _Figures:
    """A collector of ready figures."""

    def __init__(self, found: list[Metric]) -> None:
        self._found = found

    def collect(self) -> Iterable[Metric]:
        return self._found


def _figures(desk: Desk, shelf: Shelf, states: dict[str, SourceState]) -> Iterable[Metric]:
    catalogue = desk.catalogue
    answers, octets = catalogue.held
    yield _gauge("evenemang_catalogue_version", "Version of the catalogue that is served", shelf.version)
    yield _gauge("evenemang_events", "Events that are published", sum(entry.shown for entry in shelf.entries))
    yield _gauge("evenemang_prepared_answers", "Answers that are ready", answers)
    yield _gauge("evenemang_prepared_bytes", "Bytes of the answers that are ready", octets)
    yield _counter("evenemang_rendered", "Components of feeds rendered", catalogue.rendered)
    yield _counter("evenemang_render_failures", "Components that could not be rendered", catalogue.skipped)
    yield _counter("evenemang_built", "Answers built", catalogue.built)
    found = Counter(health(source, states.get(id)) for id, source in desk.site.sources.items())
    by_state = GaugeMetricFamily("evenemang_sources", "Sources by how they do", labels=["state"])
    for state, count in sorted(found.items()):
        by_state.add_metric([state], count)
    yield by_state


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


def _counter(name: str, text: str, value: float) -> Metric:
    return CounterMetricFamily(name, text, value=value)


def _problems(desk: Desk, states: dict[str, SourceState]) -> list[str]:
    """What an operator should hear: sources that give nothing, and those that wait for staff."""
    told = []
    for id, source in desk.site.sources.items():
        state = states.get(id)
        how = health(source, state)
        if state is None or how in ("disabled", "new", "fine", "damaged"):
            continue
        if how == "failing" and state.good is not None and desk.clock() - state.good < _SILENT:
            continue
        told.append(f"{source.name} ({id}) is {how}: {_why(state)}")
    return told


def _unsent(request: Request) -> list[str]:
    """Whether letters do not get through, where a mail server is set."""
    desk = desk_of(request)
    if desk.office is None or request.app.state.settings.smtp_url is None:
        return []
    late = desk.office.store.outbox.late(desk.clock())
    return [f"{late} letters could not be handed to the mail server; /staff/utkorg tells why"] if late else []


def _why(state: SourceState) -> str:
    why: Any = state.paused or (state.held and (state.held.detail or state.held.reason)) or state.error
    since = state.failing_since or (state.held and state.held.since)
    return f"{why}, since {since:%Y-%m-%d %H:%M}" if since else str(why)


ROUTES = [
    Route("/healthz", healthz),
    Route("/metrics", metrics),
    Route("/robots.txt", robots),
    Route("/sitemap.xml", sitemap),
]

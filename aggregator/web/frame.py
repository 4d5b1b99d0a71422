"""What stands around every page: names, links, language, discovery. Holds no content of its own."""

from __future__ import annotations

from functools import partial
from typing import Any

from markupsafe import Markup, escape
from starlette.requests import Request

from aggregator.render import FORMATS
from aggregator.web import assets, filters
from aggregator.web.respond import desk_of
from aggregator.web.site import twin
from aggregator.web.words import say

_NAV = (
    ("/", "nav-list"),
    ("/vecka", "nav-week"),
    ("/manad", "nav-month"),
    ("/prenumerera", "nav-subscribe"),
)
_BY_DAYS = ("/",)  # the pages whose days the filter chooses; the others have days of their own, or none
_OFFER = (("/lamna-evenemang", "nav-offer"),)  # where there is somebody to take it
_OFFER_FOOT = (("/lamna-kalla", "nav-offer-source"), ("/min-sida", "nav-mine"), ("/riktlinjer", "nav-guidelines"))
_FOOT = (
    ("/badda-in", "nav-embed"),
    ("/kallor", "nav-sources"),
    ("/om", "nav-about"),
    ("/tillganglighet", "nav-accessibility"),
    ("/integritet", "nav-privacy"),
)


def frame(request: Request, path: str, language: str, query: str = "") -> dict[str, Any]:
    """The context of `base.html`. `path` is the page's Swedish path, or its full path in its own language."""
    desk = desk_of(request)
    site, takes = desk.site, desk.office is not None
    plain = path.removeprefix("/en") or "/"
    tail = f"?{query}" if query else ""
    other = "en" if language == "sv" else "sv"
    return {
        "t": partial(say, language),
        "language": language,
        "site": site,
        "own": _own(site.language, language),
        "contact": _contact(site.contact or ""),
        "root": twin("/", language).rstrip("/"),
        "home": twin("/", language),
        "css": assets.link(request.app.state.assets, "evenemang.css"),
        "icon": assets.link(request.app.state.assets, "icon.svg"),
        "canonical": f"{site.base}{twin(plain, language)}{tail}",
        "twins": {"sv": f"{site.base}{plain}{tail}", "en": f"{site.base}{twin(plain, 'en')}{tail}"},
        "other": other,
        "other_url": f"{twin(plain, other)}{tail}",
        "nav": [*_views(plain, language, query), *(_links(_OFFER, plain, language) if takes else [])],
        "foot": _links((*_OFFER_FOOT, *_FOOT) if takes else _FOOT, plain, language),
        "alternates": _alternates(site.base, query, language, site.language),
        "query": query,
        "lasting": filters.undated(query),
        "takes": takes,
        "told_now": next((warning for warning in site.warnings if "NOW" in warning), ""),
    }


def _own(told: str, page: str) -> Markup:
    """The attribute for names of the town, which are in its language."""
    return Markup(' lang="{}"').format(told) if told != page else Markup("")


def _contact(told: str) -> Markup:
    """The contact as a link, if it is an address; empty without one."""
    if told.startswith(("https://", "http://")):
        return Markup('<a href="{0}">{0}</a>').format(told)
    if "@" in told and not set(told) & set(" <>,;?"):
        return Markup('<a href="mailto:{0}">{0}</a>').format(told)
    return escape(told)


def feed_url(base: str, extension: str, query: str, language: str, default: str) -> str:
    """The address of a feed with a page's filter."""
    parts = [query] if query else []
    parts += [f"lang={language}"] if language != default else []
    return f"{base}/events.{extension}" + (f"?{'&'.join(parts)}" if parts else "")


def _alternates(base: str, query: str, language: str, default: str) -> list[tuple[str, str, str]]:
    """Media type, address and format name of each feed with the page's filter."""
    return [
        (form.content_type.partition(";")[0], feed_url(base, extension, query, language, default), extension)
        for extension, form in FORMATS.items()
    ]


def _views(here: str, language: str, query: str) -> list[dict[str, Any]]:
    """The views of the calendar, each with the filter of this page; the one that is open leads to itself without it."""
    views = _links(_NAV, here, language)
    for view, (path, _) in zip(views, _NAV, strict=True):
        kept = query if path in _BY_DAYS else filters.undated(query)
        if kept and not view["here"]:
            view["url"] = f"{view['url']}?{kept}"
    return views


def _links(table: tuple[tuple[str, str], ...], here: str, language: str) -> list[dict[str, Any]]:
    return [
        {"url": twin(path, language), "label": say(language, word), "here": _inside(here, path)} for path, word in table
    ]


def _inside(here: str, path: str) -> bool:
    return here == path or (path != "/" and here.startswith(path + "/"))

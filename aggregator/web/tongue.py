"""Which language the words of an event are in, where it is not the page's: `lang` for them (WCAG 2.2, 3.1.2). Pure.

It reads no text to guess its language. What an event is held in ("Sagostund på arabiska") is not what it is told in.
"""

from __future__ import annotations

import re

from aggregator.model import Content
from aggregator.slugs import slug
from aggregator.web.site import Site

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")  # as much of BCP 47 as sources use
# A title that names the language of the happening is itself told in the one that has this word for it.
_NAMED = (("sv", re.compile(r"\bpå (?:\w+ska|dari)\b", re.I)), ("en", re.compile(r"\bin [A-Z]\w+(?:ish|ic|ian|ali)\b")))


def of_event(content: Content, site: Site, page: str) -> str:
    """The language of title and description, "" where it is the page's: as its source told, else the town's."""
    named = next((tongue for tongue, pattern in _NAMED if pattern.search(content.title)), None)
    told = named or content.language or ""
    return _other(told if _TAG.fullmatch(told) else site.language, page)


def of_town(site: Site, page: str) -> str:
    """The language of names of places, organizers and sources, "" where it is the page's."""
    return _other(site.language, page)


def of_word(name: str, site: Site, page: str) -> str:
    """The language of a category or an audience: the page's where the vocabulary knows it, else the town's."""
    known = page == "en" and slug(name) in site.english
    return "" if known else of_town(site, page)


def _other(told: str, page: str) -> str:
    return "" if told.partition("-")[0].lower() == page else told

"""What a page says of the parts of its filter that mean nothing: left out, turned round, or naming nothing. Pure.

Pages are lenient where feeds and the API refuse (`filters`); but nothing is left out silently.
"""

from __future__ import annotations

from collections.abc import Mapping

from aggregator.selection import Filter
from aggregator.shelf import Shelf
from aggregator.web.filters import PLACE, Query
from aggregator.web.mistakes import naming_nothing
from aggregator.web.site import Site
from aggregator.web.words import label, say

_LONGEST = 40  # characters of a value that is told
_NOTES: Mapping[str, str] = {
    "from": "ignored-day",
    "to": "ignored-day",
    "age": "ignored-age",
    "q": "ignored-text",
    "not": "ignored-text",
    PLACE: "ignored-place",
}


def notes(query: Query, language: str) -> list[str]:
    """A sentence for each part of a query that is not taken as it stands."""
    turned = [say(language, "note-turned")] if query.turned else []
    told = [_note(key, value, language) for key, value in query.ignored]
    return [*turned, *dict.fromkeys(told)]


def unknown(shelf: Shelf, wanted: Filter, site: Site, language: str) -> list[str]:
    """A sentence for each id of a filter that names nothing."""
    return [
        say(language, f"unknown-{key}", value=label(key, value, site, shelf.labels, language))
        for key, value in naming_nothing(wanted, shelf, site)
    ]


def _note(key: str, value: str, language: str) -> str:
    cut = value if len(value) <= _LONGEST else value[: _LONGEST - 1].rstrip() + "…"
    return say(language, _NOTES.get(key, "ignored"), named=key, value=cut)

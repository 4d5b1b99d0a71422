"""What an answer would be better with: a public address, ends, places, a zone. Pure; the words are in `remedies`.

Hints and no faults: an answer without ends is read and shown all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from aggregator.model import Counts, Listing, Problem

SHARE = 0.5  # of the events; fewer without an end or a place are as their organizer means them
_FIND = frozenset({"html-page", "not-a-feed", "empty", "error-page", "no-events", "no-event-pages", "pdf", "image"}) | {
    "archive",
    "json-unknown",
    "xml-unknown",
    "no-calendars",
}
_OPEN = frozenset({"login-page", "consent-page", "refused-by-site", "private"})
_ZONE = frozenset({"unknown-zone"})
_UIDS = frozenset({"uid-shared", "told-twice"})
_UNDATED = "no-event-date"
_MARKUP = frozenset({"title-markup"})
HOUR = "hour"  # the times are off by hours: who matches finds that out, see `offsets` and `shifts`


def needs(
    code: str,
    problems: Iterable[Problem],
    told: Collection[Listing],
    counts: Counts = Counts(),  # noqa: B008 - a frozen value
    *,
    renumbered: bool = False,
) -> tuple[str, ...]:
    """What is to be mended, as keys of `remedies`, the most urgent first.

    `code` is that of an answer that could not be read, empty for one that was; `told` are its listings. `renumbered`:
    it tells known events under new UIDs.
    """
    codes = {code} | {problem.code for problem in problems}
    news = not told and _UNDATED in codes  # a feed, but none of events
    found = [
        ("open", bool(codes & _OPEN)),
        ("news", news),
        ("find", bool(codes & _FIND) or not (news or code or told or counts.read)),
        ("past", bool(counts.past) and not (counts.inside or counts.beyond)),
        ("zone", bool(codes & _ZONE)),
        ("uids", bool(codes & _UIDS)),
        ("renumbered", renumbered),
        ("ends", _mostly(told, lambda x: isinstance(x.when.start, datetime) and x.when.end is None)),
        ("places", _mostly(told, lambda x: x.location is None)),
        ("markup", bool(codes & _MARKUP)),
        ("kinds", _mostly(told, lambda x: not x.categories)),
    ]
    return tuple(name for name, true in found if true)


def _mostly(told: Collection[Listing], fits: Callable[[Listing], bool]) -> bool:
    return bool(told) and sum(map(fits, told)) > SHARE * len(told)

"""Which events a filter means. Pure: a shelf, a filter and a local date give a list, always the same.

It parses no query (`web.filters` does) and renders nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import reduce
from operator import and_, or_

from aggregator.found import Found
from aggregator.index import Index, members, set_of
from aggregator.model import Geo, Layer, Status
from aggregator.places import metres
from aggregator.search import meets, needles, telling
from aggregator.shelf import Entry, Shelf

PAST_DAYS = 14  # what a feed shows when nobody asks: the last days, so that clients keep what just was …
AHEAD_DAYS = 180  # … and the coming half year, which keeps a town's feed near 1 MB
NEWS_LIMIT = 100  # entries of a feed that is read newest first

UNTIL = timedelta(hours=3)  # how long an event that states no end is taken to last, where a page asks what is over

_MEMOS = 64  # spans kept with a shelf
_SATURDAY = 5
_HOURS = {"morning": range(12), "day": range(12, 17), "evening": range(17, 24)}
_ANY_OF = {
    "scheduled": (Status.SCHEDULED,),
    "cancelled": (Status.CANCELLED,),
    "moved": (Status.MOVED, Status.MOVED_ONLINE),
    "postponed": (Status.POSTPONED,),
    "tentative": (Status.TENTATIVE,),
}


@dataclass(frozen=True, slots=True)
class Near:
    """Within `km` kilometres of a point."""

    point: Geo
    km: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A filter, canonical: sorted, folded, defaults as None or empty. Several values of one key mean *or*.

    `first` and `last` are local dates, both included. `days` counts from `first`, else from today. `ids` holds
    the keys whose values are ids (category, audience, place, organizer, source, series). `text` is one group
    of words for each `q`; all words of one group must be there. `without` are words of which none may be. `typed` is
    how a group was written, where a page should know; two filters that differ in nothing else are equal.
    """

    first: date | None = None
    last: date | None = None
    days: int | None = None
    ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    text: tuple[tuple[str, ...], ...] = ()
    without: tuple[str, ...] = ()
    ages: tuple[int, ...] = ()
    free: bool = False
    accessible: bool = False
    time: tuple[str, ...] = ()
    layer: str = "leisure"
    ongoing: str = "yes"
    dates: str | None = None
    status: tuple[str, ...] = ()
    cancelled: str = "marked"
    near: tuple[Near, ...] = ()
    limit: int | None = None
    typed: Mapping[tuple[str, ...], str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Span:
    """Local days as ordinals, both included; None is open."""

    first: int | None
    last: int | None


def feed_span(wanted: Filter, today: date) -> Span:
    """The days of a feed: what is asked for, else the last 14 and the next 180.

    `from` opens the far end, `to` keeps the near one unless it lies before it; a `limit` without `from` begins
    today, since its few places are for what comes.
    """
    first, last = _asked(wanted, today)
    if first is None:
        first = today if wanted.limit else today - timedelta(days=PAST_DAYS)
        first = None if last is not None and last < first else first
        last = last or today + timedelta(days=AHEAD_DAYS)
    return Span(first.toordinal() if first else None, last.toordinal() if last else None)


def list_span(wanted: Filter, today: date) -> Span:
    """The days of a page or of the API: from today on unless asked for otherwise."""
    first, last = _asked(wanted, today)
    first = first or (today if last is None or last >= today else None)
    return Span(first.toordinal() if first else None, last.toordinal() if last else None)


def select(shelf: Shelf, wanted: Filter, span: Span) -> Found:
    """The published events of a filter in order of start, then id. `limit` and `dates` are not applied here."""
    return all_of(shelf, wishes(shelf, wanted, span))


def matching(shelf: Shelf, wanted: Filter, span: Span) -> Found:
    """As `select`, with what was withdrawn: what left a feed changes the feed."""
    return all_of(shelf, wishes(shelf, wanted, span), without="shown")


def all_of(shelf: Shelf, wished: Mapping[str, int], without: str = "") -> Found:
    """What fulfils all wishes, but for one that is not asked for."""
    return Found(shelf, reduce(and_, [told for name, told in wished.items() if name != without], shelf.alive))


def wishes(shelf: Shelf, wanted: Filter, span: Span) -> dict[str, int]:
    """A set of entries for the days, for what is published, and for each key of the filter that asks for something."""
    always = {"days": _within_days(shelf, span), "shown": shelf.index.bearing("shown", True)}
    return always | dict(_keys(shelf, wanted, span))


def at_times(shelf: Shelf, name: str, span: Span) -> int:
    """The set of entries of a name of `time`. `weekend`: one of its days inside the span is a Saturday or Sunday; the
    others: the hour of its start."""
    if name != "weekend":
        return shelf.index.any_of("hour", _HOURS[name])
    ends = shelf.index.any_of("weekday", (_SATURDAY, _SATURDAY + 1))
    return ends & ~_long(shelf) | _of_long(shelf, lambda e: _over_weekend(e, span))


def unplaced(shelf: Shelf, wanted: Filter, span: Span) -> int:
    """How many events fit all of a filter but its `near`, and have no position by which that could be told."""
    rest = all_of(shelf, wishes(shelf, wanted, span), without="near").set if wanted.near else 0
    return (rest & shelf.index.bearing("geo", None)).bit_count()


def once_a_series(entries: Sequence[Entry], today: date) -> list[Entry]:
    """Each series told once: by its next date from today on, else by its last one."""
    kept: dict[str, Entry] = {}
    for entry in entries:
        key = entry.event.series or entry.event.id
        if key not in kept or kept[key].last < today.toordinal():
            kept[key] = entry
    return list(kept.values())


def over(entry: Entry, now: datetime) -> bool:
    """Whether the event has ended at a local instant; days and runs end with their last day."""
    when = entry.event.content.when
    if entry.ongoing or not isinstance(when.start, datetime):
        return entry.last < now.toordinal()
    end = when.end if isinstance(when.end, datetime) else when.start + UNTIL
    return end.timestamp() <= now.timestamp()


def newest_first(entries: Iterable[Entry]) -> list[Entry]:
    """Newest told first; what was told in one moment by its start, so that what is near stands first."""
    return sorted(entries, key=lambda entry: (-entry.event.told.timestamp(), entry.order))


def names_nothing(shelf: Shelf, wanted: Filter) -> bool:
    """Whether some key names only ids that no published event has (any more)."""
    shown = shelf.alive & shelf.index.bearing("shown", True)
    return any(not shelf.index.any_of(key, values) & shown for key, values in wanted.ids.items())


def _asked(wanted: Filter, today: date) -> tuple[date | None, date | None]:
    first, last = wanted.first, wanted.last
    if wanted.days is not None:
        first = first or today
        end = first + timedelta(days=wanted.days - 1)
        last = min(last, end) if last else end
    return first, last


def _keys(shelf: Shelf, wanted: Filter, span: Span) -> Iterator[tuple[str, int]]:
    """Each key of the filter with its set; what it keeps out is the rest of a set."""
    index = shelf.index
    if wanted.layer != "all":
        yield "layer", index.bearing("layer", Layer(wanted.layer))
    if wanted.ongoing != "yes":
        yield "ongoing", index.bearing("ongoing", wanted.ongoing == "only")
    for key, values in wanted.ids.items():
        yield key, index.any_of(key, values)
    if wanted.status:
        yield "status", index.any_of("status", [state for name in wanted.status for state in _ANY_OF[name]])
    if wanted.cancelled == "omit":
        yield "cancelled", ~index.bearing("status", Status.CANCELLED)
    if wanted.time:
        yield "time", reduce(or_, [at_times(shelf, name, span) for name in wanted.time])
    yield from _facts(index, wanted)
    yield from _words(index, wanted)


def _facts(index: Index[Entry], wanted: Filter) -> Iterator[tuple[str, int]]:
    if wanted.free:
        yield "free", index.bearing("free", True)
    if wanted.accessible:
        yield "accessible", index.bearing("accessible", True)
    if wanted.ages:
        yield "age", index.where("age", lambda told: any(_suits(told, age) for age in wanted.ages))
    if wanted.near:
        yield "near", index.where("geo", lambda point: any(_within(point, near) for near in wanted.near))


def _words(index: Index[Entry], wanted: Filter) -> Iterator[tuple[str, int]]:
    """The words that must be there, and those that must not."""
    if wanted.text:
        groups = [reduce(and_, [_saying(index, word) for word in telling(group)]) for group in wanted.text]
        yield "q", reduce(or_, groups)
    if wanted.without:
        yield "not", ~reduce(or_, [_saying(index, word) for word in wanted.without])


def _saying(index: Index[Entry], word: str) -> int:
    return index.saying(needles(word), lambda said: meets(said, word))


def _within_days(shelf: Shelf, span: Span) -> int:
    """The set of entries with a day in a span; kept with the shelf, since most filters of one day share it."""
    known: int | None = shelf.memo.get(span)
    if known is None:
        first, last = span.first or 0, span.last or date.max.toordinal()
        begun = shelf.index.where("begins", lambda day: isinstance(day, int) and first <= day <= last)
        spread = _of_long(shelf, lambda e: e.last >= first and e.first <= last)
        known = begun | spread if first <= last else 0
        if len(shelf.memo) < _MEMOS:
            shelf.memo[span] = known
    return known


def _long(shelf: Shelf) -> int:
    return shelf.index.bearing("long", True) & shelf.alive


def _of_long(shelf: Shelf, test: Callable[[Entry], bool]) -> int:
    """The set of those entries of several days that pass a test."""
    return set_of([slot for slot in members(_long(shelf)) if test(shelf.index.things[slot])])


def _suits(told: object, age: int) -> bool:
    if not isinstance(told, tuple):
        return True
    low, high = told
    return bool(low <= age and (high is None or age <= high))


def _within(point: object, near: Near) -> bool:
    return isinstance(point, Geo) and metres(point, near.point) <= near.km * 1000


def _over_weekend(entry: Entry, span: Span) -> bool:
    first = max(entry.first, span.first or entry.first)
    last = min(entry.last, span.last or entry.last)
    return (first - 1) % 7 + last - first >= _SATURDAY  # day 1 of the calendar was a Monday

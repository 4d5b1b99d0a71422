"""Which events a filter means. Pure: a shelf, a filter and a local date give a list, always the same.

It parses no query (`web.filters` does) and renders nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from aggregator.model import Geo, Layer, Status
from aggregator.places import metres
from aggregator.search import holds, needles
from aggregator.shelf import Entry, Shelf

PAST_DAYS = 14  # what a feed shows when nobody asks: the last days, so that clients keep what just was …
AHEAD_DAYS = 180  # … and the coming half year, which keeps a town's feed near 1 MB
NEWS_LIMIT = 100  # entries of a feed that is read newest first

UNTIL = timedelta(hours=3)  # how long an event that states no end is taken to last, where a page asks what is over

_MEMOS = 64  # selections kept with a shelf
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
    of words for each `q`; all words of one group must be there. `without` are words of which none may be.
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


@dataclass(frozen=True, slots=True)
class Span:
    """Local days as ordinals, both included; None is open."""

    first: int | None
    last: int | None


_Test = Callable[[Entry], bool]


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


def select(shelf: Shelf, wanted: Filter, span: Span) -> Sequence[Entry]:
    """The published events of a filter in order of start, then id. `limit` and `dates` are not applied here."""
    found = _base(shelf, span, wanted.layer, wanted.ongoing)
    for test in _tests(wanted, span):
        found = [entry for entry in found if test(entry)]
    return found


def matching(shelf: Shelf, wanted: Filter, span: Span) -> Sequence[Entry]:
    """As `select`, with what was withdrawn: what left a feed changes the feed."""
    found = _within_days(shelf.entries, span, wanted.layer, wanted.ongoing)
    for test in _tests(wanted, span):
        found = [entry for entry in found if test(entry)]
    return found


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
    shown = [entry for entry in shelf.entries if entry.shown]
    return any(not any(_has(key, values)(e) for e in shown) for key, values in wanted.ids.items())


def _asked(wanted: Filter, today: date) -> tuple[date | None, date | None]:
    first, last = wanted.first, wanted.last
    if wanted.days is not None:
        first = first or today
        end = first + timedelta(days=wanted.days - 1)
        last = min(last, end) if last else end
    return first, last


def _base(shelf: Shelf, span: Span, layer: str, ongoing: str) -> list[Entry]:
    """The published entries of some days, a layer and a kind: what most filters of one day begin with."""
    key = ("base", span, layer, ongoing)
    known: list[Entry] | None = shelf.memo.get(key)
    if known is None:
        known = [entry for entry in _within_days(shelf.entries, span, layer, ongoing) if entry.shown]
        if len(shelf.memo) < _MEMOS:
            shelf.memo[key] = known
    return known


def _within_days(entries: Iterable[Entry], span: Span, layer: str, ongoing: str) -> list[Entry]:
    first, last = span.first or 0, span.last or date.max.toordinal()
    if first > last:
        return []
    found = [entry for entry in entries if entry.last >= first and entry.first <= last]
    if layer != "all":
        wanted = Layer(layer)
        found = [entry for entry in found if entry.layer is wanted]
    if ongoing != "yes":
        only = ongoing == "only"
        found = [entry for entry in found if entry.ongoing is only]
    return found


def _tests(wanted: Filter, span: Span) -> Iterable[_Test]:
    """What the filter asks for beside days, layer and kind; only what it asks for, the cheap ones first."""
    for key, values in wanted.ids.items():
        yield _has(key, values)
    if wanted.status:
        states = frozenset(state for name in wanted.status for state in _ANY_OF[name])
        yield lambda e: e.event.content.status in states
    if wanted.cancelled == "omit":
        yield lambda e: e.event.content.status is not Status.CANCELLED
    yield from _facts(wanted)
    if wanted.time:
        yield lambda e: any(_at(e, name, span) for name in wanted.time)
    yield from _words(wanted)


def _words(wanted: Filter) -> Iterable[_Test]:
    """The words that must be there, and those that must not; one word of one form is the common case, and fast."""
    if len(wanted.text) == 1:
        for word in wanted.text[0]:
            yield _holding(word)
    elif wanted.text:
        yield lambda e: any(all(holds(e.hay, word) for word in group) for group in wanted.text)
    for word in wanted.without:
        yield _lacking(word)


def _holding(word: str) -> _Test:
    forms = needles(word)
    if len(forms) == 1:
        form = forms[0]
        return lambda e: form in e.hay
    return lambda e: holds(e.hay, word)


def _lacking(word: str) -> _Test:
    held = _holding(word)
    return lambda e: not held(e)


def _facts(wanted: Filter) -> Iterable[_Test]:
    if wanted.free:
        yield lambda e: e.event.content.price is not None and e.event.content.price.free is True
    if wanted.accessible:
        yield lambda e: e.event.content.accessible is True
    if wanted.ages:
        yield lambda e: any(_suits(e, age) for age in wanted.ages)
    if wanted.near:
        yield lambda e: any(_within(e, near) for near in wanted.near)


def _has(key: str, values: Sequence[str]) -> _Test:
    if len(values) == 1:
        value = values[0]
        return lambda e: value in e.ids[key]
    asked = frozenset(values)
    return lambda e: not asked.isdisjoint(e.ids[key])


def _suits(entry: Entry, age: int) -> bool:
    if entry.event.content.age is None:
        return True
    low, high = entry.event.content.age
    return low <= age and (high is None or age <= high)


def _within(entry: Entry, near: Near) -> bool:
    where = entry.event.content.location
    return where is not None and where.geo is not None and metres(where.geo, near.point) <= near.km * 1000


def _at(entry: Entry, name: str, span: Span) -> bool:
    """`weekend`: one of its days inside the asked span is a Saturday or Sunday. The others: its start's hour."""
    if name != "weekend":
        return entry.hour is not None and entry.hour in _HOURS[name]
    first = max(entry.first, span.first or entry.first)
    last = min(entry.last, span.last or entry.last)
    return (first - 1) % 7 + last - first >= _SATURDAY  # day 1 of the calendar was a Monday

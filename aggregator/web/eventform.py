"""The fields of one event: what was typed → `OfferedEvent`, and back again to be corrected. Knows no request."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aggregator.model import OfferedEvent, When
from aggregator.text import clean_url
from aggregator.web.forms import Form

ROWS = 1  # dates that the form shows at first: most events have one
MORE = 3  # how many it gets when asked for more
MOST = 100  # dates of one event
FARTHEST = timedelta(days=3 * 366)  # later than this is a slip of the year
SPAN = 31  # days that one date may last; what is on for longer has an address of its own
TITLE, SHORT, LINK, TEXT = 150, 120, 500, 4000
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_HOUR = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?")


@dataclass(frozen=True, slots=True)
class Row:
    """One date as it was typed. `number` is its place in the form, from 1."""

    number: int
    day: str = ""
    begins: str = ""
    ends: str = ""
    last: str = ""
    off: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing was typed."""
        return not (self.day or self.begins or self.ends or self.last)


def rows(form: Form) -> list[Row]:
    """The dates as they were typed; empty ones between others are left out."""
    columns = [form.many(name, 20) for name in ("dag", "fran", "till", "sista")]
    off = set(form.many("installt", 3))
    count = min(max(map(len, columns), default=0), MOST)
    told = [[_at(column, n) for column in columns] for n in range(count)]
    found = [Row(n, day, begins, ends, last, str(n) in off) for n, (day, begins, ends, last) in enumerate(told, 1)]
    return [row for row in found if not row.empty]


def shown(form: Form, more: int = 0) -> list[Row]:
    """The dates of the form with empty ones behind them."""
    told = rows(form)
    count = max(ROWS, len(told) + more, 1)
    return [Row(n + 1, r.day, r.begins, r.ends, r.last, r.off) for n, r in enumerate(told)] + [
        Row(n + 1) for n in range(len(told), min(count, MOST))
    ]


def read(form: Form, zone: ZoneInfo, today: date, *, over: bool = False) -> OfferedEvent:
    """The event that was filled in; what can't be taken is noted in the form. `over`: it may be past."""
    dates = list(_dates(form, zone, today))
    if dates and not over and all(when.last_day(zone) < today for when, _ in dates):
        form.refuse("dag-1", "event-over")
    title, place = form.text("rubrik", TITLE), form.text("plats", SHORT)
    for name, value in (("rubrik", title), ("plats", place), ("arrangor", form.text("arrangor", SHORT))):
        if not value:
            form.refuse(name, "form-missing")
    return OfferedEvent(
        title=title,
        dates=tuple(when for when, _ in dates),
        cancelled=tuple(when for when, off in dates if off),
        place=place,
        address=form.text("gata", SHORT),
        organizer=form.text("arrangor", SHORT),
        description=form.text("beskrivning", TEXT, lines=True),
        url=_link(form),
        price=form.text("pris", SHORT),
        age=form.text("alder", 20),
        audience=form.text("malgrupp", 40),
        categories=tuple(value for value in (form.text("kategori", 40),) if value),
        note=form.text("meddelande", 1000, lines=True),
    )


def filled(event: OfferedEvent, zone: ZoneInfo) -> Form:
    """The form with the words of an event, to be corrected."""
    off = {when.start for when in event.cancelled}
    every = sorted({w.start: w for w in (*event.cancelled, *event.dates)}.values(), key=lambda w: w.start.isoformat())
    told: dict[str, Sequence[str]] = {
        "rubrik": [event.title],
        "dag": [_local(w.start, zone)[:10] for w in every],
        "fran": [_local(w.start, zone)[11:] for w in every],
        "till": [_local(w.end, zone)[11:] if w.end else "" for w in every],
        "sista": [_last(w, zone) for w in every],
        "installt": [str(n) for n, w in enumerate(every, 1) if w.start in off],
        "plats": [event.place],
        "gata": [event.address],
        "arrangor": [event.organizer],
        "beskrivning": [event.description],
        "lank": [event.url],
        "pris": [event.price],
        "alder": [event.age],
        "malgrupp": [event.audience],
        "kategori": list(event.categories[:1]),
        "meddelande": [event.note],
    }
    return Form(told)


def first_when(day: str, begins: str, zone: ZoneInfo) -> When | None:
    """The time of one date that is being typed; None where it is none yet."""
    try:
        return _when(Row(1, day, begins), zone)
    except ValueError:
        return None


def _dates(form: Form, zone: ZoneInfo, today: date) -> Iterator[tuple[When, bool]]:
    told = rows(form)
    if not told:
        form.refuse("dag-1", "form-missing")
    seen = set()
    for row in told:
        try:
            when = _when(row, zone)
        except ValueError as error:
            form.refuse(f"dag-{row.number}", str(error))
            continue
        if when.first_day(zone) > today + FARTHEST:
            form.refuse(f"dag-{row.number}", "event-too-far")
        if when.start not in seen:
            seen.add(when.start)
            yield when, row.off


def _when(row: Row, zone: ZoneInfo) -> When:
    """The time of a row. Raises ValueError with the key of a sentence."""
    first = _day(row.day, "event-day-wrong")
    last = _day(row.last, "event-last") if row.last else first
    if not first <= last <= first + timedelta(days=SPAN):
        raise ValueError("event-last")
    begins, ends = _hour(row.begins), _hour(row.ends)
    if begins is None:
        if ends is not None:
            raise ValueError("event-begins")
        return When(first, last if last > first else None)
    start = datetime.combine(first, begins, zone)
    if ends is None:
        if last > first:
            raise ValueError("event-ends")
        return When(start)
    end = datetime.combine(last, ends, zone)
    if last == first and ends < begins:
        end = datetime.combine(first + timedelta(days=1), ends, zone)  # into the night
    if end.timestamp() <= start.timestamp():
        raise ValueError("event-ends")
    return When(start, end)


def _day(typed: str, wrong: str) -> date:
    found = _DAY.fullmatch(typed)
    if found is None:
        raise ValueError(wrong)
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        raise ValueError(wrong) from None


def _hour(typed: str) -> time | None:
    if not typed:
        return None
    found = _HOUR.fullmatch(typed)
    if found is None:
        raise ValueError("event-hour")
    try:
        return time(int(found[1]), int(found[2] or 0))
    except ValueError:
        raise ValueError("event-hour") from None


def _link(form: Form) -> str:
    typed = form.text("lank", LINK)
    link = clean_url(typed) if typed else ""
    if link is None:
        form.refuse("lank", "event-link-wrong")
    return link or ""


def _at(column: Sequence[str], n: int) -> str:
    return column[n] if n < len(column) else ""


def _local(moment: datetime | date, zone: ZoneInfo) -> str:
    """ "2027-01-16T18:30", or the day alone."""
    if not isinstance(moment, datetime):
        return moment.isoformat()
    return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M")


def _last(when: When, zone: ZoneInfo) -> str:
    """The last day, where it can't be told from the hours."""
    first, last = when.first_day(zone), when.last_day(zone)
    if isinstance(when.start, datetime) and isinstance(when.end, datetime) and last == first + timedelta(days=1):
        begins, ends = when.start.astimezone(zone).time(), when.end.astimezone(zone).time()
        return "" if ends < begins else last.isoformat()
    return last.isoformat() if last > first else ""

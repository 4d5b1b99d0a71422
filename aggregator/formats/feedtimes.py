"""Which event an item of a feed tells, if any. The publishing date of an item is never the time of an event.

In this order: members made for it (`ev:`, xCal, Trumba, CivicPlus, Google's `gd:when`), hCalendar in the content,
the title, the text. What is only likely becomes a suggestion for staff; what tells of the past is no event.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo

from aggregator import swedish
from aggregator.formats import hevent
from aggregator.formats.format import Item
from aggregator.formats.stamps import length, moment
from aggregator.model import Context, Draft, Geo, Location, Problem, When
from aggregator.text import clean_text

_STARTS = ("ev_startdate", "xcal_dtstart", "x-trumba_localstart", "x-trumba_startdate", "event_startdate",
           "event_start", "calendarevent_startdate", "dtstart", "startdate", "start_date", "eventstart",
           "eventstartdate",
           "event_date", "eventdate", "start")  # fmt: skip
_ENDS = ("ev_enddate", "xcal_dtend", "x-trumba_localend", "x-trumba_enddate", "event_enddate", "event_end",
         "calendarevent_enddate", "dtend", "enddate", "end_date", "eventend", "eventenddate", "end")  # fmt: skip
_WORDS = (
    ("calendarevent_eventdates", "calendarevent_eventtimes"),
    ("x-trumba_formatteddatetime",),
    ("event_dates", "event_times"),
    ("mec_startdate", "mec_starthour"),  # Modern Events Calendar: "2026-04-18", "6:00 pm"
)
_PLACES = (
    "ev_location",
    "xcal_location",
    "x-trumba_location",
    "calendarevent_location",
    "event_location",
    "mec_location",
    "location",
    "place",
    "venue",
)
_ORGANIZERS = ("ev_organizer", "xcal_organizer", "organizer", "organiser")
_OTHERS = ("xcal_duration", "gd_when", "gd_where", "geo_lat", "geo_long", "georss_point", "ev_type", "xcal_categories",
           "xcal_url", "x-trumba_weblink", "event_url", "where")  # fmt: skip
_KNOWN = frozenset((*_STARTS, *_ENDS, *(name for pair in _WORDS for name in pair), *_PLACES, *_ORGANIZERS, *_OTHERS))
# How a report of what was is headed, whatever day its text tells.
_REPORT = re.compile(
    r"\s*(?:(?:stort?\s|varmt\s)?tack\s(?:för|till|alla|så\smycket|samtliga)|(?:bilder|foton|rapport|referat|resultat|minnen)"
    r"\sfrån|referat\b|så\s(?:gick|var)\s)",
    re.I,
)
# What such a heading tells of has a day and is seldom an event: deadlines, closings, results. Staff decide.
_NOTICE = re.compile(
    r"\b(?:senast|sista\s\w{0,20}dag\w*|(?:håller\s)?stäng(?:er|t|d|da|s)|\w{0,20}avst[äa]ng\w{1,6}|driftst\w+|strömavbrott\w*"
    r"|vägarbete\w*|öppettid\w*|seger\w*|förlust\w*|vann|oavgjort|sök\s(?:bidrag|stöd|stipendi\w+))\b",
    re.I,
)
STALE = timedelta(days=1)  # what begins earlier than the day before it was told is a report

Told = Mapping[str, Any]  # an item as `rss` keeps it


def is_event_member(name: str) -> bool:
    """Whether a member of an item may say something about an event's time or place."""
    return name in _KNOWN


def item(told: Told, context: Context) -> Item:
    """An item, read: drafts (certain or not), or the reason why it is no event."""
    stated = _stated(told, context)
    if stated:
        return Item(drafts=tuple(stated))
    for fragment in (told["content"], told["summary"]):
        found = list(hevent.nodes_of(fragment, told["base"])) if fragment else []
        inner = [hevent.item(node, told["base"], context) for node in found]
        drafts = [_filled(draft, told) for entry in inner for draft in entry.drafts]
        if drafts:
            return Item(drafts=tuple(drafts))
    return _from_prose(told, context)


def _stated(told: Told, context: Context) -> list[Draft]:
    """Times in members that are made for them."""
    extra: Told = told["extra"]
    google = extra.get("gd_when")
    when: Told = google if isinstance(google, Mapping) else {}
    word = _first(extra, _STARTS) or _text(when.get("starttime"))
    start = _moment(word, context)
    if start is not None:
        lasting = length(_text(extra.get("xcal_duration")))
        end = _moment(_first(extra, _ENDS) or _text(when.get("endtime")), context) or (
            start + lasting if lasting else None
        )
        return [
            replace(
                _base(told), start=start, end=_like(start, end), stated_start=word, end_exclusive="xcal_dtend" in extra
            )
        ]
    for names in _WORDS:
        words = " ".join(part for name in names if (part := _text(extra.get(name))))
        found = swedish.read_when(words, today=_day(told, context), zone=ZoneInfo(context.zone)) if words else []
        if found and all(time.sure and not time.relative for time in found):
            return [
                replace(_base(told), start=time.when.start, end=time.when.end, stated_start=words) for time in found
            ]
    return []


def _like(start: datetime | date, end: datetime | date | None) -> datetime | date | None:
    if isinstance(end, datetime) and not isinstance(start, datetime):
        return end.date()
    if isinstance(start, datetime) and isinstance(end, datetime) and (start.tzinfo is None) != (end.tzinfo is None):
        return end.replace(tzinfo=start.tzinfo)
    return end


def _moment(word: str | None, context: Context) -> datetime | date | None:
    if not word:
        return None
    found = moment(word)
    if found is not None:
        return found
    try:
        return parsedate_to_datetime(word[:100])
    except (ValueError, TypeError, IndexError):
        pass
    times = swedish.read_when(word[:100], today=context.now.date(), zone=ZoneInfo(context.zone))
    return times[0].when.start if len(times) == 1 and times[0].sure and not times[0].relative else None


# Prose


def _from_prose(told: Told, context: Context) -> Item:
    title = clean_text(told["title"] or "")
    today = _day(told, context)
    zone = ZoneInfo(context.zone)
    if _REPORT.match(title):
        return Item(problems=(Problem("told-past", title),))
    first = swedish.read_when(title, today=today, zone=zone)
    dated = told["published"] is not None
    decided = any(_sure(time, dated) and not time.when.all_day for time in first)  # then the text is not needed
    body = "" if decided else clean_text(told["content"] or told["summary"] or "", lines=True)
    rest = swedish.read_when(body, today=today, zone=zone)
    times, sure = _chosen(first, rest, dated=dated)
    if sure and len(times) == 1 and times[0].when.all_day:
        times = _with_hour(times[0], swedish.read_when(f"{title}\n{body}", today=today, zone=zone), zone)
    times = [time for time in times if time.when.last_day(zone) >= today - STALE]
    if not times:
        code = "told-past" if first or rest else "no-event-date"
        return Item(problems=(Problem(code, title),))
    notice = sure and _NOTICE.search(title) is not None
    sure = sure and not notice
    base = replace(_base(told), title=swedish.without_times(title) or title, certain=sure)
    drafts = tuple(draft for time in times for draft in _drafts(base, time, context))
    if sure:
        return Item(drafts=drafts)
    if notice:
        return Item(drafts=drafts, problems=(Problem("notice-heading", title),))
    doubts = ", ".join(dict.fromkeys(doubt for time in times for doubt in time.doubts)) or str(len(times))
    return Item(drafts=drafts, problems=(Problem("date-unsure", title, doubts),))


def _chosen(first: list[swedish.Told], rest: list[swedish.Told], *, dated: bool) -> tuple[list[swedish.Told], bool]:
    """The times that count, and whether they can be trusted.

    A title that tells a sure time tells an event. A text does so only if it tells exactly one, with its hour: an
    article that names several days may announce all of them, or none.
    """
    titled = [time for time in first if _sure(time, dated)]
    hours = [time for time in rest if _sure(time, dated) and not time.when.all_day]
    if titled and all(time.when.all_day for time in titled):
        begins = {time.when.start for time in titled}
        same = [time for time in hours if isinstance(time.when.start, datetime) and time.when.start.date() in begins]
        return (same if len(same) == 1 and len(titled) == 1 else titled), True
    if titled:
        return titled, True
    if len(hours) == 1 and not first:
        return hours, True
    plain = {time.when.start for time in first if time.doubts == ("fraction",)}  # "Loppis 6/3", if the text says so too
    same = [time for time in hours if isinstance(time.when.start, datetime) and time.when.start.date() in plain]
    if len(same) == 1 and len(plain) == len(first) == 1:
        return same, True
    return [*first, *rest][:10], False


def _with_hour(day: swedish.Told, whole: list[swedish.Told], zone: ZoneInfo) -> list[swedish.Told]:
    """The day of a title with the hour that its text tells and that belongs to no other day."""
    hours = [time for time in whole if time.sure and time.weekly is None and isinstance(time.when.start, datetime)]
    same = [time for time in hours if time.when.first_day(zone) == day.when.start]
    return same if len(same) == 1 and day.when.end is None else [day]


def _sure(time: swedish.Told, dated: bool) -> bool:
    return time.sure and (dated or not time.relative)


def _drafts(base: Draft, time: swedish.Told, context: Context) -> list[Draft]:
    """One draft for each occurrence; a rule gives those of the window, a doubtful one only its first."""
    zone = ZoneInfo(context.zone)
    first, last = context.window.first, context.window.last
    whens = swedish.occurrences(time, first, last, zone) if base.certain else (time.when,)
    several = len(whens) > 1
    series = base.uid or base.url if several else None
    return [_timed(base, when, time.doors if not several else None, series) for when in whens]


def _timed(base: Draft, when: When, doors: datetime | None, series: str | None) -> Draft:
    return replace(
        base, start=when.start, end=when.end, doors=doors, series=series, stated_start=when.start.isoformat()
    )


# The rest of an item


def _base(told: Told) -> Draft:
    extra: Told = told["extra"]
    description = told["content"] or told["summary"]
    prose = clean_text(description or "", lines=True)
    title = clean_text(told["title"] or "")
    age = swedish.read_age(f"{title}\n{prose[:1000]}")
    kinds = [kind for name in ("ev_type", "xcal_categories") if (kind := _text(extra.get(name)))]
    return Draft(
        uid=told["id"],
        title=told["title"],
        status=swedish.read_status(title),
        location=_location(extra),
        organizer=_first(extra, _ORGANIZERS),
        description=description,
        url=told["link"] or _text(extra.get("xcal_url")),
        image=told["image"],
        categories=tuple(dict.fromkeys(str(tag) for tag in (*told["tags"], *kinds))),
        age="-".join(str(part) for part in age if part is not None) if age else None,
        price=swedish.read_price(prose),
        language=told["language"],
    )


def _filled(draft: Draft, told: Told) -> Draft:
    """What a fragment of hCalendar left open is taken from its item."""
    base = _base(told)
    return replace(
        base,
        uid=draft.uid or base.uid,
        title=draft.title or base.title,
        start=draft.start,
        end=draft.end,
        end_exclusive=draft.end_exclusive,
        stated_start=draft.stated_start,
        status=draft.status or base.status,
        location=draft.location or base.location,
        organizer=draft.organizer or base.organizer,
        url=draft.url or base.url,
    )


def _location(extra: Told) -> Location | None:
    name = _first(extra, _PLACES)
    where = extra.get("gd_where")
    if name is None and isinstance(where, Mapping):
        name = _text(where.get("valuestring"))
    geo = _geo(extra)
    return Location(name=name, geo=geo) if name or geo else None


def _geo(extra: Told) -> Geo | None:
    pair = (_text(extra.get("geo_lat")), _text(extra.get("geo_long")))
    if not all(pair):
        words = (_text(extra.get("georss_point")) or "").split()
        pair = (words[0], words[1]) if len(words) == 2 else (None, None)
    try:
        return Geo(float(pair[0]), float(pair[1])) if pair[0] and pair[1] else None
    except ValueError:
        return None


def _day(told: Told, context: Context) -> date:
    """The local day on which the item was told; the day of reading where it says none, or one to come."""
    stamp = moment(told["published"])
    zone = ZoneInfo(context.zone)
    today = context.now.astimezone(zone).date()
    return min(stamp.astimezone(zone).date(), today) if isinstance(stamp, datetime) and stamp.tzinfo else today


def _first(extra: Told, names: tuple[str, ...]) -> str | None:
    return next((text for name in names if (text := _text(extra.get(name)))), None)


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None

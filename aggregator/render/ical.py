"""Events as iCalendar text (RFC 5545, RFC 7986), written by hand: one event costs some 20 µs. Pure.

One VEVENT an event and never a rule, an alarm or an attendee. A test holds the writing to what `icalendar`
reads. It knows no filter and no bytes; line ends are CRLF, and no line is longer than 75 octets.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta

from aggregator.model import PRODID, Content, Event, Status
from aggregator.render.prose import facts, location_or_online, notices, origins
from aggregator.render.view import Feed, View, address, clean, image, place_line, published, title
from aggregator.render.vtimezone import vtimezone

_OCTETS = 75  # RFC 5545 3.1, without the line break
_ESCAPED = re.compile(r"[\\;,\n\r]")
_JOINERS = "\u200d\ufe0e\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_STATUS = {Status.CANCELLED: "CANCELLED", Status.TENTATIVE: "TENTATIVE", Status.POSTPONED: "TENTATIVE"}
_COLOR = "seagreen"  # a CSS3 name, RFC 7986 5.9


def item(event: Event, view: View) -> str:
    """The VEVENT of one event, folded, every line ended by CRLF."""
    content, page = event.content, address(event, view)
    lines = ["BEGIN:VEVENT", f"UID:{event.id}", *_stamps(event), *_times(content, view)]
    lines.append("SUMMARY:" + escape(title(content, view.language)))
    lines.append("DESCRIPTION:" + escape(_description(event, view, page)))
    lines += _where(content, view)
    if content.categories:
        lines.append("CATEGORIES:" + ",".join(escape(clean(name)) for name in content.categories))
    lines.append(f"STATUS:{_status(content, view)}")
    lines.append(f"URL:{page}")
    lines += _extras(event, view, page)
    lines.append("END:VEVENT")
    return "".join([fold(line) + "\r\n" for line in lines])


def head(feed: Feed) -> str:
    """What stands before the events: properties of the calendar and the zone's rules."""
    name, told = escape(clean(feed.name)), escape(clean(feed.description))
    refresh = f"PT{feed.refresh}H"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODID}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines += [f"NAME:{name}", f"X-WR-CALNAME:{name}", f"DESCRIPTION:{told}", f"X-WR-CALDESC:{told}"]
    lines += [f"X-WR-TIMEZONE:{feed.zone.key}", f"REFRESH-INTERVAL;VALUE=DURATION:{refresh}"]
    lines += [f"X-PUBLISHED-TTL:{refresh}", f"COLOR:{_COLOR}", f"SOURCE;VALUE=URI:{feed.address}", f"URL:{feed.page}"]
    if feed.changed is not None:
        lines.append(f"LAST-MODIFIED:{instant(feed.changed)}")
    return "".join([fold(line) + "\r\n" for line in lines]) + vtimezone(feed.zone.key)


def tail(_feed: Feed) -> str:
    """What stands after the events."""
    return "END:VCALENDAR\r\n"


def escape(text: str) -> str:
    """A value of type TEXT (RFC 5545 3.3.11)."""
    if not _ESCAPED.search(text):
        return text
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def fold(line: str) -> str:
    """A content line cut into lines of at most 75 octets, never inside a character nor what people see as one."""
    raw = line.encode()
    if len(raw) <= _OCTETS:
        return line
    plain = len(raw) == len(line)
    parts, start, room = [], 0, _OCTETS
    while len(raw) - start > room:
        cut = start + room if plain else _cut(raw, start, start + room)
        parts.append(raw[start:cut])
        start, room = cut, _OCTETS - 1
    parts.append(raw[start:])
    return b"\r\n ".join(parts).decode()


def _cut(raw: bytes, start: int, cut: int) -> int:
    """The last place at or before `cut` between two characters that do not belong together."""
    last_resort = None
    while cut > start + 1:
        if raw[cut] & 0xC0 != 0x80:
            last_resort = last_resort or cut
            if not _joined(raw, cut):
                return cut
        cut -= 1
    return last_resort or cut


def _joined(raw: bytes, cut: int) -> bool:
    """Whether the character at `cut` extends the one before: an accent, a joiner, a skin tone, a flag's half."""
    here = raw[cut : cut + 4].decode(errors="ignore")[:1]
    if here.isascii():
        return False
    before = raw[max(0, cut - 4) : cut].decode(errors="ignore")[-1:]
    return (
        here in _JOINERS
        or before == "\u200d"
        or unicodedata.combining(here) != 0
        or ("\U0001f1e6" <= here <= "\U0001f1ff" and "\U0001f1e6" <= before <= "\U0001f1ff")
    )


def instant(moment: datetime) -> str:
    """A UTC date-time (RFC 5545 3.3.5, form 2)."""
    m = moment.astimezone(UTC)
    return f"{m.year:04}{m.month:02}{m.day:02}T{m.hour:02}{m.minute:02}{m.second:02}Z"


def _stamps(event: Event) -> list[str]:
    changed = instant(event.changed)
    return [
        f"DTSTAMP:{changed}",
        f"CREATED:{instant(event.created)}",
        f"LAST-MODIFIED:{changed}",
        f"SEQUENCE:{event.sequence}",
    ]


def _times(content: Content, view: View) -> list[str]:
    when = published(content, view.zone)
    if not isinstance(when.start, datetime):
        after = when.last_day(view.zone) + timedelta(days=1)
        return [f"DTSTART;VALUE=DATE:{_date(when.start)}", f"DTEND;VALUE=DATE:{_date(after)}", "TRANSP:TRANSPARENT"]
    lines = [f"DTSTART{_local(when.start, view)}"]
    return [*lines, f"DTEND{_local(when.end, view)}"] if isinstance(when.end, datetime) else lines


def _local(moment: datetime, view: View) -> str:
    """Local time with its zone; UTC in the hour that is told twice, which clients read as the first or the second."""
    if moment.replace(fold=1 - moment.fold).utcoffset() != moment.utcoffset():
        return f":{instant(moment)}"
    stamp = f"{_date(moment)}T{moment.hour:02}{moment.minute:02}{moment.second:02}"
    return f";TZID={view.zone.key}:{stamp}"


def _date(day: date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"


def _status(content: Content, view: View) -> str:
    if view.cancelled == "confirmed" and content.status is Status.CANCELLED:
        return "CONFIRMED"
    return _STATUS.get(content.status, "CONFIRMED")


def _description(event: Event, view: View, page: str) -> str:
    parts = [
        "\n".join([*notices(event, view), *facts(event, view)]),
        event.content.description or "",
        "\n".join([*origins(event, view), page]),
    ]
    return clean("\n\n".join([part for part in parts if part]))


def _where(content: Content, view: View) -> list[str]:
    line = location_or_online(content, place_line(content), view.language)
    lines = [f"LOCATION:{escape(line)}"] if line else []
    geo = content.location.geo if content.location else None
    if geo is not None:
        lines.append(f"GEO:{geo.lat:.6f};{geo.lon:.6f}")
    return lines


def _uri(value: str) -> str:
    """An address without white space: a line break in it would end the content line (A19)."""
    return "".join(clean(value).split())


def _extras(event: Event, view: View, page: str) -> list[str]:
    """Markup for clients that show it, the picture, and where an online event is met (RFC 7986 5.10, 5.11)."""
    content, lines = event.content, []
    if content.html:
        told = f'<html><body>{clean(content.html)}<p><a href="{page}">{page}</a></p></body></html>'
        lines.append("X-ALT-DESC;FMTTYPE=text/html:" + escape(told))
    picture = image(event, view)
    if picture:
        lines.append(f"IMAGE;VALUE=URI;DISPLAY=FULLSIZE;FMTTYPE=image/jpeg:{_uri(picture)}")
    if content.location is not None and content.location.online:
        lines.append(f"CONFERENCE;VALUE=URI:{_uri(content.location.online)}")
    return lines

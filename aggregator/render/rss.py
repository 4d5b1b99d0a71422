"""Events as RSS 2.0 items, written by hand. Pure.

The date of an item is when it was told, never the event's start: readers hide the future. The event's own time
stands in `ev:` (RSS 1.0 event module), in `xcal:` and, for people, first in the description. It sorts nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape

from aggregator.model import Event
from aggregator.render.prose import facts, location_or_online, notices, origins, span_line
from aggregator.render.view import Feed, View, address, clean, image, place_line, published, title

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NAMESPACES = (
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:ev="http://purl.org/rss/1.0/modules/event/" '
    'xmlns:xcal="urn:ietf:params:xml:ns:xcal" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:georss="http://www.georss.org/georss" xmlns:media="http://search.yahoo.com/mrss/"'
)


def item(event: Event, view: View) -> str:
    """The `item` of one event."""
    content, page = event.content, escape(address(event, view))
    lines = [
        "<item>",
        f"<title>{xml(title(content, view.language))}</title>",
        f"<link>{page}</link>",
        f'<guid isPermaLink="false">{event.id}</guid>',
        f"<pubDate>{moment(event.told)}</pubDate>",
        f"<description>{escape(summary(event, view))}</description>",
        *[f"<category>{xml(name)}</category>" for name in content.categories],
        *_times(event, view),
        *_where(event, view),
    ]
    return "\n".join([*lines, "</item>\n"])


def head(feed: Feed) -> str:
    """What stands before the items."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<rss version="2.0" {_NAMESPACES}>',
        "<channel>",
        f"<title>{xml(feed.name)}</title>",
        f"<link>{xml(feed.page)}</link>",
        f"<description>{xml(feed.description)}</description>",
        f"<language>{feed.language}</language>",
        f'<atom:link rel="self" type="application/rss+xml" href="{xml(feed.address)}"/>',
        "<generator>Evenemang</generator>",
        f"<ttl>{feed.refresh * 60}</ttl>",
    ]
    if feed.changed is not None:
        lines.append(f"<lastBuildDate>{moment(feed.changed)}</lastBuildDate>")
    return "\n".join([*lines, ""])


def tail(_feed: Feed) -> str:
    """What stands after the items."""
    return "</channel>\n</rss>\n"


def summary(event: Event, view: View) -> str:
    """The event as HTML for a reader: when and where first, then what, then who says so."""
    content = event.content
    where = location_or_online(content, place_line(content), view.language)
    opening = ", ".join([line for line in (span_line(event, view), where) if line])
    parts = [f"<p>{escape(opening)}</p>"]
    told = [*notices(event, view), *facts(event, view)]
    if told:
        parts.append(f"<p>{'<br>'.join([escape(line) for line in told])}</p>")
    parts.append(content.html or paragraphs(content.description or ""))
    parts.append(f"<p>{'<br>'.join([escape(line) for line in origins(event, view)])}</p>")
    return clean("".join([part for part in parts if part != "<p></p>"]))


def paragraphs(text: str) -> str:
    """Plain text as HTML: an empty line parts paragraphs, a line break stays one."""
    blocks = [block.strip() for block in text.split("\n\n")]
    return "".join([f"<p>{escape(block).replace(chr(10), '<br>')}</p>" for block in blocks if block])


def xml(text: str) -> str:
    """Text as content or attribute of XML 1.0."""
    return escape(clean(text))


def moment(value: datetime) -> str:
    """RFC 822 date with four digits of year, in UTC."""
    u = value.astimezone(UTC)
    date = f"{_DAYS[u.weekday()]}, {u.day:02} {_MONTHS[u.month - 1]} {u.year:04}"
    return f"{date} {u.hour:02}:{u.minute:02}:{u.second:02} GMT"


def _times(event: Event, view: View) -> list[str]:
    """Start and end in `ev:` and `xcal:`; days as dates, the end of days being the last one."""
    when = published(event.content, view.zone)
    start, end = when.start.isoformat(), when.end.isoformat() if when.end else ""
    lines = [f"<ev:startdate>{start}</ev:startdate>", f"<xcal:dtstart>{start}</xcal:dtstart>"]
    return lines + ([f"<ev:enddate>{end}</ev:enddate>", f"<xcal:dtend>{end}</xcal:dtend>"] if end else [])


def _where(event: Event, view: View) -> list[str]:
    content = event.content
    line = location_or_online(content, place_line(content), view.language)
    lines = [f"<ev:location>{xml(line)}</ev:location>", f"<xcal:location>{xml(line)}</xcal:location>"] if line else []
    if content.organizer:
        lines.append(f"<ev:organizer>{xml(content.organizer)}</ev:organizer>")
    geo = content.location.geo if content.location else None
    if geo is not None:
        lines.append(f"<georss:point>{geo.lat:.6f} {geo.lon:.6f}</georss:point>")
    return [*lines, *_picture(event, view)]


def _picture(event: Event, view: View) -> list[str]:
    picture, address = event.picture, image(event, view)
    if picture is None or address is None:
        return []
    size = f'width="{picture.width}" height="{picture.height}"'
    return [f'<media:content url="{xml(address)}" medium="image" type="image/jpeg" {size}/>']

"""Events as Atom entries (RFC 4287). Pure.

`updated` is when the event last changed here, `published` when it was first told; the event's own time stands in
`ev:` and, for people, first in the content.
"""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape

from aggregator.model import Event
from aggregator.render.prose import location_or_online
from aggregator.render.rss import summary, xml
from aggregator.render.view import Feed, View, address, place_line, published, title

_NAMESPACES = (
    'xmlns="http://www.w3.org/2005/Atom" xmlns:ev="http://purl.org/rss/1.0/modules/event/" '
    'xmlns:georss="http://www.georss.org/georss"'
)
_ID = "urn:evenemang:"  # of events; an address would change with the host


def item(event: Event, view: View) -> str:
    """The `entry` of one event."""
    content = event.content
    when = published(content, view.zone)
    where = location_or_online(content, place_line(content), view.language)
    geo = content.location.geo if content.location else None
    lines = [
        "<entry>",
        f"<title>{xml(title(content, view.language))}</title>",
        f"<id>{_ID}{event.id}</id>",
        f'<link rel="alternate" type="text/html" href="{xml(address(event, view))}"/>',
        f"<updated>{moment(event.changed)}</updated>",
        f"<published>{moment(event.created)}</published>",
        *[f'<category term="{xml(name)}"/>' for name in content.categories],
        f'<content type="html">{escape(summary(event, view))}</content>',
        f"<ev:startdate>{when.start.isoformat()}</ev:startdate>",
        f"<ev:enddate>{when.end.isoformat()}</ev:enddate>" if when.end else "",
        f"<ev:location>{xml(where)}</ev:location>" if where else "",
        f"<georss:point>{geo.lat:.6f} {geo.lon:.6f}</georss:point>" if geo else "",
        "</entry>\n",
    ]
    return "\n".join([line for line in lines if line])


def head(feed: Feed) -> str:
    """What stands before the entries; `updated` is required, so an empty feed has that of the epoch."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed {_NAMESPACES} xml:lang="{feed.language}">',
        f"<title>{xml(feed.name)}</title>",
        f"<subtitle>{xml(feed.description)}</subtitle>",
        f"<id>{xml(feed.address)}</id>",
        f'<link rel="self" type="application/atom+xml" href="{xml(feed.address)}"/>',
        f'<link rel="alternate" type="text/html" href="{xml(feed.page)}"/>',
        f"<updated>{moment(feed.changed or datetime(1970, 1, 1, tzinfo=UTC))}</updated>",
        "<generator>Evenemang</generator>",
        f"<author><name>{xml(feed.name)}</name></author>",
        "",
    ]
    return "\n".join(lines)


def tail(_feed: Feed) -> str:
    """What stands after the entries."""
    return "</feed>\n"


def moment(value: datetime) -> str:
    """RFC 3339 in UTC."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

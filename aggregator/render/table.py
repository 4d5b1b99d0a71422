"""Events as rows of CSV (RFC 4180) with a header, for spreadsheets and open data. Pure.

A cell that a spreadsheet would run as a formula is led by an apostrophe (F14).
"""

from __future__ import annotations

from aggregator.model import Event
from aggregator.render.jsonld import stamp
from aggregator.render.view import Feed, View, address, clean, place_line, published

_COLUMNS = (
    *("id", "title", "start", "end", "status", "place", "address", "locality", "latitude", "longitude"),
    *("organizer", "categories", "free", "price_low", "price_high", "currency", "url", "source_url", "layer"),
    *("series", "sources", "changed", "description"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BOM = "\ufeff"  # without it spreadsheets read å as Ã¥


def item(event: Event, view: View) -> str:
    """The row of one event."""
    content, where = event.content, event.content.location
    when = published(content, view.zone)
    end = when.last_day(view.zone) if when.all_day else when.end
    geo, cost = where.geo if where else None, content.price
    cells = (
        *(event.id, content.title, stamp(when.start, view), stamp(end, view), content.status.value),
        *(place_line(content), where and where.address, where and where.locality),
        *(geo and f"{geo.lat:.6f}", geo and f"{geo.lon:.6f}", content.organizer, ";".join(content.categories)),
        *(cost and cost.free, cost and cost.low, cost and cost.high, cost and cost.currency),
        *(address(event, view), content.url, content.layer.value, event.series, ";".join(content.sources)),
        *(stamp(event.changed, view), content.description),
    )
    return ",".join([cell(value) for value in cells]) + "\r\n"


def head(_feed: Feed) -> str:
    """The header row."""
    return _BOM + ",".join(_COLUMNS) + "\r\n"


def tail(_feed: Feed) -> str:
    """Nothing."""
    return ""


def cell(value: object) -> str:
    """One cell, quoted where it must be; None and False-as-unknown stay apart: an unknown is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    text = clean(str(value)).replace("\r\n", "\n").replace("\r", "\n")
    if text.startswith(_FORMULA) and not _number(text):
        text = "'" + text
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"\n;') else text


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True

"""Atom, JSON Feed, JSON-LD and CSV as written: what each specification demands, golden files, and the first law."""

from __future__ import annotations

import csv
import io
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest
from hypothesis import given, settings

from aggregator.model import Event
from aggregator.render import FORMATS, Format, joined
from aggregator.render.view import place_line, published, title
from tests.render.test_rss import document
from tests.render.worlds import BASE, ZONE, event, events, feed, golden, view

DATA = Path(__file__).parent.parent / "data" / "render"
ATOM = "{http://www.w3.org/2005/Atom}"
NEWER = ["atom", "json", "jsonld", "csv"]


def written(form: Format, *told: Event) -> str:
    return joined(form, feed(f"/events.{form.extension}"), [form.item(e, view()) for e in told])


@pytest.mark.parametrize("case", golden())
@pytest.mark.parametrize("name", NEWER)
def test_golden_file_holds_byte_for_byte(name: str, case: str) -> None:
    path = DATA / f"{case}.{name}"
    told = written(FORMATS[name], golden()[case]).encode()
    if os.environ.get("GOLDEN"):
        path.write_bytes(told)
    assert path.read_bytes() == told


@settings(max_examples=60, deadline=None)
@given(events())
def test_law_1_json_feed_is_read_back(told: Event) -> None:
    item = json.loads(written(FORMATS["json"], told))["items"][0]
    assert (item["id"], item["title"]) == (told.id, title(told.content, "sv"))
    assert _read(item["_event"]) == _meant(told)


@settings(max_examples=60, deadline=None)
@given(events())
def test_law_1_json_ld_is_read_back(told: Event) -> None:
    node = json.loads(written(FORMATS["jsonld"], told))["@graph"][1]
    assert (node["identifier"], node["name"]) == (told.id, told.content.title)
    assert node.get("description", "") == (told.content.description or "")
    assert _read(node) == _meant(told)


@settings(max_examples=60, deadline=None)
@given(events())
def test_law_1_atom_is_read_back(told: Event) -> None:
    entry = document(written(FORMATS["atom"], told)).find(ATOM + "entry")
    when = published(told.content, ZONE)
    assert entry.findtext(ATOM + "title") == title(told.content, "sv")
    assert entry.findtext("{http://purl.org/rss/1.0/modules/event/}startdate") == when.start.isoformat()


@settings(max_examples=60, deadline=None)
@given(events())
def test_law_1_csv_is_read_back(told: Event) -> None:
    row = next(csv.DictReader(io.StringIO(written(FORMATS["csv"], told).removeprefix("\ufeff"), newline="")))
    assert row["title"].removeprefix("'") == told.content.title.removeprefix("'")
    assert row["place"].removeprefix("'") == (place_line(told.content) or "").removeprefix("'")
    assert None not in row


def _read(node: Any) -> list[str]:
    """Start and end of a node; instants are compared as such, since an offset and a zone never equal in a fold."""
    told = [node["startDate"], node.get("endDate", "")]
    return [str(datetime.fromisoformat(value).timestamp()) if "T" in value else value for value in told]


def _meant(event: Event) -> list[str]:
    when = published(event.content, ZONE)
    if when.all_day:
        return [when.start.isoformat(), when.last_day(ZONE).isoformat()]
    ends = when.end.timestamp() if isinstance(when.end, datetime) else ""
    return [str(when.begins(ZONE).timestamp()), str(ends)]


@pytest.mark.parametrize("case", golden())
def test_feedparser_reads_atom(case: str) -> None:
    parsed = feedparser.parse(io.BytesIO(written(FORMATS["atom"], golden()[case]).encode()))
    assert not parsed.bozo
    assert parsed.version == "atom10"
    assert parsed.entries[0].title == title(golden()[case].content, "sv")


def test_atom_has_what_rfc_4287_demands() -> None:
    """4.1.1: author, id, title, updated; 4.1.2: the same of each entry; 4.2.7: a link to itself SHOULD be there."""
    tree = document(written(FORMATS["atom"], event()))
    assert all(tree.find(ATOM + name) is not None for name in ("author", "id", "title", "updated"))
    entry = tree.find(ATOM + "entry")
    assert all(entry.find(ATOM + name) is not None for name in ("id", "title", "updated", "link", "content"))
    assert BASE not in entry.findtext(ATOM + "id")


def test_json_feed_has_what_version_1_1_demands() -> None:
    told = json.loads(written(FORMATS["json"], event()))
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert (told["feed_url"], told["home_page_url"], told["language"]) == (BASE + "/events.json", BASE + "/", "sv")
    assert set(told["items"][0]) >= {"id", "url", "title", "content_html", "date_published"}


@pytest.mark.parametrize("name", NEWER)
def test_feed_without_events_is_valid(name: str) -> None:
    text = joined(FORMATS[name], feed(changed=None), [])
    if name == "atom":
        assert document(text).find(ATOM + "updated") is not None
    elif name != "csv":
        json.loads(text)


def test_days_are_dates_and_the_end_is_the_last_day() -> None:
    node = json.loads(written(FORMATS["jsonld"], golden()["multi-day"]))["@graph"][1]
    assert (node["startDate"], node["endDate"]) == ("2027-07-02", "2027-07-04")


def test_what_is_not_known_is_left_out() -> None:
    node = json.loads(FORMATS["jsonld"].item(event(), view()))
    assert set(node) == {
        *("@type", "@id", "identifier", "name", "startDate", "endDate", "eventStatus", "dateModified"),
    }


def test_A25_json_may_stand_in_html() -> None:
    text = FORMATS["jsonld"].item(event(title="</script><!--", description="<script>&"), view())
    assert not set("<>&") & set(text)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_F14_cell_is_never_a_formula(start: str) -> None:
    text = written(FORMATS["csv"], event(title=f"{start}cmd|' /C calc'!A0"))
    row = next(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert row["title"][0] not in "=+-@\t\r"


def test_number_is_no_formula() -> None:
    told = event(location=golden()["timed"].content.location)
    row = next(csv.DictReader(io.StringIO(written(FORMATS["csv"], told).removeprefix("\ufeff"), newline="")))
    assert row["latitude"] == "55.642600"

"""xCal: what its XML may hold beside a calendar. What a whole document reads as stands in `data/xcal`."""

from __future__ import annotations

import pytest

from aggregator.errors import ReadError
from aggregator.formats import read_answer
from aggregator.formats.xcal import as_ical
from tests.reading import context, listings

EVENT = (
    "<vevent><properties><uid><text>{uid}</text></uid><dtstart><date>2026-06-06</date></dtstart>"
    "<summary><text>{title}</text></summary></properties></vevent>"
)
FRAME = (
    '{head}<icalendar xmlns="urn:ietf:params:xml:ns:icalendar-2.0"><vcalendar><properties/><components>{events}'
    "</components></vcalendar></icalendar>"
)


def document(title: str = "Fest", *, head: str = "", uid: str = "1@x") -> bytes:
    return FRAME.format(head=head, events=EVENT.format(uid=uid, title=title)).encode()


def titles(body: bytes) -> list[str]:
    return [one.title for one in listings(read_answer(body, context(content_type="application/calendar+xml"), {}))]


@pytest.mark.parametrize("body", [
    document(head='<!DOCTYPE icalendar [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>', title="&b;"),
    document(head='<!DOCTYPE icalendar SYSTEM "http://127.0.0.1:9/x.dtd">'),
    document(head='<!DOCTYPE icalendar [<!ENTITY f SYSTEM "file:///etc/hostname">]>', title="&f;"),
], ids=["entities", "external", "file"])  # fmt: skip
def test_A26_document_type_is_refused_unread(body: bytes) -> None:
    with pytest.raises(ReadError):
        titles(body)


def test_A27_depth_is_bounded() -> None:
    with pytest.raises(ReadError):
        as_ical(document(title="<b>" * 50 + "</b>" * 50))


def test_cut_document_is_not_read() -> None:
    with pytest.raises(ReadError):
        titles(document()[:-40])


def test_A19_line_breaks_in_a_value_stay_in_it() -> None:
    assert titles(document("Fest&#10;END:VEVENT&#13;BEGIN:VEVENT")) == ["Fest END:VEVENT BEGIN:VEVENT"]
    assert len(titles(document(uid="1&#10;SUMMARY:Annat"))) == 1


def test_encoding_is_what_the_document_says() -> None:
    body = document("Påsk", head='<?xml version="1.0" encoding="iso-8859-1"?>').decode().encode("latin-1")
    assert titles(body) == ["Påsk"]

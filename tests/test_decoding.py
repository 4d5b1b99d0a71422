"""Charsets that lie (B45) and answers that are no feed (B44, B52)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import ReadError
from aggregator.formats import read_answer
from aggregator.formats.decoding import decode
from aggregator.problems import SENTENCES
from tests.reading import context, listings

WORD = "Förskola på Ängen – 5 €"
BODIES = {
    "utf_8": (WORD.encode(), ""),
    "utf_8_with_mark": (b"\xef\xbb\xbf" + WORD.encode(), "text/calendar; charset=iso-8859-1"),
    "header_says_utf_8_body_is_cp1252": (WORD.encode("cp1252"), "text/calendar; charset=utf-8"),
    "header_says_latin_1_body_is_utf_8": (WORD.encode(), "text/calendar; charset=iso-8859-1"),
    "header_says_latin_1_and_means_cp1252": (WORD.encode("cp1252"), "text/calendar; charset=iso-8859-1"),
    "utf_16": (WORD.encode("utf-16"), "text/calendar; charset=utf-8"),
    "utf_16_big": (b"\xfe\xff" + WORD.encode("utf-16-be"), ""),
    "declared": (b'<?xml version="1.0" encoding="windows-1252"?>' + WORD.encode("cp1252"), ""),
    "unknown_charset": (WORD.encode(), "text/calendar; charset=foo-9"),
    "utf_7_is_not_asked": (WORD.encode(), "text/calendar; charset=utf-7"),
}


@pytest.mark.parametrize(("body", "header"), BODIES.values(), ids=BODIES.keys())
def test_B45_charset_is_found(body: bytes, header: str) -> None:
    assert decode(body, header).text.endswith(WORD)


def test_B45_utf_7_is_never_read() -> None:
    assert "<script>" not in decode(b"+ADw-script+AD4-", "text/html; charset=utf-7").text


def test_B45_lost_characters_are_told() -> None:
    told = decode(b"\xef\xbb\xbf" + b"abc\xff\xff\xff").problems
    assert [problem.code for problem in told] == ["charset-lost"]


@given(st.binary(max_size=200), st.sampled_from(["", "text/html; charset=utf-8", "x; charset=\x00", "charset=utf-16"]))
def test_any_bytes_decode(body: bytes, header: str) -> None:
    decode(body, header)


PAGE = b"<!DOCTYPE html><html><head><title>%s</title></head><body>%s</body></html>"
FOREIGN = {
    "C01_empty": (b"", "empty"),
    "C01_white": (b" \r\n\xef\xbb\xbf", "empty"),
    "B52_waf": (PAGE % (b"Just a moment...", b""), "refused-by-site"),
    "B52_denied": (PAGE % (b"Access Denied", b""), "refused-by-site"),
    "B52_captcha": (PAGE % (b"x", b'<div class="px-captcha">'), "refused-by-site"),
    "B52_consent": (PAGE % (b"Innan du forts\xc3\xa4tter", b""), "consent-page"),
    "B52_login": (PAGE % (b"Logga in", b'<input name="p" type="password">'), "login-page"),
    "B44_error_page": (PAGE % (b"404 Sidan saknas", b""), "error-page"),
    "B44_pdf": (b"%PDF-1.7 ...", "pdf"),
    "B44_image": (b"\x89PNG\r\n\x1a\n", "image"),
    "B44_zip": (b"PK\x03\x04...", "archive"),
    "B44_prose": (b"Hej", "not-a-feed"),
}


@pytest.mark.parametrize(("body", "code"), FOREIGN.values(), ids=FOREIGN.keys())
def test_answer_that_is_no_feed_is_named(body: bytes, code: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_answer(body, context(), {})
    assert caught.value.code == code
    assert str(caught.value) == SENTENCES[code][1]


CALENDAR = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20260418T163000Z\nSUMMARY:Dans\nEND:VEVENT\nEND:VCALENDAR\n"


@pytest.mark.parametrize("header", ["text/html", "application/octet-stream", "", "application/rss+xml"])
def test_B44_calendar_is_read_whatever_the_header_says(header: str) -> None:
    assert len(listings(read_answer(CALENDAR, context(content_type=header), {}))) == 1


def test_B44_page_is_no_calendar_whatever_the_header_says() -> None:
    with pytest.raises(ReadError):
        read_answer(PAGE % (b"x", b"<pre>BEGIN:VCALENDAR</pre>"), context(content_type="text/calendar"), {})

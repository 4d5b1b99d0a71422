"""What is suppressed is found however it is written, taken out of any value, and found of nobody else."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from aggregator.model import Chunk, Coverage, Key, Listing, Reading, Source, Stated, When
from aggregator.redaction import NAMELESS, of_reading, redacted, stand_in
from aggregator.suppression import NAME, Mark, Suppressed, is_office, marks

KEY = b"k" * 32
HELD = Suppressed.of(KEY, marks(KEY, "kanarie.holk@fageln.example", ["Kanarie Fågel-Holk"]))
WHEN = When(datetime(2027, 1, 16, 18, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Poesi med Kanarie Fågel-Holk", "Poesi"),
        ("Kanarie  fågel holks poesi", "poesi"),
        ("KANARIE FÅGEL\nHOLK läser", "läser"),
        ("Läser: kanarie fagel-holk, och andra", "Läser:, och andra"),
        ("se https://x.example/kanarie-fagel-holk/1 för mer", "se för mer"),
        ("skriv till Kanarie.Holk@Fageln.example.", "skriv"),
        ("skriv till kanarie.holk@fageln.example. Fri entré.", "skriv till. Fri entré."),
        ("mailto:kanarie.holk@fageln.example?subject=hej", ""),
        ("https://x.example/?till=kanarie.holk%40fageln.example&a=1", ""),
        ("(kanarie.holk@fageln.example) ringer", "ringer"),
        ("ring kanarie.holk@fageln.example.Välkommen", "ring"),
    ],
)
def test_it_is_found_however_it_is_written(text: str, left: str) -> None:
    assert HELD.holds(text)
    assert HELD.without(text) == left
    assert not HELD.holds(HELD.without(text))


@pytest.mark.parametrize(
    "text",
    [
        "Kanarie Holk", "Fågel-Holk Kanarie", "Kanariefågel Holk", "En kanarie. Den fågel som bor i en holk sjunger.",
        "holk@fageln.example", "xkanarie.holk@fageln.example", "kanarie.holk@fageln.example2", "kanarie.holk at fageln",
        "",
    ],
)  # fmt: skip
def test_nothing_else_is(text: str) -> None:
    assert not HELD.holds(text)
    assert HELD.without(text) == text


@pytest.mark.parametrize(
    "raw",
    [
        "DESCRIPTION:Med\\nKanarie Få\r\n gel-Holk\r\n".encode(),
        "Kanarie Fågel-Holk".encode("cp1252"),
        "Kanarie Fågel-Holk".encode("utf-16"),
        b'{"a": "Kanarie F\\u00e5gel-Holk"}',
        b"<p>Kanarie F&aring;gel&#45;Holk</p>",
        "<b>Kanarie</b> <i class=x>Fågel-Holk</i>".encode(),
        b"/ical/kanarie.holk%40fageln.example/basic.ics",
    ],
    ids=["folded", "cp1252", "utf-16", "json", "html", "tags", "url"],
)
def test_an_answer_is_looked_through_in_all_its_spellings(raw: bytes) -> None:
    assert HELD.in_bytes(raw)
    left = HELD.bytes_without(raw)
    assert left is None or not HELD.in_bytes(left)


def test_bytes_keep_what_is_not_suppressed() -> None:
    raw = "UID:1\r\nSUMMARY:Poesi\\, med Kanarie Få\r\n gel-Holk\\noch kaffe\r\n".encode()
    assert HELD.bytes_without(raw) == b"UID:1\r\nSUMMARY:Poesi\\, med \\noch kaffe\r\n"
    assert HELD.bytes_without(b"UID:1\r\n") == b"UID:1\r\n"


def test_marks_tell_no_name_and_need_their_key() -> None:
    told = marks(KEY, "kanarie.holk@fageln.example", ["Kanarie Fågel-Holk"])
    assert {mark.kind for mark in told} == {"address", f"{NAME}-3"}
    assert all(len(mark.hash) >= 40 and set(mark.hash) <= set("0123456789abcdef") for mark in told)
    assert not Suppressed.of(b"other" * 8, told).holds("Kanarie Fågel-Holk, kanarie.holk@fageln.example")
    assert marks(KEY, "a@b.example", ["", " ".join("abcdefghi")]) == marks(KEY, "a@b.example", [])


def test_a_kind_that_is_not_known_suppresses_nothing() -> None:
    assert not Suppressed.of(KEY, [Mark("a" * 40, "telephone"), Mark("b" * 40, "name-x")])
    assert not Suppressed.of(KEY, [])


def listing(**facts: object) -> Listing:
    told = {"title": "Poesi", "key": Key("klubben", "1"), "stated": Stated("1", None, ""), "digest": "d", "when": WHEN}
    return Listing(**(told | facts))  # type: ignore[arg-type]  # each test names what it is about


def test_a_value_without_it_is_the_very_same() -> None:
    value = listing(description="Fri entré")
    assert redacted(value, HELD) is value


def test_what_is_told_twice_comes_out_alike() -> None:
    """Else the next answer would be taken for a change, or for another event."""
    uid = "kanarie.holk@fageln.example-7"
    value = listing(key=Key("klubben", uid), stated=Stated(uid, None, ""), title="Kanarie Fågel-Holk",
                    url="https://x.example/kanarie-fagel-holk", html="<b>Kanarie</b> <i>Fågel-Holk</i>")  # fmt: skip
    one, other = redacted(value, HELD), redacted(listing(**{f: getattr(value, f) for f in value.__slots__}), HELD)
    assert one == other
    assert one.key.uid == stand_in(uid, HELD) == one.stated.uid
    assert (one.title, one.url, one.html) == (NAMELESS, None, None)
    assert one.digest != value.digest
    assert redacted(one, HELD) is one


def test_a_piece_whose_name_goes_keeps_no_bytes() -> None:
    named = Chunk(key="kanarie.holk@fageln.example", hash="h", listings=(listing(),), raw=b"UID:x")
    plain = Chunk(key="1", hash="h", listings=(listing(),), raw=b"SUMMARY:Kanarie Fagel-Holk")
    reading = of_reading(Reading(format="ical", coverage=Coverage.WINDOW, chunks=(named, plain)), HELD)
    assert [chunk.raw for chunk in reading.chunks] == [None, b"SUMMARY:"]
    assert reading.chunks[0].key == stand_in(named.key, HELD)


def test_a_source_whose_address_goes_is_asked_no_more() -> None:
    source = Source(id="holken", name="Kanarie Fågel-Holk", url="https://x.example/kanarie-fagel-holk.ics")
    left = redacted(source, HELD)
    assert (left.url, left.enabled, left.name) == (None, False, NAMELESS)


@pytest.mark.parametrize("name", ["Byns Hembygdsförening", "Stadsbiblioteket", "Sockenhuset AB", "IF Framåt"])
def test_an_organisation_is_no_person(name: str) -> None:
    assert is_office(name)
    assert not is_office("Kanarie Fågel-Holk")


def test_looking_through_much_text_is_linear() -> None:
    """A source's five megabytes are looked through in seconds, whatever stands in them."""
    for hostile in ("a" * 500_000, "a@" * 200_000, "kanarie " * 60_000, "%40" * 150_000, "=a@b.c" * 80_000):
        begun = time.process_time()
        HELD.holds(hostile)
        assert time.process_time() - begun < 20, hostile[:10]

"""The checkers of feeds can fail: for every rule there is a document that breaks it, and it is found out."""

from __future__ import annotations

import pytest

from tests.conformance import bodies
from tests.conformance.test_feeds import CHECKERS
from tests.render.worlds import golden

ALL = "all, {'language': 'sv'}"
ID = golden()["timed"].id.encode()
START = b"<ev:startdate>2027-01-16T18:30:00+01:00</ev:startdate>"
END = b"<ev:enddate>2027-01-16T20:30:00+01:00</ev:enddate>"
PAGE = b'<link rel="alternate" type="text/html" href="https://kalender.example/evenemang'
EVENT = b'{"@type": "Event", '
# A change (what, by what) of the document with all golden cases that breaks one rule; an empty `what` stands for all.
EVENT_TIMES = {
    "ev-start": (START, b"<ev:startdate>2027-01-16 18:30</ev:startdate>"),
    "ev-end": (END, b"<ev:enddate>2027-01-16T16:30:00+01:00</ev:enddate>"),
    "ev-names": (START, START + b"<ev:start>2027</ev:start>"),
    "georss": (b"<georss:point>55.642600 13.206400", b"<georss:point>55.642600,13.206400"),
    "html": (b"&lt;p&gt;", b"&lt;p onclick=&quot;a()&quot;&gt;"),
}
BROKEN: dict[str, dict[str, tuple[bytes, bytes]]] = {
    "rss": {
        **EVENT_TIMES,
        "xml": (b"</title>", b""),
        "language": (b"<language>sv", b"<language>svenska!"),
        "xcal": (b"<xcal:dtstart>2027-01-16T18:30", b"<xcal:dtstart>2027-01-16T19:30"),
        "root": (b'<rss version="2.0"', b'<rss version="0.91"'),
        "channel": (b"</channel>", b"</channel><channel/>"),
        "channel-required": (b"<title>Evenemang i Staffanstorp</title>", b""),
        "item-required": (b"<item>", b"<item><guid>https://a.example/1</guid></item>\n<item>"),
        "once": (b"<ttl>60</ttl>", b"<ttl>60</ttl><ttl>60</ttl>"),
        "known": (b"<item>", b"<item><startdate>2027-01-16</startdate>"),
        "uri": (b"<link>https://kalender.example/</link>", b"<link>/</link>"),
        "guid": (b'<guid isPermaLink="false">', b"<guid>"),
        "date": (b"<pubDate>Sat, 02", b"<pubDate>Sun, 02"),
        "built": (b"<pubDate>Sat, 02 Jan 2027", b"<pubDate>Sun, 02 Jan 2028"),
        "ttl": (b"<ttl>60", b"<ttl>PT1H"),
        "self": (b'rel="self"', b'rel="alternate"'),
        "media": (b' medium="image"', b""),
    },
    "atom": {
        **EVENT_TIMES,
        "xml": (b'encoding="utf-8"', b'encoding="iso-8859-1"'),
        "language": (b'xml:lang="sv"', b'xml:lang="svenska!"'),
        "root": (b"http://www.w3.org/2005/Atom", b"http://purl.org/atom/ns#"),
        "feed-required": (b"<id>https://kalender.example/events.atom</id>", b""),
        "feed-once": (b"<subtitle>", b"<subtitle/><subtitle>"),
        "author": (b"<author><name>Evenemang i Staffanstorp</name></author>", b""),
        "entry-required": (b"<entry>", b"<entry><id>urn:a:1</id>"),
        "entry-once": (b"<published>", b"<published>2027-01-02T09:30:00Z</published><published>"),
        "known": (b"<entry>", b"<entry><modified>2027-01-02T09:30:00Z</modified>"),
        "id": (b"<id>urn:evenemang:", b"<id>"),
        "id-unique": (b"<id>urn:evenemang:" + golden()["all-day"].id.encode(), b"<id>urn:evenemang:" + ID),
        "link": (b'href="https://kalender.example/"', b""),
        "alternate": (b"<author>", b'<link type="text/html" href="https://kalender.example/en"/><author>'),
        "self": (b'rel="self"', b'rel="via"'),
        "entry-link": (PAGE, PAGE.replace(b"alternate", b"via")),
        "date": (b"<published>2027-01-02T09:30:00Z", b"<published>2027-01-02 09:30"),
        "newest": (b"<updated>2027-01-02T09:30:00Z", b"<updated>2026-01-02T09:30:00Z"),
        "text-type": (b"<title>", b'<title type="text/html">'),
        "category": (b'<category term="barn"/>', b"<category/>"),
    },
    "json": {
        "json": (b'"language": "sv"', b'"language": "sv", "language": "sv"'),
        "version": (b"version/1.1", b"version/1"),
        "required": (b'"title": "Evenemang i Staffanstorp", ', b""),
        "known": (b'"language": "sv"', b'"author": {}'),
        "type": (b'"title": "Sagostund"', b'"title": 7'),
        "id": (b'"id": "' + ID + b'", ', b""),
        "content": (b'"content_html"', b'"_content_html"'),
        "date": (b'"date_published": "2027-01-02T', b'"date_published": "2027-01-02 '),
        "url": (b'"feed_url": "https://kalender.example', b'"feed_url": "'),
        "language": (b'"language": "sv"', b'"language": "Svenska"'),
        "html": (b"\\u003cp\\u003e", b"\\u003cscript\\u003e"),
        "extension": (b'"_event": {', b'"_about": 1, "_event": {'),
    },
    "jsonld": {
        "json": (b'"@context"', b'"@context": 1, "@context"'),
        "context": (b'"https://schema.org"', b'"https://example.org"'),
        "graph": (b"", b'{"@context": "https://schema.org", "@type": "Event"}'),
        "html": (b"Sagostund", b"</script>"),
        "type": (EVENT, b'{"@type": "Evenemang", '),
        "id": (b"/evenemang/" + ID, b" /evenemang/" + ID),
        "member": (EVENT, EVENT + b'"place": "Torget", '),
        "event-required": (b'"name": "Sagostund", ', b""),
        "date": (b'"startDate": "2027-01-16T18:30:00+01:00"', b'"startDate": "2027-01-16T18:30:00"'),
        "end": (b'"endDate": "2027-01-16T20:30:00+01:00"', b'"endDate": "2027-01-16T16:30:00+01:00"'),
        "text": (b'"name": "Sagostund"', b'"name": " "'),
        "url": (b'"url": "https://kalender.example/"', b'"url": "/"'),
        "yes-or-no": (b'"isAccessibleForFree": true', b'"isAccessibleForFree": "ja"'),
        "status": (b"EventCancelled", b"EventCanceled"),
        "attendance": (b"OnlineEventAttendanceMode", b"Online"),
        "previous": (b"EventRescheduled", b"EventScheduled"),
        "place": (b'"url": "https://mote.example/rum?x=1"', b'"name": "rum"'),
        "geo": (b'"latitude": 55.6426', b'"latitude": "55.6426"'),
        "price": (b'"120.50"', b'"120,50"'),
        "ages": (b'"3-6"', b'"3 till 6"'),
        "language": (b'"inLanguage": "sv"', b'"inLanguage": "Svenska"'),
        "range": (b'"@type": "Organization"', b'"@type": "Event"'),
    },
}  # fmt: skip


@pytest.mark.parametrize("form", BROKEN)
def test_every_rule_has_a_feed_that_breaks_it(form: str) -> None:
    assert set(BROKEN[form]) == set(CHECKERS[form].rules)


@pytest.mark.parametrize(("form", "rule"), [(form, rule) for form, cases in BROKEN.items() for rule in cases])
def test_feed_that_breaks_a_rule_is_found_out(form: str, rule: str) -> None:
    body, (what, by) = bodies.hand_made(form)[ALL], BROKEN[form][rule]
    assert what in body
    broken = body.replace(what, by, 1) if what else by
    assert rule in {breach.rule for breach in CHECKERS[form].check(broken)}

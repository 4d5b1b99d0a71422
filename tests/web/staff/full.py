"""A town with something in every pile of the staff: for pages that are looked at, walked and attacked."""

from __future__ import annotations

from datetime import datetime, timedelta

from aggregator.model import Entry, Geo, Mistake, OfferedEvent, OfferedSource, Place, PlaceEdit, Role, Source, When
from tests.town import HOUR, ZONE, at, calendar, evenings, vevent
from tests.unsure import other_hour, other_title
from tests.upstream.test_suggestions import NEXT, UNSURE, feed
from tests.web.desk import Desk

HALL = "Folkets Hus"


def fill(desk: Desk) -> list[str]:
    """Fill it; the paths of all pages, one of each kind."""
    town = desk.town
    hall = Place(id="folkets-hus", name="Folkets hus", address="Storgatan 1", aliases=("Folkan",), geo=Geo(55.6, 13.2))
    other = Place(id="folkan", name="Folkan", address="Lillgatan 2")
    for place in (hall, other):
        desk.store.town.put_place(PlaceEdit(place=place, changed=town.now, by="test"))
    for id, role in (("klubben", "organizer"), ("tidningen", "media"), ("kapad", "media"), ("minskad", "media")):
        town.add(id, role=role)
    town.add("nyheter")
    town.add("trasig")
    town.tell("klubben", vevent("Hembygdsdag med kaffe", at(8, 11), location=HALL), weekly_quiz("Quiz på puben"))
    town.tell(
        "tidningen",
        vevent(other_title(), at(8, other_hour()), location=HALL),
        weekly_quiz("Quiz på puben"),
    )
    town.tell("kapad", vevent("Vårkonsert", at(5), uid="a", url="https://klubben.example/1"), *evenings(3, first=8))
    town.tell("minskad", *evenings(10))
    town.serve("nyheter", feed(UNSURE, NEXT), "application/rss+xml")
    town.serve("trasig", b"<html>hej</html>", "text/html")
    town.refresh()
    spam = vevent("BIG CASINO NIGHT", at(5), uid="a", url="https://klubben.example.spel.example/")
    town.tell("kapad", spam, *evenings(3, first=8))
    town.tell("minskad", *evenings(10)[:1], vevent("Sist", at(30)))
    town.refresh(after=HOUR)
    entered = Source(id="inlagd", name="Inlagd", url=town.site.url("/inlagd.ics"), role=Role.ASSOCIATION)
    town.site.file("/inlagd.ics", calendar(vevent("Inlagd kväll", at(9))), content_type="text/calendar")
    desk.store.town.put(Entry(source=entered, added=town.now))
    return [*LISTS, *_items(desk)]


LISTS = (
    *("/staff", "/staff/ko", "/staff/ko?visa=asked", "/staff/ko?visa=done", "/staff/rapporter", "/staff/dubbletter"),
    *(
        "/staff/karantan",
        "/staff/forslag",
        "/staff/evenemang",
        "/staff/evenemang?q=quiz",
        "/staff/evenemang?q=finnsinte",
    ),
    *(
        "/staff/evenemang-nytt",
        "/staff/kallor",
        "/staff/kalla-ny",
        "/staff/platser",
        "/staff/plats-ny",
        "/staff/beslut",
    ),
    "/staff/logg",
)


def weekly_quiz(title: str) -> str:
    return vevent(title, at(10, 19), location="Puben", uid="quiz")


def event_offer() -> OfferedEvent:
    """A single event, as an organizer fills it in."""
    start = datetime(2027, 4, 3, 18, tzinfo=ZONE)
    when = When(start, start + timedelta(hours=2))
    return OfferedEvent(title="Loppis", dates=(when,), place="Torget", url="https://loppis.example/")


def _items(desk: Desk) -> list[str]:
    town = desk.town
    address = town.site.url("/klubben.ics")
    source = OfferedSource(address=address, name="Klubben igen", role=Role.ORGANIZER, note="Hälsningar")
    published = town.ids()["Quiz på puben"]
    desk.offer("s1", source)
    desk.offer("s2", event_offer())
    desk.offer("s3", Mistake(event=published, text="Fel dag"))
    pair = desk.store.review.possible(town.now, 1)[0]
    key = desk.get("/staff/forslag").text.partition('href="/staff/forslag/')[2].partition('"')[0]
    return [
        *("/staff/ko/s1", "/staff/ko/s2", "/staff/rapporter/s3", f"/staff/dubbletter/{pair.a}-{pair.b}"),
        *("/staff/karantan/kapad", "/staff/karantan/minskad", f"/staff/forslag/{key}"),
        *(
            f"/staff/evenemang/{published}",
            f"/staff/evenemang/{published}/title",
            f"/staff/evenemang/{published}/start",
        ),
        *(f"/staff/evenemang/{published}/location", f"/staff/evenemang/{published}/status"),
        *("/staff/kallor/klubben", "/staff/kallor/trasig", "/staff/kallor/inlagd", "/staff/platser/folkets-hus"),
    ]

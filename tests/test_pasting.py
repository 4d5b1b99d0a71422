"""What people paste for an address, and what is meant by it."""

from __future__ import annotations

import base64

import pytest

from aggregator.address import check_address
from aggregator.pasting import no_address, pasted

ID = "byn@group.calendar.google.com"
CODED = base64.b64encode(ID.encode()).decode().rstrip("=")
GOOGLE = "https://calendar.google.com/calendar/ical/byn%40group.calendar.google.com/public/basic.ics"
OFFICE = "https://outlook.office365.com/owa/calendar/abc@byn.example/def123/"
LIVE = "https://outlook.live.com/owa/calendar/00000000-0000-0000-0000-000000000000/abc/cid-77/"
MEANT = {
    "exempel.se/kalender": "https://exempel.se/kalender",
    "www.exempel.se": "https://www.exempel.se",
    "//exempel.se/kalender": "https://exempel.se/kalender",
    "  webcal://exempel.se/k.ics ": "https://exempel.se/k.ics",
    "WEBCALS://exempel.se/k.ics": "https://exempel.se/k.ics",
    "webcal:exempel.se/k.ics": "https://exempel.se/k.ics",
    "”https://exempel.se/k.ics”": "https://exempel.se/k.ics",
    "<https://exempel.se/k.ics>": "https://exempel.se/k.ics",
    "(https://exempel.se/k.ics)": "https://exempel.se/k.ics",
    "https://exempel.se/k(1).ics": "https://exempel.se/k(1).ics",
    "https://exempel.se/kalender.": "https://exempel.se/kalender",
    "Vår kalender: https://exempel.se/k.ics, den är öppen": "https://exempel.se/k.ics",
    "https://exempel.se/vår kalender.ics": "https://exempel.se/vår%20kalender.ics",
    "https://exempel.se/kalen\n  der.ics": "https://exempel.se/kalender.ics",
    "\u200bhttps://exempel.se/k.ics\ufeff": "https://exempel.se/k.ics",
    "http:/exempel.se/k": "http://exempel.se/k",
    "https//exempel.se/k": "https://exempel.se/k",
    "https://blåbärsby.example/höst": "https://blåbärsby.example/höst",
    f"https://calendar.google.com/calendar/u/0?cid={CODED}": GOOGLE,
    f"https://calendar.google.com/calendar/u/0/r?cid={CODED}": GOOGLE,
    f"https://calendar.google.com/calendar/embed?src={ID.replace('@', '%40')}&ctz=Europe%2FStockholm": GOOGLE,
    f"https://www.google.com/calendar/embed?src={ID}": GOOGLE,
    "https://calendar.google.com/calendar/r?cid=webcal://exempel.se/k.ics": "https://exempel.se/k.ics",
    f"https://calendar.google.com/calendar/embed?src={ID}&src=annan@group.calendar.google.com": (
        f"https://calendar.google.com/calendar/embed?src={ID}&src=annan@group.calendar.google.com"
    ),
    GOOGLE: GOOGLE,
    "https://calendar.google.com/calendar/u/0?cid=%%%": "https://calendar.google.com/calendar/u/0?cid=%%%",
    f"{OFFICE}calendar.html": f"{OFFICE}calendar.ics",
    f"{OFFICE}calendar.ics": f"{OFFICE}calendar.ics",
    f"{LIVE}index.html": f"{LIVE}calendar.ics",
    "https://www.laget.se/BynsIF": "https://cal.laget.se/BynsIF.ics",
    "laget.se/BynsIF-P12/Event/Month": "https://cal.laget.se/BynsIF-P12.ics",
    "https://www.laget.se/BynsIF/Home/NewsRss": "https://www.laget.se/BynsIF/Home/NewsRss",
    "https://www.laget.se/": "https://www.laget.se/",
    "https://www.meetup.com/byns-spelkvall/": "https://www.meetup.com/byns-spelkvall/events/ical/",
    "https://www.meetup.com/sv-SE/byns-spelkvall/events/": "https://www.meetup.com/byns-spelkvall/events/ical/",
    "https://www.meetup.com/byns-spelkvall/events/300000000/": "https://www.meetup.com/byns-spelkvall/events/300000000/",
    "https://www.meetup.com/find/": "https://www.meetup.com/find/",
}  # fmt: skip
NOWHERE = {
    "kalender.ics": "local-file",
    "Höstens program.xlsx": "local-file",
    "/home/byn/kalender.ics": "local-file",
    "./kalender.ics": "local-file",
    "C:\\Byn\\kalender.ics": "local-file",
    "file:///byn/kalender.ics": "local-file",
    "info@exempel.se": "mail-address",
    "mailto:info@exempel.se": "mail-address",
    "https://www.facebook.com/events/1234": "no-calendars",
    "facebook.com/byforeningen": "no-calendars",
    "https://fb.me/e/abc": "no-calendars",
    "exempel.se/kalender.ics": "",
    "exempel.se": "",
    "https://notfacebook.com/x": "",
    "https://exempel.se/?next=https://www.facebook.com/": "",
}


@pytest.mark.parametrize(("typed", "meant"), MEANT.items())
def test_what_is_pasted_becomes_the_address_that_is_meant(typed: str, meant: str) -> None:
    assert pasted(typed) == meant
    assert pasted(meant) == meant
    assert no_address(typed) == ""


@pytest.mark.parametrize(("typed", "code"), NOWHERE.items())
def test_what_can_be_no_address_is_known_without_asking(typed: str, code: str) -> None:
    assert no_address(typed) == code


@pytest.mark.parametrize("typed", ["https://blåbärsby.example/vår kalender.ics", "exempel.se/k.ics."])
def test_what_is_meant_is_an_address_that_may_be_asked(typed: str) -> None:
    assert check_address(pasted(typed)).scheme == "https"

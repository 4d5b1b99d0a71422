"""Private contacts in prose (A36, G04): what goes, and what must stay."""

from __future__ import annotations

import pytest

from aggregator.contacts import without_contacts

GONE = {
    "mail": ("Anmälan till fornamn.efternamn@exempel.se senast fredag", "Anmälan till senast fredag"),
    "mail_beside_a_mailbox": ("fornamn@exempel.se eller info@exempel.se", "info@exempel.se"),
    "mobile": ("Ring 070-123 45 67 för mer", "för mer"),
    "mobile_bare": ("Frågor? 0701234567", "Frågor?"),
    "abroad": ("Tel: +46 (0)46 25 11 00.", ""),
    "switchboard": ("Telefon 046-25 11 00", ""),
    "line": ("Fri entré.\nTel: 046-25 11 00\nVälkommen!", "Fri entré.\nVälkommen!"),
    "contact": ("Dans.\nKontaktperson: Förnamn Efternamn, 070-123 45 67\nKaffe.", "Dans.\nKaffe."),
    "in_brackets": ("Guidad tur (070-123 45 67) i parken", "Guidad tur i parken"),
}
STAYS = {
    "dates": "Den 2026-04-18 och 2026-04-19, kl. 10.00-16.00",
    "hours": "Öppet 08-16 och 10:00-12:00",
    "money": "Pris 120-150 kr, barn 60 kr",
    "years": "Fotografier 1914-1918 och 1939-1945",
    "post": "Torget 1, 245 31 Staffanstorp",
    "mailbox": "Boka på bokning@exempel.se eller biblioteket@exempel.se",
    "address": "Se https://exempel.se/e/0701234567",
    "account": "Bankgiro 123-4567",
    "meeting": "Zoom-möte 884 0151 4375",
    "isbn": "ISBN 978-91-0-012345-6",
    "headline": "Kontakt: dans för alla",
}


@pytest.mark.parametrize(("told", "kept"), GONE.values(), ids=GONE.keys())
def test_A36_private_contact_is_taken_out(told: str, kept: str) -> None:
    assert without_contacts(told) == kept


@pytest.mark.parametrize("told", STAYS.values(), ids=STAYS.keys())
def test_facts_of_the_event_stay(told: str) -> None:
    assert without_contacts(told) == told


# Put down before the rules: how Swedish announcements tell numbers and persons, and what must not be left of it.
SHAPES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Anmälan via mejl till förnamn.efternamn@exempel.se.", ("örnamn",)),
    ("Gruppen träffas hos Förnamn Efternamn på Lärkvägen 12", ("Efternamn", "12")),
    ("Anmälan: 0702-12 34 56", ("0702",)),
    ("Mobil 0708-123 456", ("0708", "456")),
    ("tel 046-251100", ("251100",)),
    ("ring 046/25 11 00", ("25 11",)),
    ("Ring 070 - 123 45 67 senast fredag", ("123",)),
    ("Ring 070.123.45.67", ("123",)),
    ("Frågor: 073 123 4567", ("123",)),
    ("Info: +46 70 123 45 67", ("123",)),
    ("Info: +46701234567", ("4670",)),
    ("Info: 0046 70 1234567", ("1234567",)),
    ("sms:a 076-1234567", ("1234567",)),
    ("08-123 456 78", ("456",)),
    ("08-12 34 56", ("34",)),
    ("(046) 25 11 00", ("25 11",)),
    ("Tel: 0410 - 123 45", ("123",)),
    ("0411-12345", ("12345",)),
    ("046 – 25 11 00", ("25 11",)),
    ("telnr: 25 11 00", ("25 11",)),
    ("Tfn. 251100", ("251100",)),
    ("Ring Förnamn på 070-123 45 67", ("070", "Förnamn")),
    ("Dans.\nKontaktperson Förnamn Efternamn\nKaffe.", ("Efternamn",)),
    ("Kontakta Förnamn Efternamn på 070-1234567 för anmälan.", ("Efternamn", "1234567")),
    ("Anmälan till Förnamn Efternamn, 070-123 45 67 eller fornamn.efternamn@exempel.se", ("Efternamn", "070", "@")),
    ("Frågor? Kontakta Förnamn Efternamn.", ("Efternamn",)),
    ("Vi bjuder på fika. Ansvarig: Förnamn Efternamn", ("Efternamn",)),
    ("Arrangör: Provstads IF. Kontakt Förnamn Efternamn, tel 070-1234567.", ("Efternamn", "1234567")),
    ("Anmälan: fornamn.efternamn (at) exempel.se", ("efternamn",)),
    ("Anmälan: fornamn.efternamn[at]exempel.se", ("efternamn",)),
    ("Anmälan: fornamn.efternamn (snabel-a) exempel.se", ("efternamn",)),
    ("Vi ses hemma hos Förnamn Efternamn, Lärkvägen 4.", ("Efternamn", "Lärkvägen 4")),
    ("Anmälan görs till Förnamn Efternamn, Lärkvägen 4, 245 31 Provstad.", ("Efternamn", "Lärkvägen")),
    ("Swisha till 070-123 45 67", ("123",)),
    ("Ring 0701-23 45 67/0702-34 56 78", ("23 45", "34 56")),
    ("Tel 070-123 45 67, 046-25 11 00 (kvällstid)", ("123", "25 11")),
    ("Kontakt: Förnamn, 0701234567", ("0701234567", "Förnamn")),
    ("Förnamn 070-1234567 & Förnamn 073-7654321", ("070", "073")),
    ("tel:+46701234567", ("4670",)),
    ("T: 070-123 45 67 M: 0730-12 34 56", ("123", "0730")),
    ("Upplysningar lämnas av ordförande Förnamn Efternamn, 046-123456", ("Efternamn", "123456")),
)
UNTOUCHED = (
    "Bussen går 06.10, 07.10, 08.10",
    "Läs mer på s. 070-072",
    "Guide: Förnamn Efternamn. Samling P-plats 13",
    "Org.nr 802412-3456",
    "Organisationsnummer: 802412-3456",
    "Bankgiro 5050-1055",
    "Plusgiro 12 34 56-7",
    "Pg 4 12 34-5",
    "Swish 123 456 78 90",
    "Swish: 1234567890",
    "Laget spelade 1970-71 och 2010-12",
    "Pris: 100-150-200 kr",
    "Vi ses 08-12 augusti",
    "08-09 maj",
    "Vecka 08-12",
    "Tid 08.00-12.00 16.30-18",
    "07-12-2026",
    "2026-12-07 18.00",
    "55.6426, 13.2064",
    "Loppis 10-16 den 04-05 2026",
    "Biljetter: 0771-70 70 70",
    "Ring 1177 eller 112",
    "Ring 020-12 34 56 för biljetter",
    "Biljettkassan 046-25 11 00",
    "Kommunens växel: 046-25 11 00",
    "Bokas i receptionen, tel 046-25 11 00",
    "Kontaktcenter 046-25 11 00",
    "Årskurs 0-3 och 4-6",
    "Resultat 3-0 0-0 2-1",
    "Salen rymmer 070 personer",
    "Hus 04, sal 123 45",
    "Buss 160 avgår 07 15 30 45 varje timme",
    "Kl 07 00 08 00 09 00",
    "Postnummer 245 31",
    "Kontakt: dans för alla",
    "Kontakta oss gärna!",
    "Ansvarig utgivare finns på plats",
    "Vi spelar verk av Wolfgang Amadeus Mozart",
    "Föreläsare: Förnamn Efternamn",
    "Konsert med Förnamn Efternamn Trio",
    "Anmälan till Kulturskolan Provstad",
    "Anmälan till Röda Korset",
    "Kontakta Provstads Bibliotek",
    "Ansvarig: Studieförbundet Vuxenskolan",
    "Vi samlas vid Lärkvägen 4",
    "ISBN 978-91-0-012345-6",
    "ISSN 0346-1234",
    "Kurskod 070-1234",
    "Bokningsnr 0412-3456 gäller",
    "Nyårslopp 5-10-21 km",
    "Skala 1:50 000",
    "Inträde 0-50 kr 60-80 kr",
    "24-07 stängt",
    "Öppet dygnet runt 00-24 07-22",
)


@pytest.mark.parametrize(("told", "gone"), SHAPES)
def test_G04_contact_goes_in_whatever_shape(told: str, gone: tuple[str, ...]) -> None:
    kept = without_contacts(told)
    assert not [word for word in gone if word in kept]


@pytest.mark.parametrize("told", UNTOUCHED)
def test_what_only_looks_like_a_contact_stays(told: str) -> None:
    assert without_contacts(told) == told

"""Private contacts in prose (A36, G04): what goes, and what must stay."""

from __future__ import annotations

import pytest

from aggregator.contacts import without_contacts

GONE = {
    "mail": ("Anmälan till fornamn.efternamn@exempel.se senast fredag", "Anmälan till senast fredag"),
    "mail_beside_a_mailbox": ("fornamn@exempel.se eller info@exempel.se", "info@exempel.se"),
    "mobile": ("Ring 070-123 45 67 för mer", "för mer"),
    "mobile_bare": ("Frågor? 0701234567", "Frågor?"),
    "abroad": ("Tel: +46 (0)46 25 11 00.", "."),
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

"""A canary: somebody who does not exist, in every field of forms and feeds; and a grep over all that is stored."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from aggregator import codec
from aggregator.compose import Program
from aggregator.model import (
    Decision,
    Entry,
    Evidence,
    Letter,
    Mistake,
    OfferedEvent,
    OfferedSource,
    Person,
    Place,
    PlaceEdit,
    Reason,
    Source,
    When,
)
from aggregator.store import rows
from aggregator.store.engine import Database
from tests.town import at, vevent, weekly

NAME = "Kanarie Fågelholk"
EMAIL = "kanarie.fagelholk@fagelholken.example"
SONG = re.compile(rb"(?i)kanarie.{0,12}f(?:\xc3\xa5|\xe5|a)gelholk|fagelholken|kanariefagel")
DAY = timedelta(days=1)


def feed() -> list[str]:
    """Events of a calendar that name the canary in every way; each tells something else too."""
    return [
        vevent(f"Poesiafton med {NAME}", at(8), f"DESCRIPTION:Läser gör {NAME}\\, {EMAIL}.\\nFri entré.", uid="e1"),
        vevent(NAME, at(9), "LOCATION:Hos " + NAME, uid=f"{EMAIL}-9"),
        vevent("Bokcirkel", at(10), f"CATEGORIES:Böcker,{NAME}", f"CONTACT:{NAME} {EMAIL}", uid="e3"),
        vevent("Keramik", at(11), "URL:https://keramik.example/kanarie-fagelholk/kurs", uid="e4"),
        vevent("Jazzklubb", at(12), f'ORGANIZER;CN="{NAME}":mailto:{EMAIL}', "X-LEDARE:" + NAME, uid="e5"),
        vevent("Stickcafé", at(13), "DESCRIPTION:Garn och kaffe med Kanarie Få\r\n gelholk vid\r\n  spisen.", uid="e6"),
        weekly("Linedance", at(14), f"DESCRIPTION:Leds av {NAME.upper()}s vänner.", uid="e7"),
        weekly("Orgelmusik", at(15), uid=f"{EMAIL}-15"),
        "BEGIN:VEVENT\r\nUID:e8\r\nSUMMARY:Vernissage hos " + NAME + "\r\nDTSTART:trasig\r\nEND:VEVENT",
    ]


def settle_in(program: Program, now: datetime, *, address: str = "https://poesi.example/k.ics") -> None:
    """The canary in every table that people fill."""
    store, database = program.store, Database(program.settings.database_url)
    store.people.put(Person(id="p1", email=EMAIL, name=NAME, created=now, confirmed=now))
    store.people.put(Person(id="p2", email="kansliet@sockenhuset.example", name="Kansliet", created=now))
    store.people.consent("p1", "processing", "1", now)
    for subject in ("p1", "s2p1 p1", "p1 kanarie-fagelholks-poesi"):
        store.people.issue("login", subject, now, DAY)
    store.switches.turn("mail-term", True, EMAIL, now)
    store.switches.turn("mail-failing:kanarie-fagelholks-poesi", True, "staff:1", now)
    store.people.open("person", "p1", now)
    for key, recipient in (("own", EMAIL), ("staff", "kansliet@sockenhuset.example")):
        told = f"{NAME} ({EMAIL}) har lämnat en källa."
        letter = Letter(key=f"{key}:{EMAIL}", kind="told", recipient=recipient, language="sv", subject=told,
                        plain=told, html=f"<p>{told}</p>")  # fmt: skip
        store.outbox.write(letter, now)
    store.audit.note("person:p1", "submit", f"submission:{EMAIL}", f"{NAME} lämnade en källa", now)
    store.audit.note("staff:1", "ask", "person:p1", f"frågade {NAME}", now)
    source = Source(id="kanarie-fagelholks-poesi", name=f"{NAME}s poesi", url=address, organizer=NAME)
    store.town.put(Entry(source=source, person="p1", added=now))
    store.town.put_place(PlaceEdit(place=Place(id="hos", name="Holken", aliases=(NAME,)), changed=now, by=f"({EMAIL})"))
    event = OfferedEvent(title=f"Kväll med {NAME}", dates=(When(now + DAY),), place=NAME, organizer=NAME,
                         description=EMAIL, url="https://x.example/?till=" + EMAIL, price=NAME, age=NAME, audience=NAME,
                         categories=(NAME,), note=NAME)  # fmt: skip
    bodies = {
        "source": OfferedSource(address=address, name=NAME, organizer=NAME, note=EMAIL),
        "event": event,
        "report": Mistake(event="x", text=f"{NAME} är fel"),
    }
    with database.write() as connection:
        for number, (kind, body) in enumerate(bodies.items()):
            for person in ("p1", "p2"):
                put(connection, f"s{number}{person}", kind, body, person, now)
        _told_of(connection, now)
    database.close()
    for value in (f"Med {NAME}", f"Kväll hos {NAME}"):
        decision = Decision(id=0, kind="correct", listings=(999,), field="title", value=value, made=now, by=EMAIL)
        store.ledger.decide(decision)


def _told_of(connection: Connection, now: datetime) -> None:
    """The canary where only the program writes: hosts, tries, pictures, changes, evidence, what a mail server said."""
    url = "https://bild.example/kanarie-fagelholk.jpg"
    reason = Evidence(score=-1.0, reasons=(Reason("title", 1.0, f"Poesi med {NAME}"),))
    planted: Mapping[str, Mapping[str, object]] = {
        "host": {"name": "kanarie-fagelholk.example", "free": now},
        "fetch": {"source": "kyrkan", "at": now, "outcome": "failed", "events": 0, "detail": f"svarade {EMAIL}"},
        "picture": {"address": url, "tried": now, "failures": 1, "error": f"intet hos {EMAIL}"},
        "change": {"version": 1, "at": now, "event": "x", "kind": "added", "title": NAME, "old": NAME, "new": NAME},
        "edge": {"a": 8001, "b": 8002, "band": "possible", "score": -1.0, "evidence": codec.dumps(reason)},
    }
    for name, values in planted.items():
        rows.add(connection, name, values)
    connection.execute(text("UPDATE letter SET error = :said"), {"said": f"550 {EMAIL} is unknown"})


def put(connection: Connection, id: str, kind: str, body: object, person: str, now: datetime) -> None:
    """A submission's row."""
    rows.add(connection, "submission", {
        "id": id, "kind": kind, "state": "waiting", "person": person, "body": codec.dumps(body), "note": NAME,
        "version": 1, "created": now, "changed": now, "source": None,
    })  # fmt: skip


def heard(url: str, *folders: Path) -> list[str]:
    """Where the canary is heard still: every value of every table, kept answers unpacked, and all bytes of files."""
    found = [f"{where}: {said[:80]!r}" for where, value in _values(url) if (said := _sung(value))]
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and (said := _sung(file.read_bytes())):
                found.append(f"{file.name}: {said!r}")
    return found


def _sung(value: bytes) -> bytes:
    hit = SONG.search(value)
    return value[max(0, hit.start() - 20) : hit.end() + 20] if hit else b""


def _values(url: str) -> Iterator[tuple[str, bytes]]:
    """All that stands in any table of any schema, the queue's too."""
    database = Database(url)
    with database.read() as connection:
        look = inspect(connection)
        for schema in sorted({"main", *look.get_schema_names()} - {"information_schema"}):
            for name in look.get_table_names(schema):
                for row in connection.execute(text(f'SELECT * FROM "{schema}"."{name}"')).mappings():  # noqa: S608 - told by the database
                    for column, value in row.items():
                        body = zlib.decompress(value) if (name, column) == ("snapshot", "body") else value
                        yield f"{name}.{column}", body if isinstance(body, bytes) else str(body).encode()
    database.close()

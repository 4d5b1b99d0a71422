"""Somebody is erased: no byte of them is left, nothing brings them back, and others keep what is theirs. G01–G03."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from aggregator import compose, erasure, mirror
from aggregator.errors import UsageError
from aggregator.model import Person
from aggregator.store.engine import Database
from aggregator.store.scrub import CLEANERS
from tests.privacy.canary import EMAIL, NAME, feed, heard, settle_in
from tests.town import DAY, HOUR, NOW, Town, at, vevent

# An action is ours, a recurrence an instant, and an event's picture is that of its listing.
UNPLANTED = {"audit.action", "listing.recurrence", "event.image"}


def sung(town: Town) -> Town:
    """A town in which the canary stands everywhere, beside a source that has nothing to do with it."""
    town.add("klubben", role="organizer")
    town.add("kyrkan")
    town.tell("klubben", *feed())
    town.tell("kyrkan", vevent("Vårkonsert", at(8)), vevent("Poesiafton", at(8)))
    town.refresh()
    settle_in(town.program, town.now)
    return town


def erased(town: Town, *, keep_events: bool = False) -> erasure.Erased:
    return erasure.erase(town.program.kit, town.program.store, EMAIL, keep_events=keep_events)


def test_G01_no_byte_of_the_erased_is_left_anywhere(town: Town, database_url: str) -> None:
    sung(town)
    before = heard(database_url, town.folder)
    looked_through = {f"{table}.{column}" for table, columns in CLEANERS.items() for column in columns}
    assert looked_through - {line.split(":")[0] for line in before} == UNPLANTED, "every other column sings at first"
    done = erased(town)
    assert done.persons == 1
    assert done.left == ()
    assert heard(database_url, town.folder) == []
    assert secrets(database_url) == [], "no link and no session of theirs is good"
    assert {"Poesiafton", "Vårkonsert", "Bokcirkel", "Keramik"} <= {t.split(" 2027")[0] for t in town.titles()}


def test_G01_what_changed_is_told_anew(town: Town) -> None:
    """A running process learns of it by the version: no feed, page or API tells the name any more."""
    sung(town)
    version, ids = town.version(), set(town.ids().values())
    erased(town)
    assert town.version() > version
    assert {event.id for event in town.program.store.events(since=version)} & ids
    for path in ("/events.ics?days=550", "/events.rss", "/events.csv", "/api/v1/events?limit=500", "/api/v1/sources"):
        assert "agelholk" not in town.get(path).text.lower(), path


def test_G01_twice_is_once_and_an_unknown_address_harms_nobody(town: Town) -> None:
    sung(town)
    erased(town)
    version, titles = town.version(), town.titles()
    assert erased(town).rows == 0
    assert town.titles() == titles
    assert erasure.erase(town.program.kit, town.program.store, "ingen@okand.example").persons == 0
    assert (town.version() - version, town.titles()) == (0, titles)


def test_G01_another_of_that_name_keeps_their_own_rows(town: Town) -> None:
    sung(town)
    erased(town)
    assert [s for s in ("p1", "p2") if town.program.store.people.person(s)] == ["p2"]


def published(town: Town) -> str:
    """The source that the canary entered, read once; the id of its one event."""
    town.tell("poesi", vevent("Diktläsning", at(20), f"DESCRIPTION:Av {NAME}."))
    settle_in(town.program, town.now, address=town.site.url("/poesi.ics"))
    reread(town)
    town.refresh("kanarie-fagelholks-poesi")
    return town.ids()["Diktläsning"]


def test_G01_events_go_with_their_source(town: Town, database_url: str) -> None:
    id = published(town)
    assert erased(town).sources == ("kanarie-fagelholks-poesi",)
    reread(town)
    assert (town.titles(), heard(database_url)) == ([], [])
    gone = town.get(f"/evenemang/{id}")
    assert (gone.status_code, "Diktläsning" in gone.text) == (410, False)
    assert town.get(f"/api/v1/events/{id}").status_code == 410
    assert "Diktläsning" not in town.get("/changes.rss").text + town.get("/events.rss").text


def test_G01_events_stay_by_choice_and_are_nobodys(town: Town, database_url: str) -> None:
    id = published(town)
    assert erased(town, keep_events=True).sources == ()
    reread(town)
    assert heard(database_url) == []
    assert town.ids() == {"Diktläsning": id}
    (entry,) = town.program.store.town.entries()
    assert (entry.person, entry.source.id, entry.source.name) == (None, "kalla", "poesi")
    town.refresh(after=HOUR)
    assert town.ids() == {"Diktläsning": id}
    assert heard(database_url) == []


def test_G01_a_source_whose_address_is_theirs_goes_even_where_events_stay(town: Town, database_url: str) -> None:
    settle_in(town.program, town.now, address=f"https://kalender.example/ical/{EMAIL.replace('@', '%40')}/public.ics")
    done = erased(town, keep_events=True)
    assert done.sources == ("kanarie-fagelholks-poesi",)
    assert heard(database_url) == []


def test_G02_what_a_source_delivers_again_is_cleaned_and_no_news(town: Town, database_url: str) -> None:
    sung(town)
    erased(town)
    titles, changes = town.titles(), town.told()
    town.tell("klubben", *feed(), vevent("Fågelskådning", at(20), f"DESCRIPTION:Med {NAME} och {EMAIL}"))
    town.refresh(after=HOUR)
    assert [t for t in town.titles() if t not in titles] == ["Fågelskådning"]
    assert town.told()[len(changes) :] == [("added", "Fågelskådning")]
    town.pass_days(3)
    assert heard(database_url) == []


def test_G02_whoever_read_before_the_erasure_writes_nothing_after_it(town: Town) -> None:
    sung(town)
    lease = town.program.kit.ledger.acquire("klubben", "another", town.program.clock())
    assert lease is not None
    erased(town)
    assert not town.program.kit.ledger.extend(lease, town.program.clock())


def test_G02_a_backup_from_before_is_cleaned_at_its_first_start(small_town: Town, database_url: str) -> None:
    town = sung(small_town)
    folder = town.folder
    backup = folder.parent / f"{folder.name}-backup.db"
    town.program.store.backup(backup)
    erased(town)
    for part in folder.glob("evenemang.db*"):
        part.unlink()
    shutil.copy(backup, folder / "evenemang.db")
    url = town.program.settings.database_url
    assert heard(url, folder)
    with compose.open_program(folder / "sources.yaml") as program:
        assert program.store.people.person("p1") is None
        assert program.config.source("kanarie-fagelholks-poesi") is None
    assert heard(url, folder) == []
    backup.unlink()


def test_G02_an_erasure_of_which_the_file_knows_nothing_is_written_into_it(small_town: Town) -> None:
    town = sung(small_town)
    erased(town)
    path = mirror.beside(town.folder / "sources.yaml")
    told = path.read_text()
    assert path.stat().st_mode & 0o077 == 0
    path.unlink()
    with compose.open_program(town.folder / "sources.yaml"):
        assert path.read_text() == told


def test_G02_a_file_of_another_database_says_nothing_here(small_town: Town, tmp_path: Path) -> None:
    path = tmp_path / "other.erased"
    path.write_text(f"{mirror.HEAD}key 0123456789abcdef\naddress {'a' * 40}\n")
    assert mirror.read(path, "fedcba9876543210") is None
    assert mirror.read(path, "0123456789abcdef") is not None
    assert mirror.read(tmp_path / "none.erased", "any") == frozenset()
    assert small_town.program.store.version() == 0


def test_an_organisation_or_a_single_word_is_no_persons_name(town: Town) -> None:
    """It would be taken out of everybody's events."""
    town.add("klubben", role="organizer")
    town.tell("klubben", vevent("Öppet hus på Stadsbiblioteket", at(8), location="Kansliet"))
    town.refresh()
    for id, name in (("p1", "Stadsbiblioteket i Byn"), ("p2", "Kansliet"), ("p3", "Klubben")):
        town.program.store.people.put(Person(id=id, email=f"{id}@x.example", name=name, created=NOW))
        done = erasure.erase(town.program.kit, town.program.store, f"{id}@x.example")
        assert len(done.left) == 1
    assert town.titles() == ["Öppet hus på Stadsbiblioteket"]


def test_staff_are_removed_before_they_are_erased(town: Town, database_url: str) -> None:
    staff = town.program.store.staff
    member = staff.add(EMAIL, NAME, town.now, by="test")
    with pytest.raises(UsageError, match="staff remove"):
        erased(town)
    staff.remove(member.id, town.now + DAY, "test")
    erased(town)
    assert heard(database_url) == []
    assert staff.get(member.id) is not None


def test_what_is_no_address_erases_nobody(town: Town) -> None:
    with pytest.raises(UsageError, match="not a mail address"):
        erasure.erase(town.program.kit, town.program.store, "två@a.example, b@b.example")


def test_an_operator_is_told_what_the_towns_own_file_says(town: Town) -> None:
    town.add("klubben", organizer=NAME)
    settle_in(town.program, town.now)
    (left,) = erased(town).left
    assert "--name" in left
    done = erasure.erase(town.program.kit, town.program.store, EMAIL, names=[NAME])
    assert done.left == ("sources.yaml names them: edit it",)


def test_G03_an_export_is_complete_and_holds_only_their_own(town: Town, database_url: str) -> None:
    sung(town)
    town.program.store.audit.note("person:p2", "submit", "submission:s0p2", "hemligt", town.now)
    told = town.program.store.personal.export(EMAIL, town.now)
    assert json.loads(json.dumps(told)) == told
    full = {name for name, value in told.items() if value}
    assert full == set(told) - {"events", "staff"}
    assert {s["id"] for s in told["submissions"]} == {"s0p1", "s1p1", "s2p1"}
    assert [letter["recipient"] for letter in told["letters"]] == [EMAIL]
    words = json.dumps(told, ensure_ascii=False)
    assert "p2" not in words
    assert "hemligt" not in words
    assert len(secrets(database_url)) == 4
    assert not any(secret in words for secret in secrets(database_url))


def secrets(url: str) -> list[str]:
    """What is stored of links and sessions."""
    database = Database(url)
    with database.read() as connection:
        found = [*connection.execute(text('SELECT hash FROM "token" UNION SELECT hash FROM "session"')).scalars()]
    database.close()
    return [str(one) for one in found]


def reread(town: Town) -> None:
    """The running town reads what staff and erasures changed."""
    town._program = town.program.with_config(town.program.read_town())

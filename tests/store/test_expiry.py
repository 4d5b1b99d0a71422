"""G06, G10: what is over goes, with all that hangs on it, once and for good; a clock that the test sets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text

from aggregator.model import Entry, OfferedSource, Person, Source, Standing, Submission, SubmissionKind
from aggregator.retention import DECIDED, LOGGED, PAST, UNCONFIRMED
from aggregator.store import Store
from aggregator.store.engine import Database
from tests.store.making import NOW, opened

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
HOLKEN = Source(id="holken", name="Holken", url="https://holken.example/k.ics")
TABLES = ("person", "consent", "token", "session", "submission", "entry", "letter", "audit", "tally", "salt")


def submission(id: str, state: Standing, person: str, **more: object) -> Submission:
    body = OfferedSource(address="https://holken.example/k.ics", name="Holken")
    told = Submission(
        id=id, kind=SubmissionKind.SOURCE, state=state, person=person, body=body, created=NOW, changed=NOW
    )
    return replace(told, **more)  # type: ignore[arg-type]  # each test names what it is about


def person(store: Store, id: str, *, confirmed: bool = True) -> None:
    """Somebody with all that hangs on a person."""
    store.people.put(Person(id=id, email=f"{id}@holken.example", name="Kansliet", created=NOW))
    store.people.consent(id, "processing", "1", NOW)
    store.people.issue("person-login", id, NOW, UNCONFIRMED)
    if confirmed:
        store.people.confirm(id, NOW)
        store.people.open("person", id, NOW)


def counted(url: str) -> dict[str, int]:
    """How many rows each table of people has."""
    database = Database(url)
    with database.read() as connection:
        found = {n: int(connection.execute(text(f'SELECT count(*) FROM "{n}"')).scalar_one()) for n in TABLES}  # noqa: S608 - our own names
    database.close()
    return found


def test_G10_what_nobody_confirmed_is_gone_after_48_hours(database_url: str) -> None:
    with opened(database_url) as store:
        person(store, "p1", confirmed=False)
        store.submissions.add(submission("s1", Standing.UNCONFIRMED, "p1"), "person:p1")
        store.ledger.purge_people(NOW + UNCONFIRMED - SECOND)
        assert counted(database_url)["submission"] == counted(database_url)["person"] == 1
        gone = store.ledger.purge_people(NOW + UNCONFIRMED)
        assert (gone["submission"], gone["person"]) == (1, 1)
        left = counted(database_url)
        assert [left[name] for name in ("person", "consent", "token", "submission")] == [0, 0, 0, 0]


def test_G10_what_was_refused_goes_after_30_days_and_its_person_a_month_after_the_last_visit(database_url: str) -> None:
    with opened(database_url) as store:
        person(store, "p1")
        store.submissions.add(submission("s1", Standing.REJECTED, "p1"), "person:p1")
        store.ledger.purge_people(NOW + DECIDED - SECOND)
        assert counted(database_url)["submission"] == 1
        store.ledger.purge_people(NOW + DECIDED)
        left = counted(database_url)
        assert [left[name] for name in ("person", "consent", "session", "submission")] == [0, 0, 0, 0]


def test_G10_who_has_something_here_stays(database_url: str) -> None:
    with opened(database_url) as store:
        person(store, "p1")
        store.town.put(
            Entry(source=Source(id="holken", name="Holken", url="https://h.example/"), person="p1", added=NOW)
        )
        store.submissions.add(submission("s1", Standing.APPROVED, "p1", source="holken"), "person:p1")
        store.ledger.purge_people(NOW + timedelta(days=1500))
        left = counted(database_url)
        assert [left[name] for name in ("person", "consent", "submission", "entry")] == [1, 1, 1, 1]


def test_G10_a_source_that_was_taken_out_is_nobodys_after_a_month_and_forgotten_after_13(database_url: str) -> None:
    with opened(database_url) as store:
        person(store, "p1")
        store.town.put(
            Entry(source=Source(id="holken", name="Holken", url="https://h.example/"), person="p1", added=NOW)
        )
        store.town.remove("holken", NOW)
        store.ledger.purge_people(NOW + DECIDED)
        (entry,) = store.town.entries()
        assert entry.person is None
        assert counted(database_url)["person"] == 0
        store.ledger.purge_people(NOW + PAST)
        assert store.town.entries() == []


def test_who_may_follow_the_link_of_a_report_still_is_kept_for_it(database_url: str) -> None:
    with opened(database_url) as store:
        store.people.put(Person(id="p1", email="p1@holken.example", name="", created=NOW - DAY))
        store.people.issue("report-answer", "s9 p1", NOW, UNCONFIRMED)
        store.ledger.purge_people(NOW + UNCONFIRMED - HOUR)
        assert counted(database_url)["person"] == 1
        store.ledger.purge_people(NOW + UNCONFIRMED)
        assert counted(database_url)["person"] == 0


def test_G10_lines_of_the_log_have_a_term(database_url: str) -> None:
    with opened(database_url) as store:
        store.audit.note("staff:1", "approve", "submission:1", "", NOW)
        store.ledger.purge_people(NOW + LOGGED - SECOND)
        assert counted(database_url)["audit"] == 1
        store.ledger.purge_people(NOW + LOGGED)
        assert counted(database_url)["audit"] == 0


def test_G06_hashes_of_network_addresses_and_their_salts_are_gone_after_seven_days(database_url: str) -> None:
    with opened(database_url) as store:
        store.tally.hit("login", "192.0.2.0", NOW, 5, DAY)
        assert (counted(database_url)["tally"], counted(database_url)["salt"]) == (1, 1)
        store.ledger.purge_people(NOW + timedelta(days=7))
        assert (counted(database_url)["tally"], counted(database_url)["salt"]) == (0, 0)


def test_G10_twice_is_once(database_url: str) -> None:
    with opened(database_url) as store:
        person(store, "p1", confirmed=False)
        store.submissions.add(submission("s1", Standing.UNCONFIRMED, "p1"), "person:p1")
        later = NOW + timedelta(days=1500)
        store.ledger.purge(later, PAST)
        assert not any(store.ledger.purge(later, PAST).values())

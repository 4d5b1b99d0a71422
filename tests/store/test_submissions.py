"""What people sent in, from state to state: the table of moderation, the version that was shown, what becomes of it."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from aggregator.config import Calendar, Config
from aggregator.errors import Overtaken, UsageError
from aggregator.model import (
    Letter,
    Mistake,
    OfferedEvent,
    OfferedSource,
    Role,
    Source,
    Standing,
    Submission,
    SubmissionKind,
    When,
)
from aggregator.moderation import Action, Actor
from aggregator.store import Store, rows
from aggregator.store.engine import Database
from aggregator.store.submissions import Deed
from tests.store.making import NOW, ZONE, opened

FILE = Config(
    file=Path("sources.yaml"),
    calendar=Calendar(name="Evenemang i Staffanstorp"),
    sources=(Source(id="koren", name="Kören", url="https://koren.example/k.ics"),),
)
ADDRESS = OfferedSource(address="https://scout.example/k.ics", name="Scoutkåren", role=Role.ASSOCIATION)
CONCERT = OfferedEvent(
    title="Vårkonsert", dates=(When(datetime(2027, 4, 10, 18, tzinfo=ZONE)),), organizer="Kören", note="Ring gärna"
)
LETTER = Letter(key="a", kind="told", recipient="k@x.example", language="sv", subject="Hej", plain="Hej", html="Hej")


def offered(id: str, body: OfferedSource | OfferedEvent | Mistake = ADDRESS, **more: Any) -> Submission:
    kinds = {OfferedSource: "source", OfferedEvent: "event", Mistake: "report"}
    told = {"state": Standing.WAITING, "person": "p1", "created": NOW, "changed": NOW, **more}
    return Submission(id=id, kind=SubmissionKind(kinds[type(body)]), body=body, **told)


def act(store: Store, id: str, action: Action, actor: Actor = Actor.STAFF, **more: Any) -> Submission:
    """The action, on the version as it is."""
    shown = store.submissions.get(id)
    told = {"version": shown.version if shown else 1, "by": f"{actor}:1", "now": NOW + timedelta(hours=1), **more}
    return store.submissions.act(Deed(id=id, action=action, actor=actor, **told), FILE)


def told_of(url: str, table: str, *columns: str) -> list[tuple[str, ...]]:
    """Some columns of a table, in the order in which its rows were written."""
    database = Database(url)
    source = rows.table(table)
    with database.read() as connection:
        found = connection.execute(select(*(source.c[name] for name in columns)).order_by(source.c.id)).all()
    database.close()
    return [tuple(row) for row in found]


def live(store: Store) -> dict[str, Source]:
    return {entry.source.id: entry.source for entry in store.town.entries() if entry.removed is None}


@pytest.mark.parametrize("body", [ADDRESS, CONCERT, Mistake(event="01K", text="Fel tid")])
def test_what_was_sent_in_comes_back_as_it_was(database_url: str, body: OfferedSource | OfferedEvent | Mistake) -> None:
    with opened(database_url) as store:
        store.submissions.add(told := offered("s1", body), "person:p1")
        assert store.submissions.get("s1") == told
        assert store.submissions.get("s2") is None


def test_lists_are_by_state_kind_and_person_and_the_queue_has_the_longest_waiting_first(database_url: str) -> None:
    with opened(database_url) as store:
        for n, id in enumerate("abc"):
            store.submissions.add(offered(id, created=NOW + timedelta(minutes=3 - n)), "person:p1")
        store.submissions.add(offered("d", CONCERT, person="p2"), "person:p2")
        store.submissions.add(offered("e", state=Standing.UNCONFIRMED), "person:p1")
        assert [s.id for s in store.submissions.queue()] == ["d", "c", "b", "a"]
        assert [s.id for s in store.submissions.queue(kinds=[SubmissionKind.SOURCE], limit=2, skip=1)] == ["b", "a"]
        assert [s.id for s in store.submissions.of_person("p1")] == ["a", "b", "c", "e"]
        assert store.submissions.counts() == {Standing.WAITING: 4, Standing.UNCONFIRMED: 1}


def test_an_approved_address_is_a_source_and_an_id_that_is_taken_stays_so(database_url: str) -> None:
    with opened(database_url) as store:
        revision = store.town.revision()
        store.submissions.add(offered("s1", replace(ADDRESS, name="Kören")), "person:p1")
        after = act(store, "s1", Action.APPROVE)
        assert (after.state, after.version, after.source) == (Standing.APPROVED, 2, "koren-2")
        source = live(store)["koren-2"]
        assert (source.url, source.role, source.format) == (ADDRESS.address, Role.ASSOCIATION, "auto")
        assert store.town.revision() > revision


def test_single_events_of_one_person_and_organizer_are_one_source(database_url: str) -> None:
    with opened(database_url) as store:
        for id, organizer, person in (
            ("a", "Kören", "p1"),
            ("b", " kören", "p1"),
            ("c", "", "p1"),
            ("d", "Kören", "p2"),
        ):
            body = replace(CONCERT, organizer=organizer)
            store.submissions.add(offered(id, body, person=person), f"person:{person}")
            act(store, id, Action.APPROVE)
        ids = {id: (store.submissions.get(id) or offered("")).source for id in "abcd"}
        assert ids == {"a": "koren-2", "b": "koren-2", "c": "inlamnade-evenemang", "d": "koren-3"}
        assert live(store)["koren-2"].format == "submitted"
        assert [s.id for s in store.submissions.of_source("koren-2")] == ["a", "b"]


def test_the_answer_of_a_source_holds_what_is_approved_and_no_word_to_staff(database_url: str) -> None:
    with opened(database_url) as store:
        for id in "ab":
            store.submissions.add(offered(id, CONCERT), "person:p1")
        act(store, "a", Action.APPROVE)
        answer = store.ledger.handed_in("koren-2")
        assert answer.count(b"rkonsert") == 1
        assert b"Ring" not in answer
        act(store, "a", Action.WITHDRAW, Actor.PERSON)
        assert store.ledger.handed_in("koren-2") == b"[]"


@pytest.mark.parametrize("end", [Action.WITHDRAW, Action.REOPEN])
def test_what_is_approved_no_longer_is_no_source_and_comes_back_under_its_id(database_url: str, end: Action) -> None:
    with opened(database_url) as store:
        store.submissions.add(offered("s1"), "person:p1")
        act(store, "s1", Action.APPROVE)
        act(store, "s1", end)
        assert live(store) == {}
        if end is Action.WITHDRAW:
            act(store, "s1", Action.REOPEN)
        assert act(store, "s1", Action.APPROVE).source == "scoutkaren"
        assert list(live(store)) == ["scoutkaren"]


def test_a_source_of_events_lives_as_long_as_one_of_them(database_url: str) -> None:
    with opened(database_url) as store:
        for id in "ab":
            store.submissions.add(offered(id, CONCERT), "person:p1")
            act(store, id, Action.APPROVE)
        act(store, "a", Action.WITHDRAW)
        assert list(live(store)) == ["koren-2"]
        act(store, "b", Action.WITHDRAW)
        assert live(store) == {}


def test_a_corrected_address_takes_the_place_of_the_one_before(database_url: str) -> None:
    with opened(database_url) as store:
        store.submissions.add(offered("s1"), "person:p1")
        act(store, "s1", Action.APPROVE)
        moved = replace(ADDRESS, address="https://scout.example/ny.ics")
        store.submissions.add(offered("s2", moved, source="scoutkaren"), "person:p1")
        assert live(store)["scoutkaren"].url == ADDRESS.address
        assert act(store, "s2", Action.APPROVE).source == "scoutkaren"
        assert live(store)["scoutkaren"].url == moved.address
        assert [s.state for s in store.submissions.of_source("scoutkaren")] == [Standing.WITHDRAWN, Standing.APPROVED]


def test_a_correction_that_is_refused_leaves_the_source_as_it_was(database_url: str) -> None:
    with opened(database_url) as store:
        store.submissions.add(offered("s1"), "person:p1")
        act(store, "s1", Action.APPROVE)
        store.submissions.add(offered("s2", replace(ADDRESS, name="Kommunen"), source="scoutkaren"), "person:p1")
        act(store, "s2", Action.REJECT, note="Nej")
        assert live(store)["scoutkaren"].name == "Scoutkåren"


def test_F25_who_decides_on_what_was_changed_since_changes_nothing(database_url: str) -> None:
    with opened(database_url) as store:
        store.submissions.add(offered("s1"), "person:p1")
        act(store, "s1", Action.CHANGE, Actor.PERSON, body=replace(ADDRESS, address="https://annan.example/"))
        before = store.submissions.get("s1")
        with pytest.raises(Overtaken) as told:
            act(store, "s1", Action.APPROVE, version=1, letters=(LETTER,))
        assert told.value.version == 2
        assert (store.submissions.get("s1"), live(store), told_of(database_url, "letter", "key")) == (before, {}, [])


def test_F25_of_two_who_decide_at_once_one_does(database_url: str) -> None:
    with opened(database_url) as one, opened(database_url) as two:
        one.submissions.add(offered("s1"), "person:p1")
        start, told = threading.Barrier(2), list[Standing | None]()

        def decide(store: Store, action: Action) -> None:
            start.wait()
            try:
                told.append(act(store, "s1", action, version=1).state)
            except (Overtaken, UsageError):
                told.append(None)

        threads = [threading.Thread(target=decide, args=x) for x in ((one, Action.APPROVE), (two, Action.REJECT))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert told.count(None) == 1
        assert [s.state for s in one.submissions.of_person("p1")] == [state for state in told if state]


@pytest.mark.parametrize(
    ("action", "actor"), [(Action.APPROVE, Actor.PERSON), (Action.ANSWER, Actor.PERSON), (Action.SETTLE, Actor.STAFF)]
)
def test_a_step_that_the_table_does_not_have_is_refused(database_url: str, action: Action, actor: Actor) -> None:
    with opened(database_url) as store:
        store.submissions.add(offered("s1"), "person:p1")
        with pytest.raises(UsageError):
            act(store, "s1", action, actor)
        with pytest.raises(UsageError, match="no such"):
            act(store, "s0", Action.REJECT)


def test_D02_every_change_is_noted_and_its_letters_are_written_with_it(database_url: str) -> None:
    with opened(database_url) as store:
        store.submissions.add(offered("s1"), "person:p1", [LETTER])
        act(store, "s1", Action.REJECT, note="Inget för kalendern", letters=(replace(LETTER, key="b"), LETTER))
        assert told_of(database_url, "audit", "by", "action", "subject") == [
            ("person:p1", "submit", "submission:s1"),
            ("staff:1", "reject", "submission:s1"),
        ]
        assert told_of(database_url, "letter", "key") == [("a",), ("b",)]
        assert (store.submissions.get("s1") or offered("")).note == "Inget för kalendern"

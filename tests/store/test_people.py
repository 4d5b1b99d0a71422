"""Persons, links, sessions, staff, the outbox, the log and the counts: on both databases."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from aggregator.errors import UsageError
from aggregator.model import Letter, Person, Role
from aggregator.store import tokens
from aggregator.store.engine import Database
from aggregator.store.outbox import KEPT, purge
from aggregator.store.staff import NAMED, pseudonymise
from tests.store.making import NOW, opened

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KANSLIET = Person(id="p1", email="kansliet@sockenhuset.example", name="Kansliet", role=Role.VENUE, created=NOW)


def letter(key: str = "login:p1:1", **facts: str) -> Letter:
    told = {"recipient": KANSLIET.email, "language": "sv", "subject": "Hej", "plain": "länken", "html": "<p>länken</p>"}
    return Letter(key=key, kind="login", **(told | facts))


def everything(url: str) -> str:
    """All that the tables of people hold, as text."""
    database = Database(url)
    names = "person consent token session staff letter audit tally"
    with database.read() as connection:
        found = [str(connection.execute(text(f'SELECT * FROM "{name}"')).all()) for name in names.split()]  # noqa: S608 - our own names
    database.close()
    return "\n".join(found)


def test_a_person_is_found_by_id_and_by_address(database_url: str) -> None:
    with opened(database_url) as store:
        store.people.put(KANSLIET)
        assert store.people.person("p1") == store.people.by_email(KANSLIET.email) == KANSLIET
        assert store.people.person("p2") is None
        store.people.confirm("p1", NOW + HOUR)
        store.people.confirm("p1", NOW + DAY)
        found = store.people.person("p1")
        assert found is not None
        assert found.confirmed == NOW + HOUR


def test_G09_what_was_agreed_to_is_kept_with_version_and_time_and_is_taken_back(database_url: str) -> None:
    with opened(database_url) as store:
        store.people.consent("p1", "guidelines", "2026-11", NOW)
        store.people.consent("p1", "processing", "2026-11", NOW)
        assert store.people.withdraw_consent("p1", "processing", NOW + HOUR)
        assert not store.people.withdraw_consent("p1", "processing", NOW + HOUR)
        told = [(c.what, c.version, c.given, c.withdrawn) for c in store.people.consents("p1")]
        assert told == [("guidelines", "2026-11", NOW, None), ("processing", "2026-11", NOW, NOW + HOUR)]
        assert store.people.consents("p2") == []


def test_F04_a_link_is_good_once_for_its_purpose_and_for_a_while(database_url: str) -> None:
    with opened(database_url) as store:
        people = store.people
        secret = people.issue("confirm", "s1", NOW, 2 * DAY)
        assert people.peek(secret, "confirm", NOW) == people.peek(secret, "confirm", NOW) == "s1"
        assert people.peek(secret, "login", NOW) is None
        assert people.redeem(secret, "login", NOW) is None
        assert people.redeem(secret + "x", "confirm", NOW) is None
        assert people.redeem(secret, "confirm", NOW + 2 * DAY) is None
        assert people.redeem(secret, "confirm", NOW + 2 * DAY - timedelta(seconds=1)) == "s1"
        assert people.redeem(secret, "confirm", NOW) is None
        assert people.peek(secret, "confirm", NOW) is None


def test_F04_of_many_who_use_one_link_at_once_one_gets_in(database_url: str) -> None:
    with opened(database_url) as store:
        secret = store.people.issue("login", "p1", NOW, HOUR)
        start, got = threading.Barrier(8), list[str | None]()

        def come() -> None:
            start.wait()
            got.append(store.people.redeem(secret, "login", NOW))

        threads = [threading.Thread(target=come) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(got, key=str) == [None] * 7 + ["p1"]


def test_F04_no_secret_is_stored_and_none_can_be_guessed(database_url: str) -> None:
    with opened(database_url) as store:
        made = [store.people.issue("login", "p1", NOW, HOUR), store.people.open("person", "p1", NOW)]
        assert tokens.BYTES * 8 >= 128
        assert all(len(secret) >= 43 for secret in made)
        assert len({*made, store.people.open("person", "p1", NOW)}) == 3
    kept = everything(database_url)
    assert "p1" in kept
    assert not any(secret in kept for secret in made)


def test_a_session_ends_with_its_time_with_idleness_and_when_it_is_revoked(database_url: str) -> None:
    with opened(database_url) as store:
        people = store.people
        used, idle, left = (people.open("staff", "a", NOW) for _ in range(3))
        for hours in range(0, 7 * 24, 8):
            assert people.session(used, "staff", NOW + hours * HOUR) == "a"
        assert people.session(used, "person", NOW + 8 * HOUR) is None
        assert people.session(used, "staff", NOW + 7 * DAY) is None
        assert people.session(idle, "staff", NOW + 11 * HOUR) == "a"
        assert people.session(left, "staff", NOW + 12 * HOUR) is None
        people.revoke(idle)
        assert people.session(idle, "staff", NOW + 11 * HOUR) is None


def test_ones_own_sessions_are_listed_and_ended_but_not_anothers(database_url: str) -> None:
    with opened(database_url) as store:
        people = store.people
        here, there, other = (people.open("staff", who, NOW) for who in "aab")
        listed = people.sessions("staff", "a", NOW)
        assert len(listed) == 2
        assert not people.revoke_one("staff", "b", listed[0].id)
        people.revoke_all("staff", "a", but=here)
        alive = [people.session(secret, "staff", NOW) for secret in (here, there, other)]
        assert alive == ["a", None, "b"]


def test_F22_removed_staff_lose_everything_in_the_same_moment(database_url: str) -> None:
    with opened(database_url) as store:
        one = store.staff.add("a@x.example", "Redaktör", NOW, by="tests")
        store.staff.set_password(one.id, "hash")
        session, link = store.people.open("staff", one.id, NOW), store.people.issue("invite", one.id, NOW, DAY)
        with pytest.raises(UsageError, match="already"):
            store.staff.add("a@x.example", "Redaktör", NOW, by="tests")
        assert store.staff.password(one.id) == "hash"
        assert store.staff.remove(one.id, NOW, "tests")
        assert not store.staff.remove(one.id, NOW, "tests")
        assert store.people.session(session, "staff", NOW) is None
        assert store.people.redeem(link, "invite", NOW) is None
        assert store.staff.password(one.id) is None
        back = store.staff.add("a@x.example", "Redaktör", NOW + DAY, by="tests")
        assert (back.id, store.staff.password(one.id)) == (one.id, None)


def test_F22_a_new_password_ends_every_session_and_link_given_under_the_old_one(database_url: str) -> None:
    with opened(database_url) as store:
        one = store.staff.add("a@x.example", "Redaktör", NOW, by="tests")
        session, link = store.people.open("staff", one.id, NOW), store.people.issue("invite", one.id, NOW, DAY)
        store.staff.set_password(one.id, "hash")
        assert store.people.session(session, "staff", NOW) is None
        assert store.people.peek(link, "invite", NOW) is None


def test_G11_the_log_keeps_what_removed_staff_did_and_their_name_goes_after_a_term(database_url: str) -> None:
    with opened(database_url) as store:
        one = store.staff.add("a@x.example", "Redaktör", NOW, by="tests")
        store.audit.note(f"staff:{one.id}", "approve", "submission:s1", "", NOW)
        store.staff.remove(one.id, NOW, "tests")
        for moment, gone in ((NOW + NAMED, 0), (NOW + NAMED + HOUR, 1), (NOW + NAMED + HOUR, 0)):
            database = Database(database_url)
            with database.write() as connection:
                assert pseudonymise(connection, moment) == gone
            database.close()
        kept = store.staff.get(one.id)
        assert kept is not None
        assert (kept.name, kept.removed) == ("", NOW)
        assert f"staff:{one.id}" in [line.by for line in store.audit.newest()]
        assert store.staff.add("a@x.example", "Ny", NOW, by="tests").id != one.id
    assert "Redaktör" not in everything(database_url)


def test_the_log_is_read_from_its_newest_line_on(database_url: str) -> None:
    with opened(database_url) as store:
        for n in range(5):
            store.audit.note("staff:a", "hide", f"event:{n % 2}", str(n), NOW)
        first = store.audit.newest(2)
        assert [line.detail for line in first] == ["4", "3"]
        assert [line.detail for line in store.audit.newest(10, first[-1].id)] == ["2", "1", "0"]
        assert [line.detail for line in store.audit.newest(subject="event:1")] == ["3", "1"]


def test_D02_one_reason_makes_one_mail_however_often_it_is_written(database_url: str) -> None:
    with opened(database_url) as store:
        assert store.outbox.write(letter(), NOW)
        assert not store.outbox.write(letter(subject="Hej igen"), NOW)
        (posted,) = store.outbox.due(NOW)
        assert posted.letter == letter()
        assert store.outbox.due(NOW - HOUR) == []


def test_F06_letters_that_anybody_can_cause_delay_no_other(database_url: str) -> None:
    with opened(database_url) as store:
        for n in range(60):
            kind = ("confirm-submission", "confirm-report")[n % 2]
            store.outbox.write(replace(letter(f"flood {n}"), kind=kind), NOW)
        store.outbox.write(letter("login"), NOW + HOUR)
        keys = [posted.letter.key for posted in store.outbox.due(NOW + HOUR)]
        assert keys[:3] == ["login", "flood 0", "flood 1"]


def test_D02_of_two_who_take_one_letter_one_gets_it_and_it_comes_back_if_no_word_does(database_url: str) -> None:
    with opened(database_url) as store:
        store.outbox.write(letter(), NOW)
        (posted,) = store.outbox.due(NOW)
        assert store.outbox.claim(posted, NOW + HOUR)
        assert not store.outbox.claim(posted, NOW + HOUR)
        assert store.outbox.due(NOW) == []
        (again,) = store.outbox.due(NOW + HOUR)
        assert again.tries == 1


def test_the_text_of_a_letter_is_dropped_when_it_has_been_handed_over(database_url: str) -> None:
    with opened(database_url) as store:
        store.outbox.write(letter(), NOW)
        store.outbox.sent(store.outbox.due(NOW)[0].id, NOW)
        (kept,) = store.outbox.list()
        assert (kept.sent, kept.due, kept.letter.plain, kept.letter.html) == (NOW, None, "", "")
        assert not store.outbox.write(letter(), NOW)
    assert "länken" not in everything(database_url)


def test_D22_a_letter_that_is_given_up_stays_to_be_read_until_staff_try_again(database_url: str) -> None:
    with opened(database_url) as store:
        store.outbox.write(letter(), NOW)
        id = store.outbox.due(NOW)[0].id
        assert not store.outbox.again(id, NOW)
        store.outbox.failed(id, "550 no such mailbox", None)
        assert store.outbox.due(NOW + 10 * DAY) == []
        assert store.outbox.list()[0].error == "550 no such mailbox"
        assert store.outbox.again(id, NOW)
        assert [posted.id for posted in store.outbox.due(NOW)] == [id]


def test_letters_are_forgotten_after_their_time(database_url: str) -> None:
    with opened(database_url) as store:
        store.outbox.write(letter(), NOW)
        store.outbox.write(letter("new"), NOW + HOUR)
        database = Database(database_url)
        with database.write() as connection:
            assert purge(connection, NOW + KEPT + timedelta(minutes=1)) == 1
        database.close()
        assert [posted.letter.key for posted in store.outbox.list()] == ["new"]


def test_F06_tries_are_bounded_by_value_and_time(database_url: str) -> None:
    with opened(database_url) as store:
        hit = store.tally.hit
        assert [hit("login", "192.0.2.1", NOW, 2, HOUR) for _ in range(4)] == [True, True, False, False]
        assert hit("login", "192.0.2.2", NOW, 2, HOUR)
        assert hit("submit", "192.0.2.1", NOW, 2, HOUR)
        assert not hit("login", "192.0.2.1", NOW + HOUR - timedelta(seconds=1), 2, HOUR)
        assert hit("login", "192.0.2.1", NOW + HOUR, 2, HOUR)
        store.tally.forget("login", "192.0.2.2", NOW)
        assert hit("login", "192.0.2.2", NOW, 1, HOUR)


def test_F06_a_limit_holds_over_midnight_and_among_many_at_once(database_url: str) -> None:
    with opened(database_url) as store:
        late = NOW.replace(hour=23, minute=59)
        assert store.tally.hit("login", "a", late, 2, HOUR)
        start, got = threading.Barrier(6), list[bool]()

        def come() -> None:
            start.wait()
            got.append(store.tally.hit("login", "a", late + timedelta(minutes=2), 2, HOUR))

        threads = [threading.Thread(target=come) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(got) == [False] * 5 + [True]


def test_F06_a_limit_holds_for_many_who_come_at_once(database_url: str) -> None:
    with opened(database_url) as store:
        store.tally.hit("login", "today's salt is there", NOW, 1, HOUR)
        for number in range(5):
            start, got = threading.Barrier(8), list[bool]()

            def come(value: str = str(number), start: threading.Barrier = start, got: list[bool] = got) -> None:
                start.wait()
                got.append(store.tally.hit("login", value, NOW, 1, HOUR))

            threads = [threading.Thread(target=come) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert sorted(got) == [False] * 7 + [True]


def test_G06_no_network_address_is_stored_and_after_a_week_nothing_of_it(database_url: str) -> None:
    with opened(database_url) as store:
        for day in range(10):
            store.tally.hit("login", "192.0.2.77", NOW + day * DAY, 5, HOUR)
        database = Database(database_url)
        with database.read() as connection:
            days = connection.execute(text("SELECT min(day), count(*) FROM salt")).one()
            kept = connection.execute(text("SELECT key FROM tally")).scalars().all()
        database.close()
        assert days[1] == len(kept) == 7
        assert str(days[0]) > str((NOW + 2 * DAY).date())
        assert len(set(kept)) == 7, "the same network has another name each day"
    assert "192.0.2.77" not in everything(database_url)

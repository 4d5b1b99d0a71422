"""What strangers hand in: nothing is in the queue, and nothing known is touched, before the mail has been answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.model import Letter, Mistake, OfferedSource, Person, Role, Standing, Submission, SubmissionKind
from aggregator.store import Store
from tests.store.making import NOW, opened

AGREED = {"guidelines": "1", "processing": "1"}
LATER = NOW + timedelta(hours=1)
WHO = Person(id="p1", email="kansliet@sockenhuset.example", name="Kansliet", role=Role.ASSOCIATION, created=NOW)
BODY = OfferedSource(address="https://sockenhuset.example/k.ics", name="Sockenhuset")


class Post:
    """Remembers the secrets that were put into letters."""

    def __init__(self) -> None:
        self.secrets: list[str] = []

    def write(self, secret: str) -> Letter:
        self.secrets.append(secret)
        told = {"recipient": WHO.email, "language": "sv", "subject": "Hej", "plain": secret, "html": secret}
        return Letter(key=f"confirm:{len(self.secrets)}", kind="confirm-submission", **told)


@pytest.fixture
def post() -> Post:
    return Post()


def source(id: str = "s1") -> Submission:
    told = {"state": Standing.UNCONFIRMED, "person": None, "created": NOW, "changed": NOW}
    return Submission(id=id, kind=SubmissionKind.SOURCE, body=BODY, **told)  # type: ignore[arg-type]  # mixed values


def report() -> Submission:
    body = Mistake(event="01K", text="Fel tid")
    told = {"state": Standing.WAITING, "person": None, "created": NOW, "changed": NOW}
    return Submission(id="r1", kind=SubmissionKind.REPORT, body=body, **told)  # type: ignore[arg-type]  # mixed values


def waiting(store: Store) -> list[str]:
    return [s.id for s in store.submissions.queue()]


def test_what_is_handed_in_waits_for_its_mail_and_then_for_staff(database_url: str, post: Post) -> None:
    with opened(database_url) as store:
        store.offers.submit(source(), WHO, AGREED, post.write)
        (secret,) = post.secrets
        assert [p.letter.plain for p in store.outbox.list()] == [secret]
        assert (waiting(store), store.people.person("p1")) == ([], WHO)
        assert [s.id for s in store.submissions.of_person("p1")] == ["s1"]
        told = store.offers.confirm(secret, AGREED, LATER)
        assert told is not None
        assert (told.state, told.version, waiting(store)) == (Standing.WAITING, 2, ["s1"])
        assert store.people.person("p1") == replace(WHO, confirmed=LATER)


def test_F03_a_link_is_looked_at_often_and_followed_once(database_url: str, post: Post) -> None:
    with opened(database_url) as store:
        store.offers.submit(source(), WHO, AGREED, post.write)
        (secret,) = post.secrets
        for _ in range(3):
            shown = store.offers.shown(secret, LATER)
            assert shown is not None
            assert shown.state is Standing.UNCONFIRMED
        assert store.offers.confirm(secret, AGREED, LATER) is not None
        assert store.offers.confirm(secret, AGREED, LATER) is None
        assert store.offers.shown(secret, LATER) is None


@pytest.mark.parametrize("secret", ["", "a", "\x00"])
def test_F04_a_guess_opens_nothing(database_url: str, post: Post, secret: str) -> None:
    with opened(database_url) as store:
        store.offers.submit(source(), WHO, AGREED, post.write)
        assert store.offers.confirm(secret, AGREED, LATER) is None
        assert not store.offers.answer_to(post.secrets[0], "1", LATER), "a link is for one purpose"
        assert store.offers.confirm(post.secrets[0], AGREED, NOW + timedelta(hours=48)) is None


def test_F10_what_is_known_of_a_confirmed_person_is_not_touched_by_who_writes_in_their_name(
    database_url: str, post: Post
) -> None:
    with opened(database_url) as store:
        known = replace(WHO, confirmed=NOW)
        store.people.put(known)
        other = replace(WHO, id="p2", name="Någon annan", role=Role.MUNICIPALITY, language="en")
        store.offers.submit(source(), other, AGREED, post.write)
        assert store.people.person("p1") == known
        assert (store.people.person("p2"), store.people.consents("p1")) == (None, [])
        assert [s.person for s in store.submissions.of_person("p1")] == ["p1"]


def test_who_did_not_answer_the_first_mail_may_write_the_name_anew(database_url: str, post: Post) -> None:
    with opened(database_url) as store:
        store.offers.submit(source(), WHO, AGREED, post.write)
        store.offers.submit(source("s2"), replace(WHO, id="p2", name="Kansliet, rätt stavat"), AGREED, post.write)
        person = store.people.by_email(WHO.email)
        assert person is not None
        assert (person.id, person.name) == ("p1", "Kansliet, rätt stavat")
        assert [c.what for c in store.people.consents("p1")] == ["guidelines", "processing"]


def test_G09_what_was_agreed_to_is_kept_with_its_version_and_time(database_url: str, post: Post) -> None:
    with opened(database_url) as store:
        store.offers.submit(source(), WHO, AGREED, post.write)
        store.offers.confirm(post.secrets[0], {**AGREED, "processing": "2"}, LATER)
        told = [(c.what, c.version, c.given) for c in store.people.consents("p1")]
        assert told == [("guidelines", "1", NOW), ("processing", "1", NOW), ("processing", "2", LATER)]


def test_a_report_waits_at_once_and_has_a_name_only_once_its_mail_was_answered(database_url: str, post: Post) -> None:
    with opened(database_url) as store:
        store.offers.report(report(), WHO, "1", post.write)
        assert waiting(store) == ["r1"]
        assert store.submissions.of_person("p1") == []
        (secret,) = post.secrets
        assert store.offers.wants_answer(secret, LATER)
        assert store.offers.answer_to(secret, "1", LATER)
        assert not store.offers.answer_to(secret, "1", LATER)
        assert [s.id for s in store.submissions.of_person("p1")] == ["r1"]
        assert (store.people.person("p1") or WHO).confirmed == LATER


def test_a_report_without_an_address_keeps_nobody(database_url: str, post: Post) -> None:
    with opened(database_url) as store:
        store.offers.report(report(), None, "1", None)
        assert (waiting(store), store.people.by_email(WHO.email), store.outbox.list()) == (["r1"], None, [])

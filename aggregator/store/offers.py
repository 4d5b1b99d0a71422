"""What strangers hand in, until they have answered the mail: one transaction for who, what, consent, link and letter.

Who writes may be anybody, so what is known of an address that somebody has confirmed is not touched, and nothing is in
the queue before its link was followed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from aggregator.consents import PROCESSING
from aggregator.model import Letter, Person, Standing, Submission
from aggregator.moderation import Action, Actor, after
from aggregator.store import audit, outbox, people, rows, submissions, tokens
from aggregator.store.engine import Database

LASTS = timedelta(hours=48)  # of a link that confirms; what was not confirmed by then goes (G10)
_CONFIRM, _ANSWER = "confirm-submission", "confirm-answer"  # the purposes of the links

Write = Callable[[str], Letter]  # the letter that carries a secret


class Offers:
    """The doors of one database that strangers come through."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def submit(self, submission: Submission, person: Person, agreed: Mapping[str, str], write: Write) -> None:
        """Keep what was sent in until its link is followed. `agreed` maps texts to versions (`consents`).

        A button that was pressed twice makes one submission and one letter.
        """
        now = submission.created
        with self._database.write() as connection:
            who = _who(connection, person, agreed, now)
            told = replace(submission, person=who, state=Standing.UNCONFIRMED)
            if submissions.is_twin(connection, told):
                return
            secret = tokens.issue(connection, _CONFIRM, submission.id, now, LASTS)
            submissions.put(connection, told, f"person:{who}", [write(secret)])

    def shown(self, secret: str, now: datetime) -> Submission | None:
        """What a link stands for; it stays good (F03)."""
        with self._database.read() as connection:
            id = tokens.peek(connection, secret, _CONFIRM, now)
            return None if id is None else submissions.find(connection, id)

    def confirm(self, secret: str, agreed: Mapping[str, str], now: datetime) -> Submission | None:
        """Follow a link: what it stands for is in the queue, and whose it is has answered. None where it is over."""
        with self._database.write() as connection:
            id = tokens.redeem(connection, secret, _CONFIRM, now)
            told = None if id is None else submissions.find(connection, id)
            if told is None or told.person is None:
                return None
            people.confirm(connection, told.person, now)
            _agree(connection, told.person, agreed, now)
            if told.state is Standing.UNCONFIRMED:
                target = after(told.kind, told.state, Action.CONFIRM, Actor.PERSON)
                told = replace(told, state=target, version=told.version + 1, changed=now)
                submissions.change(connection, told, Action.CONFIRM, f"person:{told.person}")
        return told

    def report(self, submission: Submission, person: Person | None, version: str, write: Write | None) -> None:
        """Word of a mistake: in the queue at once, without a name. Who wants an answer confirms the address first."""
        now = submission.created
        with self._database.write() as connection:
            submissions.put(connection, replace(submission, person=None), "stranger")
            if person is not None and write is not None:
                who = _who(connection, person, {PROCESSING: version}, now)
                secret = tokens.issue(connection, _ANSWER, f"{submission.id} {who}", now, LASTS)
                outbox.write(connection, write(secret), now)

    def wants_answer(self, secret: str, now: datetime) -> bool:
        """Whether a link of a report is good still."""
        with self._database.read() as connection:
            return tokens.peek(connection, secret, _ANSWER, now) is not None

    def answer_to(self, secret: str, version: str, now: datetime) -> bool:
        """Follow the link of a report: staff can answer from now on. False where it is over."""
        with self._database.write() as connection:
            subject = tokens.redeem(connection, secret, _ANSWER, now)
            if subject is None:
                return False
            id, who = subject.split(" ")
            people.confirm(connection, who, now)
            _agree(connection, who, {PROCESSING: version}, now)
            table = rows.table("submission")
            mine = (table.c.id == id) & table.c.person.is_(None)
            connection.execute(update(table).where(mine).values(person=who))
            audit.note(connection, f"person:{who}", "confirm", f"submission:{id}", "report", now)
        return True


def _who(connection: Connection, person: Person, agreed: Mapping[str, str], now: datetime) -> str:
    """The id of whoever has the address. What a confirmed person said of themselves is left as it is."""
    known: Any = next(iter(rows.where_in(connection, "person", "email", [person.email])), None)
    if known is not None and known.confirmed is not None:
        return str(known.id)
    who = person.id if known is None else str(known.id)
    people.put(connection, replace(person, id=who, created=now if known is None else known.created, confirmed=None))
    _agree(connection, who, agreed, now)
    return who


def _agree(connection: Connection, who: str, agreed: Mapping[str, str], now: datetime) -> None:
    """Write what is not agreed to yet in this version."""
    consent = rows.table("consent")
    open_ones = select(consent.c.what, consent.c.version).where(consent.c.person == who, consent.c.withdrawn.is_(None))
    given = {(row.what, row.version) for row in connection.execute(open_ones)}
    for what, version in agreed.items():
        if (what, version) not in given:
            people.agree(connection, who, what, version, now)

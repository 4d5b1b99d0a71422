"""Mail handed to real servers: what is sent, what is refused, and who waits how long for whom."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import getaddresses
from pathlib import Path

import pytest
import trustme
from pydantic import SecretStr

from aggregator import postage
from aggregator.errors import MailError
from aggregator.jobs.postman import LOOK, Postman
from aggregator.letters import letter
from aggregator.mail import Mailer, Sender, Server, message, sender_of, server_of
from aggregator.model import Letter
from aggregator.settings import Settings
from aggregator.store import Store
from aggregator.store.outbox import HANDFUL, Posted
from tests.smtp import Mailbox, Script, speaking
from tests.store.making import NOW, opened

pytestmark = pytest.mark.anyio
SENDER = Sender("evenemang@byn.example", "Evenemang i Byn, “kalendern” <x>", "kansliet@byn.example")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def written(number: int = 1, **facts: str) -> Letter:
    return letter(
        "approved",
        key=f"approved:{number}",
        to=f"forening{number}@sockenhuset.example",
        language="sv",
        town="Evenemang i Byn",
        link="https://byn.example/min-sida",
        **({"title": "Julkonsert på Rådhuset", "note": "Fint!"} | facts),
    )


def posted(number: int = 1, **facts: str) -> Posted:
    told = {"created": NOW, "due": NOW, "tries": 0, "sent": None, "error": ""}
    return Posted(id=number, letter=written(number, **facts), **told)  # type: ignore[arg-type]  # a row's values


def mailer(url: str, trust: ssl.SSLContext | None = None, *, step: float = 5, whole: float = 10) -> Mailer:
    return Mailer(server_of(url), SENDER, trust, step=step, whole=whole)


@dataclass
class Round:
    """A postman over a real outbox, with a clock that is moved by hand."""

    store: Store
    mailer: Mailer
    now: datetime = NOW

    async def look(self) -> float:
        return await Postman(self.store.outbox, self.mailer.send, lambda: self.now, lambda: 0.5).look()

    def write(self, *numbers: int) -> None:
        for number in numbers:
            assert self.store.outbox.write(written(number), self.now)

    def states(self) -> dict[str, tuple[bool, bool]]:
        """Recipient's number → whether it was sent, whether it was given up."""
        return {
            p.letter.key.partition(":")[2]: (p.sent is not None, p.sent is None and p.due is None)
            for p in self.store.outbox.list()
        }


@contextmanager
def round_(folder: Path, url: str) -> Iterator[Round]:
    with opened(f"sqlite:///{folder}/evenemang.db") as store:
        yield Round(store, mailer(url))


async def test_a_letter_arrives_as_plain_text_and_html_with_the_headers_of_a_program() -> None:
    with Mailbox() as server:
        await mailer(server.url).send(posted())
        (got,) = server.box.messages
        (envelope,) = server.box.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == (SENDER.address, ["forening1@sockenhuset.example"])
    assert got["Subject"] == "Nu visas det i Evenemang i Byn: Julkonsert på Rådhuset"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["Content-Language"] == "sv"
    assert getaddresses([got["From"]])[0][1] == SENDER.address
    assert str(got["Reply-To"]) == "kansliet@byn.example"
    plain, html = got.get_body(("plain",)), got.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == posted().letter.plain
    assert html.get_content().strip().replace("\r\n", "\n") == posted().letter.html


def test_D02_one_letter_is_one_message_however_often_it_is_sent() -> None:
    one, again = message(posted(), SENDER), message(replace(posted(), tries=3), SENDER)
    assert one["Message-ID"] == again["Message-ID"]
    assert one["Date"] == again["Date"]
    assert one["Message-ID"] != message(posted(2), SENDER)["Message-ID"]


async def test_F07_what_a_stranger_typed_makes_no_header_and_no_recipient() -> None:
    evil = "Konsert\r\nBcc: b@evil.example\r\n\r\nhej"
    with Mailbox() as server:
        await mailer(server.url).send(posted(title=evil, note=evil))
        (got,) = server.box.messages
        (envelope,) = server.box.envelopes
    assert "Bcc" not in got
    assert envelope.rcpt_tos == ["forening1@sockenhuset.example"]
    assert "Bcc: b@evil.example" in got["Subject"]


async def test_F07_a_stored_address_that_is_none_is_sent_to_nobody() -> None:
    with Mailbox() as server:
        for odd in ("a@x.example\r\nBcc: b@x.example", "a@x.example, b@x.example", "<a@x.example> SIZE=1"):
            broken = replace(posted(), letter=replace(written(), recipient=odd))
            with pytest.raises(MailError):
                await mailer(server.url).send(broken)
        assert server.box.envelopes == []


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", Server("mail.example", 25, False)),
        ("smtp://a:b@mail.example", Server("mail.example", 587, False, "a", "b")),
        ("smtps://a%40x:b%2F@mail.example", Server("mail.example", 465, True, "a@x", "b/")),
        ("smtp://mail.example:2525", Server("mail.example", 2525, False)),
    ],
)
def test_a_setting_names_a_server(url: str, server: Server) -> None:
    assert server_of(url) == server
    assert "b/" not in repr(server_of(url))


def test_letters_come_from_the_address_that_is_set_else_from_one_that_is_known() -> None:
    base = Settings(base_url="https://evenemang.byn.example", contact="https://byn.example")
    account = base.model_copy(update={"smtp_url": SecretStr("smtp://post%40byn.example:x@mail.example")})
    contact = account.model_copy(update={"contact": "kansliet@byn.example"})
    given = contact.model_copy(update={"mail_from": "kalender@byn.example"})
    found = [sender_of(s, "Byn") for s in (base, account, contact, given)]
    assert [s.address for s in found] == [
        "evenemang@evenemang.byn.example",
        "post@byn.example",
        "kansliet@byn.example",
        "kalender@byn.example",
    ]
    assert [s.answers for s in found] == [None, None, None, "kansliet@byn.example"]


def trusted(certificate: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    certificate.configure_trust(context)
    return context


def offered(certificate: trustme.CA, name: str = "127.0.0.1") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.issue_cert(name).configure_cert(context)
    return context


async def test_a_password_is_sent_under_tls_with_a_certificate_that_is_good_and_never_otherwise() -> None:
    known, unknown = trustme.CA(), trustme.CA()
    login = ("post", "hemligt")
    with Mailbox(tls=offered(known), login=login) as server:
        url = server.url.replace("//", "//post:hemligt@")
        await mailer(url, trusted(known)).send(posted())
        assert len(server.box.envelopes) == 1
        for bad in (trusted(unknown), None):
            with pytest.raises(MailError) as caught:
                await mailer(url, bad).send(posted())
            assert caught.value.server
        with pytest.raises(MailError, match="takes no letters now: 535") as caught:
            await mailer(url.replace("hemligt", "fel"), trusted(known)).send(posted())
        assert (caught.value.server, caught.value.permanent) == (True, False)
        assert "fel@" not in str(caught.value)
    with Mailbox(login=login) as open_:
        with pytest.raises(MailError) as caught:
            await mailer(open_.url.replace("//", "//post:hemligt@"), trusted(known)).send(posted())
        assert caught.value.server
        assert open_.told == [], "without TLS the password stays here, whatever is offered"


async def test_without_a_password_tls_is_taken_where_it_is_offered() -> None:
    with Mailbox(tls=offered(trustme.CA())) as server:
        await mailer(server.url).send(posted())
        assert len(server.box.envelopes) == 1


async def test_D22_a_server_that_is_down_costs_nothing_but_time(tmp_path: Path) -> None:
    with Mailbox() as gone:
        url = gone.url
    with round_(tmp_path, url) as rounds:
        rounds.write(1, 2, 3)
        assert await rounds.look() > LOOK
        rounds.now += 5 * MINUTE
        await rounds.look()
        assert rounds.states() == dict.fromkeys("123", (False, False))
        with Mailbox() as server:
            rounds.mailer = mailer(server.url)
            for _ in range(3):
                rounds.now += HOUR
                await rounds.look()
            to = sorted(address for e in server.box.envelopes for address in e.rcpt_tos)
        assert to == [f"forening{n}@sockenhuset.example" for n in (1, 2, 3)]
        assert rounds.states() == dict.fromkeys("123", (True, False))


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
async def test_D22_a_letter_refused_for_now_waits_and_one_refused_for_good_is_given_up(
    tmp_path: Path, command: str
) -> None:
    with Mailbox() as server, round_(tmp_path, server.url) as rounds:
        server.box.answers[command] = ["451 busy", "550 no such user"]
        rounds.write(1, 2, 3)
        await rounds.look()
        assert rounds.states() == {"1": (False, False), "2": (False, True), "3": (True, False)}
        errors = [p.error for p in rounds.store.outbox.list()[::-1]]
        assert errors == ["refused: 451 busy", "refused: 550 no such user", ""]
        rounds.now += 30 * timedelta(seconds=1)
        await rounds.look()
        assert len(server.box.envelopes) == 1, "not before its time"
        rounds.now += 2 * MINUTE
        await rounds.look()
        await rounds.look()
        assert rounds.states() == {"1": (True, False), "2": (False, True), "3": (True, False)}
        assert len(server.box.envelopes) == 2, "and nothing twice"


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Takes the connection and says nothing."""
    await reader.read()


async def dripping(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One letter of an endless greeting every twentieth of a second."""
    while not writer.is_closing():
        writer.write(b"2")
        await asyncio.sleep(0.05)


async def closing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"421 closing\r\n")
    writer.close()


async def unwelcoming(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"554 not you\r\n")
    await reader.read()


async def babbling(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"\xff\x00" * 200_000 + b"\r\n")
    writer.close()


@pytest.mark.parametrize("server", [silent, dripping, closing, unwelcoming, babbling])
async def test_D22_a_server_that_is_slow_or_mad_holds_nobody_up(tmp_path: Path, server: Script) -> None:
    async with speaking(server) as port:
        with round_(tmp_path, f"smtp://127.0.0.1:{port}") as rounds:
            rounds.mailer = mailer(f"smtp://127.0.0.1:{port}", step=0.5, whole=1)
            rounds.write(1, 2)
            began = time.monotonic()
            rest = await rounds.look()
            assert time.monotonic() - began < 4
            assert rest > LOOK
            assert [p.tries for p in rounds.store.outbox.list()[::-1]] == [1, 0], "the second is not spent on it"
            assert all(p.due is not None for p in rounds.store.outbox.list())


async def test_D22_a_letter_that_nobody_takes_is_given_up_after_five_days(tmp_path: Path) -> None:
    with Mailbox() as server, round_(tmp_path, server.url) as rounds:
        server.box.answers["RCPT"] = ["450 later"] * 200
        rounds.write(1)
        tries = 0
        while rounds.states() == {"1": (False, False)}:
            rounds.now += HOUR
            await rounds.look()
            tries += 1
            assert tries < 200
        assert timedelta(days=5) <= rounds.now - NOW < timedelta(days=5, hours=8)
        assert 15 < 200 - len(server.box.answers["RCPT"]) < 40


def test_waiting_grows_with_the_tries_and_is_never_the_same_for_all() -> None:
    steps = [postage.again(NOW, n, NOW, 0.0, permanent=False) for n in range(1, 9)]
    times = [step - NOW for step in steps if step is not None]
    assert times == sorted(times)
    assert (times[0], times[-1]) == (MINUTE, 6 * HOUR)
    assert postage.again(NOW, 1, NOW, 0.0, permanent=False) != postage.again(NOW, 1, NOW, 1.0, permanent=False)
    assert postage.again(NOW, 1, NOW, 0.5, permanent=True) is None


async def test_D05_two_postmen_at_one_outbox_send_each_letter_once(database_url: str) -> None:
    with Mailbox() as server, opened(database_url) as one, opened(database_url) as two:
        rounds = [Round(store, mailer(server.url)) for store in (one, two)]
        rounds[0].write(*range(12))
        await asyncio.gather(*(r.look() for r in rounds))
        to = [address for e in server.box.envelopes for address in e.rcpt_tos]
        assert len(to) == len(set(to)) == 12


async def test_F06_a_postman_with_more_to_carry_does_not_rest(tmp_path: Path) -> None:
    with Mailbox() as server, round_(tmp_path, server.url) as rounds:
        rounds.write(*range(HANDFUL + 1))
        assert await rounds.look() == 0
        assert await rounds.look() == LOOK
        assert len(server.box.messages) == HANDFUL + 1


async def test_a_postman_stops_at_once_in_the_middle_of_a_letter(tmp_path: Path) -> None:
    async with speaking(silent) as port:
        with round_(tmp_path, f"smtp://127.0.0.1:{port}") as rounds:
            rounds.write(1)
            stop = asyncio.Event()
            postman = Postman(rounds.store.outbox, rounds.mailer.send, lambda: rounds.now, lambda: 0.5)
            running = asyncio.create_task(postman.run(stop))
            await asyncio.sleep(0.3)
            stop.set()
            await asyncio.wait_for(running, 2)
            (left,) = rounds.store.outbox.list()
            assert left.due == NOW + postage.HAND, "it is sent again when its time is up"

"""Mail of the running service: it is killed before and after a letter is handed over, and the server misbehaves."""

from __future__ import annotations

import http.cookiejar
import os
import re
import signal
import sqlite3
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.cli.test_serve import PATIENCE, address, running
from tests.smtp import Mailbox

pytestmark = pytest.mark.slow
EDITOR = "redaktor@provstad.example"
LATER = "2026-11-23T12:20:00+01:00"  # when a letter that was taken and never heard of is due again


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


def outbox(folder: Path, what: str) -> list[tuple[object, ...]]:
    """Some columns of all letters, read beside the service."""
    with sqlite3.connect(folder / "evenemang.db") as connection:
        found = connection.execute(f"SELECT {what} FROM letter ORDER BY id").fetchall()  # noqa: S608 - our own words
    connection.close()
    return found


def ask_for_link(base: str) -> int:
    """What a browser does that asks for a new password; the status of the answer."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    with browser.open(f"{base}staff/glomt", timeout=PATIENCE) as shown:
        token = re.findall(r'name="token" value="([^"]+)"', shown.read().decode())[-1]
    form = urlencode({"token": token, "email": EDITOR}).encode()
    with browser.open(f"{base}staff/glomt", form, timeout=PATIENCE) as answer:
        return int(answer.status)


def added(folder: Path) -> None:
    with running(folder, "staff", "add", EDITOR) as process:
        assert process.wait(PATIENCE) == 0


def killed(process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(PATIENCE)


SERVE = ("serve", "--port", "0", "--no-schedule")


def test_D02_a_letter_survives_a_kill_between_its_commit_and_its_sending(folder: Path) -> None:
    added(folder)
    with Mailbox() as gone:
        nobody = gone.url
    with running(folder, *SERVE, SMTP_URL=nobody) as process:
        assert ask_for_link(address(process)) == 200
        until(lambda: outbox(folder, "sent") == [(None,)])
        killed(process)
    with Mailbox() as server, running(folder, *SERVE, SMTP_URL=server.url, NOW=LATER) as process:
        address(process)
        until(lambda: server.box.envelopes)
        until(lambda: outbox(folder, "plain, sent IS NOT NULL") == [("", 1)])
        (got,) = server.box.messages
        assert got["To"] == EDITOR
        assert "/staff/valkommen/" in str(got.get_body(("plain",)))


def test_D02_a_kill_between_handing_over_and_writing_it_down_repeats_the_same_message(folder: Path) -> None:
    added(folder)
    with Mailbox() as server:
        with running(folder, *SERVE, SMTP_URL=server.url) as process:
            server.box.taken = lambda: os.killpg(process.pid, signal.SIGKILL)
            assert ask_for_link(address(process)) == 200
            until(lambda: process.poll() is not None)
        assert outbox(folder, "sent") == [(None,)]
        server.box.taken = None
        for _ in range(2):
            with running(folder, *SERVE, SMTP_URL=server.url, NOW=LATER) as process:
                address(process)
                until(lambda: outbox(folder, "sent IS NOT NULL") == [(1,)])
        ids = [message["Message-ID"] for message in server.box.messages]
        assert len(ids) == 2, "at least once"
        assert len(set(ids)) == 1, "and known as one"


def test_D22_with_the_mail_server_away_forms_are_taken_as_before(folder: Path) -> None:
    added(folder)
    with Mailbox() as gone:
        nobody = gone.url
    with running(folder, *SERVE, SMTP_URL=nobody) as process:
        base = address(process)
        assert [ask_for_link(base) for _ in range(3)] == [200] * 3
        until(lambda: any(error for _, error in outbox(folder, "id, error")))
        assert all(sent is None for (sent,) in outbox(folder, "sent"))
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=PATIENCE)[1]
    assert "mail.failed" in said
    assert EDITOR not in said
    assert "valkommen" not in said


def test_a_worker_sends_what_the_web_wrote(folder: Path) -> None:
    added(folder)
    with running(folder, *SERVE) as process:
        assert ask_for_link(address(process)) == 200
        until(lambda: outbox(folder, "id"))
    with Mailbox() as server, running(folder, "worker", SMTP_URL=server.url) as worker:
        until(lambda: server.box.envelopes)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE) == 0

"""`evenemang serve` and `worker` as processes: they tell where to look, serve, and end when told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import HTTPError

import pytest

from aggregator.cli.serve import based
from aggregator.settings import PREFIX, Settings
from tests.cli.town import TOWN

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 60.0  # seconds; a machine with other work to do starts slowly

pytestmark = pytest.mark.slow


@contextmanager
def running(folder: Path, *words: str, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """A process of the program in the folder; killed if the test leaves it. `settings` are those of the environment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    environment = kept | {"PYTHONPATH": str(ROOT), "EVENEMANG_NOW": "2026-11-23T12:00:00+01:00"}
    environment |= {PREFIX + name: value for name, value in settings.items()}
    command = [sys.executable, "-m", "aggregator", *words]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=pipe, stderr=pipe, text=True, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # its own children too


def address(process: subprocess.Popen[str]) -> str:
    """Where the process said that it serves."""
    assert process.stdout is not None
    told = [process.stdout.readline() for _ in range(4)]
    assert told[0] == "Evenemang i Provstad\n"
    return told[1].split()[-1]


def ask(url: str, needle: str) -> str:
    """The answer of an address, once it holds `needle`."""
    end = time.monotonic() + PATIENCE
    body = ""
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 (our own server on loopback)
                body = answer.read().decode()
        except (HTTPError, OSError):
            body = ""
        if needle in body:
            return body
        time.sleep(0.1)
    raise AssertionError(f"{url} never told {needle!r}: {body[:500]}")


def ended(process: subprocess.Popen[str]) -> float:
    """Seconds from a SIGTERM to the end."""
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=30)
    return time.monotonic() - begun


def test_D03_serve_tells_where_to_look_shows_the_town_and_ends_within_ten_seconds(folder: Path) -> None:
    with running(folder, "serve", "--port", "0") as process:
        base = address(process)
        body = ask(f"{base}events.ics", "Sagostund")
        assert body.count("BEGIN:VEVENT") == 6
        assert base in body
        assert "Sagostund" in ask(base, "Sagostund")
        assert '"status":"ok"' in ask(f"{base}healthz", "NOW")
        assert ended(process) < 10


def test_without_the_scheduler_nothing_is_fetched(folder: Path) -> None:
    with running(folder, "serve", "--port", "0", "--no-schedule") as process:
        base = address(process)
        assert "BEGIN:VEVENT" not in ask(f"{base}events.ics", "END:VCALENDAR")
        with running(folder, "worker") as worker:
            ask(f"{base}events.ics", "Sagostund")
            assert ended(worker) < 10
            assert worker.returncode == 0


def test_several_processes_serve_the_same_bytes(folder: Path) -> None:
    with running(folder, "refresh", "--all") as filled:
        assert filled.wait(PATIENCE) == 0
    with running(folder, "serve", "--port", "0", "--workers", "2", "--no-schedule") as process:
        base = address(process)
        assert len({ask(f"{base}events.ics", "Sagostund") for _ in range(10)}) == 1
        assert ended(process) < 15


def test_a_broken_edit_of_the_file_keeps_the_town_and_is_told(folder: Path) -> None:
    with running(folder, "serve", "--port", "0") as process:
        base = address(process)
        ask(f"{base}events.ics", "Sagostund")
        (folder / "sources.yaml").write_text("calendar: {nam: x}")
        ask(f"{base}healthz", "is not a known key")
        assert "Sagostund" in ask(f"{base}events.ics", "Sagostund")
        (folder / "sources.yaml").write_text(TOWN.replace("Evenemang i Provstad", "Kalender i Provstad"))
        ask(base, "Kalender i Provstad")


def test_a_port_that_is_taken_is_one_sentence(folder: Path) -> None:
    with running(folder, "serve", "--port", "0", "--no-schedule") as process:
        port = address(process).rstrip("/").rpartition(":")[2]
        with running(folder, "serve", "--port", port) as second:
            out, err = second.communicate(timeout=PATIENCE)
    assert (second.returncode, out) == (1, "")
    assert f"can't listen on 127.0.0.1 port {port}: Address already in use" in err


def test_D21_a_reader_that_goes_away_does_not_stop_the_service(folder: Path) -> None:
    with running(folder, "serve", "--port", "0") as process:
        base = address(process)
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stderr.close()
        ask(f"{base}events.ics", "Sagostund")
        assert process.poll() is None


@pytest.mark.parametrize(
    ("host", "base"),
    [("127.0.0.1", "http://127.0.0.1:8080"), ("0.0.0.0", "http://127.0.0.1:8080"), ("::1", "http://[::1]:8080")],  # noqa: S104 (an argument)
)
def test_the_public_address_is_where_it_listens_unless_it_is_set(host: str, base: str) -> None:
    assert based(Settings(_env_file=None), host, 8080).base_url == base
    set_one = Settings(_env_file=None, base_url="https://evenemang.example")
    assert based(set_one, host, 8080).base_url == "https://evenemang.example"

"""Faults of the network at the program's own door: `refresh` tells each, goes on, and keeps what was published."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.hosts_not_public import SPELLED
from tests.loopback import Asked, Loopback, answer
from tests.test_coding import bomb

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HEAD = b"HTTP/1.1 200 OK\r\n"


def calendar(name: str) -> bytes:
    """Three events of one source, unlike those of any other."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//SV"]
    for day in (1, 2, 3):
        lines += [
            "BEGIN:VEVENT",
            f"UID:{day}@{name}.example",
            "DTSTAMP:20261101T000000Z",
            f"DTSTART;TZID=Europe/Stockholm:2026120{day}T180000",
            f"DTEND;TZID=Europe/Stockholm:2026120{day}T190000",
            f"SUMMARY:Föreläsning {day} i {name}",
            f"LOCATION:Sal {name}",
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


async def endless(asked: Asked, writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"\r\n")
    while True:
        writer.write(b"X" * 65536)
        await writer.drain()


async def reset(asked: Asked, writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"Content-Length: 1000\r\n\r\nBEGIN:VCALENDAR")
    await writer.drain()
    writer.transport.abort()


def coded(body: bytes, coding: str = "gzip") -> bytes:
    return answer(200, body, [("Content-Encoding", coding)])


# fault → how the server answers from then on, and a word of the sentence that tells it
FAULTS: dict[str, tuple[Callable[[Loopback, str], None], str]] = {
    "b31-private": (lambda site, path: site.redirect(path, "http://10.0.0.1/"), "public internet"),
    "b31-file": (lambda site, path: site.redirect(path, "file:///etc/passwd"), "http://"),
    "b31-port": (lambda site, path: site.redirect(path, "http://feeds.example.se:6379/"), "ports 80 and 443"),
    "b32-circle": (lambda site, path: site.redirect(path, path), "circle"),
    "b32-nowhere": (lambda site, path: site.raw(path, b"HTTP/1.1 302 Found\r\n\r\n"), "without saying where"),
    "b35-user": (lambda site, path: site.redirect(path, "http://user:pw@feeds.example.se/"), "password"),
    "b38-reset": (lambda site, path: site.script(path, reset), "broke off"),
    "b39-endless": (lambda site, path: site.script(path, endless), "larger than 5000 kB"),
    "b39-length": (lambda site, path: site.raw(path, HEAD + b"Content-Length: 9999999999\r\n\r\n"), "larger than"),
    "b40-bomb": (lambda site, path: site.raw(path, coded(bomb(50))), "larger than"),
    "b40-brotli": (lambda site, path: site.raw(path, coded(b"x", "br")), "not asked for"),
    "b40-cut": (lambda site, path: site.raw(path, coded(gzip.compress(calendar("x"))[:-9])), "ends before its end"),
    "b41-headers": (lambda site, path: site.raw(path, HEAD + b"X: y\r\n" * 100_000 + b"\r\n"), "HTTP"),
    "b42-cut": (lambda site, path: site.raw(path, HEAD + b"Content-Length: 1000\r\n\r\nBEG"), "broke off"),
    "b47-often": (lambda site, path: site.page(path, b"", status=429, retry_after="7200"), "too often (429)"),
    "b48-fault": (lambda site, path: site.page(path, b"", status=503), "fault of its own (503)"),
    "b50-gone": (lambda site, path: site.page(path, b"", status=410), "gone for good (410)"),
    "b50-missing": (lambda site, path: site.page(path, b"", status=404), "nothing at the address (404)"),
    "b50-forbidden": (lambda site, path: site.page(path, b"", status=403), "does not let us"),
    "b51-unasked": (lambda site, path: site.raw(path, b"HTTP/1.1 304 Not Modified\r\n\r\n"), "did not ask"),
    "b53-part": (lambda site, path: site.page(path, calendar("x"), status=206), "status 206"),
    "b53-old": (lambda site, path: site.raw(path, calendar("x")), "HTTP"),
}


class Town:
    """A town in a folder, and the commands of its operator."""

    def __init__(self, folder: Path, sources: dict[str, str], *, allow: str = "") -> None:
        blocks = [f"  - {{id: {id}, name: {id}, url: '{url}', interval: 1h}}" for id, url in sources.items()]
        self.file = folder / "sources.yaml"
        self.file.write_text("\n".join(["calendar:", "  name: Test", "sources:", *blocks, ""]))
        self.settings = {"EVENEMANG_FETCH_ALLOW": allow, "EVENEMANG_NOW": NOW.isoformat(), "PATH": os.environ["PATH"]}

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        program = [sys.executable, "-m", "aggregator", *words, "--config", str(self.file)]
        return subprocess.run(program, env=self.settings, capture_output=True, text=True, timeout=120)

    def refresh(self, *more: str) -> tuple[int, dict[str, str]]:
        """The exit code, and the line of each source by its id."""
        done = self.command("refresh", "--all", *more)
        assert "Traceback" not in done.stdout + done.stderr
        return done.returncode, dict(line.split(": ", 1) for line in done.stdout.splitlines() if ": " in line)

    def events(self) -> dict[str, int]:
        """How many events of each source are published."""
        told = json.loads(self.command("sources", "list", "--json").stdout)
        return {source["id"]: source["events"] for source in told}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dict[str, str], dict[str, int]]]:
    """What `refresh` says of each source when all but one have turned bad, and what is published then."""
    with Loopback() as site:
        for fault in (*FAULTS, "good"):
            site.file(f"/{fault}", calendar(fault))
        sources = {fault: site.url(f"/{fault}") for fault in (*FAULTS, "good")}
        town = Town(tmp_path_factory.mktemp("town"), sources, allow=site.authority)
        code, lines = town.refresh()
        assert (code, set(town.events().values())) == (0, {3}), lines
        for fault, (turn_bad, _) in FAULTS.items():
            turn_bad(site, f"/{fault}")
        code, lines = town.refresh("--force")
        assert code == 1
        yield lines, town.events()


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.replace("b", "B", 1) for fault in FAULTS])
def test_fault_is_told_and_the_last_good_events_stay(fault: str, told: tuple[dict[str, str], dict[str, int]]) -> None:
    lines, events = told
    assert FAULTS[fault][1] in lines[fault]
    assert events[fault] == 3


def test_good_source_beside_bad_ones_is_refreshed(told: tuple[dict[str, str], dict[str, int]]) -> None:
    lines, events = told
    assert "failed" not in lines["good"]
    assert events["good"] == 3


def test_B01_to_B27_source_at_a_private_host_is_never_asked(tmp_path: Path) -> None:
    sources = {name.lower(): f"http://{host}/feed.ics" for name, host in SPELLED.items()}
    code, lines = Town(tmp_path, sources).refresh()
    assert code == 1
    assert set(lines) >= set(sources)
    assert all("failed" in lines[id] for id in sources)

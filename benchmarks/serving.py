"""What an answer costs: server CPU for a poll and for a whole feed, beside Starlette, GZipMiddleware and nginx.

    python benchmarks/serving.py [--requests 3000] [--rounds 5]

Each server runs in a process of its own on loopback; one client asks over one kept connection. The figure is the
server's CPU time (user and system) a request, the median of interleaved rounds. nginx is asked too if it is
installed (Debian: `apt-get install nginx-light`). Below it: one changed event, and a full icalendar render.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psutil
from icalendar import Calendar as ForeignCalendar
from icalendar import Event as ForeignEvent
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aggregator.catalogue import Catalogue
from aggregator.config import Calendar, Config
from aggregator.model import Content, Event, Location, Price, StoredListing, When
from aggregator.settings import Settings
from aggregator.state import SourceState
from aggregator.store.store import LoggedChange
from aggregator.web.app import create_app
from aggregator.web.wire import FeedProtocol

ZONE = ZoneInfo("Europe/Stockholm")
NOW = datetime(2027, 1, 10, 9, 0, tzinfo=UTC)
TAG = '"0123456789abcdef"'
FEED_EVENTS = 270  # some 200 KB of iCalendar
POLL, WHOLE = "304 to a poll", "200 of a 200 KB feed, gzip"


class Shelved:
    """The read side of a store that holds made-up events."""

    def __init__(self, count: int) -> None:
        self.number = 1
        self.kept = {made.id: made for made in map(event, range(count))}

    def stamp(self) -> tuple[int, datetime]:
        return self.number, NOW

    def events(self, since: int = 0) -> list[Event]:
        return [told for told in self.kept.values() if told.version > since]

    def change(self, number: int) -> None:
        """Another title for one event, in a new version."""
        self.number += 1
        former = event(number)
        content = replace(former.content, title=f"Ny rubrik {self.number}")
        self.kept[former.id] = replace(former, content=content, version=self.number)

    def redirect(self, id: str) -> None:  # noqa: ARG002 - the store's signature
        return None

    def listings(self, events: Iterable[str]) -> dict[str, list[StoredListing]]:  # noqa: ARG002 - as above
        return {}

    def sources(self) -> list[SourceState]:
        return []

    def changes(self, since: datetime, limit: int = 500) -> list[LoggedChange]:  # noqa: ARG002 - as above
        return []


def event(number: int) -> Event:
    """An ordinary event of a town, about 750 octets of iCalendar."""
    start = datetime(2027, 1, 10, 8 + number % 12, tzinfo=ZONE) + timedelta(days=number % 150)
    content = Content(
        title=f"Sagostund på biblioteket nummer {number}",
        when=When(start, start + timedelta(hours=2)),
        location=Location(name="Staffanstorps bibliotek", address="Rådhustorget 1", locality="Staffanstorp"),
        description="Kom och lyssna på sagor; vi läser, sjunger och leker. Ingen föranmälan behövs, det bjuds på fika.",
        categories=("barn" if number % 2 else "musik",),
        url=f"https://bibliotek.example/{number}",
        price=Price(free=True),
        sources=("bib",),
    )
    id = f"01KDQH4X8E{number:016}"
    return Event(id=id, content=content, version=1, created=NOW, changed=NOW, told=NOW)


def ours(count: int = FEED_EVENTS) -> Starlette:
    """The real application over made-up events."""
    store = Shelved(count)
    catalogue = Catalogue(store, ZONE, time.monotonic, print)
    config = Config(file=Path("sources.yaml"), calendar=Calendar(name="Evenemang i Byn"))
    return create_app(config, Settings(), store, catalogue, lambda: NOW)


def plain() -> Starlette:
    """A Starlette route that compares one ETag; and the feed through GZipMiddleware."""
    body = feed_body()

    async def poll(request: Request) -> Response:
        if request.headers.get("if-none-match") == TAG:
            return Response(status_code=304, headers={"ETag": TAG})
        return Response(body, media_type="text/calendar", headers={"ETag": TAG})

    return Starlette(routes=[Route("/events.ics", poll)])


def packing() -> Starlette:
    """The same, compressed for each request."""
    return Starlette(routes=plain().routes, middleware=[Middleware(GZipMiddleware)])


def feed_body() -> bytes:
    """The bytes of our own feed."""
    import httpx

    async def ask() -> bytes:
        transport = httpx.ASGITransport(app=ours())
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return (await client.get("/events.ics")).content

    return asyncio.run(ask())


@dataclass
class Server:
    """A process that answers on a port."""

    name: str
    port: int
    process: psutil.Process

    def cpu(self) -> float:
        """Seconds of CPU that it and its children took so far."""
        taken = 0.0
        for process in [self.process, *self.process.children(recursive=True)]:
            times = process.cpu_times()
            taken += times.user + times.system
        return taken


@contextmanager
def started(name: str) -> Iterator[Server]:
    """One of our Python servers, under uvicorn, in a process of its own."""
    port = free_port()
    words = [sys.executable, __file__, "--serve", name, "--port", str(port)]
    with subprocess.Popen(words) as child:  # noqa: S603 - this very file
        wait_for(port)
        try:
            yield Server(name, port, psutil.Process(child.pid))
        finally:
            child.terminate()


@contextmanager
def nginx() -> Iterator[Server | None]:
    """nginx with the feed as a static file and its packed twin, or None where it is not installed."""
    program = shutil.which("nginx") or ("/usr/sbin/nginx" if Path("/usr/sbin/nginx").exists() else None)
    if program is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        port, root = free_port(), Path(folder)
        root.chmod(0o755)
        (root / "events.ics").write_bytes(feed_body())
        (root / "events.ics.gz").write_bytes(gzip.compress(feed_body(), 6, mtime=0))
        (root / "nginx.conf").write_text(NGINX.format(root=root, port=port))
        words = [program, "-c", str(root / "nginx.conf"), "-p", folder]
        with subprocess.Popen(words) as child:  # noqa: S603 - the nginx of this machine
            wait_for(port)
            try:
                yield Server("nginx", port, psutil.Process(child.pid))
            finally:
                child.terminate()


NGINX = """daemon off; worker_processes 1; pid {root}/nginx.pid; error_log {root}/error.log; user root;
events {{ worker_connections 64; }}
http {{ access_log off; keepalive_requests 1000000; gzip_static on; types {{ text/calendar ics; }}
  client_body_temp_path {root}/a; proxy_temp_path {root}/b; fastcgi_temp_path {root}/c; uwsgi_temp_path {root}/d;
  scgi_temp_path {root}/e;
  server {{ listen 127.0.0.1:{port}; root {root}; }} }}
"""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def wait_for(port: int) -> None:
    """Until somebody listens."""
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"nobody listens on {port}")


def ask(server: Server, count: int, headers: dict[str, str]) -> float:
    """Server CPU in microseconds a request, over one kept connection."""
    lines = [f"GET /events.ics HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"]
    request = "".join([*lines, *[f"{k}: {v}\r\n" for k, v in headers.items()], "\r\n"]).encode()
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        answer(connection, request)
        before = server.cpu()
        for _ in range(count):
            answer(connection, request)
        return (server.cpu() - before) / count * 1e6


def answer(connection: socket.socket, request: bytes) -> tuple[bytes, bytes]:
    """Head and body of one answer."""
    connection.sendall(request)
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(1 << 20)
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:") and b" 304 " not in head.split(b"\r\n")[0]:
            length = int(line.partition(b":")[2])
    while len(body) < length:
        body += connection.recv(1 << 20)
    return head, body


def etag(server: Server, packed: bool) -> str:
    """The ETag that the server gives."""
    extra = "Accept-Encoding: gzip\r\n" if packed else ""
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        request = f"GET /events.ics HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n{extra}\r\n".encode()
        head, _ = answer(connection, request)
    line = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"etag:"))
    return line.partition(b":")[2].strip().decode()


def measure(requests: int, rounds: int) -> dict[tuple[str, str], float]:
    """Microseconds for each job and server."""
    found: dict[tuple[str, str], list[float]] = {}
    with ExitStack() as stack:
        servers = [stack.enter_context(started(name)) for name in ("ours", "plain", "packing")]
        static = stack.enter_context(nginx())
        servers += [static] if static else []
        for _ in range(rounds):
            for server in servers:
                if server.name != "packing":
                    headers = {"If-None-Match": etag(server, packed=False)}
                    found.setdefault((POLL, server.name), []).append(ask(server, requests, headers))
                if server.name != "plain":
                    count = requests if server.name != "packing" else max(requests // 50, 20)
                    found.setdefault((WHOLE, server.name), []).append(ask(server, count, {"Accept-Encoding": "gzip"}))
    return {key: statistics.median(values) for key, values in found.items()}


def changed() -> tuple[float, float, int]:
    """CPU for the new bytes of a feed of 10 000 events after one changed, for icalendar's render of it, components."""

    async def run() -> tuple[float, int]:
        store = Shelved(10_000)
        ticks = iter(range(0, 10**9, 10))
        catalogue = Catalogue(store, ZONE, lambda: float(next(ticks)), print)
        config = Config(file=Path("sources.yaml"), calendar=Calendar(name="Evenemang i Byn"))
        app = create_app(config, Settings(), store, catalogue, lambda: NOW)
        import httpx

        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1") as client:
            await client.get("/events.ics")
            before = catalogue.rendered
            store.change(5)
            begun = time.process_time()
            await client.get("/events.ics")
            return time.process_time() - begun, catalogue.rendered - before

    seconds, rendered = asyncio.run(run())
    return seconds, foreign_render(10_000), rendered


def foreign_render(count: int) -> float:
    """CPU seconds for icalendar to write as many events."""
    told = [event(n) for n in range(count // 10)]
    begun = time.process_time()
    calendar = ForeignCalendar()
    for one in told:
        component = ForeignEvent()
        component.add("uid", one.id)
        component.add("dtstamp", one.changed)
        component.add("dtstart", one.content.when.start)
        component.add("dtend", one.content.when.end)
        component.add("summary", one.content.title)
        component.add("description", one.content.description or "")
        component.add("location", "Staffanstorps bibliotek, Rådhustorget 1, Staffanstorp")
        component.add("categories", list(one.content.categories))
        component.add("url", one.content.url)
        calendar.add_component(component)
    calendar.to_ical()
    return (time.process_time() - begun) * 10


def table(found: dict[tuple[str, str], float]) -> None:
    """One table: reference, ours, ratio, goal."""
    rows: list[tuple[str, str, float, str, Callable[[float], bool]]] = [
        (POLL, "plain", 1, "≤ 0.6", lambda ratio: ratio <= 0.6),
        (POLL, "nginx", 1, "≤ 2 (stretch)", lambda ratio: ratio <= 2),
        (WHOLE, "packing", 1, "≤ 1/50", lambda ratio: ratio <= 1 / 50),
        (WHOLE, "nginx", 1, "≤ 1.5 (stretch)", lambda ratio: ratio <= 1.5),
    ]
    names = {"plain": "Starlette route", "packing": "GZipMiddleware", "nginx": "nginx static"}
    print(f"{'what':30} {'reference':18} {'µs':>9} {'ours µs':>9} {'ratio':>8}  goal")
    for what, reference, _, goal, good in rows:
        if (what, reference) not in found:
            print(f"{what:30} {names[reference]:18} not installed")
            continue
        theirs, own = found[what, reference], found[what, "ours"]
        mark = "met" if good(own / theirs) else "missed"
        print(f"{what:30} {names[reference]:18} {theirs:9.1f} {own:9.1f} {own / theirs:8.3f}  {goal}: {mark}")


def main(words: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--serve", choices=("ours", "plain", "packing"))
    parser.add_argument("--port", type=int)
    asked = parser.parse_args(words)
    if asked.serve:
        import uvicorn

        app = {"ours": ours, "plain": plain, "packing": packing}[asked.serve]()
        http: Any = FeedProtocol if asked.serve == "ours" else "auto"
        options: dict[str, Any] = {"log_level": "warning", "access_log": False, "server_header": False}
        uvicorn.run(app, port=asked.port, http=http, proxy_headers=False, **options)
        return
    table(measure(asked.requests, asked.rounds))
    seconds, foreign, rendered = changed()
    print(f"\none of 10 000 events changed: {seconds * 1000:.0f} ms CPU, {rendered} component rendered; ", end="")
    print(f"icalendar writes the feed in {foreign:.1f} s; ratio {seconds / foreign:.3f} (goal ≤ 0.05)")


if __name__ == "__main__":
    main()

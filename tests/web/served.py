"""The web application on a real server on loopback, over the world of `memory`."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic, sleep

import uvicorn
from starlette.applications import Starlette

from aggregator.model import Event, Geo, Location, Price, Provenance, When
from aggregator.web.wire import FeedProtocol
from tests.render.worlds import event, golden, local
from tests.web.memory import World


@contextmanager
def served(*events: Event) -> Iterator[World]:
    """A world that listens; its `base` is where."""
    with listening() as listener:
        world = World(base=base_of(listener))
        world.put(*events)
        with serving(world.app, listener):
            yield world


@contextmanager
def listening() -> Iterator[socket.socket]:
    """A free port on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def base_of(listener: socket.socket) -> str:
    """The address of what will be served there."""
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def serving(app: Starlette, listener: socket.socket) -> Iterator[None]:
    """An application as `evenemang serve` runs it, in a thread."""
    server = uvicorn.Server(uvicorn.Config(app, http=FeedProtocol, log_config=None, access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    patience = monotonic() + 20
    while not server.started and monotonic() < patience:
        sleep(0.02)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)


def town() -> list[Event]:
    """Every golden case, and three weeks of an ordinary calendar with a weekly course."""
    hall = Location(
        name="Staffanstorps rådhus",
        address="Torget 1",
        locality="Staffanstorp",
        geo=Geo(55.6426, 13.2064),
        place="radhuset",
    )
    titles = ("Sagostund", "Konsert i kyrkan", "Handbollsmatch", "Språkcafé", "Stickcafé", "Föreläsning om trädgård")
    categories = ("barn", "musik", "sport", "bibliotek", "föreläsning")
    made = list(golden().values())
    for n in range(40):
        start = local("2027-01-10 08:00") + timedelta(days=n % 21, hours=n % 12)
        told = event(
            100 + n,
            title=titles[n % 6],
            when=When(start, start + timedelta(hours=2)),
            location=hall,
            categories=(categories[n % 5],),
            description="Välkommen till en stund tillsammans. Ingen föranmälan behövs; det bjuds på fika.",
            price=Price(free=True) if n % 3 == 0 else None,
            series="S1" if n % 6 == 0 else None,
            audience="barn" if n % 4 == 0 else None,
            sources=("biblioteket",),
            provenance=(Provenance("title", 1, "biblioteket", "media"), Provenance("when", 1, "biblioteket", "media")),
        )
        made.append(told)
    return made

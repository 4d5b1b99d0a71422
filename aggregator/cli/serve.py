"""`evenemang serve` and `evenemang worker`: what runs until it is told to stop.

Each web process opens the program for itself and, unless told otherwise, runs the scheduler beside it; the leases of
the sources see to it that several share the work.
"""

from __future__ import annotations

import asyncio
import random
import signal
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Protocol

import structlog
import typer
import uvicorn
from starlette.applications import Starlette
from uvicorn.supervisors import Multiprocess

from aggregator.catalogue import Catalogue
from aggregator.cli.output import result, say
from aggregator.cli.town import DEFAULT, ConfigFile, chosen, opened
from aggregator.compose import Program, open_program
from aggregator.errors import ConfigError, EvenemangError, StoreError
from aggregator.jobs.embedded import Runner
from aggregator.jobs.postman import deliver
from aggregator.office import Office
from aggregator.settings import PREFIX, Settings
from aggregator.web.app import create_app, reconfigure
from aggregator.web.elsewhere import BACK, Elsewhere
from aggregator.web.wire import FeedProtocol

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - recognised, so that the address that is printed can be opened
LOOK = 5.0  # seconds between two looks at the town's file
GRACE = 8  # seconds for open answers at the end; the whole stop takes at most ten
START = 60  # seconds in which a process must have started and answer its parent
BACKLOG = 2048  # subscribers all come at the full hour
log = structlog.get_logger()


class Runs(Protocol):
    """What works until it is told to stop."""

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; raises StoreError where the database is damaged."""


def serve(
    host: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any free port.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer.")] = 1,
    no_schedule: Annotated[bool, typer.Option("--no-schedule", help="Only serve; fetch nothing.")] = False,
    config: ConfigFile = DEFAULT,
) -> None:
    """Migrate, serve the calendar and fetch what is due."""
    with opened(config) as program:  # what is wrong is told here, in one sentence, before anything listens
        name, warnings = program.config.calendar.name, program.settings.warnings()
        _elsewhere(program.settings)
    with _listening(host, port) as listener:
        base = based(chosen(config), host, listener.getsockname()[1]).base_url
        app = partial(application, config, base, not no_schedule)
        _announce(name, base, warnings)
        _run(app, workers, listener)


def worker(config: ConfigFile = DEFAULT) -> None:
    """Fetch and merge what is due, until stopped; serves nothing. On PostgreSQL several share one queue."""
    with opened(config) as program:
        say(f"{program.config.calendar.name}: fetching what is due; stop with Ctrl-C")
        asyncio.run(_until_told(program))


def _runner(program: Program) -> Runs:
    """The queue where there is PostgreSQL, else the loop of the embedded runner."""
    if program.settings.database_url.startswith("sqlite"):
        return Runner(program)
    from aggregator.jobs.queued import Queue  # an extra: SQLite works without its libraries

    return Queue(program)


def application(file: Path, base: str, schedule: bool) -> Starlette:
    """The web application of one process, with its program opened and, if wanted, its scheduler."""
    settings = chosen(file)
    holder = open_program(file)
    program = holder.__enter__()
    program = replace(program, settings=settings.model_copy(update={"base_url": base}))

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        stop = asyncio.Event()
        beside = [asyncio.create_task(_follow(app, program, stop))]
        beside.append(asyncio.create_task(_delivered(program, stop)))
        if schedule:
            beside.append(asyncio.create_task(_scheduled(app, program, stop)))
        try:
            yield
        finally:
            stop.set()
            await asyncio.gather(*beside, return_exceptions=True)
            holder.__exit__(None, None, None)

    catalogue = Catalogue(program.store, program.zone, time.monotonic, _unrendered)
    office = Office(program.store, program.kit, program.with_config, program.strangers, program.read_town)
    return create_app(
        program.config,
        program.settings,
        program.store,
        catalogue,
        program.clock,
        lifespan=lifespan,
        office=office,
        elsewhere=_elsewhere(program.settings),
    )


def _elsewhere(settings: Settings) -> Elsewhere | None:
    """The identity provider at which staff may log in too, if one is set."""
    issuer, client, secret = settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret
    if issuer is None or client is None or secret is None:
        return None
    try:
        from aggregator.oidc import Provider  # an extra: the program works without its libraries
    except ImportError as error:
        raise ConfigError("needs the extra: pip install 'evenemang[oidc]'", key=f"{PREFIX}OIDC_ISSUER") from error
    return Provider(issuer, client, secret.get_secret_value(), settings.base_url.rstrip("/") + BACK)


def based(settings: Settings, host: str, port: int) -> Settings:
    """The settings with the public address: the one that was set, else where the program listens."""
    if "base_url" in settings.model_fields_set:
        return settings
    name = "127.0.0.1" if host in EVERYWHERE else f"[{host}]" if ":" in host else host
    return settings.model_copy(update={"base_url": f"http://{name}:{port}"})


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except (OSError, UnicodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "no host name"
        raise EvenemangError(f"can't listen on {host} port {port}: {why}") from error


def _announce(name: str, base: str, warnings: tuple[str, ...]) -> None:
    for warning in warnings:
        say(f"warning: {warning}")
    for told in (
        f"{name}",
        f"  the calendar  {base}/",
        f"  to subscribe  {base}/events.ics",
        f"  as RSS        {base}/events.rss",
    ):
        result(told)


def _run(app: partial[Starlette], workers: int, listener: socket.socket) -> None:
    settings = uvicorn.Config(
        app,  # a factory that can be sent to another process
        factory=True,
        http=FeedProtocol,  # answers a poll from ready bytes where it arrives
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # no link is ever made from what a request says
        timeout_graceful_shutdown=GRACE,
        backlog=BACKLOG,
        timeout_worker_healthcheck=START,
    )
    if workers > 1:
        Multiprocess(settings, sockets=[listener]).run()
    else:
        uvicorn.Server(settings).run(sockets=[listener])


async def _scheduled(app: Starlette, program: Program, stop: asyncio.Event) -> None:
    """The scheduler beside the web; should it break, the service goes on and `/healthz` says so."""
    try:
        await Runner(program).run(stop)
    except Exception as error:
        log.exception("scheduler.stopped")
        desk = app.state.desk
        why = str(error) if isinstance(error, EvenemangError) else "start the service again"
        desk.site = replace(desk.site, warnings=(*desk.site.warnings, f"the scheduler has stopped: {why}"))


async def _follow(app: Starlette, program: Program, stop: asyncio.Event) -> None:
    """Show the town as its file says; a broken edit keeps the last good one, and `/healthz` says so."""
    seen = await asyncio.to_thread(program.stamp)
    while not stop.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), LOOK)
        with suppress(StoreError):  # asked again at the next look; `/healthz` tells of the database itself
            seen = await asyncio.to_thread(_looked, app, program, seen)


async def _delivered(program: Program, stop: asyncio.Event) -> None:
    """The postman beside whatever runs; should it break, the rest goes on."""
    try:
        await deliver(program, random.random, stop)
    except Exception:
        log.exception("postman.stopped")


async def _until_told(program: Program) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    posting = asyncio.create_task(_delivered(program, stop))
    try:
        await _runner(program).run(stop)
    finally:
        stop.set()
        await posting


def _looked(app: Starlette, program: Program, seen: tuple[object, ...]) -> tuple[object, ...]:
    """Show the town anew if it has changed since `seen`; what is seen now."""
    now = program.stamp()
    if now == seen:
        return seen
    try:
        reconfigure(app, program.read_town())
    except ConfigError as error:
        desk = app.state.desk
        desk.site = replace(desk.site, warnings=(*program.settings.warnings(), str(error)))
    return now


def _unrendered(event: str, what: str, error: Exception) -> None:
    log.error("catalogue.skipped", event=event, what=what, error=str(error))

"""A full town served on loopback, and a real browser in which a member is logged in."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Any

import uvicorn
from playwright.sync_api import Browser, BrowserContext

from aggregator.web.wire import FeedProtocol
from tests.web.desk import Desk


@contextmanager
def shown(desk: Desk) -> Iterator[str]:
    """The application of a desk on a real server; its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    settings = uvicorn.Config(desk.app, http=FeedProtocol, log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(settings)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    patience = monotonic() + 20
    while not server.started and monotonic() < patience:
        sleep(0.02)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


def member(browser: Browser, desk: Desk, base: str, **options: Any) -> BrowserContext:
    """A browser in which the member is logged in."""
    context = browser.new_context(locale="sv-SE", timezone_id="Europe/Stockholm", **options)
    context.set_default_timeout(10_000)
    secret = desk.browser.cookies["evenemang-staff"]
    context.add_cookies([{"name": "evenemang-staff", "value": secret, "url": base}])
    return context

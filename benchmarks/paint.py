"""How soon a slow phone shows the list: Largest Contentful Paint of `/`, and what the page weighs.

    python -m benchmarks paint [--rounds 7] [--events 20000]

Chromium asks a real server on loopback and is slowed as Lighthouse slows a phone: the processor to a quarter,
1.6 Mbit/s down, 150 ms a round trip, an empty cache. Two towns: the bundled example, and a made-up one. "first" is
the first answer at a version, "again" one that is ready. The weight is what comes over the wire, pictures left out.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, sync_playwright

from aggregator.web.wire import FeedProtocol
from benchmarks.pages import town
from tests.browser import FLAGS
from tests.machine import chromium, chromium_environment, node_program

ROOT = Path(__file__).parent.parent
SLOWER = 4  # times
DOWN, UP, ROUND_TRIP = 1.6e6 / 8, 750e3 / 8, 150  # octets a second; milliseconds
PAINTED = """() => new Promise(done => {
  let last = 0;
  new PerformanceObserver(list => { for (const entry of list.getEntries()) last = entry.startTime; })
    .observe({type: "largest-contentful-paint", buffered: true});
  setTimeout(() => done(last), 300);
})"""


@dataclass(frozen=True)
class Seen:
    """One load: milliseconds to the largest paint, octets over the wire, and how many requests."""

    paint: float
    octets: int
    requests: int


@contextmanager
def example() -> Iterator[str]:
    """The bundled example town, filled, on a server of its own; its address."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "EVENEMANG_DATABASE_URL": f"sqlite:///{folder}/town.db",
            "EVENEMANG_NOW": "2027-01-16T10:00:00+01:00",
        }
        program = [sys.executable, "-m", "aggregator"]
        subprocess.run(  # noqa: S603 - our own program
            [*program, "refresh", "--all"], cwd=ROOT, env=environment, check=True, capture_output=True
        )
        told, silent = subprocess.PIPE, subprocess.DEVNULL
        serve = [*program, "serve", "--port", "0", "--no-schedule"]
        served = subprocess.Popen(serve, cwd=ROOT, env=environment, stdout=told, stderr=silent)  # noqa: S603 - as above
        try:
            assert served.stdout is not None
            yield next(line.split()[-1].decode() for line in served.stdout if b"the calendar" in line)
        finally:
            served.terminate()
            served.wait()


@contextmanager
def made_up(events: int) -> Iterator[str]:
    """A made-up town in a thread of this process; its address."""
    app, _ = town(events)
    config = uvicorn.Config(app, port=0, http=FeedProtocol, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join(10)


def load(browser: Browser, address: str) -> Seen:
    """Open the page as a slow phone with an empty cache."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, device_scale_factor=2, is_mobile=True)
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    slow = {"offline": False, "latency": ROUND_TRIP, "downloadThroughput": DOWN, "uploadThroughput": UP}
    wire.send("Network.emulateNetworkConditions", slow)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    octets: list[float] = []
    wire.on("Network.loadingFinished", lambda told: octets.append(told["encodedDataLength"]))
    page.goto(address, wait_until="load")
    paint = float(page.evaluate(PAINTED))
    context.close()
    return Seen(paint, int(sum(octets)), len(octets))


def measured(name: str, browser: Browser, address: str, rounds: int) -> None:
    """One row of the table for each way."""
    urllib.request.urlopen(f"{address}om").read()  # noqa: S310 - the shelf is loaded, as in any running service
    first = load(browser, address)
    again = [load(browser, address) for _ in range(rounds)]
    figure = statistics.median(seen.paint for seen in again)
    weight = again[-1].octets / 1000
    print(f"{name:28} {first.paint:9.0f} {figure:9.0f} {weight:9.1f} {again[-1].requests:9}")


def main(words: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--events", type=int, default=20_000)
    asked = parser.parse_args(words)
    os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(node_program())
    environment: dict[str, str | float | bool] = {**chromium_environment()}
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=FLAGS, env=environment)
        print(f"{'LCP of / on a slow phone':28} {'first ms':>9} {'again ms':>9} {'kB':>9} {'requests':>9}")
        with example() as address:
            measured("the example town", browser, address, asked.rounds)
        with made_up(asked.events) as address:
            measured(f"{asked.events} events", browser, address, asked.rounds)
        browser.close()
    print("goals: LCP ≤ 2500 ms (what web.dev calls good), page without pictures ≤ 60 kB")


if __name__ == "__main__":
    main()

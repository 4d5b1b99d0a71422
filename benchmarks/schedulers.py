"""Two processes with the scheduler on: each due source is fetched once a slot.

python -m benchmarks.schedulers [SECONDS]       120 seconds by default; 20 sources with an interval of a minute
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

from tests.loopback import Asked, Loopback, answer

ROOT = Path(__file__).parent.parent
SOURCES = 20
SLOT = 30.0  # seconds, half an interval: a visit that came late is followed by one in time, but not so soon


def main() -> int:
    """Run two workers, then count the requests of each source."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 120.0
    with tempfile.TemporaryDirectory() as name, Loopback() as site:
        folder, asked = Path(name), defaultdict[str, list[float]](list)
        _fill(folder, site, asked)
        kept = {key: value for key, value in os.environ.items() if not key.startswith("EVENEMANG_")}
        given = {"PYTHONPATH": str(ROOT), "EVENEMANG_FETCH_ALLOW": site.authority}
        command = [sys.executable, "-m", "aggregator", "worker"]
        workers = [
            subprocess.Popen(command, cwd=folder, env=kept | given, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)  # noqa: S603 - our own program
            for _ in range(2)
        ]
        time.sleep(seconds)
        began = time.monotonic()
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        told = [worker.communicate(timeout=30)[1].decode() for worker in workers]
        stopped = time.monotonic() - began
    shares = [text.count('"refresh"') for text in told]
    gaps = [b - a for times in asked.values() for a, b in pairwise(times)]
    twice = sum(gap < SLOT for gap in gaps)
    visits = sorted(len(times) for times in asked.values())
    print(f"{SOURCES} sources, {seconds:.0f} s: {visits[0]} to {visits[-1]} visits each, shared {shares}")
    print(f"shortest time between two visits of a source {min(gaps, default=0):.1f} s; twice in a slot: {twice}")
    print(f"both stopped after {stopped:.1f} s")
    return int(twice > 0 or stopped > 10 or len(asked) < SOURCES)


def _fill(folder: Path, site: Loopback, asked: dict[str, list[float]]) -> None:
    lines = ["calendar: {name: Evenemang i Provstad}", "sources:"]
    for number in range(SOURCES):
        path = f"/{number}.ics"
        lines.append(f"- {{id: kalla-{number}, url: '{site.url(path)}', interval: 1m}}")
        site.script(path, _handler(path, asked))
    (folder / "sources.yaml").write_text("\n".join(lines))


def _handler(path: str, asked: dict[str, list[float]]):  # type: ignore[no-untyped-def]  # a handler of the loopback server
    event = f"BEGIN:VEVENT\r\nUID:{path}\r\nSUMMARY:Träff {path}\r\nDTSTART:20301201T180000Z\r\nEND:VEVENT\r\n"
    body = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Provstad//SV\r\n{event}END:VCALENDAR\r\n".encode()

    async def handler(_asked: Asked, writer) -> None:  # type: ignore[no-untyped-def]  # as above
        asked[path].append(time.monotonic())
        writer.write(answer(200, body, [("Content-Type", "text/calendar")]))

    return handler


if __name__ == "__main__":
    sys.exit(main())

"""A town's feeds into one calendar, from nothing: CPU and memory beside a plain icalendar script.

    python benchmarks/cold_merge.py [--feeds 50] [--events 1000]

The reference parses every feed, keeps one component a UID and writes one file. Ours also stores everything, matches
across sources, and is asked again with nothing new and with one event changed. mergecal is asked too if it is
installed (`pip install mergecal`). CPU is user and system time of a process and all its children; memory is the
largest sum of PSS over them. The figures of all come from the same run.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import feeds
import httpx
import psutil  # type: ignore[import-untyped]  # it ships no types
from icalendar import Calendar

from aggregator import rounds
from aggregator.catalogue import Catalogue
from aggregator.compose import Program, open_program
from aggregator.web.app import create_app

LOOK = 0.25  # seconds between two looks at the memory
MB = 2**20


def main() -> None:
    """Measure and print the table; with `--work`, be one of the measured processes."""
    options = _options()
    if options.work:
        WORK[options.work](Path(options.folder))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        feeds.write(folder, options.feeds, options.events)
        plain = measured("plain", folder)
        other = measured("mergecal", folder) if importlib.util.find_spec("mergecal") else None
        ours = measured("ours", folder)
    print(f"{options.feeds} feeds x {options.events} events; {ours['published']} events published")
    print(f"{'':44} {'reference':>11} {'ours':>11} {'ratio':>7}  goal")
    row("cold merge, CPU s: plain icalendar | ours", plain["cpu"], ours["cold"], "≤ 1")
    row("cold merge, wall s: plain icalendar | ours", plain["wall"], ours["wall"], "≤ 0.6")
    row("cold merge, memory MB: plain icalendar | ours", plain["pss"], ours["pss"], "≤ 0.5")
    if other:
        row("cold merge, CPU s: mergecal | ours", other["cpu"], ours["cold"], "≤ 1")
    row("one event changed, CPU s: plain | ours", plain["cpu"], ours["changed"], "≤ 0.02")
    row("nothing changed, CPU s: plain | ours", plain["cpu"], ours["same"], "≤ 0.02")


def row(name: str, reference: float, ours: float, goal: str) -> None:
    """One line of the table."""
    print(f"{name:44} {reference:11.2f} {ours:11.2f} {ours / reference:7.3f}  {goal}")


def measured(work: str, folder: Path) -> dict[str, float]:
    """What a process of its own reports, with its CPU, wall time and largest memory."""
    words = [sys.executable, __file__, "--work", work, "--folder", str(folder)]
    environment = {**os.environ, "EVENEMANG_NOW": feeds.NOW.isoformat()}
    began = time.monotonic()
    with subprocess.Popen(words, stdout=subprocess.PIPE, env=environment, cwd=folder) as child:  # noqa: S603 - our own
        most, process = 0, psutil.Process(child.pid)
        while child.poll() is None:
            most = max(most, pss(process))
            time.sleep(LOOK)
        assert child.stdout is not None
        told = json.loads(child.stdout.read())
    return {"wall": time.monotonic() - began, "pss": most / MB, **told}


def pss(process: psutil.Process) -> int:
    """Bytes of a process and its children, shared pages counted by share."""
    total = 0
    try:
        for one in [process, *process.children(recursive=True)]:
            total += one.memory_full_info().pss
    except psutil.Error:  # it has just ended
        pass
    return total


def cpu() -> float:
    """Seconds of CPU of this process and its children so far, those that live included."""
    times = os.times()
    total = times.user + times.system + times.children_user + times.children_system
    for child in psutil.Process().children(recursive=True):
        used = child.cpu_times()
        total += used.user + used.system
    return total


def plain(folder: Path) -> None:
    """The reference: one component a UID, in one file."""
    merged, seen = Calendar(), set()
    merged.add("prodid", "-//Plain//EN")
    merged.add("version", "2.0")
    for file in sorted(folder.glob("*.ics")):
        for event in Calendar.from_ical(file.read_bytes()).walk("VEVENT"):
            if event["UID"] not in seen:
                seen.add(event["UID"])
                merged.add_component(event)
    (folder / "plain.merged").write_bytes(merged.to_ical())
    print(json.dumps({"cpu": cpu()}))


def mergecal(folder: Path) -> None:
    """The other reference, as its documentation uses it."""
    from mergecal import merge_calendars  # type: ignore[import-not-found]  # no part of the project

    calendars = [Calendar.from_ical(file.read_bytes()) for file in sorted(folder.glob("*.ics"))]
    (folder / "mergecal.merged").write_bytes(merge_calendars(calendars).to_ical())
    print(json.dumps({"cpu": cpu()}))


def ours(folder: Path) -> None:
    """A cold start to the served bytes, then the same again, then with one event changed."""
    began = time.monotonic()
    with open_program(folder / "sources.yaml") as program:
        served = asyncio.run(_fed(program))
        told: dict[str, float] = {"cold": cpu(), "wall": time.monotonic() - began, "published": served}
        before = cpu()
        asyncio.run(_fed(program, serve=False))
        told["same"] = cpu() - before
        file = folder / "f000.ics"
        body = file.read_bytes()
        file.write_bytes(body.replace(b"SUMMARY:", b"SUMMARY:Ny ", 1))
        before = cpu()
        asyncio.run(_fed(program, serve=False))
        told["changed"] = cpu() - before
    print(json.dumps(told))


async def _fed(program: Program, *, serve: bool = True) -> int:
    """One round over all sources; how many events the feed of the whole time then holds."""
    now = program.clock().replace(microsecond=0)
    async for report in rounds.run(program.kit, program.config.sources, now):
        assert report.ok, report
    if not serve:
        return 0
    catalogue = Catalogue(program.store, program.zone, time.monotonic, print)
    app = create_app(program.config, program.settings, program.store, catalogue, lambda: now)
    last = (feeds.NOW + timedelta(days=feeds.DAYS + 2)).date()
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=program.settings.base_url) as client:
        answer = await client.get(f"/events.ics?from={feeds.NOW.date()}&to={last}")
    assert answer.status_code == 200, answer.text
    return answer.content.count(b"BEGIN:VEVENT")


WORK = {"plain": plain, "mergecal": mergecal, "ours": ours}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=50)
    parser.add_argument("--events", type=int, default=1000)
    parser.add_argument("--work", choices=("plain", "mergecal", "ours"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()

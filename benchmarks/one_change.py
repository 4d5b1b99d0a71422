"""One event changes among so many: CPU, rows written and components rendered, from the answer to the served bytes.

    python benchmarks/one_change.py [1000 5000 10000]

Each catalogue is filled through the program's own doors from feeds of a thousand events; then one feed changes one
title. What is counted should not grow with the catalogue; some seven rows are the noted visit of each source.
Matching alone, to 100,000 listings in memory: `python benchmarks/matching_cost.py --cost 10000 100000`.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import cold_merge
import feeds
import httpx

from aggregator import rounds
from aggregator.catalogue import Catalogue
from aggregator.compose import Program, open_program
from aggregator.web.app import create_app
from benchmarks.store import counted

A_FEED = 1000


def main() -> None:
    """One line for each size."""
    os.environ["EVENEMANG_NOW"] = feeds.NOW.isoformat()
    print(f"{'events':>8} {'cold CPU s':>11} {'change CPU s':>13} {'rows written':>13} {'rendered':>9}")
    for size in map(int, sys.argv[1:] or ["1000", "5000", "10000"]):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            feeds.write(folder, size // A_FEED, A_FEED)
            with open_program(folder / "sources.yaml") as program:
                print(f"{size:8} {asyncio.run(_measured(program, folder))}", flush=True)


async def _measured(program: Program, folder: Path) -> str:
    now = program.clock().replace(microsecond=0)
    catalogue = Catalogue(program.store, program.zone, time.monotonic, print)
    app = create_app(program.config, program.settings, program.store, catalogue, lambda: now)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=program.settings.base_url) as client:
        before = cold_merge.cpu()
        await _round(program, client)
        cold, rendered = cold_merge.cpu() - before, catalogue.rendered
        file = folder / "f000.ics"
        file.write_bytes(file.read_bytes().replace(b"SUMMARY:", b"SUMMARY:Ny ", 1))
        await asyncio.sleep(1)  # the catalogue asks for a new version a few times a second only
        before = cold_merge.cpu()
        with counted(program.store) as found:
            await _round(program, client)
        changed = cold_merge.cpu() - before
    return f"{cold:11.2f} {changed:13.2f} {found[0]:13} {catalogue.rendered - rendered:9}"


async def _round(program: Program, client: httpx.AsyncClient) -> None:
    async for report in rounds.run(program.kit, program.config.sources, program.clock().replace(microsecond=0)):
        assert report.ok, report
    last = (feeds.NOW + timedelta(days=feeds.DAYS + 2)).date()
    answer = await client.get(f"/events.ics?from={feeds.NOW.date()}&to={last}")
    assert answer.status_code == 200, answer.text


if __name__ == "__main__":
    main()

"""The main job on real files: a folder of collected calendars and feeds, served on loopback as sources of one calendar.

    python benchmarks/corpus.py FOLDER [--now 2026-03-15T12:00:00+01:00] [--keep DIR]

FOLDER holds `manifest.json` (a list with file, kind, events) and the files it names. Prints a line for each source
whose numbers differ from the manifest, then a table. A second refresh follows, which must parse and change nothing.
"""

import argparse
import asyncio
import json
import os
import re
import resource
import sys
import tempfile
import threading
import time
from collections import Counter
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from aggregator import report, rounds
from aggregator.compose import Program, open_program
from aggregator.report import Report

KINDS = ("ics", "ics-sv", "feed", "feed-sv")


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def main() -> None:
    """Serve, refresh twice, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--now")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--kinds", default=",".join(KINDS))
    asked = parser.parse_args()
    manifest = json.loads((asked.folder / "manifest.json").read_text())
    entries = [e for e in manifest if e["kind"] in asked.kinds.split(",")]
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(asked.folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="evenemang-corpus-"))
    folder.mkdir(parents=True, exist_ok=True)
    port = server.server_address[1]
    os.environ["EVENEMANG_FETCH_ALLOW"] = f"127.0.0.1:{port}"
    if asked.now:
        os.environ["EVENEMANG_NOW"] = asked.now
    file = write_town(folder, entries, port)
    try:
        asyncio.run(run(file, {source_id(e): e for e in entries}))
    finally:
        server.shutdown()


def source_id(entry: dict[str, str]) -> str:
    """The file's name as an id, with its kind."""
    return f"{entry['kind']}-{re.sub('[^a-z0-9]+', '-', Path(entry['file']).name.lower())[:50].strip('-')}"


def write_town(folder: Path, entries: list[dict[str, str]], port: int) -> Path:
    """A `sources.yaml` with every file as a source."""
    sources = [{"id": source_id(e), "url": f"http://127.0.0.1:{port}/{e['file']}"} for e in entries]
    town = {"calendar": {"name": "Corpus", "timezone": "Europe/Stockholm", "region": "0000"}, "sources": sources}
    file = folder / "sources.yaml"
    file.write_text(json.dumps(town))
    return file


async def run(file: Path, entries: dict[str, dict[str, int]]) -> None:
    """Two refreshes of everything."""
    with open_program(file) as program:
        first = await refresh(program)
        for told in sorted(first, key=lambda r: r.source):
            compare(told, entries[told.source])
        print(Counter(r.result.value for r in first))
        version = program.store.version()
        again = await refresh(program)
        print("second refresh:", Counter(r.result.value for r in again), "version", version, program.store.version())
        events = program.store.events()
        print(f"{len(events)} events, {sum(len(e.content.sources) > 1 for e in events)} told by several sources")


async def refresh(program: Program) -> list[Report]:
    """One round with its time and memory."""
    begun, cpu = time.monotonic(), time.process_time()
    now = program.clock().replace(microsecond=0)
    told = [r async for r in rounds.run(program.kit, program.config.sources, now)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    wall, spent = time.monotonic() - begun, time.process_time() - cpu
    print(f"{len(told)} sources in {wall:.1f} s, {spent:.1f} s CPU here, {peak} MB")
    return told


def compare(told: Report, entry: dict[str, int]) -> None:
    """Print what differs from the manifest."""
    read = told.counts.read if told.ok and told.counts else 0
    if read != entry["events"] or not told.ok:
        print(f"{told.source:12} manifest {entry['events']:5}  {report.line(told)[:200]}")


if __name__ == "__main__":
    sys.exit(main())

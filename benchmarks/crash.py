"""SIGKILL at random moments of `refresh`: the old state or the new one, sound, and then the same end as without.

    python -m benchmarks.crash [N]        N kills (200); ends with an AssertionError where anything is wrong

Three sources of forty events each change all they tell: some events are new, some gone by statement, some moved.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfo

from aggregator import cli
from aggregator.store import Identity, open_store

FAILED = 1
EARLIEST = (0.0, 0.75)  # shares of a refresh: half of the kills anywhere, half where it writes
LATEST = 1.05
NOW = "2026-11-23T12:00:00+01:00"
SOURCES = ("biblioteket", "kommunen", "teatern")
NAMES = ("Sagostund", "Körsång", "Keramik", "Jazzklubb", "Stickcafé", "Quizkväll", "Schackturnering", "Poesiafton")
TOWN = """calendar: {name: Evenemang i Provstad, region: "0000"}
sources:
- {id: biblioteket, path: biblioteket.ics, role: organizer}
- {id: kommunen, path: kommunen.ics, role: municipality}
- {id: teatern, path: teatern.ics, role: venue}
"""

Told = dict[str, tuple[str, ...]]  # source → what its listings say now


@dataclass(frozen=True)
class Seen:
    """What a database says: each source's listings, and each event that is published, by id."""

    listings: Told
    events: dict[str, str]


def fill(folder: Path, edition: int) -> None:
    """Write `sources.yaml` and the calendars of an edition (1 or 2)."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sources.yaml").write_text(TOWN)
    for number, source in enumerate(SOURCES):
        told = [_event(n, edition, number) for n in range(40) if not (edition == 2 and n % 9 == 4)]
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Provstad//SV", *told, "END:VCALENDAR", ""]
        (folder / f"{source}.ics").write_text("\r\n".join(lines))


def refresh(folder: Path, kill_after: float | None = None, method: str = "spawn") -> float:
    """Run `refresh --all` in a process of its own; the seconds that it took.

    With the method "fork" it has imported the program already, so that a kill meets the work and not the imports.
    """
    began = time.monotonic()
    process = get_context(method).Process(target=_be_the_program, args=(folder,))
    process.start()
    process.join(kill_after)
    if process.is_alive():
        process.kill()
        process.join()
    else:
        assert process.exitcode == 0, (folder / "refresh.log").read_text()
    return time.monotonic() - began


def _be_the_program(folder: Path) -> NoReturn:
    """In a process of its own: what the command line does, with its output in a file. It ends there."""
    code = FAILED
    try:
        os.chdir(folder)
        said = os.open("refresh.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(said, 1)
        os.dup2(said, 2)
        for name in [name for name in os.environ if name.startswith("EVENEMANG_")]:
            del os.environ[name]
        os.environ["EVENEMANG_NOW"] = NOW
        code = cli.main(["refresh", "--all"])
    finally:
        sys.stdout.flush()
        os._exit(code)


def seen(folder: Path) -> Seen:
    """What is stored; raises AssertionError where it is damaged."""
    url = f"sqlite:///{folder / 'evenemang.db'}"
    zone = ZoneInfo("Europe/Stockholm")
    store = open_store(url, Identity("0000", "Evenemang i Provstad"), zone, datetime.now(UTC))
    try:
        assert store.check() is None, store.check()
        stored = {source: store.ledger.stored(source).listings for source in SOURCES}
        listings = {
            source: tuple(sorted(f"{s.listing.title} {s.listing.when.start}" for s in told if s.withdrawn is None))
            for source, told in stored.items()
        }
        events = {e.id: str(e.content) for e in store.events() if e.withdrawn is None}
    finally:
        store.close()
    return Seen(listings, events)


def judged(left: Seen, old: Seen, new: Seen) -> str:
    """ "old", "new" or "between" (some sources are refreshed, each whole); raises AssertionError for a mix."""
    states = []
    for source in SOURCES:
        assert left.listings[source] in (old.listings[source], new.listings[source]), f"{source} is half refreshed"
        states.append(left.listings[source] == new.listings[source])
    return "new" if all(states) else "between" if any(states) else "old"


@dataclass(frozen=True)
class Trial:
    """A town before and after its change, without a kill.

    `seconds` is how long the refresh takes, `method` how its process starts.
    """

    folder: Path
    old: Seen
    new: Seen
    seconds: float
    method: str


def prepared(folder: Path, method: str = "spawn") -> Trial:
    """Make the two states once."""
    fill(folder / "old", 1)
    refresh(folder / "old", method=method)
    old = seen(folder / "old")
    shutil.copytree(folder / "old", folder / "new")
    fill(folder / "new", 2)
    seconds = refresh(folder / "new", method=method)
    return Trial(folder, old, seen(folder / "new"), seconds, method)


def kill_once(trial: Trial, after: float) -> str:
    """Kill a refresh after so many seconds, look at what is left, and refresh to the end; what was left."""
    folder = trial.folder / "killed"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(trial.folder / "old", folder)
    fill(folder, 2)
    refresh(folder, after, trial.method)
    left = judged(seen(folder), trial.old, trial.new)
    refresh(folder, method=trial.method)
    assert seen(folder) == trial.new, "the end is another than without the kill"
    return left


def main() -> int:
    """Kill as often as asked, with a line after every tenth."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    chance = random.Random(wanted)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        trial = prepared(Path(folder), "fork")
        print(f"a refresh takes {trial.seconds:.2f} s without a kill", flush=True)
        left: Counter[str] = Counter()
        for number in range(1, wanted + 1):
            left[kill_once(trial, chance.uniform(chance.choice(EARLIEST), LATEST) * trial.seconds)] += 1
            if number % 10 == 0:
                print(f"{number} of {wanted} kills, {time.monotonic() - began:.0f} s: {dict(left)}", flush=True)
    print(f"{wanted} kills, nothing torn, each with the same end: {dict(left)}")
    return 0


def _event(n: int, edition: int, source: int) -> str:
    hour = 10 + (n + edition * (n % 5 == 0)) % 9
    title = f"{NAMES[(n + source * 3) % 8]} {'för nybörjare' if edition == 2 and n % 7 == 3 else 'på torget'}"
    lines = [
        "BEGIN:VEVENT",
        f"UID:{n}@{SOURCES[source]}.example",
        "DTSTAMP:20260101T000000Z",
        f"SUMMARY:{title}",
        f"DTSTART;TZID=Europe/Stockholm:202612{1 + n % 28:02d}T{hour:02d}0000",
        *(["STATUS:CANCELLED"] if edition == 2 and n % 11 == 6 else []),
        "END:VEVENT",
    ]
    return "\r\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())

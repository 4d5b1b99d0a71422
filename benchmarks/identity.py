"""Public ids over the edited fetches of a labelled world, and decisions of staff that must outlive them.

    python benchmarks/identity.py MATCHING WORLD [--fetches 5] [--decisions 40]

MATCHING is a folder with `feeds.py`, which writes the feeds of a world's fetch; WORLD one of its worlds, with
`fetch_NN.json`. Two towns live side by side through the fetches, a day apart: one as it is, and one in which, after the
first fetch, pairs of listings are called the same and others different. At the end the decisions are undone.
"""

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from aggregator import decisions, rounds
from aggregator.compose import Program, open_program
from aggregator.decisions import Desk

FIRST = datetime(2027, 2, 1, 12, tzinfo=ZoneInfo("Europe/Stockholm"))
Told = dict[str, str]  # record of the world → public id
Listings = dict[str, int]  # record of the world → listing


def main() -> int:
    """Run both towns through all fetches and print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("matching", type=Path)
    parser.add_argument("world", type=Path)
    parser.add_argument("--fetches", type=int, default=5)
    parser.add_argument("--decisions", type=int, default=40)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="evenemang-identity-"))
    plain, decided = folder / "plain", folder / "decided"
    before: Told = {}
    pairs: list[tuple[str, int, int]] = []
    names: dict[int, str] = {}
    bad = 0
    for fetch in range(asked.fetches):
        now = FIRST + timedelta(days=fetch)
        told, _ = step(asked, plain, fetch, now)
        kept, moved, lost = compared(plain, before, told)
        bad += lost
        events = len(set(told.values()))
        print(f"fetch {fetch}: {len(told)} records, {events} events; ids kept {kept}, moved {moved}, lost {lost}")
        before = told
        if fetch == 0:
            decided_told, listings = step(asked, decided, fetch, now)
            pairs = choose(decided_told, listings, asked.decisions)
            names = {id: record for record, id in listings.items()}
            take(decided, pairs, now)
        else:
            step(asked, decided, fetch, now)
    found = hold(decided, pairs, names)
    print(f"decisions: {len(pairs)} taken, {found.held} hold at the last fetch, {found.broken} broken")
    print(f"of {found.ended} a listing is told no more: {len(found.strayed)} of these records are told {found.strayed}")
    bad += found.broken + len(found.strayed)
    undo(decided, FIRST + timedelta(days=asked.fetches))
    same = groups(plain) == groups(decided)
    print("undone: the groups are those of the town without decisions" if same else "undone: the groups differ")
    return 0 if not bad and same else 1


def step(asked: argparse.Namespace, town: Path, fetch: int, now: datetime) -> tuple[Told, Listings]:
    """Write the feeds of one fetch and refresh the town by them."""
    command = [sys.executable, asked.matching / "feeds.py", "write", asked.world, town, "--snapshot", str(fetch)]
    subprocess.run(command, check=True)  # noqa: S603 - our own interpreter with our own words
    with opened(town, now) as program:
        asyncio.run(visit(program))
        return told_records(program, town)


def opened(town: Path, now: datetime):  # type: ignore[no-untyped-def]  # a context manager of Program
    """The town's program with its clock at `now`."""
    os.environ["EVENEMANG_NOW"] = now.isoformat()
    return open_program(town / "sources.yaml")


async def visit(program: Program) -> None:
    """One round of everything."""
    async for report in rounds.run(program.kit, program.config.sources, program.begun):
        if not report.ok or report.result.value == "held":
            print(f"  {report.source}: {report.result} {report.detail}")


def told_records(program: Program, town: Path) -> tuple[Told, Listings]:
    """Which event tells each record of the world now."""
    keys = json.loads((town / "keys.json").read_text())
    by_uid = {(k["source"], k["uid"], minute(k["start"], k["all_day"])): k["record"] for k in keys if k["uid"]}
    by_url = {(k["source"], k["url"], minute(k["start"], k["all_day"])): k["record"] for k in keys}
    told: Told = {}
    listings: Listings = {}
    with program.store.ledger.view() as view:
        for stored in view.active():
            stated, source = stored.listing.stated, stored.listing.key.source
            start = minute(stated.start, len(stated.start) == 10)
            record = by_uid.get((source, stated.uid, start)) or by_url.get((source, stated.url, start))
            if record and stored.event:
                told[record], listings[record] = stored.event, stored.id
    return told, listings


def minute(value: str, day: bool) -> str:
    """A stated start as local minute or day."""
    if day:
        return value[:10]
    moment = datetime.fromisoformat(value)
    local = moment.astimezone(FIRST.tzinfo) if moment.tzinfo else moment
    return local.strftime("%Y-%m-%dT%H:%M")


def compared(town: Path, before: Told, after: Told) -> tuple[str, int, int]:
    """Share of records that kept their id; how many went by a redirect; how many lost it without one."""
    both = [record for record in before if record in after]
    changed = [record for record in both if before[record] != after[record]]
    with opened(town, FIRST) as program:
        alive = {id for id in {before[r] for r in changed} if (e := program.store.event(id)) and e.withdrawn is None}
        lost = [r for r in changed if before[r] not in alive and program.store.redirect(before[r]) is None]
    share = f"{1 - len(changed) / len(both):.2%}" if both else "-"
    return share, len(changed) - len(lost), len(lost)


def choose(told: Told, listings: Listings, count: int) -> list[tuple[str, int, int]]:
    """Pairs to part, from what was merged, and pairs to join, from what was not; the same in every run."""
    chance = random.Random(1)
    records = sorted(told)
    merged = [(a, b) for a in records for b in records if a < b and told[a] == told[b]]
    apart = [(chance.choice(records), chance.choice(records)) for _ in range(count * 20)]
    used: set[str] = set()
    chosen = []
    for kind, pairs in (("different", chance.sample(merged, len(merged))), ("same", apart)):
        taken = 0
        for a, b in pairs:
            fits = a != b and not {told[a], told[b]} & used and (told[a] == told[b]) == (kind == "different")
            if fits and taken < count:
                chosen.append((kind, listings[a], listings[b]))
                used |= {told[a], told[b]}
                taken += 1
    return chosen


def take(town: Path, pairs: list[tuple[str, int, int]], now: datetime) -> None:
    """Decide all pairs."""
    with opened(town, now) as program:
        desk = Desk(program.store, program.kit, "benchmark", program.begun)
        for kind, a, b in pairs:
            decisions.pair(desk, kind, str(a), str(b))


@dataclass(frozen=True)
class Held:
    """How many decisions hold and how many are broken. `ended` are those of which a listing is told no more;
    `strayed` those of them whose records the last fetch tells all the same: these are faults."""

    held: int
    broken: int
    ended: int
    strayed: list[str]


def hold(town: Path, pairs: list[tuple[str, int, int]], names: dict[int, str]) -> Held:
    """What became of the decisions; `names` are the records of the listings when they were taken."""
    told = {key["record"] for key in json.loads((town / "keys.json").read_text())}
    with opened(town, FIRST) as program, program.store.ledger.view() as view:
        found = view.listings(id for _, a, b in pairs for id in (a, b))
    alive = [(k, found[a], found[b]) for k, a, b in pairs if not (found[a].withdrawn or found[b].withdrawn)]
    held = sum((a.event == b.event) == (kind == "same") for kind, a, b in alive)
    gone = [id for _, a, b in pairs for id in (a, b) if found[id].withdrawn]
    return Held(held, len(alive) - held, len(pairs) - len(alive), [names[id] for id in gone if names[id] in told])


def undo(town: Path, now: datetime) -> None:
    """Take every decision back."""
    with opened(town, now) as program:
        desk = Desk(program.store, program.kit, "benchmark", program.begun)
        for decision in program.store.ledger.decisions():
            decisions.undo(desk, decision.id)


def groups(town: Path) -> set[frozenset[str]]:
    """Which listings are told together, by key."""
    with opened(town, FIRST) as program, program.store.ledger.view() as view:
        found: dict[str, set[str]] = {}
        for stored in view.active():
            found.setdefault(stored.event or "", set()).add(str(stored.listing.key))
    return {frozenset(members) for members in found.values()}


if __name__ == "__main__":
    sys.exit(main())

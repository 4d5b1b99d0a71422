"""Measures matching through the whole program: refresh, store, API, scorer. Prints the tables of docs/matching.md.

    python benchmarks/matching.py --worlds DIR --pairs FILE   what the shipped weights give
    python benchmarks/matching.py --worlds DIR --fetches      public ids over the five fetches of a world

DIR holds `world-*`, `feeds.py`, `labelled.py` and `score.py`; FILE is a file of labelled pairs. Everything runs in a
temporary folder with the commands and addresses that an operator has. Weights fitted without the world that is
measured are printed by `fit_matching.py`; cost and arrival by `matching_cost.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from worlds import runpy_module

ROOT = Path(__file__).resolve().parent.parent
CLOCK = {"world": "2027-02-20T06:00:00+01:00", "pairs": "2027-03-01T06:00:00+01:00"}
EVENTS = "/api/v1/events?layer=all&from=2027-01-01&to=2028-12-31&limit=500"


# --- the whole program ------------------------------------------------------------------------------------


def program(folder: Path, clock: str, *words: str) -> subprocess.CompletedProcess[str]:
    """One command of the program in a folder with a `sources.yaml`."""
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "aggregator", *words],
        cwd=folder,
        env=_environment(folder, clock),
        text=True,
        capture_output=True,
        check=False,
    )


@contextmanager
def served(folder: Path, clock: str) -> Iterator[httpx.Client]:
    """The program's own server over that folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "aggregator", "serve", "--no-schedule", "--port", str(port)]
    with (
        (folder / "serve.log").open("w") as log,
        subprocess.Popen(command, cwd=folder, env=_environment(folder, clock), stdout=log, stderr=log) as server,  # noqa: S603 - our own program
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as client,
    ):
        _await(client)
        yield client
        server.terminate()


def events(folder: Path, clock: str) -> list[dict[str, Any]]:
    """All events that the API tells."""
    found: list[dict[str, Any]] = []
    with served(folder, clock) as client:
        address: str | None = EVENTS
        while address:
            answer = client.get(address).raise_for_status().json()
            found += answer["events"]
            address = answer["next"]
    return found


def _environment(folder: Path, clock: str) -> dict[str, str]:
    database = f"sqlite:///{folder / 'bench.db'}"
    return {**os.environ, "PYTHONPATH": str(ROOT), "EVENEMANG_NOW": clock, "EVENEMANG_DATABASE_URL": database}


def _await(client: httpx.Client) -> None:
    for _ in range(240):
        try:
            client.get("/healthz")
        except httpx.HTTPError:
            time.sleep(0.25)
        else:
            return


def measure_world(world: Path) -> Mapping[str, Any]:
    """The scorer's figures of a world after one refresh of all its sources."""
    feeds, scorer = runpy_module(world.parent / "feeds.py"), runpy_module(world.parent / "score.py")
    with TemporaryDirectory() as name:
        folder = Path(name)
        feeds.write(world, folder, None)
        told = program(folder, CLOCK["world"], "refresh", "--all")
        _complain(told)
        (folder / "events.json").write_text(json.dumps(events(folder, CLOCK["world"])))
        mapping = feeds.mapping(folder, folder / "events.json")
    score: Mapping[str, Any] = scorer.score(json.loads((world / "truth.json").read_text()), mapping)
    return score


def measure_pairs(file: Path, scripts: Path) -> None:
    """What the labelled pairs' own scorer prints."""
    sys.path.insert(0, str(scripts))
    labelled = runpy_module(scripts / "labelled.py")
    labels = json.loads(file.read_text())
    with TemporaryDirectory() as name:
        folder = Path(name)
        labelled.write(labels, folder, 52)
        _complain(program(folder, CLOCK["pairs"], "refresh", "--all"))
        (folder / "events.json").write_text(json.dumps(events(folder, CLOCK["pairs"])))
        labelled.score(labels, folder, folder / "events.json")


def _complain(told: subprocess.CompletedProcess[str]) -> None:
    if told.returncode:
        print(told.stdout[-2000:], told.stderr[-2000:], file=sys.stderr)


def tables(worlds: Sequence[Path], pairs: Path) -> None:
    """The tables: figures of each world, wrong merges per look-alike, missed pairs per noise, the real pairs."""
    scores = {world.name: measure_world(world) for world in worlds}
    print(f"{'':12} {'P':>6} {'R':>6} {'F1':>6} {'B3':>6} {'exact':>6} {'wrong':>6} {'missed':>6}")
    for name, s in scores.items():
        figures = " ".join(f"{s[key]:6.3f}" for key in ("P", "R", "F1", "bF1", "exact_clusters"))
        print(f"{name:12} {figures} {s['fp']:6} {s['fn']:6}")
    _table("wrong merges per look-alike", {name: dict(s["fp_kinds"]) for name, s in scores.items()})
    missed = {name: {kind: share[0] for kind, share in s["fn_kinds"].items()} for name, s in scores.items()}
    _table("missed pairs per noise", missed)
    print("\nreal pairs")
    measure_pairs(pairs, worlds[0].parent)


def _table(title: str, columns: Mapping[str, Mapping[str, int]]) -> None:
    print(f"\n{title:32}" + "".join(f"{name:>12}" for name in columns))
    kinds = sorted(
        {kind for found in columns.values() for kind in found}, key=lambda kind: (-_sum(columns, kind), kind)
    )
    for kind in kinds[:24]:
        print(f"  {kind:30}" + "".join(f"{found.get(kind, 0):12}" for found in columns.values()))


def _sum(columns: Mapping[str, Mapping[str, int]], kind: str) -> int:
    return sum(found.get(kind, 0) for found in columns.values())


def fetches(world: Path) -> None:
    """Public ids over the five fetches of a world: how many that were told at one fetch are told at the next."""
    feeds = runpy_module(world.parent / "feeds.py")
    known: dict[str, str] = {}
    with TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(len(list(world.glob("fetch_*.json")))):
            clock = f"2027-02-{20 + number}T06:00:00+01:00"
            feeds.write(world, folder, number)
            _complain(program(folder, clock, "refresh", "--all", "--force"))
            (folder / "events.json").write_text(json.dumps(events(folder, clock)))
            mapping = feeds.mapping(folder, folder / "events.json")
            lost = _lost(folder, clock, {known[r] for r in known.keys() & mapping.keys()} - set(mapping.values()))
            kept = sum(known[record] == mapping[record] for record in known.keys() & mapping.keys())
            both = len(known.keys() & mapping.keys())
            told = f"{len(set(mapping.values()))} events; {kept} of {both} listings kept their id"
            print(f"fetch {number}: {told}; lost without redirect {lost}")
            known = mapping


def _lost(folder: Path, clock: str, gone: set[str]) -> int:
    """Ids whose listings live on under another id, and whose page neither redirects nor tells what became of it."""
    if not gone:
        return 0
    with served(folder, clock) as client:
        answers = [client.get(f"/evenemang/{id}", follow_redirects=False).status_code for id in sorted(gone)]
    return sum(code not in (200, 301, 410) for code in answers)


def main() -> None:
    """Do what the options ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=Path, required=True)
    parser.add_argument("--pairs", type=Path)
    parser.add_argument("--fetches", action="store_true")
    options = parser.parse_args()
    folders = sorted(options.worlds.glob("world-*"))
    if options.fetches:
        fetches(next(folder for folder in folders if list(folder.glob("fetch_*.json"))))
    else:
        tables(folders, options.pairs)


if __name__ == "__main__":
    main()

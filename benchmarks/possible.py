"""How good the order of the possible duplicates is: how many of the first are true, over labelled worlds.

    python benchmarks/possible.py --worlds DIR

DIR holds `world-*` and `feeds.py`. Each world is refreshed through the whole program; then the list that staff see is
asked for and compared with the truth, beside the order by the best score alone.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from matching import CLOCK, program
from worlds import SWEDEN, World, _records, is_same, runpy_module

from aggregator import doubts
from aggregator.compose import open_program
from aggregator.doubts import Doubt
from aggregator.model import StoredListing

FIRST = (10, 25, 50, 100)


def measure(world: Path) -> tuple[list[bool], list[bool], float]:
    """Truth of each pair in the order that staff see, then by best score; seconds that the list took."""
    feeds = runpy_module(world.parent / "feeds.py")
    with TemporaryDirectory() as name:
        folder = Path(name)
        feeds.write(world, folder, None)
        program(folder, CLOCK["world"], "refresh", "--all")
        os.environ["EVENEMANG_DATABASE_URL"] = f"sqlite:///{folder / 'bench.db'}"
        with open_program(folder / "sources.yaml") as opened:
            began = time.perf_counter()
            found = doubts.waiting(opened.store, datetime.fromisoformat(CLOCK["world"]))
            took = time.perf_counter() - began
            with opened.store.ledger.view() as view:
                told = _told(world, feeds, folder, view.active())
    by_score = sorted(found, key=lambda doubt: (-doubt.pair.evidence.score, doubt.name))
    return _truth(told, found), _truth(told, by_score), took


def _told(world: Path, feeds: object, folder: Path, listings: Sequence[StoredListing]) -> World:
    truth = json.loads((world / "truth.json").read_text())
    names = _records(feeds, folder, listings)
    return World(world.name, SWEDEN, tuple(listings), {}, (), names, truth)


def _truth(world: World, found: Sequence[Doubt]) -> list[bool]:
    """Pairs that are not scored (a series beside its own date) are left out."""
    known = [is_same(world, d.pair.a, d.pair.b) for d in found if {d.pair.a, d.pair.b} <= world.records.keys()]
    return [same for same in known if same is not None]


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=Path, required=True)
    options = parser.parse_args()
    print(f"{'':12}{'pairs':>7}{'true':>7}" + "".join(f"{f'of {n}':>14}" for n in FIRST) + f"{'seconds':>10}")
    for world in sorted(options.worlds.glob("world-*")):
        ours, plain, took = measure(world)
        figures = "".join(f"{f'{sum(ours[:n])} ({sum(plain[:n])})':>14}" for n in FIRST)
        print(f"{world.name:12}{len(ours):7}{sum(ours):7}{figures}{took:10.2f}")
    print("in brackets: by the best score of any two members alone", file=sys.stderr)


if __name__ == "__main__":
    main()

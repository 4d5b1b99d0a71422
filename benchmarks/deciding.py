"""Possible duplicates of a labelled world decided in the pages of staff, and what the feed says of it each time.

    python -m benchmarks deciding --world DIR/world-N [--first 50]

The program runs as an operator runs it; DIR holds `feeds.py`. The first pairs of the list are decided as the truth
has it, over HTTP, in the order in which staff meet them; then every source is read again, then all is taken back.
Fails where a refetch changes what was decided, or the feed is another after all was taken back.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import httpx
from matching import CLOCK, program, served
from worlds import SWEDEN, World, _records, is_same, runpy_module

from aggregator.compose import open_program

PAIRS, UNDO = "/staff/dubbletter", "/staff/angra"
FEED = "/events.ics?layer=all&from=2027-01-01&to=2028-12-31"
PASSWORD = "femton små grodor på en sten"  # noqa: S105 - of a town that lives for a minute
NOW = CLOCK["world"]


@dataclass(frozen=True)
class Feed:
    """What subscribers are given: how many events, and which."""

    ids: frozenset[str]
    titles: tuple[str, ...]

    def __str__(self) -> str:
        return f"{len(self.ids)} events"


def main() -> int:
    """Decide, read again, take back; what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--world", type=Path, required=True)
    parser.add_argument("--first", type=int, default=50)
    options = parser.parse_args()
    with TemporaryDirectory() as name:
        return measure(options.world.absolute(), Path(name), options.first)


def measure(world: Path, folder: Path, first: int) -> int:
    """The whole way in one folder; how many promises were not kept."""
    feeds = runpy_module(world.parent / "feeds.py")
    feeds.write(world, folder, None)
    program(folder, NOW, "refresh", "--all")
    told = _truth(world, feeds, folder)
    link = re.findall(r"https?://\S+", program(folder, NOW, "staff", "add", "redaktor@byn.example").stdout)[0]
    with served(folder, NOW) as client:
        _log_in(client, urlsplit(link).path)
        before, took = _feed(client), []
        same = _decided(client, told, first, took)
        after = _feed(client)
        again = program(folder, NOW, "refresh", "--all", "--force")
        refetched = _feed(client)
        undone = _undone(client)
        back = _feed(client)
    print(f"{world.name}: {len(took)} decided, {same} of them the same event; {_middle(took)} ms each in the middle")
    print(f"before {before}, after {after}, refetched {refetched}, {undone} taken back: {back}")
    wrong = [f"the refetch ended with {again.returncode}"] if again.returncode else []
    wrong += ["a refetch changed what was decided"] if refetched != after else []
    wrong += ["taken back, the feed tells other events"] if back.titles != before.titles else []
    other = len(back.ids - before.ids)
    wrong += [f"taken back, {other} events have other ids"] if other else []
    print("\n".join(wrong) or "all held", file=sys.stderr)
    return len(wrong)


def _truth(world: Path, feeds: object, folder: Path) -> World:
    """The world's listings by the ids that the store gave them, with what is true of them."""
    os.environ["EVENEMANG_DATABASE_URL"] = f"sqlite:///{folder / 'bench.db'}"
    with open_program(folder / "sources.yaml") as opened, opened.store.ledger.view() as view:
        listings = view.active()
    names = _records(feeds, folder, listings)
    truth = json.loads((world / "truth.json").read_text())
    assert datetime.fromisoformat(NOW).tzinfo is not None
    return World(world.name, SWEDEN, tuple(listings), {}, (), names, truth)


def _log_in(client: httpx.Client, path: str) -> None:
    """By the link that the command printed."""
    client.follow_redirects = True
    client.headers["Origin"] = str(client.base_url).rstrip("/")
    form = _hidden(client.get(path).text, "")
    client.post(path, data={**form, "password": PASSWORD}).raise_for_status()


def _decided(client: httpx.Client, told: World, first: int, took: list[float]) -> int:
    """Decide the pairs in their order, as the truth has it; how many are the same event."""
    same = 0
    while len(took) < first and (found := re.search(rf'href="({PAIRS}/(\d+)-(\d+))"', client.get(PAIRS).text)):
        path, pair = found[1], (int(found[2]), int(found[3]))
        form = _hidden(client.get(path).text, path)
        known = set(pair) <= told.records.keys()
        word = "same" if known and is_same(told, *pair) else "different"
        began = time.perf_counter()
        client.post(path, data={**form, "do": word}).raise_for_status()
        took.append(time.perf_counter() - began)
        same += word == "same"
    return same


def _undone(client: httpx.Client) -> int:
    """Take every decision back, the newest first; how many."""
    done = 0
    while form := _hidden(client.get("/staff/beslut").text, UNDO):
        client.post(UNDO, data=form).raise_for_status()
        done += 1
    return done


def _feed(client: httpx.Client) -> Feed:
    text = client.get(FEED).raise_for_status().text.replace("\r\n ", "")
    titles = tuple(sorted(re.findall(r"^SUMMARY:(.*?)\r?$", text, re.M)))
    return Feed(frozenset(re.findall(r"^UID:(.*?)\r?$", text, re.M)), titles)


def _hidden(markup: str, action: str) -> Mapping[str, str]:
    """The hidden fields of the page's first form with that action; of its last one without."""
    forms = re.findall(r"<form\b[^>]*>.*?</form>", markup, re.S)
    found = [f for f in forms if f'action="{action}"' in f] if action else forms[-1:]
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found[0]) if found else []
    return {name: unescape(value) for name, value in pairs}


def _middle(took: list[float]) -> str:
    return f"{sorted(took)[len(took) // 2] * 1000:.0f}" if took else "no"


if __name__ == "__main__":
    sys.exit(main())

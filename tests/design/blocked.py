"""Run by a test in a process of its own: every rule module is imported, then a source's answer is decided.

Meanwhile an audit hook refuses sockets, programs and every file but code, and the clocks of `time` raise.
"""

from __future__ import annotations

import importlib
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from tests.design.tree import RULES, modules, top

CODE = (".py", ".pyc", ".so", ".pth", ".zip")
REFUSED = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "sqlite3.", "urllib.", "ftplib.", "smtplib.")
ZONE = ZoneInfo("Europe/Stockholm")  # read before the door is shut: a zone is data, not a file, to those who have it
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def refuse(event: str, arguments: tuple[object, ...]) -> None:
    """The audit hook."""
    if event.startswith(REFUSED):
        raise PermissionError(f"a rule reached for {event}")
    if event == "open" and not str(arguments[0]).endswith(CODE) and not isinstance(arguments[0], int):
        raise PermissionError(f"a rule opened {arguments[0]!r}")


def no_clock(*_: object) -> NoReturn:
    """What every clock is now."""
    raise PermissionError("a rule looked at the clock")


def load() -> dict[str, ModuleType]:
    """All rule modules."""
    names = [name for name in modules() if name and top(name) in RULES]
    return {name: importlib.import_module(f"aggregator.{name}") for name in names}


def decide(rules: dict[str, ModuleType]) -> None:
    """From what was read to a plan, a comparison, a merge and the next visit."""
    m = rules["model"]
    one, two = (m.Source(id=id, name=id, url=f"https://{id}.example/") for id in ("biblioteket", "tidningen"))
    stored = [_stored(n, source, rules) for n, source in enumerate((one, two), 1)]
    known = rules["features"].Rules(zone=ZONE)
    pairs = list(zip(stored, (one, two), strict=True))
    features = {s.id: rules["features"].prepare(s, source, known) for s, source in pairs}
    rules["match"].cluster(features, rules["statistics"].Statistics(), (), known)
    places = rules["places"].Registry()
    merged = rules["merge"].merge(stored, {"biblioteket": one, "tidningen": two}, places, (), ZONE)
    assert merged.content.title == "Sagostund"
    _planned(stored[0], one, rules)
    assert NOW < rules["schedule"].next_due(one, NOW) <= NOW + timedelta(hours=1)
    assert rules["swedish"].read_when("lördag 28 november kl. 18–20", today=NOW.date(), zone=ZONE)
    assert rules["text"].clean_html("<p onclick=x>Sagostund<script>") == "<p>Sagostund</p>"


def _stored(number: int, source: Any, rules: dict[str, ModuleType]) -> Any:  # Any: the modules come by name here
    m = rules["model"]
    window = m.Window(date(2026, 10, 24), date(2028, 5, 23))
    context = m.Context(
        source=source, url="", content_type="", zone="Europe/Stockholm", language="sv", window=window, now=NOW
    )
    start = datetime(2026, 12, 1, 10, tzinfo=ZONE)
    draft = m.Draft(uid=f"saga-{number}", title="Sagostund", start=start, location=m.Location(name="Biblioteket"))
    (listing,) = rules["normalize"].listings([draft], context)
    return m.StoredListing(id=number, listing=listing, first_seen=NOW, changed=NOW)


def _planned(stored: Any, source: Any, rules: dict[str, ModuleType]) -> None:
    m, plan = rules["model"], rules["plan"]
    chunk = m.Chunk(key="saga-1", hash="x", listings=(stored.listing,), counts=m.Counts(inside=1))
    reading = m.Reading(format="ical", coverage=m.Coverage.WINDOW, chunks=(chunk,))
    state = rules["state"].SourceState(id="biblioteket")
    decided = plan.decide(
        plan.Question(source=source, state=state, stored=[], known={}, reading=reading, now=NOW, zone=ZONE)
    )
    assert decided.count(plan.Insert) == 1


def main() -> None:
    """Shut the door, import, decide."""
    sys.addaudithook(refuse)
    for name in ("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "localtime", "gmtime"):
        setattr(time, name, no_clock)
    decide(load())
    sys.stdout.write("decided\n")


if __name__ == "__main__":
    main()

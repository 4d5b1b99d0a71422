"""Many refreshes: one that ends badly costs itself alone, and nothing grows with their number."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from aggregator import rounds
from aggregator.errors import StoreError
from aggregator.report import Result
from aggregator.sandbox import Limits, Sandbox
from tests.loopback import Loopback
from tests.store.making import broken
from tests.town import DAY, HOUR, Town, at, calendar, evenings, open_town, vevent


def test_D17_a_reader_that_is_ended_costs_one_refresh_of_one_source(
    tmp_path: Path, site: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'evenemang.db'}"
    with (
        Sandbox(size=1, limits=Limits(output=100_000)) as sandbox,  # bytes: no machine is quick enough to pass it
        open_town(tmp_path, site, sandbox, url, monkeypatch.setenv) as town,
    ):
        for id in ("aaa", "klubben", "zzz"):
            town.add(id)
        town.tell("aaa", vevent("Quizkväll", at(9)))
        town.tell("klubben", *evenings(5))
        town.tell("zzz", vevent("Orgelmusik", at(10), uid="o"))
        town.refresh()
        before = town.titles()
        crowd = [vevent(f"Nummer {n}", at(2 + n % 300), uid=f"n{n}", description="x" * 40) for n in range(9000)]
        town.serve("klubben", calendar(*crowd))
        town.tell("zzz", vevent("Orgelmusik på fiolen", at(10), uid="o"))
        reports = town.refresh(after=HOUR)
        assert reports["klubben"].result is Result.FAILED
        assert reports["klubben"].code.startswith("reader-")
        assert (reports["aaa"].ok, reports["zzz"].ok) == (True, True)
        assert town.titles() == [t if t != "Orgelmusik" else "Orgelmusik på fiolen" for t in before]
        town.tell("klubben", *evenings(5))
        assert town.refresh(after=HOUR)["klubben"].ok


def _resident() -> int:
    """Bytes of memory that this process holds."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _grown(town: Town, rounds_: int, change: Callable[[int], None]) -> tuple[int, int, int]:
    """Memory, descriptors and threads after so many rounds."""
    for number in range(rounds_):
        change(number)
        town.refresh(after=HOUR)
    return _resident(), len(os.listdir("/proc/self/fd")), len(os.listdir("/proc/self/task"))


@pytest.mark.slow
def test_D19_memory_descriptors_and_threads_are_flat_over_many_refreshes(small_town: Town) -> None:
    town = small_town
    for id in ("klubben", "kyrkan", "felet"):
        town.add(id)
    town.tell("kyrkan", *evenings(5))
    town.site.page("/felet.ics", b"<html>nothing", content_type="text/html")

    def change(number: int) -> None:
        town.tell("klubben", *evenings(10), vevent(f"Omgång {number % 2}", at(20), uid="x"))

    memory, files, threads = _grown(town, 15, change)
    after, files_after, threads_after = _grown(town, 40, change)
    assert after < memory * 1.1
    assert (files_after, threads_after) == (files, threads)


def test_a_chore_that_fails_is_told_and_keeps_no_other_from_being_done() -> None:
    done: list[str] = []

    def fails() -> None:
        raise StoreError("the disk is full")

    with capture_logs() as logs:
        for chore in (fails, lambda: done.append("purge")):
            rounds.done(chore)
    assert done == ["purge"]
    assert [(line["event"], line["error"]) for line in logs] == [("daily.failed", "the disk is full")]


def test_an_unchanged_source_writes_its_state_and_its_history_and_no_event(town: Town) -> None:
    town.add("klubben")
    town.tell("klubben", *evenings(20))
    town.refresh()
    version, listings = town.version(), town.listings("klubben")
    revision = town.program.kit.ledger.stored("klubben").revision
    for _ in range(3):
        assert town.refresh(after=HOUR)["klubben"].result is Result.UNCHANGED
    assert (town.version(), town.listings("klubben")) == (version, listings)
    assert town.program.kit.ledger.stored("klubben").revision == revision
    assert len(town.program.store.tries("klubben")) == 4


def test_days_of_refreshes_leave_a_sound_database(town: Town) -> None:
    for id in ("klubben", "kyrkan"):
        town.add(id, coverage="complete")
        town.tell(id, *evenings(12))
    town.refresh()
    town.tell("kyrkan", *evenings(8), vevent("Nytt", at(20), uid="ny"))
    for _ in range(3):
        town.refresh(after=DAY)
        town.daily()
    assert broken(town.program.settings.database_url) == []
    assert town.program.store.check() is None

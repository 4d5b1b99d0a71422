"""Who may do what now, over all processes: the lease of a source, the next free moment of a host, the daily job.

Each function works inside the writing transaction of `connection`. Moments come from clocks that may jump: one
that lies further ahead than any of ours can is taken as written by a clock that has gone back since (D14).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, or_, select, update

from aggregator.errors import LeaseLost
from aggregator.store import rows
from aggregator.store.holder import has_ended

LEASE = timedelta(minutes=2)  # extended while its holder works; so long a crash on another machine bars a source
FAR = timedelta(minutes=10)  # further ahead than any lease or any queue at a host


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write about `name`, until it expires and another takes it. `token` grows with every holder."""

    name: str
    token: int


def take(connection: Connection, name: str, holder: str, now: datetime) -> Lease | None:
    """The lease of `name`, or None while another holds it, lives, and has not let it expire."""
    table = rows.table("lease")
    rows.add(connection, "lease", {"name": name, "token": 0, "holder": "", "expires": now})
    row = connection.execute(select(table).where(table.c.name == name).with_for_update()).one()
    held = now < row.expires <= now + FAR
    if row.holder and held and not has_ended(row.holder):
        return None
    values = {"token": row.token + 1, "holder": holder, "expires": now + LEASE}
    connection.execute(update(table).where(table.c.name == name).values(values))
    return Lease(name, row.token + 1)


def extend(connection: Connection, lease: Lease, now: datetime) -> bool:
    """Let a lease run on from now; False where it is another's."""
    table = rows.table("lease")
    mine = (table.c.name == lease.name) & (table.c.token == lease.token) & (table.c.holder != "")
    return connection.execute(update(table).where(mine).values(expires=now + LEASE)).rowcount == 1


def give_back(connection: Connection, lease: Lease) -> None:
    """End a lease early; nothing happens if it is another's by now."""
    table = rows.table("lease")
    mine = (table.c.name == lease.name) & (table.c.token == lease.token)
    connection.execute(update(table).where(mine).values(holder=""))


def revoke(connection: Connection, name: str) -> None:
    """Take the lease of `name` from whoever holds it: what was prepared under it can't be written any more."""
    table = rows.table("lease")
    connection.execute(update(table).where(table.c.name == name).values(token=table.c.token + 1, holder=""))


def check(connection: Connection, lease: Lease) -> None:
    """Raise LeaseLost unless the lease is still ours; it stays so until the transaction ends."""
    table = rows.table("lease")
    question = select(table.c.token).where(table.c.name == lease.name).with_for_update()
    if connection.execute(question).scalar_one_or_none() != lease.token:
        raise LeaseLost(f"another process refreshes {lease.name} now; what was prepared here is not written")


def reserve_host(connection: Connection, host: str, now: datetime, spacing: float) -> float:
    """Take the host's next free moment; the seconds to wait until then."""
    table = rows.table("host")
    rows.add(connection, "host", {"name": host, "free": now})
    free = connection.execute(select(table.c.free).where(table.c.name == host).with_for_update()).scalar_one()
    start = free if now < free <= now + FAR else now
    after = start + timedelta(seconds=spacing)
    connection.execute(update(table).where(table.c.name == host).values(free=after))
    return (start - now).total_seconds()


def claim_day(connection: Connection, day: date) -> bool:
    """Take the daily job of a local day; False where it was taken before."""
    table = rows.table("catalogue")
    free = or_(table.c.daily.is_(None), table.c.daily != day)
    return connection.execute(update(table).where(free).values(daily=day)).rowcount == 1

"""Bring a database to the tables of this program. Every command does it before it works; a second time is free."""

from pathlib import Path

from alembic import command
from alembic.config import Config as Alembic
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from aggregator.errors import StoreError
from aggregator.store.engine import Database

SCRIPTS = Path(__file__).parent.parent / "migrations"


def upgrade(database: Database, to: str | None = None) -> str | None:
    """Migrate in one transaction, to the newest revision; the former one, or None where nothing was to be done.

    Killed half-way it leaves the old tables. Raises StoreError for a database of a newer program.
    """
    scripts = ScriptDirectory(str(SCRIPTS))
    head = to or scripts.get_current_head() or ""
    with database.read() as connection:
        current = _revision(connection)
    if current == head:
        return None
    if current is not None and current not in {script.revision for script in scripts.walk_revisions()}:
        raise StoreError(f"the database was made by a newer program (its revision is {current}); update this one")
    with database.write(alone=True) as connection:
        if _revision(connection) != head:
            command.upgrade(_alembic(connection), head)
    return current or "empty"


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _alembic(connection: Connection) -> Alembic:
    config = Alembic()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    return config

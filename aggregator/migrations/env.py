"""Alembic's entry: the connection comes from `store.migrate`, never from a file of settings."""

from alembic import context
from sqlmodel import SQLModel

from aggregator import tables

assert tables.catalogue.CatalogueRow.metadata is SQLModel.metadata  # noqa: S101 - the tables must be known before they are compared

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,  # SQLite can't alter a column in place
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()

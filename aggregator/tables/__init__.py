"""The tables: rows and nothing else. They hold values as JSON and what is searched by as columns beside it.

A row is never bound to a request, and no rule reads one: `store` turns rows into the values of `model`.
SQLModel with `table=True` does not validate, so nothing may reach a row but through `store`.
"""

from aggregator.tables import catalogue, people
from aggregator.tables.columns import WIDE, Instant

__all__ = ["WIDE", "Instant", "catalogue", "people"]

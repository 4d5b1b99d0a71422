"""Every column of every table is looked through at an erasure, or is named with a reason why not."""

from __future__ import annotations

import pytest
from sqlalchemy import LargeBinary, Text, types

from aggregator.store import rows
from aggregator.store.scrub import CLEANERS, UNTOUCHED


@pytest.mark.parametrize("name", rows.names())
def test_G01_no_column_of_words_is_forgotten(name: str) -> None:
    """A new column that takes a stranger's words and is told neither here nor there would outlive an erasure."""
    if name in UNTOUCHED:
        assert name not in CLEANERS
        return
    wordy = (types.String, Text, LargeBinary)
    for column in rows.table(name).columns:
        if isinstance(column.type, wordy):
            assert column.name in CLEANERS[name] or f"{name}.{column.name}" in UNTOUCHED, column.name


def test_nothing_is_told_of_columns_that_are_not_there() -> None:
    for told in UNTOUCHED:
        name, _, column = told.partition(".")
        assert not column or column in rows.table(name).columns
    for name, columns in CLEANERS.items():
        assert set(columns) <= set(rows.table(name).columns.keys())

"""How commands speak: results to standard output, everything else to standard error. Knows no command."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Iterable, Mapping, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

Row = Mapping[str, object]


def result(text: str) -> None:
    """One line of the result."""
    sys.stdout.write(text + "\n")


def say(text: str) -> None:
    """A sentence to the person at the keyboard, never part of the result."""
    sys.stderr.write(text + "\n")


def suggestion(word: str, known: Iterable[str]) -> str:
    """“; did you mean …?” where one known word is near, else nothing."""
    near = difflib.get_close_matches(word, list(known), 1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else ""


def table(columns: Sequence[str], rows: Sequence[Row], *, as_json: bool) -> None:
    """Rows as a table on a terminal, as lines with tabs in a pipe, as a JSON list if asked.

    In JSON each row has all its members, in the others only `columns`.
    """
    if as_json:
        result(json.dumps([dict(row) for row in rows], ensure_ascii=False, indent=2, default=str))
    elif sys.stdout.isatty():
        _draw(columns, rows)
    else:
        for row in (dict.fromkeys(columns, None) | {name: name for name in columns}, *rows):
            result("\t".join(_word(row.get(name)).replace("\t", " ") for name in columns))


def _draw(columns: Sequence[str], rows: Sequence[Row]) -> None:
    drawn = Table(*columns, box=box.SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        drawn.add_row(*(Text(_word(row.get(name))) for name in columns))  # Text: no markup from strangers
    Console(file=sys.stdout).print(drawn)


def _word(value: object) -> str:
    text = "" if value is None else "yes" if value is True else "no" if value is False else str(value)
    return "".join(sign if sign.isprintable() else " " for sign in text)

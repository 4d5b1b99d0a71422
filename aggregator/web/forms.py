"""What a browser sends with a form, read with limits (F21). Only the fields that are asked for are looked at (F09).

A page that takes one::

    form = await forms.read(request)
    security.check(request, form, "report")
    told = form.text("text", 2000, lines=True)
    if not told:
        form.refuse("text", "form-missing")
    if form.refused:
        …  # the page again, filled with what was typed: nothing is lost by an error
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

from aggregator.text import typed, verbatim

URLENCODED = "application/x-www-form-urlencoded"
FIELDS = 400  # of one form; a series of a hundred dates has some three each
_DIGITS = 18  # of a number: well within the 64 bits of a column
_NAME = 64  # letters of a field's name


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a field can't be taken: the key of a sentence of `locale`, and what fills its blanks."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)


class Form:
    """The fields of one request. What is too long is noted in `refused`, and given whole, so that it can be mended."""

    def __init__(self, fields: Mapping[str, Sequence[str]] | None = None) -> None:
        self._fields = fields or {}
        self.refused: dict[str, Refusal] = {}

    def text(self, name: str, longest: int, *, lines: bool = False) -> str:
        """A field as plain text without controls, one line unless `lines`; empty where there is none."""
        return self._bounded(name, typed(self._first(name), lines=lines), longest)

    def raw(self, name: str, longest: int) -> str:
        """A field as it was typed, for what must not be tidied: a password, a token."""
        return self._bounded(name, self._first(name), longest)

    def typed(self, name: str) -> str:
        """A field as it was typed, to fill the page again."""
        return self._first(name)

    @property
    def sent(self) -> bool:
        """Whether anything was typed at all: a field that was emptied stays empty when the page is filled again."""
        return bool(self._fields)

    def all(self, name: str) -> tuple[str, ...]:
        """All values of a field as they were typed, to fill the page again."""
        return tuple(self._fields.get(name, ()))

    def number(self, name: str) -> int | None:
        """A field that a page of ours filled with a whole number, as ids and versions are; None for anything else."""
        value = self._first(name)
        return int(value) if value.isascii() and value.isdigit() and len(value) <= _DIGITS else None

    def flag(self, name: str) -> bool:
        """Whether a box was ticked."""
        return bool(self._first(name))

    def many(self, name: str, longest: int) -> tuple[str, ...]:
        """All values of a field, in order, empty ones too: rows of a table keep their places."""
        return tuple(self._bounded(name, typed(value, lines=False), longest) for value in self._fields.get(name, ()))

    def without(self, name: str) -> Form:
        """The same form as if a field had been left empty."""
        return Form({key: values for key, values in self._fields.items() if key != name})

    def holding(self, name: str, value: str) -> Form:
        """The same form, and why it is refused, with another value in a field of ours."""
        form = Form({**self._fields, name: [value]})
        form.refused = self.refused
        return form

    def refuse(self, name: str, key: str, **values: object) -> None:
        """Note why a field can't be taken; the first reason stays."""
        self.refused.setdefault(name, Refusal(key, values))

    def _first(self, name: str) -> str:
        return next(iter(self._fields.get(name, ())), "")

    def _bounded(self, name: str, value: str, longest: int) -> str:
        if len(value) > longest:
            self.refuse(name, "form-too-long", longest=longest)
        return value


async def read(request: Request) -> Form:
    """The form of a request. Raises HTTPException: 415 for another coding, 400 for what is none.

    The size of the body is bounded before, by the application (413).
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != URLENCODED:
        raise HTTPException(415)
    return Form(_fields(await request.body()))


def _fields(body: bytes) -> dict[str, list[str]]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=FIELDS, encoding="utf-8", errors="strict"
        )
    except (ValueError, UnicodeError) as error:
        raise HTTPException(400) from error
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        if len(name) > _NAME:
            raise HTTPException(400)
        found.setdefault(name, []).append(verbatim(value.replace("\r\n", "\n")))
    return found

"""What a child of `sandbox` can do: the two doors of `formats` and the one of `recode`. Imported in children only."""

from __future__ import annotations

from collections.abc import Callable

from aggregator import codec, formats
from aggregator.readers import Raws, ReadHeader, RereadHeader
from aggregator.recode import recode


def read(header: str, body: bytes) -> str:
    """`formats.read_answer`."""
    asked = codec.loads(ReadHeader, header)
    return codec.dumps(formats.read_answer(body, asked.context, asked.known))


def reread(header: str, body: bytes) -> str:
    """`formats.reread`."""
    asked = codec.loads(RereadHeader, header)
    return codec.dumps(formats.reread(asked.format, codec.loads(Raws, body).raws, asked.context))


def picture(header: str, body: bytes) -> str:  # noqa: ARG001 - every task has a header
    """`recode.recode`."""
    return codec.dumps(recode(body))


TASKS: dict[str, Callable[[str, bytes], str]] = {"read": read, "reread": reread, "picture": picture}

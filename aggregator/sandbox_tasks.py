"""What a child of `sandbox` can do: the two doors of `formats`, with JSON in and out. Imported in children only."""

from __future__ import annotations

from collections.abc import Callable

from aggregator import codec, formats
from aggregator.readers import Raws, ReadHeader, RereadHeader


def read(header: str, body: bytes) -> str:
    """`formats.read_answer`."""
    asked = codec.loads(ReadHeader, header)
    return codec.dumps(formats.read_answer(body, asked.context, asked.known))


def reread(header: str, body: bytes) -> str:
    """`formats.reread`."""
    asked = codec.loads(RereadHeader, header)
    return codec.dumps(formats.reread(asked.format, codec.loads(Raws, body).raws, asked.context))


TASKS: dict[str, Callable[[str, bytes], str]] = {"read": read, "reread": reread}

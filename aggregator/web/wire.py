"""Polls answered where they arrive: ready bytes are written by the protocol itself, without a task or ASGI messages.

A protocol for uvicorn. Only a plain GET or HEAD of a feed whose bytes are ready takes this way; all else, and
whatever is in doubt, goes the ordinary one. It decides nothing: `Gate.instant` says what the answer is. Raw letters
outside ASCII in an address are read as their UTF-8.
"""

from __future__ import annotations

import re
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from aggregator.web.gate import Gate

_AT_ONCE = 128 * 1024  # octets of a body that are copied behind their head, which costs less than a second write
_RAW = re.compile(rb"[\x80-\xff]")


class FeedProtocol(HttpToolsProtocol):
    """uvicorn's own HTTP/1.1 protocol with a shorter way for polls."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        stack = getattr(self.config.loaded_app, "middleware_stack", None)
        self._gate = stack if isinstance(stack, Gate) else None
        self._between = True  # requests

    def data_received(self, data: bytes) -> None:
        """A raw å in an address, as scripts write it by hand, means %C3%A5 (RFC 3987, 3.1); the parser knows none.

        Only where a request begins: what is in a body stays as it is, and as long.
        """
        if self._between and not data.isascii():
            line, end, rest = data.partition(b"\r\n")
            data = _RAW.sub(lambda found: b"%%%02X" % found[0][0], line) + end + rest
        super().data_received(data)

    def on_message_begin(self) -> None:
        """The parser read the first octet of a request."""
        self._between = False
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """The parser read the last octet of a request, its body included."""
        self._between = True
        super().on_message_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        # The ordinary way waits for a slow reader, takes pipelined requests one by one, and writes the log.
        doubt = self._gate is None or self.flow.write_paused or self.pipeline or self.access_log
        found = None if doubt or self._gate is None else self._gate.instant(cycle.scope)
        if found is None:
            super()._start_asgi_task(cycle, app)
            return
        status, head, body = found
        parts = [STATUS_LINE[status]]
        for name, value in cycle.default_headers:
            parts += [name, b": ", value, b"\r\n"]
        parts += [head, b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n"]
        cycle.response_started = cycle.response_complete = True
        if len(body) <= _AT_ONCE:
            self.transport.write(b"".join([*parts, body]))
        else:
            self.transport.write(b"".join(parts))
            self.transport.write(body)
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()

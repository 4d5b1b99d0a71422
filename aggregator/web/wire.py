"""Polls answered where they arrive: ready bytes are written by the protocol itself, without a task or ASGI messages.

A protocol for uvicorn. Only a plain GET or HEAD of a feed whose bytes are ready takes this way; all else, and
whatever is in doubt, goes the ordinary one. It decides nothing: `Gate.instant` says what the answer is.
"""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from aggregator.web.gate import Gate

_AT_ONCE = 128 * 1024  # octets of a body that are copied behind their head, which costs less than a second write


class FeedProtocol(HttpToolsProtocol):
    """uvicorn's own HTTP/1.1 protocol with a shorter way for polls."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        stack = getattr(self.config.loaded_app, "middleware_stack", None)
        self._gate = stack if isinstance(stack, Gate) else None

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

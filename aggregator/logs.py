"""Logs: one line an event, as text on a terminal and JSON elsewhere, to standard error.

Everything that reaches a line is made harmless first: control characters are escaped (no forged lines, no terminal
commands), mail addresses and tokens are masked, network addresses are cut. A log that can't be written is lost;
the service goes on. Only the composition roots call `set_up`; everybody else asks `structlog.get_logger`.
"""

from __future__ import annotations

import ipaddress
import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog
from structlog.typing import Processor

MAIL = re.compile(r"[\w.+-]{1,64}@(?=[\w-])")
SECRET = re.compile(r"(?i)([?&;](?:key|code|sig)|token|secret|password|api_?key)=[^&\s\"']+")
USERINFO = re.compile(r"(?<=://)[^/@\s]+@")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
HIDDEN = frozenset({"password", "token", "secret", "secret_key", "authorization", "cookie", "mail", "email"})
ADDRESSES = frozenset({"ip", "client", "client_addr", "remote"})
LONGEST = 2000  # characters of one value; what strangers send ends up in errors

Line = MutableMapping[str, Any]  # Any: structlog's own type of a line


def set_up(form: str | None, stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send all logs of the process, those of the libraries too, to `stream` (standard error).

    `form` is "text" or "json"; None means text on a terminal, else json. Calling it again replaces the first call.
    """
    out = stream if stream is not None else sys.stderr
    text = form == "text" or (form is None and out.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.format_exc_info,
        harmless,
    ]
    handler = _Steady(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(text, out)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("httpx", "httpcore", "alembic", "uvicorn.access"):  # they tell addresses, queries, every request
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.getLogger("stamina").setLevel(logging.ERROR)  # that an address is tried twice is no news
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def harmless(_logger: object, _method: str, line: Line) -> Line:
    """A line without secrets, persons, full network addresses, or characters that act on a terminal."""
    return {name: _value(name, value) for name, value in line.items()}


def _value(name: str, value: object) -> object:
    if name.startswith("_") or value is None or isinstance(value, (bool, int, float)):
        return value
    if name.lower() in HIDDEN:
        return "(hidden)"
    if name.lower() in ADDRESSES:
        return _cut(str(value))
    words = USERINFO.sub("", SECRET.sub(r"\1=(hidden)", str(value)))
    words = MAIL.sub("(mail)@", words)
    if name == "exception":
        return "\n".join("  | " + CONTROL.sub(_escaped, part) for part in words.split("\n"))
    return CONTROL.sub(_escaped, words[:LONGEST])


def _cut(value: str) -> str:
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return "(hidden)"
    return str(ipaddress.ip_network((address, 24 if address.version == 4 else 48), strict=False).network_address)


def _escaped(match: re.Match[str]) -> str:
    return match.group().encode("unicode_escape").decode()


def _renderer(text: bool, out: TextIO) -> Processor:
    if text:
        return structlog.dev.ConsoleRenderer(colors=out.isatty())
    return structlog.processors.JSONRenderer(sort_keys=True)


class _Steady(logging.StreamHandler[TextIO]):
    """A handler that never disturbs: a full disk or a closed pipe costs the line and nothing else."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Lose the line."""

"""Logs: one line an event, harmless, and never a reason to stop."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
from collections.abc import Iterator

import pytest
import structlog

from aggregator import logs


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def told(form: str, event: str, **values: object) -> str:
    out = io.StringIO()
    logs.set_up(form, out)
    structlog.get_logger("evenemang.test").info(event, **values)
    return out.getvalue()


def test_json_tells_one_object_a_line() -> None:
    line = told("json", "refreshed", source="biblioteket", events=12)
    assert line.count("\n") == 1
    found = json.loads(line)
    assert (found["event"], found["source"], found["events"], found["level"]) == (
        "refreshed",
        "biblioteket",
        12,
        "info",
    )


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("evil", ["a\nb", "a\r\nINFO forged", "\x1b[2J\x1b]0;x\x07", "a\u2028b", "a\u202eb", "%s %d"])
def test_F23_what_strangers_send_forges_no_line_and_moves_no_terminal(form: str, evil: str) -> None:
    line = told(form, evil, title=evil)
    assert line.count("\n") == 1
    assert not [sign for sign in line.removesuffix("\n") if not sign.isprintable()]


def test_F23_a_traceback_with_a_forged_line_stays_one_record() -> None:
    out = io.StringIO()
    logs.set_up("text", out)
    try:
        raise ValueError("x\n2026-01-01 [info] forged \x1b[2J")
    except ValueError:
        structlog.get_logger("t").exception("broken")
    first, *rest = out.getvalue().splitlines()
    assert "broken" in first
    assert all(line.startswith("  | ") for line in rest)
    assert "\x1b" not in out.getvalue()


@pytest.mark.parametrize("form", ["text", "json"])
def test_G05_no_mail_token_secret_or_full_address_is_written(form: str) -> None:
    line = told(
        form,
        "submitted by forening@exempel.example",
        url="https://user:hemligt@a.example/x?token=abc123&q=1",
        password="hemligt",
        client="192.0.2.77",
        ip="2001:db8:1:2::7",
    )
    for word in ("forening@", "hemligt", "abc123", "192.0.2.77", "2001:db8:1:2"):
        assert word not in line
    assert "192.0.2.0" in line


def test_libraries_log_the_same_way() -> None:
    out = io.StringIO()
    logs.set_up("json", out)
    logging.getLogger("uvicorn.error").warning("said %s", "a\nb")
    assert json.loads(out.getvalue())["event"] == "said a\\nb"


def test_D21_a_closed_pipe_costs_the_line_and_nothing_else() -> None:
    read, write = os.pipe()
    os.close(read)
    out = os.fdopen(write, "w", buffering=1)
    logs.set_up("json", out)
    structlog.get_logger("t").info("nobody reads this")
    structlog.get_logger("t").info("nor this")
    with contextlib.suppress(BrokenPipeError):
        out.close()


def test_D21_a_full_disk_costs_the_line_and_nothing_else() -> None:
    with open("/dev/full", "w", buffering=1) as out:
        logs.set_up("json", out)
        structlog.get_logger("t").info("nowhere to go")
        logging.getLogger("uvicorn").error("nor here")
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())

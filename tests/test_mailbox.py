"""One address that every mail server takes, or none."""

from __future__ import annotations

import time

import pytest

from aggregator.mailbox import LONGEST, mailbox

GOOD = {
    "kansliet@sockenhuset.example": "kansliet@sockenhuset.example",
    "  Kansliet@Sockenhuset.EXAMPLE\n": "kansliet@sockenhuset.example",
    "a+b.c@x-y.example": "a+b.c@x-y.example",
    "info@blåbär.example": "info@xn--blbr-noae.example",
    "o'hara@x.example": "o'hara@x.example",
}
BAD = {
    "F07-two": "a@x.example,b@x.example",
    "F07-two-spaced": "a@x.example b@x.example",
    "F07-second-at": "a@b@x.example",
    "F07-line-feed": "a@x.example\nBcc: b@x.example",
    "F07-return": "a\r\nBcc:b@x.example@x.example",
    "F07-encoded-nothing": "=?utf-8?q?a?= <a@x.example>",
    "F07-display-name": "Kansliet <a@x.example>",
    "F07-quoted": '"a b"@x.example',
    "F07-quoted-at": '"a@b"@x.example',
    "F07-unicode-local": "åsa@x.example",
    "F07-comment": "a(b)@x.example",
    "F07-10-KB": "a" * 10_000 + "@x.example",
    "F07-long-local": "a" * 65 + "@x.example",
    "F07-route": "@y.example:a@x.example",
    "F07-percent-host": "a@x.example%0aBcc",
    "F07-nul": "a\x00@x.example",
    "dots": "a..b@x.example",
    "dot-first": ".a@x.example",
    "no-domain": "a@",
    "no-local": "@x.example",
    "one-label": "a@localhost",
    "literal": "a@[127.0.0.1]",
    "address": "a@127.0.0.1",
    "label-ends-with-hyphen": "a@x-.example",
    "empty": "",
}


@pytest.mark.parametrize("typed", GOOD)
def test_an_address_has_one_spelling(typed: str) -> None:
    assert mailbox(typed) == GOOD[typed]


@pytest.mark.parametrize("case", BAD)
def test_what_is_not_one_plain_address_is_none(case: str) -> None:
    assert mailbox(BAD[case]) is None


@pytest.mark.parametrize("bit", ["a", ".", "a.", "@", "å", "a-", "é.", "a@", " "])
def test_F24_a_long_address_costs_no_time(bit: str) -> None:
    began = time.process_time()
    assert mailbox(bit * 100_000) is None
    assert mailbox("a@" + bit * LONGEST) is None
    assert time.process_time() - began < 0.1

"""Hosts that are made to be taken for others (F26)."""

from __future__ import annotations

import pytest

from aggregator.lookalike import host_of, likeness, shown

KNOWN = ("www.provstad.example", "evenemang.provstad.example", "biljetter.example")


@pytest.mark.parametrize(
    ("host", "why", "of"),
    [
        ("pr0vstad.example", "like", "provstad.example"),
        ("provstaad.example", "like", "provstad.example"),
        ("porvstad.example", "like", "provstad.example"),
        ("provstd.example", "like", "provstad.example"),
        ("provstad.invalid", "like", "provstad.example"),
        ("provstad-evenemang.invalid", "like", "provstad.example"),
        ("www.provstad.example.spel.invalid", "inside", "provstad.example"),
        ("xn--prvstad-bjg.example", "like", "provstad.example"),  # о is Cyrillic
        ("biIjetter.example", "like", "biljetter.example"),
        ("xn--pe-olcx.invalid", "mixed", ""),  # реле with one Latin letter
        ("192.0.2.1", "bare", ""),
        ("2001:db8::1", "bare", ""),
    ],
)
def test_F26_a_host_that_looks_like_a_known_one_is_told(host: str, why: str, of: str) -> None:
    found = likeness(host, KNOWN)
    assert found is not None
    assert (found.why, found.of) == (why, of)


@pytest.mark.parametrize(
    "host",
    ["provstad.example", "www.provstad.example", "musik.provstad.example", "kyrkan.example", "xn--rdhuset-exa.example"],
)
def test_F26_a_host_of_ones_own_or_of_another_name_is_not(host: str) -> None:
    assert likeness(host, KNOWN) is None


def test_the_host_is_shown_as_it_is_read_and_as_it_is() -> None:
    assert host_of("https://Provstad.example:8080/x?y#z") == "provstad.example"
    assert host_of("https://[::1") == ""
    assert shown("xn--rdhuset-exa.example") == "rådhuset.example (xn--rdhuset-exa.example)"
    assert shown("provstad.example") == "provstad.example"
    assert shown("xn--\x7f.example") == "xn--\x7f.example"

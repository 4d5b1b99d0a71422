"""Compressed answers: only gzip, only whole, never more than the limit, whatever they unpack to."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest

from aggregator.errors import BadAnswer
from tests.fetching import fetched, fetcher, refused
from tests.loopback import Loopback, answer

pytestmark = pytest.mark.anyio

TEXT = b"BEGIN:VCALENDAR\r\n" + b"X" * 5000 + b"\r\nEND:VCALENDAR\r\n"
GZIP = gzip.compress(TEXT)


def coded(body: bytes, coding: str = "gzip") -> bytes:
    return answer(200, body, [("Content-Encoding", coding)])


def bomb(megabytes: int) -> bytes:
    """Zeros, compressed a thousandfold."""
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(megabytes)) + packer.flush()


async def test_gzip_is_unpacked(site: Loopback) -> None:
    site.raw("/a", coded(GZIP), coded(GZIP, "x-gzip"), coded(TEXT, "identity"), coded(GZIP, " GZIP "))
    for _ in range(4):
        assert (await fetched(fetcher(site), site.url("/a"))).body == TEXT


async def test_members_after_each_other_are_one_body(site: Loopback) -> None:
    site.raw("/a", coded(gzip.compress(b"ONE ") + gzip.compress(b"TWO")))
    site.raw("/b", coded(gzip.compress(b"ONE") + b"\0" * 20))
    assert (await fetched(fetcher(site), site.url("/a"))).body == b"ONE TWO"
    assert (await fetched(fetcher(site), site.url("/b"))).body == b"ONE"


async def test_B40_bomb_is_not_unpacked(site: Loopback) -> None:
    site.raw("/a", coded(bomb(300)))
    tracemalloc.start()
    error = await refused(fetcher(site), site.url("/a"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (type(error), error.code) == (BadAnswer, "too-large")
    assert peak < 30_000_000


async def test_B40_limit_counts_unpacked_bytes(site: Loopback) -> None:
    site.raw("/a", coded(gzip.compress(b"x" * 1000)))
    assert len((await fetched(fetcher(site), site.url("/a"), limit=1000)).body) == 1000
    assert (await refused(fetcher(site), site.url("/a"), limit=999)).code == "too-large"


@pytest.mark.parametrize("coding", ["br", "zstd", "deflate", "compress", "gzip, gzip", ", ".join(["gzip"] * 2000), "x"])
async def test_B40_coding_that_was_not_asked_for_is_an_error(coding: str, site: Loopback) -> None:
    site.raw("/a", coded(GZIP, coding))
    error = await refused(fetcher(site), site.url("/a"))
    assert (type(error), error.code) == (BadAnswer, "encoding")


@pytest.mark.parametrize("body", [zlib.compress(TEXT), zlib.compress(TEXT, wbits=-15), TEXT, b"\x1f\x8b" + b"x" * 50])
async def test_B40_what_is_not_gzip_under_its_name_is_an_error(body: bytes, site: Loopback) -> None:
    site.raw("/a", coded(body))
    assert (await refused(fetcher(site), site.url("/a"))).code == "encoding"


async def test_B40_wrong_checksum_is_an_error(site: Loopback) -> None:
    site.raw("/a", coded(GZIP[:-8] + bytes([GZIP[-8] ^ 1]) + GZIP[-7:]))
    assert (await refused(fetcher(site), site.url("/a"))).code == "encoding"


@pytest.mark.parametrize("size", [*range(0, len(GZIP), 7), len(GZIP) - 1])
async def test_B40_cut_gzip_is_an_error_and_never_a_part(size: int, site: Loopback) -> None:
    site.raw("/a", coded(GZIP[:size]))
    assert (await refused(fetcher(site), site.url("/a"))).code == "cut"


async def test_B40_gzip_in_gzip_stays_packed_for_the_reader_to_refuse(site: Loopback) -> None:
    site.raw("/a", coded(gzip.compress(GZIP)))
    assert (await fetched(fetcher(site), site.url("/a"))).body == GZIP


async def test_B40_thousands_of_members_are_refused(site: Loopback) -> None:
    site.raw("/a", coded(gzip.compress(b"x") * 2000))
    assert (await refused(fetcher(site), site.url("/a"))).code == "encoding"

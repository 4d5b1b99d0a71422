"""A stranger's picture becomes two of ours, or none: in a child, from bytes that may be anything."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from aggregator import codec
from aggregator.errors import BadAnswer, EvenemangError, Gone, ReadError, RefusedAddress, Unreachable
from aggregator.pictures import MOST_PIXELS, Recoded, next_try
from aggregator.sandbox import Limits, Sandbox
from tests import pictures

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """The real readers, with the memory that they have."""
    with Sandbox(size=1, limits=Limits(cpu=10, wall=30)) as sandbox:
        yield sandbox


def made(box: Sandbox, body: bytes) -> Recoded:
    return codec.loads(Recoded, box.run("picture", "", body))


def seen(body: bytes) -> Image.Image:
    return Image.open(io.BytesIO(body))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_picture_becomes_two_jpegs_that_fit(box: Sandbox, kind: str) -> None:
    found = made(box, pictures.drawn(kind))
    assert (found.width, found.height, found.small_width, found.small_height) == (1200, 675, 480, 270)
    for body, size in ((found.large, (1200, 675)), (found.small, (480, 270))):
        image = seen(body)
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", size)
        assert len(body) < 60_000


def test_small_picture_is_not_made_larger(box: Sandbox) -> None:
    found = made(box, pictures.drawn("PNG", (300, 200)))
    assert (found.width, found.height, found.small_width, found.small_height) == (300, 200, 300, 200)


def test_same_bytes_give_the_same_name(box: Sandbox) -> None:
    one, two = made(box, pictures.drawn()), made(box, pictures.drawn())
    assert one == two
    assert one.picture().large == f"/bild/{one.picture().name}.jpg"
    assert one.picture().name != made(box, pictures.drawn(colour="#000000")).picture().name


def test_A34_nothing_but_pixels_is_left_and_the_picture_stands_upright(box: Sandbox) -> None:
    found = made(box, pictures.told())
    assert (found.width, found.height) == (675, 1200)
    for body in (found.large, found.small, made(box, pictures.commented()).large):
        assert pictures.SECRET.encode() not in body
        assert not {"exif", "comment", "icc_profile"} & seen(body).info.keys()


def test_what_is_clear_is_white(box: Sandbox) -> None:
    image = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    out = io.BytesIO()
    image.save(out, "PNG")
    assert seen(made(box, out.getvalue()).large).getpixel((100, 100)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("pixel", pictures.drawn("GIF", (1, 1))),
        ("line", pictures.drawn("PNG", (800, 2))),
        ("html", b"<!doctype html><title>404</title>"),
        ("svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("nothing", b""),
        ("path", b"/etc/passwd"),
        ("cut", pictures.drawn()[:2000]),
        ("tiff", pictures.drawn("TIFF")),
        ("bmp", pictures.drawn("BMP", (200, 200))),
    ],
)
def test_A34_what_is_no_picture_of_an_event_is_refused(box: Sandbox, name: str, body: bytes) -> None:
    with pytest.raises(ReadError) as caught:
        made(box, body)
    assert caught.value.code == "picture", name


@pytest.mark.parametrize("size", [(30_000, 30_000), (200_000, 64), (64, 200_000), (2**31 - 1, 2**31 - 1)])
def test_A34_bomb_is_refused_by_what_it_claims(box: Sandbox, size: tuple[int, int]) -> None:
    assert len(pictures.bomb(*size)) < 20_000
    with pytest.raises(ReadError):
        made(box, pictures.bomb(*size))
    assert made(box, pictures.drawn()).width == 1200


def test_A34_text_that_is_a_bomb_costs_one_picture(box: Sandbox) -> None:
    with pytest.raises(ReadError):
        made(box, pictures.text_bomb())
    assert made(box, pictures.drawn()).width == 1200


def test_largest_picture_that_is_taken_fits_in_a_childs_memory(box: Sandbox) -> None:
    width = 8000
    found = made(box, pictures.drawn("PNG", (width, MOST_PIXELS // width), mode="RGBA"))
    assert found.width == 1200


def test_damaged_pictures_are_read_or_refused(box: Sandbox) -> None:
    chance = random.Random(34)
    for kind in ("JPEG", "PNG", "WEBP", "GIF"):
        plain = pictures.drawn(kind, (300, 200))
        for _ in range(40):
            body = bytearray(plain)
            for _ in range(chance.randint(1, 8)):
                body[chance.randrange(len(body))] = chance.randrange(256)
            with suppress(ReadError):
                found = made(box, bytes(body))
                assert seen(found.large).size == (found.width, found.height)
    assert made(box, pictures.drawn()).width == 1200


BAD = BadAnswer("nej", url="https://a.example/")
BUSY = BadAnswer("vänta", url="https://a.example/", retry_after=90_000.0)


@pytest.mark.parametrize(
    ("failures", "error", "hours"),
    [
        (1, BAD, 1),
        (2, BAD, 6),
        (3, Unreachable("bort", url="https://a.example/"), 24),
        (4, ReadError("ingen bild", code="picture"), 72),
        (5, BAD, None),
        (1, BUSY, 25),
        (1, Gone("borta", url="https://a.example/"), None),
        (1, RefusedAddress("nej", url="http://10.0.0.1/"), None),
    ],
)
def test_what_fails_is_tried_again_a_few_times(failures: int, error: EvenemangError, hours: float | None) -> None:
    wanted = None if hours is None else NOW + timedelta(hours=hours)
    assert next_try(failures, error, NOW) == wanted

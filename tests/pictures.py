"""Pictures for tests: drawn, and bombs that claim to be one."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image, PngImagePlugin

SECRET = "Kameran tillhör Bibliotekets studio"


def drawn(
    kind: str = "JPEG", size: tuple[int, int] = (1600, 900), colour: str = "#14544a", mode: str = "RGB", **how: Any
) -> bytes:
    """A plain picture of one colour with a lighter half, so that what is turned over shows."""
    image = Image.new(mode, size, colour)
    image.paste("#f2b441", (0, 0, size[0], size[1] // 2))
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def told() -> bytes:
    """A JPEG that lies on its side and tells where it was taken, with which camera, and a comment."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x013B] = SECRET
    exif.get_ifd(0x8825)[1] = "N"
    return drawn(exif=exif, comment=SECRET.encode())


def commented() -> bytes:
    """A PNG with text beside its pixels."""
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SECRET)
    return drawn("PNG", pnginfo=text)


def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A PNG of a few kilobytes that is gigabytes when decoded."""
    row = zlib.compress(bytes(1 + min(width, 30_000) // 8) * min(height, 2000), 9)
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", row) + _chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """A PNG whose compressed text is far larger than its pixels."""
    text = b"Comment\x00\x00" + zlib.compress(bytes(200_000_000), 9)
    plain = drawn("PNG", (200, 200))
    return plain[:33] + _chunk(b"zTXt", text) + plain[33:]


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

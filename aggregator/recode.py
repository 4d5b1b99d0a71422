"""A stranger's picture made anew as two JPEGs of ours: pixels and nothing else. Runs in a child of `sandbox` only.

What a file says of its size is judged before anything is decoded, the kinds of file are few, and place, camera,
comments, colour profiles and further frames are left behind.
"""

from __future__ import annotations

import io
import warnings
from contextlib import suppress

from PIL import GifImagePlugin, Image, ImageCms, ImageOps, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from aggregator.errors import ReadError
from aggregator.pictures import LARGE, LEAST, MOST_PIXELS, SMALL, Recoded

KINDS = ("JPEG", "PNG", "WEBP", "GIF")
QUALITY = 80
_PLUGINS = (GifImagePlugin, JpegImagePlugin, PngImagePlugin, WebPImagePlugin)  # imported before a child is confined
_LONGEST_SIDE = 20_000  # a strip of one pixel's height is no picture either


def recode(body: bytes) -> Recoded:
    """The picture in `body`; raises `ReadError` with a sentence where there is none that may be shown."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS  # for what a file holds inside, such as its thumbnail
    try:
        with warnings.catch_warnings(action="error", category=Image.DecompressionBombWarning):
            return _sized(_pixels(_opened(body)))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except ReadError:
        raise
    except (OSError, ValueError, SyntaxError, EOFError, TypeError, IndexError, KeyError, OverflowError) as error:
        raise ReadError("What came is no picture that can be read.", code="picture") from error  # as Pillow raises


def _opened(body: bytes) -> Image.Image:
    """The picture with its size known and nothing decoded."""
    image = Image.open(io.BytesIO(body), formats=KINDS)
    width, height = image.size
    if width * height > MOST_PIXELS or max(width, height) > _LONGEST_SIDE:
        raise _too_large()
    if min(width, height) < LEAST:
        raise ReadError(f"The picture is smaller than {LEAST} pixels.", code="picture")
    image.draft("RGB", (2 * LARGE, 2 * LARGE))  # a JPEG is decoded no larger than is needed
    return image


def _pixels(image: Image.Image) -> Image.Image:
    """Upright, on white, in the colours of the web, without anything that was said beside the pixels."""
    image.load()
    profile = image.info.get("icc_profile")
    if image.mode not in ("RGB", "RGBA", "CMYK"):  # palettes and greys are made smaller as colours
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((2 * LARGE, 2 * LARGE))
    upright = ImageOps.exif_transpose(image)
    seen = upright.convert("RGBA") if upright.has_transparency_data else _in_srgb(upright, profile)
    plain = Image.new("RGB", seen.size, "white")
    plain.paste(seen, mask=seen.getchannel("A") if seen.mode == "RGBA" else None)
    return plain


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """A photograph of wide colours as other screens show it; where its profile can't be read, as it is."""
    if profile and image.mode in ("RGB", "CMYK"):
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            theirs = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            made = ImageCms.profileToProfile(image, theirs, ImageCms.createProfile("sRGB"), outputMode="RGB")
            if made is not None:
                return made
    return image.convert("RGB")


def _sized(image: Image.Image) -> Recoded:
    image.thumbnail((LARGE, LARGE))
    small = image.copy()
    small.thumbnail((SMALL, SMALL))
    return Recoded(*image.size, *small.size, _jpeg(image), _jpeg(small))


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()


def _too_large() -> ReadError:
    return ReadError(f"The picture has more than {MOST_PIXELS // 1_000_000} million pixels.", code="picture")

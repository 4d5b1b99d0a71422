"""Bytes of a page → a parsed document, and its links made absolute. It fetches nothing and knows no event."""

import re
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from aggregator.formats import decoding

DEEPEST = 1_500  # elements inside each other; pages by people stay below fifty
LARGEST = 2 * 1024 * 1024  # of a page; what is behind it is no event (A29)

_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{20000,}>?")
# Elements whose end may be left out do not count, nor those that have none (HTML 13.1.2).
_NESTING = re.compile(
    r"<(/?)(?:div|span|section|article|main|aside|header|footer|nav|form|fieldset|table|ul|ol|dl|a|b|i|u|em|strong|small"
    r"|font|center|blockquote|figure|details|svg|g|math|template|label|button|select|iframe|object|h[1-6])\b",
    re.I,
)
_PAGE = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|meta|title|script|div|article|main|section|table|ul|p|span)\b", re.I
)


def decode(body: bytes, content_type: str = "") -> str:
    """The text of an answer, in the order of charsets that `decoding` says."""
    return decoding.decode(body, content_type).text


def looks_like_page(head: bytes, content_type: str = "") -> bool:
    """Whether the bytes begin like an HTML page, whatever the header says."""
    start = head[:1024].lstrip()
    if start[:5].lower() == b"<?xml" and b"<html" not in head[:2048].lower():
        return False
    return (start.startswith(b"<") and bool(_PAGE.search(head[:4096]))) or ("html" in content_type and b"<" in start)


def document(body: bytes, content_type: str = "") -> LexborHTMLParser:
    """The parsed page; at most `LARGEST` bytes are looked at."""
    return LexborHTMLParser(bounded(decode(body[:LARGEST], content_type)))


def bounded(text: str) -> str:
    """The markup without tags of absurd length, cut where it is nested beyond reason: parsers are not linear there."""
    text = _LONG_TAG.sub("", text)
    if text.count("<") < DEEPEST:
        return text
    depth = 0
    for tag in _NESTING.finditer(text):
        depth += -1 if tag.group(1) else 1
        if depth > DEEPEST:
            return text[: tag.start()]
    return text


def base_of(page: LexborHTMLParser, url: str) -> str:
    """The address that relative links of the page start from (HTML 2.4.3)."""
    base = page.css_first("base[href]")
    return absolute(attribute(base, "href"), url) or url if base is not None else url


def absolute(link: str | None, base: str) -> str | None:
    """The link as an absolute address; None if there is none or it can't be joined."""
    if not link or not link.strip():
        return None
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return None


def attribute(node: LexborNode, name: str) -> str:
    """The value of an attribute, "" if it is missing or empty."""
    return node.attributes.get(name) or ""

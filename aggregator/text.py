"""The only way text enters: plain text, HTML, addresses and privacy. No formats and no dates here.

Every function is total: any `str` gives a result, none raises. What comes out holds no control character
(but the line feed, where lines are kept), no bidirectional control, no lone surrogate and no invisible filler.
"""

from __future__ import annotations

import html as entities
import re
import unicodedata
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit, urlunsplit

import nh3
import regex

TITLE_BYTES = 500  # longer ones are prose in the wrong field
TEXT_BYTES = 20_000  # per field; fault A14

_BREAKS = re.compile("\r\n?|[\u0085\u2028\u2029]")
_DROPPED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
_ASCII_ODD = re.compile("[\x00-\x09\x0b-\x1f\x7f]")
_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_STACKED = regex.compile(r"(\p{M}{3})\p{M}+")  # three marks on a letter are a language, more are Zalgo
_JOINER = regex.compile(r"(?<![\p{So}\p{Sk}\ufe0f])\u200d|\u200d(?!\p{So})")  # joins emoji only
_ENTITY = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
_TAG = re.compile(r"<(?:/?[a-zA-Z][^<>]*|!--.*?--|![a-zA-Z][^<>]*)>", re.DOTALL)
_BLOCK = re.compile(r"<(?:br|/p|/div|/li|/h[1-6]|/tr|/ul|/ol|/blockquote|hr)\b[^<>]*>", re.IGNORECASE)
_MANY = re.compile(r"\n{3,}")
_PLAIN = re.compile(r"[\n !-%'-;=?-~¡-¬®-ÁÄ-ÿ–—’”…]*\Z")  # nothing in it needs any of the rules
_HIGH = re.compile("[\u0080-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2,}")
_LIKELY = regex.compile(
    "[\u00a0-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u2010-\u2044\u20ac\u2122\U0001f300-\U0001faff\ufe0f]+"
)

_TAGS = {"p", "br", "ul", "ol", "li", "strong", "b", "em", "i", "a", "h3", "h4", "blockquote"}
_WITH_CONTENT = {"script", "style", "svg", "math", "iframe", "object", "template", "noscript", "title", "textarea"}

URL_LENGTH = 2048  # what browsers and stores of links agree on
_PORTS = {"http": 80, "https": 443}
_BARE = re.compile(
    r"(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:se|nu|com|org|net|eu|dk|no|fi|de)(?:[/?#]|\Z)", re.IGNORECASE
)
_BLANKS = re.compile("[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")
_AROUND_COLON = re.compile(r"(?<=:)\s+|\s+(?=:)")
_SIMPLE = re.compile(r"https?://(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[A-Za-z0-9._~/-]*)?(?:\?[A-Za-z0-9._~/=&-]*)?")
_KEPT = "/%:=&?~+!$,;'@()*[]"  # brackets by use, not by RFC 3986: `a[]=1` is in many links, and no reader minds
_STRAY = re.compile("%(?![0-9A-Fa-f]{2})")  # no escape, so it must be one itself (RFC 3986 2.4)
_NOISE = re.compile(
    r"utm_.*|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|_ga|_gl|ref|ref_src|phpsessid|jsessionid|sid|sessionid|session"
    r"|token|csrf|nonce|ts|timestamp|cb|cachebust(?:er)?|rand(?:om)?|_",
    re.IGNORECASE,
)


def clean_text(value: str, *, lines: bool = False, limit: int = TEXT_BYTES) -> str:
    """Plain text from a stranger's text: entities and mojibake repaired, markup and controls gone, cut.

    One line unless `lines`; white space folded; at most `limit` bytes of UTF-8, cut on a grapheme border
    (UAX 29) with an ellipsis.
    """
    if _PLAIN.match(value) and len(value.encode()) <= limit:
        return _folded(value, lines=lines)
    text = _sane(value[: limit * 8])
    if "<" in text and _TAG.search(text):
        text = plain(text)
    elif "&" in text:
        text = _sane(_unescaped(text))
        text = plain(text) if "<" in text and _TAG.search(text) else text
    return cut(_folded(text, lines=lines), limit)


def plain(markup: str) -> str:
    """The text of an HTML fragment; block elements and line breaks become line feeds, scripts vanish whole."""
    broken = _BLOCK.sub(lambda tag: tag.group() + "\n", _sane(markup))
    bare = nh3.clean(broken, tags=set(), clean_content_tags=_WITH_CONTENT)
    return _folded(_sane(entities.unescape(_unescaped(bare))), lines=True)


def clean_html(markup: str) -> str:
    """An HTML fragment that may stand in our pages: few tags, no attribute but `href`, no image, no style.

    An allow list (nh3); links are http, https or mailto and carry `nofollow noopener noreferrer ugc`.
    """
    text = _sane(markup)
    if not _TAG.search(text) and _TAG.search(_unescaped(text)):
        text = _unescaped(text)  # markup that was escaped once too often
    return nh3.clean(
        cut(text, TEXT_BYTES),
        tags=_TAGS,
        clean_content_tags=_WITH_CONTENT,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer ugc",
        url_relative="deny",
    ).strip()


def verbatim(value: str) -> str:
    """The text as it was told, without what no store can hold: NUL and other controls, lone surrogates."""
    if value.isascii() and value.isprintable():
        return value
    return _UNSTORABLE.sub("", _SURROGATE.sub("\ufffd", value))


def typed(value: str, *, lines: bool) -> str:
    """What a person typed into a field of plain text: no controls, no bidirectional tricks, white space folded.

    Markup stays as it is: it is text, and shown as text.
    """
    return _folded(_sane(value), lines=lines)


def is_markup(value: str) -> bool:
    """Whether the text holds HTML tags."""
    return _TAG.search(value) is not None


def repair(text: str) -> str:
    """UTF-8 that was read as cp1252 (once or twice) read right: "FÃ¶rskola" → "Förskola"."""
    for _ in range(2):
        mended = _HIGH.sub(_reread, text)
        if mended == text:
            break
        text = mended
    return text


def cut(text: str, limit: int) -> str:
    """At most `limit` bytes of UTF-8, never inside a grapheme cluster; an ellipsis shows that it was cut."""
    if len(text) * 4 <= limit or len(text.encode()) <= limit:
        return text
    room = limit - len("…".encode())
    head = text.encode()[:room].decode(errors="ignore")
    clusters = regex.findall(r"\X", text[: len(head) + 64][: len(head) + 64])
    kept: list[str] = []
    for cluster in clusters:
        room -= len(cluster.encode())
        if room < 0:
            break
        kept.append(cluster)
    return "".join(kept).rstrip() + "…"


def fold(text: str) -> str:
    """The text as hashes and comparisons see it: case, white space and composition make no difference (C19)."""
    if not text:
        return text
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return " ".join(text.casefold().split())


def clean_url(value: str | None, *, mail: bool = False) -> str | None:
    """An address that may be a link: absolute http or https (mailto with `mail`), host in ASCII; else None.

    Control characters vanish as browsers let them vanish (WHATWG URL 4.1), so that "java\\tscript:" is judged
    by what it becomes. Names and passwords before the host, backslashes and unknown schemes are refused (A24).
    """
    if value is not None and len(value) <= URL_LENGTH and _SIMPLE.fullmatch(value):
        return value
    text = _AROUND_COLON.sub("", _BLANKS.sub(" ", value or "").strip()).replace(" ", "%20")
    if not text or len(text) > URL_LENGTH or "\\" in text or _SURROGATE.search(text):
        return None
    if mail and re.fullmatch(r"mailto:[^\s<>\"%,;:]+@[a-z0-9.-]+", text, re.IGNORECASE):
        return text
    if _BARE.match(text):
        text = f"https://{text}"
    return _absolute(text)


@lru_cache(maxsize=1024)
def canonical_url(value: str) -> str:
    """What identifies the page behind an address: no tracking, no session, no order of keys, no scheme's case.

    For comparison only, never a link: http and https, a trailing slash and "www." make no difference.
    """
    try:
        parts = urlsplit(value)
        host = (parts.hostname or "").removeprefix("www.")
        port = f":{parts.port}" if parts.port not in (None, *_PORTS.values()) else ""
    except ValueError:
        return value
    pairs = sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _NOISE.fullmatch(pair[0]))
    fragment = parts.fragment if parts.fragment.startswith(("/", "!")) else ""  # pages that live in the fragment
    return urlunsplit(("https", host + port, parts.path.rstrip("/"), urlencode(pairs), fragment))


def _absolute(text: str) -> str | None:
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except (ValueError, UnicodeError):
        return None
    if parts.scheme.lower() not in _PORTS or not re.fullmatch(r"[a-z0-9.-]+|[0-9a-f:]+", host) or "@" in parts.netloc:
        return None
    return urlunsplit(_ascii(parts, f"[{host}]" if ":" in host else host, port))


def _ascii(parts: SplitResult, host: str, port: int | None) -> tuple[str, str, str, str, str]:
    scheme = parts.scheme.lower()
    place = host if port in (None, _PORTS[scheme]) else f"{host}:{port}"
    path, query, fragment = (
        _STRAY.sub("%25", quote(part, _KEPT)) for part in (parts.path, parts.query, parts.fragment)
    )
    return scheme, place, path, query, fragment


def _sane(text: str) -> str:
    """Mended first, since the halves of mojibake are often C1 controls, which are dropped after that."""
    if text.isascii() and not _ASCII_ODD.search(text):
        return text
    text = _BREAKS.sub("\n", repair(_SURROGATE.sub("\ufffd", text))).replace("\x0b", " ").replace("\x0c", " ")
    text = _STACKED.sub(r"\1", _JOINER.sub("", _DROPPED.sub("", text)))
    return unicodedata.normalize("NFC", text)


def _unescaped(text: str) -> str:
    """Entities read, twice at most: feeds escape what a CMS had escaped already."""
    for _ in range(2):
        text = _ENTITY.sub(lambda found: entities.unescape(found.group()), text)
    return text


def _folded(text: str, *, lines: bool) -> str:
    if not lines:
        return " ".join(text.split())
    joined = "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()
    return _MANY.sub("\n\n", joined) if "\n\n\n" in joined else joined


def _reread(found: re.Match[str]) -> str:
    """One run of high characters as UTF-8, if that gives likely characters; else as it was."""
    try:
        raw = b"".join(_byte(character) for character in found.group())
        mended = raw.decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return found.group()
    return mended if _LIKELY.fullmatch(mended) else found.group()


def _byte(character: str) -> bytes:
    """The cp1252 byte, with the five holes of cp1252 read as C1 controls, as browsers do."""
    return character.encode("latin-1") if character <= "\xff" else character.encode("cp1252")

"""What an answer is when it is no feed: a page, a refusal, a login, nothing at all. It names, it reads no event."""

from __future__ import annotations

import re

from aggregator.errors import ReadError
from aggregator.problems import SENTENCES

_LOOK = 200_000  # bytes; what tells a page apart stands early

_REFUSALS = re.compile(
    rb"<title>\s*(?:just a moment|attention required|access denied|403 forbidden|forbidden|406 not acceptable"
    rb"|request rejected|one moment, please|ddos|please wait|are you a robot|robot or human|verifying|security check"
    rb"|bot verification|human verification|pardon our interruption|error 403|blocked|you have been blocked|sgcaptcha)"
    rb"|cf-browser-verification|cf-chl-|challenge-platform|_incapsula_resource|sucuri website firewall"
    rb"|sgcaptcha|px-captcha|perimeterx|datadome|imunify360|/_sec/cp_challenge|aws-waf-token|wordfence|support id is:",
    re.IGNORECASE,
)
_LOGIN = re.compile(rb"<input[^>]{0,200}type\s*=\s*[\"']?password|saml(?:request|response)|adfs/ls", re.IGNORECASE)
_CONSENT = re.compile(
    rb"<title>[^<]{0,80}(?:before you continue|innan du forts|cookie consent|samtycke)|consent\.(?:google|youtube)\."
    rb"|<form[^>]{0,200}consent",
    re.IGNORECASE,
)
_MISSING = re.compile(
    rb"<title>[^<]{0,80}(?:404|not found|hittades inte|sidan saknas|page not found|error)", re.IGNORECASE
)
_HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|script|meta|title)\b", re.IGNORECASE | re.DOTALL
)
_MAGIC = ((b"%PDF-", "pdf"), (b"PK\x03\x04", "archive"), (b"\x89PNG", "image"), (b"\xff\xd8\xff", "image"),
          (b"GIF8", "image"), (b"\x1f\x8b", "archive"))  # fmt: skip


def is_html(body: bytes) -> bool:
    """Whether the bytes are a page, whatever the header says (B44)."""
    return _HTML.match(body[:4096].removeprefix(b"\xef\xbb\xbf")) is not None


def name_foreign(body: bytes, content_type: str = "") -> ReadError:
    """The error that says what an answer is that no format knows."""
    bare = body.strip(b"\xef\xbb\xbf \t\r\n\0")
    if not bare:
        return _error("empty")
    for magic, code in _MAGIC:
        if bare.startswith(magic):
            return _error(code)
    if is_html(body):
        return _error(_page(body[:_LOOK]))
    if bare[:1] in (b"{", b"["):
        return _error("json-unknown")
    return _error("xml-unknown" if bare[:1] == b"<" or "xml" in content_type else "not-a-feed")


def _page(body: bytes) -> str:
    for pattern, code in (
        (_REFUSALS, "refused-by-site"), (_CONSENT, "consent-page"), (_LOGIN, "login-page"), (_MISSING, "error-page"),
    ):  # fmt: skip
        if pattern.search(body):
            return code
    return "html-page"


def _error(code: str) -> ReadError:
    return ReadError(SENTENCES[code][1], code=code)

"""What people paste as an address → the web address that is meant, or why none is. Rules only; it asks nothing.

A share link of Google Calendar, the page of a published Outlook calendar, a team's page at laget.se and a group's at
Meetup name their calendar file for certain; those are turned into it. Which addresses may be asked is `address`'
business.
"""

from __future__ import annotations

import base64
import re
from urllib.parse import parse_qs, quote, unquote, urlsplit

_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
_BREAKS = re.compile(r"[\r\n\t]+ *")  # a mail breaks long addresses; browsers leave these out too (WHATWG URL 4.1)
_WITHIN = re.compile(r"(?:https?|webcals?)://[^\s<>\"”»]+", re.I)
_AROUND = " \u00a0\"'`“”„’‘»«<>"
_ENDS = ".,;:!"
_SCHEME = re.compile(r"(https?)(?::/|//|;//|:\\\\)(?=[^/\\])", re.I)  # http:/x, https//x, http;//x
_FILE = re.compile(r"file:|[a-z]:[\\/]|\.{0,2}/(?!/)|~/|\\\\", re.I)
_FILE_NAME = re.compile(
    r"[^/?#]+\.(?:ics|ical|ifb|vcs|csv|tsv|xlsx?|ods|xml|rss|atom|json|html?|pdf|docx?|odt|txt|png|jpe?g)", re.I
)
_MAIL = re.compile(r"(?:mailto:)?[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.I)
_FACEBOOK = re.compile(r"(?:.+\.)?(?:facebook\.com|fb\.com|fb\.me|fb\.watch|instagram\.com)\.?\Z", re.I)
_OUTLOOK = re.compile(r"(/owa/(?:.*/)?calendar/.+/)(?:reach)?(?:calendar|index)\.html?\Z", re.I)
_LAGET = re.compile(
    r"/(?!(?:login|om|sok|search|help|hjalp|sporter)\b)([\w.-]+)(?:/(?:Event|Calendar|Kalender)\b.*)?/?\Z", re.I
)
_MEETUP = re.compile(
    r"(?:/[a-z]{2}-[A-Z]{2})?/(?!(?:find|topics|cities|login|home|apps|pro|lp|help)\b)([\w-]+)(?:/events)?(?:/calendar)?/?\Z"
)
_GROUPS = {
    "laget.se": (_LAGET, "https://cal.laget.se/{}.ics"),
    "meetup.com": (_MEETUP, "https://www.meetup.com/{}/events/ical/"),
}
_CALENDAR_ID = re.compile(r"[\w.+#%-]+@[\w-]+(?:\.[\w-]+)+")


def pasted(typed: str) -> str:
    """The address that is meant: without what stands around it in a text, `webcal:` and a bare host as https."""
    bare = _bare(typed)
    bare = re.sub(r"^webcals?:(?://)?", "https://", _SCHEME.sub(r"\1://", bare, count=1), flags=re.I)
    bare = bare if "://" in bare else f"https://{bare.removeprefix('//')}"
    return _of_group(bare) or calendar_of(bare)


def no_address(typed: str) -> str:
    """Why a text can be no address of a calendar, as a code of `outages`; empty where it may be one."""
    bare = _bare(typed)
    if ("://" not in bare and (_FILE.match(bare) or _FILE_NAME.fullmatch(bare))) or bare.lower().startswith("file:"):
        return "local-file"
    if _MAIL.fullmatch(bare):
        return "mail-address"
    return "no-calendars" if _FACEBOOK.match(_host(pasted(typed))) else ""


def _bare(typed: str) -> str:
    """One address out of what was pasted: a sentence that holds one, one in brackets, one broken over lines."""
    text = _BREAKS.sub("", _INVISIBLE.sub("", typed)).strip(_AROUND)
    within = _WITHIN.findall(text)
    if len(within) == 1 and not text.lower().startswith(("http", "webcal")):
        text = within[0]
    text = text.strip(_AROUND).rstrip(_ENDS).strip(_AROUND)
    if text.startswith("(") or (text.endswith(")") and "(" not in text):
        text = text.removeprefix("(").removesuffix(")").rstrip(_ENDS)
    return re.sub(r"[ \u00a0]+", "%20", text) if "/" in text else text


def calendar_of(url: str) -> str:
    """The calendar file that a share link stands for, where it names exactly one; else the address itself."""
    host = _host(url).removeprefix("www.")
    if host == "calendar.google.com" or (host == "google.com" and "/calendar/" in url):
        return _google(url) or url
    if host.endswith((".office365.com", ".office.com", ".live.com", ".outlook.com", ".microsoft.com")):
        parts = urlsplit(url)
        found = _OUTLOOK.match(parts.path)
        return f"{parts.scheme}://{parts.netloc}{found[1]}calendar.ics" if found else url
    return url


def _of_group(url: str) -> str | None:
    """The calendar of a team or a group, if its page was pasted; a mere link to it from elsewhere means less."""
    host = _host(url).removeprefix("www.")
    pattern, calendar = _GROUPS.get(host, (None, ""))
    found = pattern.match(urlsplit(url).path) if pattern else None
    return calendar.format(found[1]) if found else None


def _google(url: str) -> str | None:
    """`?cid=` (an id, coded or not, or the address of another calendar) and `?src=` of an embedded calendar."""
    query = parse_qs(urlsplit(url).query)
    named = query.get("cid", []) + query.get("src", [])
    if len(named) != 1 or "/ical/" in url:
        return None
    told = unquote(named[0]).strip()
    if re.match(r"(?:webcals?|https?)://", told, re.I):
        return pasted(told) if "calendar.google.com" not in told or "/ical/" in told else None
    id = told if "@" in told else _decoded(told)
    if not _CALENDAR_ID.fullmatch(id):
        return None
    return f"https://calendar.google.com/calendar/ical/{quote(id, safe='')}/public/basic.ics"


def _decoded(text: str) -> str:
    """Base64 of a calendar's id, without its padding as Google leaves it out."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except ValueError:
        return ""


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").casefold().rstrip(".")
    except ValueError:
        return ""

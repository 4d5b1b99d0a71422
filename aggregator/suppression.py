"""Who was erased and must not come back: known by keyed hashes alone, found again in any text, taken out of it. Pure.

No mark tells a name or an address; whoever looks through a text needs the key of the database. An address is found as
a word with an @, a name as its words in a row: case, accents, a genitive's s and what stands between the words aside.
What looks through stored values and answers is `redaction`.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import unquote

from aggregator.mailbox import mailbox

ADDRESS, NAME = "address", "name"  # kinds of marks; a name's has its number of words behind it
KEPT = "address-kept"  # of somebody whose events were to stay
ANSWER = "answer"  # a snapshot's name
UNFINISHED = "unfinished"  # an erasure has begun, and has not come to its end
START = 4  # hex digits of a mark that stand for the first word alone: all other words cost one look into a table
MOST_WORDS = 8  # of a name; more are a sentence
GAP = 24  # signs between two words of a name: a tag, a comma, a line's end; more is another sentence
KNOWN = 100_000  # words whose start is remembered

_WORD = re.compile(r"[^\W_]+")
_AT = re.compile("@|%40")
_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}\Z")
_DOMAIN = re.compile(r"[^\W_](?:[\w.-]{0,252}[^\W_])?")
_BORDER = re.compile(r"%3[A-F]|[!#$&'*+/=?^`{|}~]")  # stands in an address seldom, and before one often
_BEFORE = re.compile(r"""[^\s<>"']{0,300}\Z""")
_BEHIND = re.compile(r"""[^\s<>"']*""")
_FOLDED = re.compile(r"\r?\n[ \t]")
_ESCAPED = re.compile(r"\\[nNrt]")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")
_CODED = re.compile(r"\\u([0-9a-fA-F]{4})")
_BLANKS = re.compile(r"[^\S\n]{2,}")
_HANGING = re.compile(r"(?:^|\s+)(?:med|av|hos|till|och|&|with|by|and|at)[\s.]*\Z", re.IGNORECASE)  # led to the name
_LONELY = re.compile(r"\((?:[\s,;]*)\)|[^\S\n]+(?=[.,;!?)](?:\s|$))")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that was erased: a keyed hash of it, and what it was."""

    hash: str
    kind: str


def marks(key: bytes, address: str, names: Iterable[str], *, keep: bool = False) -> frozenset[Mark]:
    """The marks of somebody; `keep`: their events were to stay. A name of no words, or of too many, has none."""
    found = {Mark(_address(key, mailbox(address) or address), KEPT if keep else ADDRESS)}
    for name in names:
        words = words_of(name)
        if 1 <= len(words) <= MOST_WORDS:
            found.add(Mark(_start(key, words[0]) + _whole(key, words), f"{NAME}-{len(words)}"))
    return frozenset(found)


_OFFICE = re.compile(
    r"(?:förening|förbund|klubb|kyrk|församling|bibliotek|kommun|muse|teater|skol|gymnasi|museum|orkester|kör$|sällskap|gille"
    r"|hembygd|nämnd|förvaltning|kansli|butik|café|hotell|bolag|stiftelse|ensemble|society|association|club|church|library)"
    r"|^(?:ab|hb|if|ik|bk|ff|ok|hk|fk|sk|gk|abf|ideell|stiftelsen)$"
)


def is_office(name: str) -> bool:
    """Whether a name is that of an organisation and no person's: it would be taken out of everybody's events."""
    return any(_OFFICE.search(found.group().casefold()) for found in _WORD.finditer(name))


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name as they are compared."""
    return tuple(_fold(found.group()) for found in _WORD.finditer(name))


@dataclass(frozen=True)
class Suppressed:
    """Everything that is suppressed, ready to look for. False where nothing is: then it costs nothing."""

    key: bytes = field(repr=False)
    addresses: frozenset[str] = frozenset()
    keeping: frozenset[str] = frozenset()  # those of them whose events were to stay
    names: Mapping[int, frozenset[str]] = field(default_factory=dict)
    starts: frozenset[str] = frozenset()
    answers: frozenset[str] = frozenset()
    _known: dict[str, bool] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, key: bytes, told: Iterable[Mark]) -> Suppressed:
        """What some marks stand for; those of kinds that this version does not know are left out."""
        found = list(told)
        names: dict[int, set[str]] = {}
        for mark in found:
            kind, _, count = mark.kind.partition("-")
            if kind == NAME and count.isdigit():
                names.setdefault(int(count), set()).add(mark.hash)
        return cls(
            key=key,
            addresses=frozenset(mark.hash for mark in found if mark.kind in (ADDRESS, KEPT)),
            keeping=frozenset(mark.hash for mark in found if mark.kind == KEPT),
            names={count: frozenset(hashes) for count, hashes in sorted(names.items())},
            starts=frozenset(hash[:START] for hashes in names.values() for hash in hashes),
            answers=frozenset(mark.hash for mark in found if mark.kind == ANSWER),
        )

    def __bool__(self) -> bool:
        return bool(self.addresses or self.names)

    def is_address(self, address: str) -> bool:
        """Whether this very address is suppressed."""
        return bool(self.addresses) and self._remembered("@" + address, self._is_address)

    def keeps(self, address: str) -> bool:
        """Whether the events of a suppressed address were to stay."""
        return _address(self.key, mailbox(address) or address) in self.keeping

    def _is_address(self, address: str) -> bool:
        return _address(self.key, mailbox(address[1:]) or address[1:]) in self.addresses

    def holds(self, text: str) -> bool:
        """Whether anything suppressed stands in a text."""
        return bool(self._spans(text))

    def without(self, text: str) -> str:
        """The text without what is suppressed; an address of the web in which it stands goes whole."""
        spans = self._spans(text)
        if not spans:
            return text
        left, at = [], 0
        for start, end in spans:
            left.append(text[at:start])
            at = end
        tidy = _LONELY.sub("", _BLANKS.sub(" ", "".join([*left, text[at:]]))).strip()
        return tidy if text[at:].strip(" .") else _HANGING.sub("", tidy)

    def in_bytes(self, raw: bytes) -> bool:
        """Whether anything suppressed stands in an answer, however it is written there."""
        return any(self.holds(text) for text in readings(raw))

    def bytes_without(self, raw: bytes) -> bytes | None:
        """The bytes without it; None where it can't be taken out of them, or they are no text."""
        if not self.in_bytes(raw):
            return raw
        try:
            text = _FOLDED.sub("", raw.decode())
        except UnicodeDecodeError:
            return None
        kept = _ESCAPED.sub(lambda found: "\ue000" + chr(0xE100 + ord(found.group()[1])), text)
        for start, end in reversed(self._spans(kept)):
            kept = kept[:start] + kept[end:]
        left = re.sub("\ue000(.)", lambda found: "\\" + chr(ord(found[1]) - 0xE100), kept).encode()
        return None if self.in_bytes(left) else left

    def _spans(self, text: str) -> list[Span]:
        """Where it stands: from, to; in order, none within another."""
        found = self._mails(text) if self.addresses and ("@" in text or "%40" in text) else []
        found += self._named(text) if self.names else []
        return _joined(_widened(text, span) for span in found) if found else []

    def _mails(self, text: str) -> list[Span]:
        found = []
        for at in _AT.finditer(text):
            local = _LOCAL.search(text, max(0, at.start() - 64), at.start())
            domain = _DOMAIN.match(text, at.end())
            if local and domain and (span := self._inside(local.group(), domain.group())):
                found.append((local.start() + span[0], at.end() + span[1]))
        return found

    def _inside(self, local: str, domain: str) -> Span | None:
        """Where in what stands before an @ an address begins, and where in what stands behind it that ends."""
        labels = domain.split(".")
        for begin in (0, *(border.end() for border in _BORDER.finditer(local))):
            for count in range(len(labels), 1, -1):
                host = ".".join(labels[:count])
                if self.is_address(f"{unquote(local[begin:])}@{host}"):
                    return begin, len(host)
        return None

    def _named(self, text: str) -> list[Span]:
        if not any(map(self._begins, set(_WORD.findall(text)))):
            return []
        words = [(found.start(), found.end()) for found in _WORD.finditer(text)]
        found = []
        for at, (start, end) in enumerate(words):
            if self._begins(text[start:end]):
                found += [(start, words[last][1]) for last in self._windows(text, words, at)]
        return found

    def _windows(self, text: str, words: list[Span], at: int) -> Iterable[int]:
        """The last words of the names that begin at a word."""
        for count, hashes in self.names.items():
            last = at + count - 1
            if last >= len(words) or any(words[n + 1][0] - words[n][1] > GAP for n in range(at, last)):
                continue
            told = [_fold(text[start:end]) for start, end in words[at : last + 1]]
            bare = [*told[:-1], told[-1].removesuffix("s")]
            if any(_start(self.key, spelt[0]) + _whole(self.key, spelt) in hashes for spelt in (told, bare)):
                yield last

    def _begins(self, word: str) -> bool:
        """Whether a name begins with the word, or is it with a genitive's s behind."""
        return self._remembered(word, self._is_start)

    def _is_start(self, word: str) -> bool:
        folded = _fold(word)
        spelt = {folded, folded.removesuffix("s")} if 1 in self.names else {folded}
        return any(_start(self.key, one) in self.starts for one in spelt)

    def _remembered(self, word: str, ask: Callable[[str], bool]) -> bool:
        known = self._known.get(word)
        if known is None:
            if len(self._known) > KNOWN:
                self._known.clear()
            known = self._known[word] = ask(word)
        return known


def readings(raw: bytes) -> Iterable[str]:
    """An answer as the texts that it may be read as: its encodings, folds and escapes taken away one by one."""
    for text in _decoded(raw):
        flat = _ESCAPED.sub("  ", text)
        yield flat
        for undo in (_unfolded, _uncoded, unescape, unquote, untagged):
            bare = undo(flat)
            if bare != flat:
                flat = bare
                yield flat


def untagged(text: str) -> str:
    """Markup with a blank for each tag: a name may be written across them."""
    return _TAG.sub(" ", text) if "<" in text else text


def _decoded(raw: bytes) -> Iterable[str]:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        yield raw.decode("utf-16", errors="replace")
        return
    try:
        yield raw.decode()
    except UnicodeDecodeError:
        yield raw.decode(errors="ignore")
        yield raw.decode("cp1252", errors="replace")


def _unfolded(text: str) -> str:
    """Without the folds of iCalendar (RFC 5545 3.1)."""
    return _FOLDED.sub("", text)


def _uncoded(text: str) -> str:
    """With the signs that JSON writes as codes."""
    return _CODED.sub(lambda found: chr(int(found[1], 16)), text) if "\\u" in text else text


def _fold(word: str) -> str:
    if word.isascii():
        return word.lower()
    return "".join(s for s in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(s))


def _address(key: bytes, address: str) -> str:
    return _hash(key, f"address\0{address}")


def _start(key: bytes, word: str) -> str:
    return _hash(key, f"start\0{word}")[:START]


def _whole(key: bytes, words: Iterable[str]) -> str:
    return _hash(key, "name\0" + " ".join(words))


def _hash(key: bytes, told: str) -> str:
    return hmac.digest(key, told.encode(errors="replace"), "sha256").hex()[:40]


def _widened(text: str, span: Span) -> Span:
    """The whole of a mail address or of a web address in which something stands: half of it helps nobody."""
    before, behind = _BEFORE.search(text, 0, span[0]), _BEHIND.match(text, span[1])
    start, end = (before.start() if before else span[0]), (behind.end() if behind else span[1])
    while end > span[1] and text[end - 1] in ".,;:!?)":
        end -= 1
    while start < span[0] and text[start] in "([":
        start += 1
    token = text[start:end]
    return (start, end) if "@" in token or "://" in token or "%40" in token or token.startswith("www.") else span


def _joined(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found

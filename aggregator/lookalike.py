"""Whether a host is made to be taken for another: what staff are warned of before they approve a link (F26). Pure.

It judges spelling alone, against hosts that are known here. A warning forbids nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

# Letters and digits that are read as others; of the Unicode confusables those that a keyboard's neighbours make.
_READ_AS = str.maketrans(
    "аеорсухіјѕԁһӏԛԝɡαονικρτυ0135", "aeopcyxijsdhlqwgaovikptuoles"
)  # fmt: skip
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_SHORTEST = 5  # letters of a name of which a slip is told; shorter ones are all alike


@dataclass(frozen=True, slots=True)
class Likeness:
    """Why a host is doubtful: `why` is "like" (spelled nearly as `of`), "inside" (`of` is only a part of it),
    "mixed" (letters of several scripts), "bare" (a number instead of a name)."""

    why: str
    of: str = ""


def host_of(address: str) -> str:
    """The host that an address leads to, as it is sent; empty where there is none."""
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return ""


def shown(host: str) -> str:
    """A host as people read it: "xn--…" in letters, with what it really is behind."""
    plain = _decoded(host)
    return host if plain == host else f"{plain} ({host})"


def likeness(host: str, known: Iterable[str]) -> Likeness | None:
    """What makes a host doubtful beside those that are known, or None."""
    names = {name.lower().removeprefix("www.") for name in known if name}
    bare = host.lower().removeprefix("www.")
    if not bare or bare in names or any(bare.endswith(f".{name}") for name in names):
        return None
    if bare.replace(".", "").isdigit() or ":" in bare:
        return Likeness("bare")
    letters = _decoded(bare)
    for name in sorted(names):
        if why := _resembles(letters, name):
            return Likeness(why, name)
    return Likeness("mixed") if _mixed(letters) else None


def _resembles(host: str, name: str) -> str | None:
    if name in host:
        return "inside"
    ours, theirs = _skeleton(name), _skeleton(host)
    if ours == theirs or _one_slip(ours, theirs):
        return "like"
    own = ours.rpartition(".")[0]  # the same name under another ending, or with a word hung on
    other = theirs.rpartition(".")[0]
    if len(own) >= _SHORTEST and (own == other or own in other.replace("-", ".").split(".")):
        return "like"
    return None


def _skeleton(host: str) -> str:
    """How a host looks at a glance."""
    plain = unicodedata.normalize("NFKD", host.lower())
    text = "".join(c for c in plain if not unicodedata.combining(c)).translate(_READ_AS)
    for pair, one in _PAIRS:
        text = text.replace(pair, one)
    return text.removeprefix("www.")


def _one_slip(a: str, b: str) -> bool:
    """Whether one letter more, less, other, or two in turn make the one of the other."""
    if min(len(a), len(b)) < _SHORTEST + 3 or abs(len(a) - len(b)) > 1:
        return False
    at = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest = (a[at + 1 :], b[at:]), (a[at:], b[at + 1 :]), (a[at + 1 :], b[at + 1 :])
    turned = a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :]
    return turned or any(x == y for x, y in rest)


def _mixed(host: str) -> bool:
    return any(len({_script(c) for c in label if c.isalpha()}) > 1 for label in host.split("."))


def _script(character: str) -> str:
    return unicodedata.name(character, "?").split(" ")[0]


def _decoded(host: str) -> str:
    return ".".join(_label(label) for label in host.split("."))


def _label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label
